/** The pause in typing after which the form is saved, in milliseconds. */
const PAUSE = 2000;
/** The minimum time between two saves: many people may share an address, and so its rate limit. */
const APART = 10_000;
/** The time after a failure until the next try, in milliseconds. */
const AGAIN = 10_000;

/**
 * Saves the form while a person types, to the address of the form, so that a reload, a sleeping telephone or an empty battery loses
 * nothing. `status` shows only a failure, and its end.
 */
export function keepTyped(form: HTMLFormElement, status: HTMLElement): void {
  let timer = 0;
  let sentAt = -APART;
  let isDirty = false;
  let isOver = false; // the form is being sent, or the booking no longer exists
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
      // Another try helps in neither case: the pages show the reason when they are opened.
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
  if ([...form.elements].some(isTyped)) changed(); // typed before this script ran, or restored by the browser
  form.addEventListener('submit', () => {
    isOver = true;
    sending?.abort(); // the data sent now is newer
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

/** Returns whether the value of a field differs from the one in the page. */
function isTyped(field: Element): boolean {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}
