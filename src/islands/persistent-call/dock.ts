const found = document.getElementById('dock');
if (!found) throw new Error('The page has no dock');

/** The foot of the console's pages, which stays while they change: a running call, and the telephone. */
export const dock: HTMLElement = found;

// Other elements at the foot stand above the dock.
new ResizeObserver(() => {
  document.documentElement.style.setProperty('--dock', `${dock.offsetHeight}px`);
}).observe(dock);

/** Whether the browser can move elements without removing them for a moment. */
const CAN_MOVE: boolean = 'moveBefore' in Element.prototype;
const status = dock.querySelector<HTMLElement>(':scope > [role="status"]');
let told = '';

/** Reads words out; an error is also shown, until the next words. */
export function tell(words: string, isWrong = false): void {
  if (!status) return;
  told = words;
  status.textContent = '';
  status.className = isWrong ? 'notice warn' : 'hide';
  // Clearing first makes a screen reader repeat equal words.
  requestAnimationFrame(() => {
    status.textContent = told;
  });
}

/** Puts an element into the dock, above any page. */
export const putInDock = (element: HTMLElement): void =>
  move(element, dock, status?.nextSibling ?? null);

export const docked = (): HTMLElement[] => [
  ...dock.querySelectorAll<HTMLElement>(':scope > [data-home]'),
];

/** Moves an element to another place of the page; videos continue. */
export function move(element: HTMLElement, parent: Element, before: Node | null): void {
  if (CAN_MOVE) {
    parent.moveBefore(element, before);
    return;
  }
  const playing = [...element.querySelectorAll('video')].filter((each) => !each.paused);
  parent.insertBefore(element, before);
  for (const each of playing) void each.play().catch(() => {});
}
