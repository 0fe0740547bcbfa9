import type { Kept } from '../../features/service/encounter/types.ts';
import { type Entries, entriesOf, nodeOf, putShown, sameEntries, setHidden } from './form.ts';
import { createStates, type States } from './states.ts';
import { forget, keep, LEAVES_MS, readKept } from './tab.ts';

/** The pause in typing after which the form is saved, in milliseconds. */
const PAUSE = 700;
/** The longest time without a save during continuous typing. */
const MOST_UNSAVED = 1500;
/** The time until the next try after a failure. */
const AGAIN = 5000;

/** Saves the form to its own address repeatedly, and keeps unsaved content in this tab. */
export class Keeper {
  readonly #form: HTMLFormElement;
  readonly #name: string;
  readonly #address: string;
  readonly #states: States;
  #timer = 0;
  #dirtySince = 0;
  /** Whether one of the form's buttons is submitting the page. */
  #isLeaving = false;
  /** Whether two people changed the same field: saving waits until that is resolved. */
  #isWaiting = false;
  #saved: Entries;
  #queue: Promise<unknown> = Promise.resolve();
  #inFlight = 0;

  constructor(form: HTMLFormElement) {
    this.#form = form;
    this.#name = form.dataset.kept ?? '';
    // The form's buttons are named action, and hide the property.
    this.#address = form.getAttribute('action') ?? '';
    this.#states = createStates(form);
    this.#saved = entriesOf(form);
  }

  /** Starts saving, and restores the content that this tab still keeps. */
  open(): void {
    this.#listen();
    this.#restore();
  }

