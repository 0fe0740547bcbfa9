import { markKeys } from './keys.ts';
import { released } from './pointer.ts';
import type { ChatsSaid } from './stream.ts';

/** The conversations of the desk at the foot of every page, and the count-down of what is offered. */

const TICK_MS = 1_000;
const AGAIN_MS = 300;

const region = () => document.querySelector<HTMLElement>('#chats-here');
let isBusy = false;
let isWanted = false;

/** Keeps the region current, and counts down. To be called once. */
export function openChats(): void {
  if (!region()) return;
  document.addEventListener('console:chats', (event) => {
    const { chat, isTyping } = (event as CustomEvent<ChatsSaid>).detail;
    const ids = region()?.dataset.chats?.split(' ') ?? [];
    if (!isTyping && (!chat || ids.includes(chat))) void refresh();
  });
  document.addEventListener('console:page', () => void refresh());
  setInterval(countDown, TICK_MS);
  startCount();
  document.addEventListener('submit', decline, { capture: true });
}

/** Fetches the region again: once at a time, and once more when something changed meanwhile. */
async function refresh(): Promise<void> {
  isWanted = true;
  if (isBusy) return;
  isBusy = true;
  while (isWanted) {
    isWanted = false;
    await fetchRegion();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  isBusy = false;
}

async function fetchRegion(): Promise<void> {
  const from = region()?.dataset.from;
  if (!from) return;
  try {
    const back = encodeURIComponent(location.pathname);
    const answer = await fetch(`${from}?back=${back}`, { headers: { 'X-Refresh': '1' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    await released();
    const fresh = page.querySelector<HTMLElement>('#chats-here');
    const old = region();
    if (!old || !fresh) return;
    for (const name of ['chats', 'offer', 'said', 'at'] as const)
      old.dataset[name] = fresh.dataset[name] ?? '';
    // The live region stays, so that what is put into it is spoken.
    const [said, ...rest] = fresh.children;
    const place = old.firstElementChild;
    const offered = (in_: Element | undefined | null) =>
      in_?.querySelector<HTMLFormElement>('form')?.action ?? '';
    if (place && said && offered(place) !== offered(said))
      place.replaceChildren(...said.childNodes);
    const had = old.contains(document.activeElement) && !place?.contains(document.activeElement);
    for (const each of [...old.children].slice(1)) each.remove();
    old.append(...rest);
    if (had) document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
    startCount();
    markKeys();
  } catch {
    // There is no connection: the next event tries again.
  }
}

/** Notes until when what is offered can be taken, by this browser's clock. */
function startCount(): void {
  for (const each of document.querySelectorAll<HTMLElement>('[data-seconds]:not([data-ends])')) {
    each.dataset.ends = String(Date.now() + Number(each.dataset.seconds) * 1000);
    each.dataset.words = each.textContent?.replace(/\d+/, '#') ?? '#';
  }
}

/** Shows how many seconds are left. Nothing is spoken: the offer was. */
function countDown(): void {
  startCount();
  for (const each of document.querySelectorAll<HTMLElement>('[data-ends]')) {
    const left = Math.max(0, Math.ceil((Number(each.dataset.ends) - Date.now()) / 1000));
    const { words = '#' } = each.dataset;
    each.textContent = words.includes('#') ? words.replace('#', String(left)) : String(left);
  }
}

/** Leaves an offer to colleagues without leaving the page. */
function decline(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.offer !== 'decline') return;
  event.preventDefault();
  event.stopPropagation();
  void fetch(form.action, { method: 'POST', body: new URLSearchParams(), redirect: 'manual' })
    .catch(() => null)
    .then(() => {
      document.dispatchEvent(new CustomEvent<ChatsSaid>('console:chats', { detail: {} }));
    });
}
