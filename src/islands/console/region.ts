import { released } from './pointer.ts';

/**
 * Fetches a region of the page again from the address in its `data-from`, and keeps the focus in it. Without a connection it stays as it
 * is: the next event tries again. `ends`: a page of ours without the region takes it away.
 */
export async function refreshRegion(id: string, { ends = false } = {}): Promise<void> {
  const region = () => document.getElementById(id);
  const { from } = region()?.dataset ?? {};
  if (!from) return;
  try {
    const answer = await fetch(from, { headers: { 'X-Refresh': '1' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    await released();
    const old = region();
    const fresh = page.getElementById(id);
    // The page may have been replaced meanwhile, or the session may have ended.
    if (!old || old.dataset.from !== from) return;
    if (!fresh && (!ends || answer.redirected || !answer.ok)) return;
    const had = old.contains(document.activeElement);
    if (fresh) old.replaceWith(fresh);
    else old.remove();
    const title = fresh?.querySelector<HTMLElement>(`#${id}-title`);
    if (!had || !title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  } catch {
    // There is no connection.
  }
}
