import { renew } from './region.ts';
import { SharedNews } from './stream.ts';

/** The requests of colleagues at the foot of every page: the region is fetched again when one comes or goes. */

const region = () => document.querySelector<HTMLElement>('#asked');

/** Returns whether an event of this kind changes the region. */
export const isOfAsked = (kind: string): boolean => /^(colleague_|hand)/.test(kind);

export async function refreshAsked(): Promise<void> {
  const from = region()?.dataset.from;
  if (!from) return;
  await renew('asked', from, (old, page) => {
    const fresh = page.querySelector<HTMLElement>('#asked');
    if (!fresh) return null;
    if (old.innerHTML === fresh.innerHTML) return old;
    const had = old.contains(document.activeElement);
    old.replaceChildren(...fresh.childNodes);
    if (had) document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
    return old;
  });
}

/** Hears of requests on a page that has no other stream. Returns how to stop. */
export function hearAsked(): () => void {
  const place = region();
  if (!place) return () => {};
  const refresh = () => void refreshAsked();
  const news = new SharedNews(place, {
    hello: refresh,
    joined: refresh,
    news: ({ kind }) => {
      if (isOfAsked(kind)) refresh();
    },
    presence: () => {},
    lost: () => {},
    refused: () => {},
  });
  news.open();
  return () => news.stop();
}

/** Answers without leaving the page where nothing else follows, and leaves a call that goes on in another role. To be called once. */
export const listenToAnswers = (): void =>
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !region()?.contains(form)) return;
      const { submitter } = event;
      if (submitter instanceof HTMLButtonElement && submitter.value === 'declined') {
        event.preventDefault();
        event.stopPropagation();
        void decline(form);
      } else if (form.dataset.kind === 'hand_over') {
        const joined = document.querySelector<HTMLElement>(
          '[data-home*="/call/"] [data-do="leave"]',
        );
        joined?.click();
      }
    },
    { capture: true },
  );

async function decline({ action }: HTMLFormElement): Promise<void> {
  const body = new URLSearchParams({ answer: 'declined' });
  await fetch(action, { method: 'POST', body, redirect: 'manual' }).catch(() => null);
  await refreshAsked();
}
