import type { Shown } from '../../features/service/encounter/types.ts';

export type Entries = [name: string, value: string][];

/** Returns all entries that the form would send. */
export const entriesOf = (form: HTMLFormElement): Entries =>
  [...new FormData(form)].map(([name, value]) => [name, String(value)]);

/** Fields for the form's own bookkeeping: they change with every save. */
const BOOKKEEPING: ReadonlySet<string> = new Set(['version', 'base', 'rows', 'booked']);

/** Returns whether two states of a form have the same content. */
export const sameEntries = (one: Entries, other: Entries): boolean => textOf(one) === textOf(other);

const textOf = (entries: Entries): string =>
  JSON.stringify(entries.filter(([name]) => !BOOKKEEPING.has(name)));

export function setHidden(form: HTMLFormElement, name: 'version' | 'base', value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}

/** Puts the server's state into the form, except in fields that changed since `sent`. The focus stays too. */
export function putShown(form: HTMLFormElement, shown: Shown, sent: Entries): void {
  const now = entriesOf(form);
  const focused = document.activeElement;
  const id = focused instanceof HTMLElement && form.contains(focused) ? focused.id : '';
  putPart(form, 'items', shown.items);
  putPart(form, 'checks', shown.checks);
  for (const [name, value] of Object.entries(shown.fields))
    if (valueIn(now, name) === valueIn(sent, name)) setValue(form, name, value);
  for (const [name, value] of now) {
    const isRow = /^item-\d+-/.test(name) && !name.endsWith('-what');
    if (isRow && valueIn(sent, name) !== value && isSameRow(form, now, name))
      setValue(form, name, value);
  }
  putTicks(form, now, sent);
  if (id && document.activeElement?.id !== id) document.getElementById(id)?.focus();
}

const valueIn = (entries: Entries, name: string): string =>
  entries.find(([each]) => each === name)?.[1] ?? '';

/** Returns whether the row of a field still has the same subject. */
function isSameRow(form: HTMLFormElement, before: Entries, name: string): boolean {
  const what = name.replace(/^(item-\d+)-.*$/, '$1-what');
  return valueIn(entriesOf(form), what) === valueIn(before, what);
}

/** Sets ticks, except those that changed since `sent`. */
function putTicks(form: HTMLFormElement, now: Entries, sent: Entries): void {
  const ticks = (entries: Entries) =>
    new Set(entries.filter(([name]) => name === 'points').map(([, value]) => value));
  const is = ticks(now);
  const was = ticks(sent);
  for (const box of form.querySelectorAll<HTMLInputElement>('input[name="points"]'))
    if (is.has(box.value) !== was.has(box.value)) box.checked = is.has(box.value);
}

function setValue(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof RadioNodeList) {
    for (const each of field)
      if (each instanceof HTMLInputElement) each.checked = each.value === value;
  } else if (
    field instanceof HTMLInputElement ||
    field instanceof HTMLTextAreaElement ||
    field instanceof HTMLSelectElement
  )
    field.value = value;
}

function putPart(form: HTMLFormElement, id: 'items' | 'checks', html: string): void {
  const fresh = nodeOf(html);
  if (fresh) form.querySelector(`#${id}`)?.replaceWith(fresh);
}

/** Returns the single element in a piece of HTML from this server. */
export function nodeOf(html: string): Element | null {
  return new DOMParser().parseFromString(html, 'text/html').body.firstElementChild;
}
