import { released } from './pointer.ts';

/** The acts that a citizen is asked to consent to, where the page shows them: the region is fetched again after a change. */

const region = () => document.querySelector<HTMLElement>('#acts');

/** Returns whether an event of this kind changes the region. */
export const isOfActs = (kind: string): boolean => kind.startsWith('act_') && region() !== null;

export async function refreshActs(): Promise<void> {
  const { from } = region()?.dataset ?? {};
  if (!from) return;
  try {
    const answer = await fetch(from, { headers: { 'X-Refresh': '1' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    await released();
    const old = region();
    const fresh = page.querySelector<HTMLElement>('#acts');
    // The page may have been replaced meanwhile.
    if (!old || !fresh || old.dataset.from !== from) return;
    const had = old.contains(document.activeElement);
    old.replaceWith(fresh);
    const title = fresh.querySelector<HTMLElement>('#acts-title');
    if (!had || !title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  } catch {
    // There is no connection: the next event tries again.
  }
}
