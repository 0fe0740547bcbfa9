import { dock, docked, move, putInDock, tell } from './dock.ts';

const places = (within: ParentNode): HTMLElement[] => [
  ...within.querySelectorAll<HTMLElement>('[data-home]'),
];
const isLive = (place: HTMLElement) => place.querySelector('[data-goes-on]') !== null;

/** Whether something on the page would end with it: a place with a `data-home` in which an island says `data-goes-on`. */
export const hasLive = (): boolean => places(document).some(isLive);

/** Replaces what is on the page by the page at `path`; what is live stands where that page has a place for it, else in the dock. */
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
    // Its own page has no place for it: it is over.
    else if (each.dataset.home === path) each.remove();
  }
  // While somebody talks they are led into no second call.
  if (hasLive())
    for (const other of main?.querySelectorAll('[data-enters]:not([data-goes-on])') ?? [])
      other.removeAttribute('data-enters');
}

/** To be called once: what is over leaves the dock, and who goes into another call leaves the one before. */
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

/** Two citizens never hear each other, nor what is said to the other. */
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
