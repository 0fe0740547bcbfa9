import { renew } from './region.ts';

/** The companions of the open appointment: the list is fetched again after a change. */

const KINDS = new Set(['invited', 'uninvited', 'admitted', 'companion_arrived', 'companion_left']);

/** Returns whether an event of this kind changes the list, where the page has one. */
export const isOfCompany = (kind: string): boolean => KINDS.has(kind) && region() !== null;

const region = () => document.querySelector<HTMLElement>('#company');

const hereOf = () => document.querySelector<HTMLElement>('#live')?.dataset.here;

/** Fetches the list again, where the page has one. `here`: the appointment's own page. */
export async function refreshCompany(here: string): Promise<void> {
  await renew('company', here, (old, page) => {
    const fresh = page.getElementById('company');
    // The page may have been replaced meanwhile.
    if (!fresh || hereOf() !== here) return null;
    // An open form is left untouched: then only the list is replaced.
    const isTyping = old.querySelector<HTMLDetailsElement>('#invite')?.open;
    const list = old.querySelector('#guests');
    const freshList = fresh.querySelector('#guests');
    if (isTyping && list && freshList) {
      put(list, freshList);
      return old;
    }
    put(old, fresh);
    return fresh;
  });
}

/**
 * Listens to the room: the event stream leaves out the agent's own actions, so the room reports when it has admitted somebody. To be called
 * once.
 */
export const hearFromRoom = (): void =>
  document.addEventListener('console:company', () => {
    const here = hereOf();
    if (here) void refreshCompany(here);
  });

/** Replaces the list. Open parts stay open; the focus stays on the same element, or goes to the title. */
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
