import { released } from './pointer.ts';

/** Who comes along with the appointment that is open: the list is taken anew when something changes. */

const KINDS = new Set(['invited', 'uninvited', 'admitted', 'companion_arrived', 'companion_left']);

/** Whether what happened shows in the list, where the page has one. */
export const isOfCompany = (kind: string): boolean => KINDS.has(kind) && region() !== null;

const region = () => document.querySelector<HTMLElement>('#company');

const hereOf = () => document.querySelector<HTMLElement>('#live')?.dataset.here;

const companyIn = (html: string) =>
  new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLElement>('#company');

/** Takes the list anew, where the page has one. `here`: the appointment's own page. */
export async function refreshCompany(here: string): Promise<void> {
  if (!region()) return;
  try {
    const answer = await fetch(here, { headers: { 'X-Refresh': '1' } });
    const fresh = companyIn(await answer.text());
    await released();
    const old = region();
    // Another page may stand there by now.
    if (!old || !fresh || hereOf() !== here) return;
    // Nobody's typing is touched: then only the list is put anew.
    const isTyping = old.querySelector<HTMLDetailsElement>('#invite')?.open;
    const list = old.querySelector('#guests');
    const freshList = fresh.querySelector('#guests');
    if (isTyping && list && freshList) put(list, freshList);
    else put(old, fresh);
  } catch {
    // There is no connection: the next news will do.
  }
}

/** What whoever is here does themselves is no news: the room says when it has let somebody in. To be called once. */
export const hearFromRoom = (): void =>
  document.addEventListener('console:company', () => {
    const here = hereOf();
    if (here) void refreshCompany(here);
  });

/** What was open stays open; the focus stays where it was, or goes to the title. */
function put(old: Element, fresh: Element): void {
  const same = (id: string) => (id ? fresh.querySelector(`#${CSS.escape(id)}`) : null);
  for (const { id } of old.querySelectorAll('details[open]')) same(id)?.setAttribute('open', '');
  const focused = document.activeElement;
  const had = old.contains(focused);
  old.replaceWith(fresh);
  if (!had) return;
  const title = document.querySelector<HTMLElement>('#company-title');
  if (title) title.tabIndex = -1;
  const next = same(focused?.id ?? '') ?? title;
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}
