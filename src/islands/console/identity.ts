import { refreshRegion } from './region.ts';

/** What the card says of the citizen's identity: the region is fetched again after a change. */

const ID = 'identity-of';

/** Returns whether an event of this kind changes the region, where the page has it. */
export const isOfIdentity = (kind: string): boolean =>
  (kind === 'identified' || kind.startsWith('identity_')) && document.getElementById(ID) !== null;

/** Fetches the region again. `isGuess`: something may have changed, and no event has said so. */
export const refreshIdentity = (isGuess = false): Promise<void> => refreshRegion(ID, { isGuess });

/** Asks the citizen without leaving the page, on which something may be written. To be called once. */
export const listenToIdentity = (): void =>
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || form.dataset.quiet === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      void ask(form);
    },
    { capture: true },
  );

async function ask(form: HTMLFormElement): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string') fields.append(name, value);
  await fetch(form.action, { method: 'POST', body: fields, redirect: 'manual' }).catch(() => null);
  await refreshIdentity();
}
