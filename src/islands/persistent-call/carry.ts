import { dock, docked, move, putInDock, tell } from './dock.ts';

const places = (within: ParentNode): HTMLElement[] => [
  ...within.querySelectorAll<HTMLElement>('[data-home]'),
];
const isLive = (place: HTMLElement) => place.querySelector('[data-goes-on]') !== null;

/** Returns whether a new page would end something: an element with `data-home` in which an island sets `data-goes-on`. */
export const hasLive = (): boolean => places(document).some(isLive);

/** Replaces the content of the page with the page at `path`. A live element moves to its place on that page, else to the dock. */
export function carry(path: string, replace: () => void): void {
  const going = places(document).filter(isLive);
  for (const each of going) if (!dock.contains(each)) putInDock(each);
  replace();
  const main = document.querySelector('main');
  for (const each of going) {
    const place = main?.querySelector(`#${CSS.escape(each.id)}`);
    if (place?.parentElement) {
      move(each, place.parentElement, place);
      place.remove();
    }
    // Its own page has no place for it: it has ended.
    else if (each.dataset.home === path) each.remove();
  }
  // No second call opens during a call.
  if (hasLive())
    for (const other of main?.querySelectorAll('[data-enters]:not([data-goes-on])') ?? [])
      other.removeAttribute('data-enters');
}

/** Removes ended elements from the dock, and ends the earlier call when another begins. To be called once. */
export function watchLive(): void {
  const watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const place = target instanceof Element && target.closest<HTMLElement>('[data-home]');
      if (!place) continue;
      if (isLive(place)) leaveOthers(place);
      else if (dock.contains(place)) leaveDock(place);
    }
  });
  watch.observe(document, { subtree: true, attributeFilter: ['data-goes-on'] });
}

/** Ends the other calls, so that two citizens never hear each other or the agent's words to the other. */
function leaveOthers(place: HTMLElement): void {
  for (const each of docked())
    if (each !== place) each.querySelector<HTMLElement>('[data-do="leave"]')?.click();
}

function leaveDock(place: HTMLElement): void {
  const hadFocus = place.contains(document.activeElement);
  const words = place.querySelector('[role="status"]')?.textContent;
  place.remove();
  if (hadFocus) document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  if (words) tell(words);
}
