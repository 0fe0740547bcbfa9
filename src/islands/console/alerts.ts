import { dueAlerts, ownArrival, titleOf } from '../../features/service/alerts/rules.ts';
import type { Alert, DeskAlerts } from '../../features/service/alerts/types.ts';
import { isCallLive } from '../persistent-call/live.ts';
import { mayNotify, notify, playSound } from './alert-signs.ts';

const BEAT_MS = 10_000;
/** The day is fetched again without news after this time, in case one was missed. */
const OLD_MS = 300_000;
/** The minimum time between two requests. */
const REST_MS = 1_000;
const MOST_KEPT = 300;

/** Starts the alerts of a page, for whoever works in another window. To be called once. */
export function openAlerts(): void {
  const place = document.querySelector<HTMLElement>('#alerts');
  if (place) new Alerts(place).open();
}

/** Keeps a tab's title true to the own desk's day. One tab of the browser follows the day, notifies and sounds. */
class Alerts {
  readonly #from: string;
  readonly #share: string;
  readonly #chosen: ReadonlySet<string>;
  readonly #others: BroadcastChannel;
  #day: DeskAlerts | null = null;
  /** The server's clock against the browser's, in milliseconds. */
  #ahead = 0;
  #asked = 0;
  #isBusy = false;
  #isWanted = false;
  #leads = false;
  /** What this tab's title begins with. */
  #prefix = '';

  constructor({ dataset }: HTMLElement) {
    this.#from = dataset.from ?? '';
    this.#share = `finestreta alerts ${dataset.share}`;
    this.#chosen = new Set(dataset.chosen?.split(' '));
    this.#others = new BroadcastChannel(this.#share);
  }

  open(): void {
    this.#others.addEventListener('message', ({ data }: MessageEvent<DeskAlerts | null>) =>
      this.#hear(data),
    );
    document.addEventListener('console:news', () => {
      if (this.#leads) this.#refresh();
    });
    document.addEventListener('console:chats', () => {
      if (this.#leads) this.#refresh();
    });
    document.addEventListener('console:page', () => {
      if (document.hasFocus()) this.#remember('view', inView());
      this.#refresh();
    });
    document.addEventListener('submit', (event) => this.#note(event.target));
    for (const each of ['focus', 'blur', 'pagehide'])
      addEventListener(each, ({ type }) =>
        this.#remember('view', type === 'focus' ? inView() : ''),
      );
    if (document.hasFocus()) this.#remember('view', inView());
    setInterval(() => {
      if (this.#leads && Date.now() - this.#asked >= OLD_MS) this.#refresh();
      else this.#look();
    }, BEAT_MS);
    this.#refresh();
    if (!navigator.locks) this.#leads = true;
    else void navigator.locks.request(this.#share, () => this.#lead());
  }

  /** Alerts until the page closes. */
  #lead(): Promise<void> {
    this.#leads = true;
    this.#look();
    return new Promise(() => {});
  }

  #refresh(): void {
    this.#isWanted = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#isWanted = false;
    void this.#fetch().then(() =>
      setTimeout(() => {
        this.#isBusy = false;
        if (this.#isWanted) this.#refresh();
      }, REST_MS),
    );
  }

  async #fetch(): Promise<void> {
    this.#asked = Date.now();
    try {
      const answer = await fetch(this.#from, { headers: { 'X-Refresh': '1' } });
      const isDay = answer.headers.get('Content-Type')?.startsWith('application/json');
      // The session has ended: nothing is known any more.
      const day = answer.ok && isDay ? ((await answer.json()) as DeskAlerts) : null;
      this.#others.postMessage(day);
      this.#hear(day);
    } catch {
      // There is no connection: the day is as it was.
      this.#look();
    }
  }

  #hear(day: DeskAlerts | null): void {
    this.#day = day;
    if (day) this.#ahead = day.now - Date.now();
    this.#look();
  }

  #look(): void {
    const now = Date.now() + this.#ahead;
    const entries = this.#day?.entries ?? [];
    this.#show(titleOf(entries, now));
    if (!this.#leads || !this.#day) return;
    const known = this.#known();
    const { alerts, keys } = dueAlerts(entries, now, { known, inView: this.#recall('view') });
    if (keys.length === 0) return;
    // Before they are shown: another tab may begin meanwhile.
    this.#keep([...known, ...keys]);
    for (const each of alerts) this.#alert(each);
    if (alerts.length > 0 && this.#mayBeHeard()) playSound();
  }

  /** Others may have changed the title in between: the words of before are taken out wherever they are. */
  #show(prefix: string): void {
    const own = this.#prefix ? document.title.replace(this.#prefix, '') : document.title;
    this.#prefix = prefix;
    if (document.title !== prefix + own) document.title = prefix + own;
  }

  #alert({ entry, moment }: Alert): void {
    if (!this.#chosen.has('notification') || !mayNotify()) return;
    const { id, href, words, detail } = entry;
    notify({ tag: `${this.#share} ${id}`, title: words[moment], body: detail }, () => {
      if (inView() !== id) follow(href);
    });
  }

  #mayBeHeard(): boolean {
    return this.#chosen.has('sound') && !this.#day?.isServing && !isCallLive();
  }

  /** An arrival that is marked here is no news here. */
  #note(form: EventTarget | null): void {
    if (!(form instanceof HTMLFormElement)) return;
    // A control may be called action, and hide the property.
    const id = /\/appointment\/([\w-]+)\/arrived$/.exec(form.getAttribute('action') ?? '')?.[1];
    if (id) this.#keep([...this.#known(), ownArrival(id)]);
  }

  #known(): ReadonlySet<string> {
    return new Set(this.#recall('known')?.split('\n'));
  }

  #keep(keys: readonly string[]): void {
    this.#remember('known', [...new Set(keys)].slice(-MOST_KEPT).join('\n'));
  }

  #recall(what: string): string | null {
    try {
      return localStorage.getItem(`${this.#share} ${what}`) || null;
    } catch {
      return null;
    }
  }

  #remember(what: string, text: string): void {
    try {
      localStorage.setItem(`${this.#share} ${what}`, text);
    } catch {
      // Storage is blocked: after a reload, an alert may come again.
    }
  }
}

/** Returns the appointment or the conversation that is open on this page, or ''. */
const inView = (): string =>
  document.querySelector<HTMLElement>('#live')?.dataset.current ??
  document.querySelector<HTMLElement>('#chat-write')?.dataset.chat ??
  '';

/** Opens a page as a press on its link would, which a call outlives. */
function follow(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}
