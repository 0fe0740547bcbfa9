import { isCharacter, pressOf, shortcutOf } from '../../features/foundation/preferences/rules.ts';

/** What the page's list of keys says of each action, and the element that does it, where the page has it. */
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

/** Tells who looks, and who listens, which keys do something on this page. */
export function markKeys(): void {
  const all = listed();
  document.documentElement.toggleAttribute(
    'data-keys',
    all.some(({ press }) => press),
  );
  for (const { name, press } of all) {
    if (!press) continue;
    for (const each of document.querySelectorAll(`[data-action="${name}"]`))
      each.setAttribute('aria-keyshortcuts', shortcutOf(press));
  }
}

/** Makes the person's keys do what the page marks with `data-action`. To be called once. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.repeat || event.isComposing || event.defaultPrevented) return;
    const press = pressOf(event);
    if (!press || document.querySelector('dialog[open]')) return;
    if (isCharacter(press) && isField(event.target)) return;
    const found = listed().find((each) => each.press === press)?.element;
    if (!found) return;
    event.preventDefault();
    act(found);
  });
}

/** A field takes the focus; anything else is pressed. */
export function act(element: HTMLElement): void {
  if (!isField(element)) {
    element.click();
    return;
  }
  for (let fold = element.closest('details'); fold; fold = parentFold(fold)) fold.open = true;
  element.focus();
}

const parentFold = (fold: HTMLElement) => fold.parentElement?.closest('details') ?? null;

/** Where a letter writes, or chooses from a list. What is only ticked has no use for letters. */
const FIELDS =
  'input:not([type="radio"], [type="checkbox"]), select, textarea, [contenteditable=""], [contenteditable="true"]';

/** Whether a letter is for what has the focus. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(FIELDS) !== null;
