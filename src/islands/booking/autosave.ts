/** How long nothing must be typed before it is kept, in milliseconds. */
const PAUSE = 2000;
/** How far apart it is kept at least: many people may share an address, and with it how often they may write. */
const APART = 10_000;
/** How long after a failure it is tried again, in milliseconds. */
const AGAIN = 10_000;

/**
 * Keeps what is typed while it is typed, by the address that the form is sent to, so that a reload, a sleeping telephone
 * or an empty battery loses nothing. Only a failure is told, in `status`, and when it is mended.
 */
export function keepTyped(form: HTMLFormElement, status: HTMLElement): void {
  let timer = 0;
  let sentAt = -APART;
  let isDirty = false;
  let isOver = false; // the form is being sent, or there is no booking any more
  let sending: AbortController | null = null;

  const later = (wait: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  };

  const save = async () => {
    window.clearTimeout(timer);
    if (!isDirty || isOver) return;
    isDirty = false;
    sentAt = performance.now();
    sending?.abort();
    const own = new AbortController();
    sending = own;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) body.append(name, String(value));
    body.append('save', '1');
    try {
      const { signal } = own;
      const answer = await fetch(form.action, { method: 'POST', body, keepalive: true, signal });
      // Neither is mended by trying again: the pages themselves say it when they are asked for.
      if (answer.redirected || answer.status === 404) isOver = true;
      else if (!answer.ok) throw new Error(String(answer.status));
      if (status.textContent) status.textContent = status.dataset.done ?? '';
    } catch {
      if (sending !== own || isOver) return;
      isDirty = true;
      status.textContent = status.dataset.failed ?? '';
      later(AGAIN);
    }
  };

  const changed = () => {
    isDirty = true;
    later(Math.max(PAUSE, sentAt + APART - performance.now()));
  };
  form.addEventListener('input', changed);
  if ([...form.elements].some(isTyped)) changed(); // before this ran, or put back by the browser
  form.addEventListener('submit', () => {
    isOver = true;
    sending?.abort(); // what is sent now is newer
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save();
  });
  window.addEventListener('pagehide', save);
  window.addEventListener('online', save);
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) isOver = false;
  });
}

/** Whether a field holds something else than what the page brought. */
function isTyped(field: Element): boolean {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}
