/**
 * Asks the wallet by the browser itself, where it can (Digital Credentials API). Elsewhere the page's link opens the wallet. While the wallet is
 * in front, the page says so.
 *
 * - `form[data-wallet]`: hidden; the attribute has the request, and the form's action takes the answer as a wallet would post it;
 * - `[data-wallet-link]`: what has the link that opens a wallet;
 * - `[data-wallet-status]`: where it is said, with the words in `data-waiting`, `data-cancelled` and `data-failed`.
 */
import { type Asking, ask, canAsk, type WalletRequest } from './ask.ts';

const browser: Asking = {
  ...('DigitalCredential' in window && {
    DigitalCredential: window.DigitalCredential as NonNullable<Asking['DigitalCredential']>,
  }),
  credentials: navigator.credentials,
};

const status = document.querySelector<HTMLElement>('[data-wallet-status]');

const say = (words: 'waiting' | 'cancelled' | 'failed' | null): void => {
  if (status) status.textContent = (words && status.dataset[words]) ?? '';
};

/** Sends the answer, and goes on where the town says: an address of its own, with a one-time code for this answer. */
async function send(form: HTMLFormElement, response: string): Promise<void> {
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({ response }),
    });
    const { redirect_uri: next } = await answer.json();
    if (!answer.ok || new URL(next).origin !== location.origin) throw new Error('Nowhere to go on');
    location.assign(next);
  } catch {
    say('failed');
  }
}

async function press(form: HTMLFormElement, request: WalletRequest, signal: AbortSignal) {
  say('waiting');
  const asked = await ask(browser, request, signal);
  if (signal.aborted) return;
  if (asked.ok) await send(form, asked.response);
  else say(asked.reason);
}

function begin(form: HTMLFormElement): void {
  const request: WalletRequest = JSON.parse(form.dataset.wallet ?? '{}');
  if (!canAsk(browser, request.protocol)) return;
  let asking = new AbortController();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // A browser has one question open at most: a second press asks anew.
    asking.abort();
    asking = new AbortController();
    void press(form, request, asking.signal);
  });
  form.hidden = false;
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-wallet]')) begin(form);
for (const link of document.querySelectorAll('[data-wallet-link]'))
  link.addEventListener('click', () => say('waiting'));

// Whoever is back here without an answer has closed the wallet, or goes on in the page that the wallet opened.
let wasHidden = false;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) wasHidden = true;
  else if (wasHidden) say(null);
});
