import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';

/** The time after which the page that offers passkeys automatically asks for a new challenge; one is valid for five minutes. */
const RENEW_MS = 4 * 60_000;
/** The time after which it asks again, when there was no answer or the server could not answer. */
const AGAIN_MS = 10_000;

/** The server requires something first: a recent second factor, or a session. The page shows which. */
class NotNow extends Error {}
/** The server answers that it can't: it is being restarted, or has too much to do. */
class NotReady extends NotNow {}
/** Nobody answers: the network is away, as after a sleep. */
class Unreachable extends Error {}

async function optionsOf<T>(form: HTMLFormElement): Promise<T> {
  const answer = await fetch(form.dataset.options ?? '', {
    method: 'POST',
    headers: { Accept: 'application/json' },
  }).catch(() => {
    throw new Unreachable();
  });
  if (answer.status >= 500) throw new NotReady();
  if (!answer.ok || !answer.headers.get('Content-Type')?.includes('json')) throw new NotNow();
  return answer.json();
}

async function ask(form: HTMLFormElement, useBrowserAutofill = false): Promise<unknown> {
  return form.dataset.passkey === 'create'
    ? startRegistration({
        optionsJSON: await optionsOf<PublicKeyCredentialCreationOptionsJSON>(form),
      })
    : startAuthentication({
        optionsJSON: await optionsOf<PublicKeyCredentialRequestOptionsJSON>(form),
        useBrowserAutofill,
      });
}

/** Returns the field from which the answer is sent; it exists only while the answer is being sent. */
const answerOf = (form: HTMLFormElement): HTMLInputElement | null => {
  const field = form.elements.namedItem('answer');
  return field instanceof HTMLInputElement ? field : null;
};

/** Submits the browser's answer like a press of the button, so that a page below a call is replaced and not left. */
function send(form: HTMLFormElement, answer: unknown): void {
  const field = answerOf(form);
  if (!field) return;
  field.value = JSON.stringify(answer);
  form.requestSubmit();
}

const isVisible = () =>
  document.visibilityState === 'visible'
    ? Promise.resolve()
    : new Promise<void>((resolve) =>
        document.addEventListener('visibilitychange', () => resolve(), { once: true }),
      );

/** Offers passkeys in the name field, until one is chosen or the button is pressed. */
async function offerByItself(form: HTMLFormElement): Promise<void> {
  let isPressed = false;
  form.addEventListener('submit', () => {
    isPressed = true;
  });
  for (let isRenewed = true; isRenewed && form.isConnected; ) {
    isRenewed = false;
    let isAway = false;
    await isVisible();
    const timer = setTimeout(() => {
      isRenewed = true;
      WebAuthnAbortService.cancelCeremony();
    }, RENEW_MS);
    try {
      send(form, await ask(form, true));
    } catch (error) {
      // In all other cases it was renewed, the button was pressed, or there is no passkey.
      isAway = error instanceof NotReady || error instanceof Unreachable;
    } finally {
      clearTimeout(timer);
    }
    if (!isAway) continue;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    isRenewed = !isPressed;
  }
}

async function press(form: HTMLFormElement, status: Element | null): Promise<void> {
  if (status) status.textContent = '';
  try {
    send(form, await ask(form));
  } catch (error) {
    if (error instanceof NotNow) location.reload();
    else if (status) status.textContent = form.dataset.cancelled ?? '';
  }
}

function begin(form: HTMLFormElement): void {
  if (form.dataset.begun !== undefined) return;
  form.dataset.begun = '';
  const status = form.querySelector('[role="status"]');
  let isAsking = false;
  form.addEventListener('submit', (event) => {
    if (answerOf(form)?.value) return; // it is being sent
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    press(form, status).finally(() => {
      isAsking = false;
    });
  });
  // A browser that returns to the page may have kept the last answer in it.
  const empty = () => {
    const field = answerOf(form);
    if (field) field.value = '';
  };
  empty();
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) empty();
  });
  form.hidden = false;
  for (const each of document.querySelectorAll<HTMLElement>('[data-without-passkeys]'))
    each.hidden = true;
}

async function start(): Promise<void> {
  if (!browserSupportsWebAuthn()) return;
  const forms = document.querySelectorAll<HTMLFormElement>('form[data-passkey]');
  for (const form of forms) begin(form);
  const [offering] = [...forms].filter((each) => each.dataset.autofill !== undefined);
  if (offering && (await browserSupportsWebAuthnAutofill())) await offerByItself(offering);
}

start();
document.addEventListener('console:page', start);
