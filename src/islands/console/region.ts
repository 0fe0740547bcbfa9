import { placeOf } from './order.ts';
import { released } from './pointer.ts';

/** What was put into parts of the page: the event at which the server made it, and the number of the request for it. */
const shown = new WeakMap<Element, { after: number | null; request: number }>();
let requests = 0;

/** Returns the newest event when the server made a page; null: it doesn't say. */
function madeAt(page: Document): number | null {
  const after = page.querySelector<HTMLElement>('#live')?.dataset.after;
  return after ? Number(after) : null;
}

/** Puts what an answer has into the part of the page. Returns the part, or null where it stays as it is. */
type Put = (old: HTMLElement, page: Document, answer: Response) => HTMLElement | null;

/**
 * Fetches a part of the page again from an address, and puts it there unless what is shown by then is newer (`order.ts`). Without a connection it stays as it is: the
 * next event tries again. `isGuess`: something may have changed, and no event has said so.
 */
export async function renew(id: string, from: string, put: Put, isGuess = false): Promise<void> {
  try {
    for (;;) {
      const before = document.getElementById(id);
      if (!before) return;
      const request = ++requests;
      const answer = await fetch(from, { headers: { 'X-Refresh': '1' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      await released();
      const old = document.getElementById(id);
      if (!old) return;
      const had = shown.get(old);
      const after = madeAt(page);
      const place = placeOf({
        shown: had ? had.after : madeAt(document),
        coming: after,
        isLate: (had?.request ?? 0) > request,
        isReplaced: old !== before && !had,
        isOnce: isGuess && old.dataset.once !== undefined,
      });
      if (place === 'again') continue;
      const now = place === 'put' ? put(old, page, answer) : null;
      if (now) shown.set(now, { after, request });
      return;
    }
  } catch {
    // There is no connection.
  }
}

/**
 * Fetches a region of the page again from the address in its `data-from`, and keeps the focus in it. `ends`: a page of ours without the region takes it away; `isGuess`: as
 * in `renew`.
 */
export async function refreshRegion(
  id: string,
  { ends = false, isGuess = false } = {},
): Promise<void> {
  const { from } = document.getElementById(id)?.dataset ?? {};
  if (!from) return;
  const put: Put = (old, page, answer) => {
    const fresh = page.getElementById(id);
    // The page may have been replaced meanwhile, or the session may have ended.
    if (old.dataset.from !== from) return null;
    if (!fresh && (!ends || answer.redirected || !answer.ok)) return null;
    const had = old.contains(document.activeElement);
    if (fresh) old.replaceWith(fresh);
    else old.remove();
    const title = fresh?.querySelector<HTMLElement>(`#${id}-title`);
    if (had && title) {
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
    return fresh;
  };
  await renew(id, from, put, isGuess);
}
