const found = document.getElementById('dock');
if (!found) throw new Error('The page has no dock');

/** The foot of the console's pages, which stays while they change: what goes on over them, and the telephone. */
export const dock: HTMLElement = found;

// What else stays at the foot stands above it.
new ResizeObserver(() => {
  document.documentElement.style.setProperty('--dock', `${dock.offsetHeight}px`);
}).observe(dock);

/** Without it, what moves is taken out for a moment. */
const CAN_MOVE: boolean = 'moveBefore' in Element.prototype;
const status = dock.querySelector<HTMLElement>(':scope > [role="status"]');
let told = '';

/** Reads words out; what went wrong is also seen, until the next words. */
export function tell(words: string, isWrong = false): void {
  if (!status) return;
  told = words;
  status.textContent = '';
  status.className = isWrong ? 'notice warn' : 'hide';
  // The same words twice are news too.
  requestAnimationFrame(() => {
    status.textContent = told;
  });
}

/** Stands in the dock, over whatever page. */
export const putInDock = (element: HTMLElement): void =>
  move(element, dock, status?.nextSibling ?? null);

export const docked = (): HTMLElement[] => [
  ...dock.querySelectorAll<HTMLElement>(':scope > [data-home]'),
];

/** Moves an element that is on the page to another place of it; videos play on. */
export function move(element: HTMLElement, parent: Element, before: Node | null): void {
  if (CAN_MOVE) {
    parent.moveBefore(element, before);
    return;
  }
  const playing = [...element.querySelectorAll('video')].filter((each) => !each.paused);
  parent.insertBefore(element, before);
  for (const each of playing) void each.play().catch(() => {});
}
