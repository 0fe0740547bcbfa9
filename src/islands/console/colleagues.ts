import { isOfAsked } from './asked.ts';
import { released } from './pointer.ts';

/** The colleagues who were asked for help with the open encounter: the region is fetched again after a change. */

const region = () => document.querySelector<HTMLElement>('#colleagues');

/** Returns whether an event of this kind changes the region. */
export const isOfColleagues = (kind: string): boolean => isOfAsked(kind) && region() !== null;

export async function refreshColleagues(): Promise<void> {
  const { from } = region()?.dataset ?? {};
  if (!from) return;
  try {
    const answer = await fetch(from, { headers: { 'X-Refresh': '1' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    await released();
    const old = region();
    const fresh = page.querySelector<HTMLElement>('#colleagues');
    // The page may have been replaced meanwhile.
    if (!old || old.dataset.from !== from || !page.querySelector('main')) return;
    const had = old.contains(document.activeElement);
    // Who has handed the encounter over has no region any more.
    if (fresh) old.replaceWith(fresh);
    else old.remove();
    const title = fresh?.querySelector<HTMLElement>('#colleagues-title');
    if (!had || !title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  } catch {
    // There is no connection: the next event tries again.
  }
}
