import type { Kept } from '../../features/service/encounter/types.ts';
import { type Entries, entriesOf, nodeOf, putShown, sameEntries, setHidden } from './form.ts';
import { createStates } from './states.ts';
import { forget, keep, LEAVES_MS, readKept } from './tab.ts';

/** How long nothing must be typed before it is saved, in milliseconds. */
const PAUSE = 700;
/** However fast somebody types, no more than this is unsaved. */
const MOST_UNSAVED = 1500;
/** After a failure it is tried again. */
const AGAIN = 5000;

export interface Keeper {
  /** Sends the form with this action of its buttons; answers whether it was taken. */
  send(action: string): Promise<boolean>;
}

/** Saves the form by its own address, again and again, and keeps in this tab what could not be saved. */
export function createKeeper(form: HTMLFormElement): Keeper {
  const name = form.dataset.kept ?? '';
  // Its buttons are called action, and hide the property.
  const address = form.getAttribute('action') ?? '';
  const states = createStates(form);
  let timer = 0;
  let dirtySince = 0;
  /** The page is being left by one of the form's buttons. */
  let isLeaving = false;
  /** Two people wrote the same thing: nothing is saved until it is settled. */
  let isWaiting = false;
  let saved = entriesOf(form);
  let queue: Promise<unknown> = Promise.resolve();
  let inFlight = 0;

  const isDirty = () => !sameEntries(entriesOf(form), saved);

  const later = (wait: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(saveNow, wait);
  };

  const changed = () => {
    if (!isDirty()) return;
    const now = performance.now();
    dirtySince ||= now;
    keep(name, entriesOf(form));
    if (!isWaiting) later(Math.max(0, Math.min(PAUSE, dirtySince + MOST_UNSAVED - now)));
  };

  const send = (action: string, entries?: Entries): Promise<boolean> => {
    inFlight++;
    const sending = queue.then(() => post(action, entries ?? entriesOf(form)));
    const done = sending.finally(() => inFlight--);
    queue = done.catch(() => {});
    return done;
  };

  const post = async (action: string, sent: Entries): Promise<boolean> => {
    window.clearTimeout(timer);
    if (isLeaving) return false;
    states.saving();
    const before = entriesOf(form);
    const body = new URLSearchParams([...sent, ['action', action]]);
    // What fits in no keepalive request is sent without; nothing that a form takes is that long but in bad faith.
    const keepalive = body.toString().length < 60_000;
    const headers = { Accept: 'application/json' };
    try {
      const answer = await fetch(address, { method: 'POST', body, headers, keepalive });
      if (answer.status === 401 || answer.redirected) return failed('ended');
      if (answer.status === 404) return failed('over');
      if (!answer.headers.get('Content-Type')?.includes('json')) return failed('lost');
      return took((await answer.json()) as Kept, before);
    } catch {
      return failed('lost');
    }
  };

  const failed = (why: 'lost' | 'ended' | 'over'): false => {
    states.wrong(why);
    keep(name, entriesOf(form));
    if (why === 'lost') later(AGAIN);
    return false;
  };

  /** `sent`: the form as it was then. */
  const took = (kept: Kept, sent: Entries): boolean => {
    if (kept.state === 'over') return failed('over');
    if (kept.state === 'invalid') {
      states.wrong('invalid', kept.text);
      return false;
    }
    setHidden(form, 'version', String(kept.version));
    setHidden(form, 'base', kept.base);
    if (kept.state === 'conflict') {
      putShown(form, kept, sent);
      isWaiting = true;
      states.wrong('wait');
      showPanel(form, kept.panel);
      keep(name, entriesOf(form));
      return false;
    }
    const now = entriesOf(form);
    const isSame = sameEntries(now, sent);
    if (kept.shown) putShown(form, kept.shown, sent);
    saved = isSame ? entriesOf(form) : sent;
    states.saved(kept.at);
    if (kept.said) states.read(kept.said);
    dirtySince = 0;
    if (isSame) forget(name);
    else changed();
    return true;
  };

  const saveNow = () => {
    if (!isLeaving && !isWaiting && inFlight === 0 && isDirty()) void send('auto');
    else if (inFlight > 0 && isDirty()) later(PAUSE);
  };

  const restore = () => {
    const draft = readKept(name);
    if (!draft) return;
    if (sameEntries(draft.entries, saved)) return forget(name);
    void send('restore', draft.entries).then((isBack) => {
      if (isBack) states.read(form.dataset.restored ?? '');
    });
  };

  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('focusout', saveNow);
  document.addEventListener('visibilitychange', saveNow);
  window.addEventListener('pagehide', saveNow);
  document.addEventListener('console:leave', saveNow); // beneath a call pages change without unloading
  window.addEventListener('online', saveNow);
  window.addEventListener('focus', saveNow);
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) isLeaving = false;
  });

  // The page beneath a call stayed, since its form could not be sent.
  document.addEventListener('console:stay', () => {
    if (!form.isConnected) return; // a page before
    [isLeaving, saved] = [false, []];
    changed();
  });

  form.addEventListener('submit', (event) => {
    const { submitter } = event;
    const action = submitter instanceof HTMLButtonElement ? submitter.value : 'save';
    if (/^(add$|remove-|pick-)/.test(action) && !isWaiting) {
      event.preventDefault();
      void send(action).then((isDone) => isDone && focusAfter(form, action));
      return;
    }
    const mayLeave = isWaiting || (inFlight === 0 && !states.isLost());
    if (mayLeave) {
      // What is sent now has all of it. Should the page still be there a while later, it wasn't taken.
      const before = saved;
      [isLeaving, saved] = [true, entriesOf(form)];
      window.clearTimeout(timer);
      forget(name);
      window.setTimeout(() => {
        if (!form.isConnected) return;
        [isLeaving, saved] = [false, before];
        changed();
      }, LEAVES_MS);
      return;
    }
    // What is on its way raises the version: it is waited for. Without a connection the page stays.
    event.preventDefault();
    const settled = inFlight > 0 ? queue : send('auto');
    void settled.then(() => {
      if (states.isLost() || !(submitter instanceof HTMLElement)) return;
      form.requestSubmit(submitter);
    });
  });

  restore();
  return { send };
}

/** Shows what somebody else wrote, without taking the focus from who is typing. */
function showPanel(form: HTMLFormElement, html: string): void {
  const panel = nodeOf(html);
  if (!panel) return;
  form.querySelector('#conflict')?.remove();
  form.querySelector('#item')?.before(panel);
}

/** After a row came or went, where the keyboard goes on. */
function focusAfter(form: HTMLFormElement, action: string): void {
  const rows = [...form.querySelectorAll<HTMLElement>('#items .item')];
  if (action === 'add') rows.at(-1)?.querySelector<HTMLElement>('select, input')?.focus();
  if (!action.startsWith('remove-')) return;
  const row = rows[Math.min(Number(action.slice('remove-'.length)), rows.length - 1)];
  const next =
    row?.querySelector<HTMLElement>('button') ?? form.querySelector<HTMLElement>('#pick');
  next?.focus();
}