  /** Sends the form with one of its buttons' actions; resolves to whether the server accepted it. */
  send(action: string, entries?: Entries): Promise<boolean> {
    this.#inFlight++;
    const sending = this.#queue.then(() => this.#post(action, entries ?? entriesOf(this.#form)));
    const done = sending.finally(() => this.#inFlight--);
    this.#queue = done.catch(() => {});
    return done;
  }

  #listen(): void {
    const form = this.#form;
    const changed = () => this.#changed();
    const saveNow = () => this.#saveNow();
    form.addEventListener('input', changed);
    form.addEventListener('change', changed);
    form.addEventListener('focusout', saveNow);
    document.addEventListener('visibilitychange', saveNow);
    window.addEventListener('pagehide', saveNow);
    document.addEventListener('console:leave', saveNow); // below a call, pages change without unloading
    window.addEventListener('online', saveNow);
    window.addEventListener('focus', saveNow);
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) this.#isLeaving = false;
    });
    // The page below a call stayed, since its form could not be sent.
    document.addEventListener('console:stay', () => this.#stay([]));
    form.addEventListener('submit', (event) => this.#submit(event));
  }

  #isDirty(): boolean {
    return !sameEntries(entriesOf(this.#form), this.#saved);
  }

  #later(wait: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#saveNow(), wait);
  }

  #changed(): void {
    if (!this.#isDirty()) return;
    const now = performance.now();
    this.#dirtySince ||= now;
    keep(this.#name, entriesOf(this.#form));
    if (this.#isWaiting) return;
    this.#later(Math.max(0, Math.min(PAUSE, this.#dirtySince + MOST_UNSAVED - now)));
  }

  #saveNow(): void {
    const isFree = this.#inFlight === 0;
    if (!this.#isLeaving && !this.#isWaiting && isFree && this.#isDirty()) void this.send('auto');
    else if (!isFree && this.#isDirty()) this.#later(PAUSE);
  }

  async #post(action: string, sent: Entries): Promise<boolean> {
    window.clearTimeout(this.#timer);
    if (this.#isLeaving) return false;
    this.#states.saving();
    const before = entriesOf(this.#form);
    const body = new URLSearchParams([...sent, ['action', action]]);
    // A body too long for a keepalive request is sent without it; valid forms never get that long.
    const keepalive = body.toString().length < 60_000;
    const headers = { Accept: 'application/json' };
    try {
      const answer = await fetch(this.#address, { method: 'POST', body, headers, keepalive });
      if (answer.status === 401 || answer.redirected) return this.#failed('ended');
      if (answer.status === 404) return this.#failed('over');
      if (!answer.headers.get('Content-Type')?.includes('json')) return this.#failed('lost');
      return this.#took((await answer.json()) as Kept, before);
    } catch {
      return this.#failed('lost');
    }
  }

  #failed(why: 'lost' | 'ended' | 'over'): false {
    this.#states.wrong(why);
    keep(this.#name, entriesOf(this.#form));
    if (why === 'lost') this.#later(AGAIN);
    return false;
  }

  /** `sent`: the form at the moment of sending. */
  #took(kept: Kept, sent: Entries): boolean {
    if (kept.state === 'over') return this.#failed('over');
    if (kept.state === 'invalid') {
      this.#states.wrong('invalid', kept.text);
      return false;
    }
    setHidden(this.#form, 'version', String(kept.version));
    setHidden(this.#form, 'base', kept.base);
    if (kept.state === 'conflict') {
      this.#conflict(kept, sent);
      return false;
    }
    const now = entriesOf(this.#form);
    const isSame = sameEntries(now, sent);
    if (kept.shown) putShown(this.#form, kept.shown, sent);
    this.#saved = isSame ? entriesOf(this.#form) : sent;
    this.#states.saved(kept.at);
    if (kept.said) this.#states.read(kept.said);
    this.#dirtySince = 0;
    if (isSame) forget(this.#name);
    else this.#changed();
    return true;
  }

  #conflict(kept: Extract<Kept, { state: 'conflict' }>, sent: Entries): void {
    putShown(this.#form, kept, sent);
    this.#isWaiting = true;
    this.#states.wrong('wait');
    showPanel(this.#form, kept.panel);
    keep(this.#name, entriesOf(this.#form));
  }

  #restore(): void {
    const draft = readKept(this.#name);
    if (!draft) return;
    if (sameEntries(draft.entries, this.#saved)) {
      forget(this.#name);
      return;
    }
    void this.send('restore', draft.entries).then((isBack) => {
      if (isBack) this.#states.read(this.#form.dataset.restored ?? '');
    });
  }

  #submit(event: SubmitEvent): void {
    const { submitter } = event;
    const action = submitter instanceof HTMLButtonElement ? submitter.value : 'save';
    if (/^(add$|remove-|pick-)/.test(action) && !this.#isWaiting) {
      event.preventDefault();
      void this.send(action).then((isDone) => isDone && focusAfter(this.#form, action));
      return;
    }
    if (this.#isWaiting || (this.#inFlight === 0 && !this.#states.isLost())) {
      this.#leave();
      return;
    }
    // A request in progress raises the version, so it must end first. Without a connection the page stays.
    event.preventDefault();
    const settled = this.#inFlight > 0 ? this.#queue : this.send('auto');
    void settled.then(() => {
      if (this.#states.isLost() || !(submitter instanceof HTMLElement)) return;
      this.#form.requestSubmit(submitter);
    });
  }

  /** Stops saving, since the submission contains everything. If the page still exists a while later, the submission failed. */
  #leave(): void {
    const before = this.#saved;
    this.#isLeaving = true;
    this.#saved = entriesOf(this.#form);
    window.clearTimeout(this.#timer);
    forget(this.#name);
    window.setTimeout(() => this.#stay(before), LEAVES_MS);
  }

  /** Continues saving after a submission that failed. `saved`: the server's state. */
  #stay(saved: Entries): void {
    if (!this.#form.isConnected) return; // an earlier page
    this.#isLeaving = false;
    this.#saved = saved;
    this.#changed();
  }
}

/** Shows the other person's changes, without taking the focus from a field in use. */
function showPanel(form: HTMLFormElement, html: string): void {
  const panel = nodeOf(html);
  if (!panel) return;
  form.querySelector('#conflict')?.remove();
  form.querySelector('#item')?.before(panel);
}

/** Moves the focus after a row was added or removed. */
function focusAfter(form: HTMLFormElement, action: string): void {
  const rows = [...form.querySelectorAll<HTMLElement>('#items .item')];
  if (action === 'add') rows.at(-1)?.querySelector<HTMLElement>('select, input')?.focus();
  if (!action.startsWith('remove-')) return;
  const row = rows[Math.min(Number(action.slice('remove-'.length)), rows.length - 1)];
  const next =
    row?.querySelector<HTMLElement>('button') ?? form.querySelector<HTMLElement>('#pick');
  next?.focus();
}
