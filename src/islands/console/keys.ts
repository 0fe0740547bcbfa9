import { isCharacter, pressOf, shortcutOf } from '../../features/foundation/preferences/rules.ts';

/** An action of the page: its words in the list of shortcuts, and its element, where the page has it. */
export interface Listed {
  name: string;
  press: string;
  words: string;
  row: HTMLElement;
  element: HTMLElement | null;
}

export function listed(): Listed[] {
  return [...document.querySelectorAll<HTMLElement>('#keys-help [data-for]')].map((row) => {
    const { for: name = '', press = '' } = row.dataset;
    const words = row.firstElementChild?.textContent ?? '';
    return { name, press, words, row, element: elementOf(name) };
  });
}

const elementOf = (action: string) =>
  document.querySelector<HTMLElement>(`[data-action="${action}"]:not(:disabled)`);

/** Shows the shortcuts of this page, visibly and for screen readers. */
export function markKeys(): void {
  const all = listed();
  document.documentElement.toggleAttribute(
    'data-keys',
    all.some(({ press }) => press),
  );
  for (const { name, press } of all) {
    if (!press) continue;
    const shortcut = shortcutOf(press);
    if (!shortcut) continue;
    for (const each of document.querySelectorAll(`[data-action="${name}"]`))
      each.setAttribute('aria-keyshortcuts', shortcut);
  }
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock']);

/** The first key of a pair, until the second is pressed; '' for none. */
let first = '';

/** Connects the shortcuts with the elements marked with `data-action`. To be called once. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.repeat || event.isComposing || event.defaultPrevented) return;
    if (event.key === 'Escape') leaveField(event.target);
    const press = pressOf(event);
    // Such a key belongs to the second key.
    if (MODIFIERS.has(event.key)) return;
    const pair = first && `${first} ${press}`;
    begin('');
    if (!press || document.querySelector('dialog[open]')) return;
    if (isCharacter(press) && isField(event.target)) return;
    const here = listed().filter(({ element }) => element);
    const found = here.find((each) => each.press === (pair || press))?.element;
    if (found) {
      event.preventDefault();
      act(found);
    } else if (!pair && here.some((each) => each.press.startsWith(`${press} `))) {
      event.preventDefault();
      begin(press);
    }
  });
  for (const kind of ['pointerdown', 'focusin']) document.addEventListener(kind, () => begin(''));
}

/** Waits for the second key of a pair, however long it takes, and shows those of this page; '' ends it. */
function begin(press: string): void {
  if (press === first) return;
  first = press;
  const place = document.getElementById('keys-pairs');
  if (!place) return;
  const rows = listed().filter(
    (each) => press && each.element && each.press.startsWith(`${press} `),
  );
  const list = document.createElement('ul');
  list.className = 'key-list';
  for (const { row } of rows) list.append(row.cloneNode(true));
  for (const each of list.children) each.removeAttribute('hidden');
  place.replaceChildren(...(rows.length > 0 ? [list] : []));
}

/** Takes the focus out of a field of the encounter, so that letters act again. */
function leaveField(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement) || !isField(target)) return;
  if (!document.querySelector('dialog[open]') && target.closest('form.encounter')) target.blur();
}

/** Focuses a field, chooses the next answer or ticks the next box; clicks any other element. */
export function act(element: HTMLElement): void {
  if (element instanceof HTMLInputElement && isChoice(element)) {
    choose(element);
    return;
  }
  if (!isField(element)) {
    element.click();
    return;
  }
  for (let fold = element.closest('details'); fold; fold = parentFold(fold)) fold.open = true;
  element.focus();
}

const isChoice = ({ type }: HTMLInputElement) => type === 'radio' || type === 'checkbox';

/** Chooses the answer after the chosen one, or ticks the first box that is not ticked. */
function choose({ type, dataset }: HTMLInputElement): void {
  const all = [...document.querySelectorAll<HTMLInputElement>(`[data-action="${dataset.action}"]`)];
  const at = all.findIndex((each) => each.checked);
  const next = type === 'radio' ? all[(at + 1) % all.length] : all.find((each) => !each.checked);
  next?.focus();
  next?.click();
}

const parentFold = (fold: HTMLElement) => fold.parentElement?.closest('details') ?? null;

/** Elements in which a letter writes or chooses from a list. Checkboxes and radio buttons don't use letters. */
const FIELDS =
  'input:not([type="radio"], [type="checkbox"]), select, textarea, [contenteditable=""], [contenteditable="true"]';

/** Returns whether the focused element uses letters. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(FIELDS) !== null;
