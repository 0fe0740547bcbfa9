type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const fieldsOf = (box: Element): Field[] => [
  ...box.querySelectorAll<Field>('input:not([type="hidden"]), textarea, select'),
];

/** Returns whether a field has something else than what the page came with. */
function isChanged(field: Field): boolean {
  if (field instanceof HTMLSelectElement)
    return [...field.options].some(
      (each) => each.selected !== each.defaultSelected && field.value !== first(field),
    );
  if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio'))
    return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

/** The option that a list shows where none is marked. */
const first = ({ options }: HTMLSelectElement): string =>
  [...options].find((each) => each.defaultSelected)?.value ?? options[0]?.value ?? '';

/** Returns whether somebody is in a question, or has changed it and it is not saved. */
export const isBusy = (box: Element): boolean =>
  (document.activeElement !== null && box.contains(document.activeElement)) ||
  fieldsOf(box).some(isChanged);

/** Returns whether a page has something that is not saved. */
export const isUnsaved = (root: Element): boolean => fieldsOf(root).some(isChanged);

/** Says once above a page that it is not there any more, and that what was typed on it is not saved. */
export function sayGone(root: HTMLElement): void {
  const text = root.dataset.gone ?? '';
  if (!text || root.querySelector('.gone')) return;
  const said = document.createElement('p');
  said.className = 'gone mend';
  said.textContent = text;
  root.prepend(said);
  speak(text);
}

/** Marks what a question has now as saved. */
export function markSaved(box: Element): void {
  for (const field of fieldsOf(box)) {
    if (field instanceof HTMLSelectElement)
      for (const each of field.options) each.defaultSelected = each.selected;
    else if (field.type === 'checkbox' || field.type === 'radio')
      (field as HTMLInputElement).defaultChecked = (field as HTMLInputElement).checked;
    else if (field.type !== 'file') field.defaultValue = field.value;
  }
}

const boxesOf = (root: Element): HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>('[data-question]'),
];

/** Takes what is new of a page from a fresh one: question by question in a form, else as a whole. */
export function merge(root: HTMLElement, fresh: HTMLElement): void {
  if (boxesOf(root).length > 0 || boxesOf(fresh).length > 0) {
    mergeQuestions(root, fresh);
    return;
  }
  if (root.innerHTML === fresh.innerHTML) return;
  const { activeElement } = document;
  const had = root.contains(activeElement) ? keyOf(activeElement) : null;
  root.replaceChildren(...fresh.childNodes);
  if (had)
    [...root.querySelectorAll<HTMLElement>('a, button')]
      .find((each) => keyOf(each) === had)
      ?.focus({ preventScroll: true });
}

/** Takes what a page tells of its answers elsewhere, such as how many there are, from a fresh one. */
export function renew(page: ParentNode, fresh: ParentNode): void {
  for (const old of page.querySelectorAll<HTMLElement>('[data-fresh]')) {
    const now = fresh.querySelector(`[data-fresh="${old.dataset.fresh}"]`);
    if (now && now.outerHTML !== old.outerHTML && !old.contains(document.activeElement))
      old.replaceWith(now);
  }
}

const keyOf = (element: Element | null): string =>
  `${element?.getAttribute('href') ?? ''} ${element?.textContent}`;

function mergeQuestions(root: HTMLElement, fresh: HTMLElement): void {
  const mine = new Map(boxesOf(root).map((each) => [each.dataset.question ?? '', each]));
  const theirs = boxesOf(fresh);
  const names = new Set(theirs.map(({ dataset }) => dataset.question ?? ''));
  for (const [name, box] of mine) if (!names.has(name) && !isBusy(box)) box.remove();
  let before: HTMLElement | null = null;
  for (const box of theirs) {
    const old = mine.get(box.dataset.question ?? '');
    before = old ? mergeOne(old, box) : insert(root, box, before);
  }
}

/** Returns the question that stands there afterwards. */
function mergeOne(old: HTMLElement, box: HTMLElement): HTMLElement {
  if (isBusy(old)) {
    sayOther(old, box);
    return old;
  }
  if (old.innerHTML === box.innerHTML) return old;
  // What the register told is filled in on the page as it was opened, and not when it looks for what is new.
  if ('filled' in old.dataset && handOf(box) === '') return old;
  const said = handOf(box);
  if (said && said !== handOf(old)) speak(`${labelOf(box)}. ${said}`);
  old.replaceWith(box);
  return box;
}

function insert(root: HTMLElement, box: HTMLElement, before: HTMLElement | null): HTMLElement {
  if (before) before.after(box);
  else root.prepend(box);
  return box;
}

const handOf = (box: Element): string => box.querySelector('.hand')?.textContent ?? '';
const labelOf = (box: Element): string =>
  box.querySelector('h1, legend, label')?.textContent?.trim() ?? '';

/** Shows beside a question in which somebody is what the other one wrote, and leaves its fields alone. */
function sayOther(old: HTMLElement, box: HTMLElement): void {
  const said = handOf(box);
  if (said === (old.dataset.said ?? handOf(old))) return;
  old.dataset.said = said;
  let hand = old.querySelector('.hand');
  if (!hand) {
    hand = document.createElement('p');
    hand.className = 'hand soft small';
    old.append(hand);
  }
  const value = fieldsOf(box)
    .map(wordsOf)
    .filter((each) => each !== '')
    .join(', ');
  hand.textContent = value ? `${said}: ${value}` : said;
  speak(`${labelOf(box)}. ${hand.textContent}`);
}

/** Returns what a field has, in words; empty: nothing. */
function wordsOf(field: Field): string {
  if (field instanceof HTMLSelectElement) return field.selectedOptions[0]?.textContent ?? '';
  const isMark = field.type === 'checkbox' || field.type === 'radio';
  if (!isMark) return field.value;
  const { checked, labels } = field as HTMLInputElement;
  return checked ? (labels?.[0]?.textContent?.trim() ?? '') : '';
}

/** Says to those who hear the page what has changed. */
function speak(text: string): void {
  const region = document.getElementById('hands-said');
  if (region) region.textContent = text;
}
