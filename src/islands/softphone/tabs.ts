interface Told {
  /** This tab is the telephone from now on. */
  mine(): void;
  /** Another tab is the telephone; `isBusy`: it has a call. */
  theirs(isBusy: boolean): void;
}

type Message =
  | { type: 'who' }
  | { type: 'want' }
  | { type: 'bye' }
  | { type: 'here'; isBusy: boolean };

/** The time in which a page that leaves reserves the lock for the next page of its tab, before other tabs. */
const FOLLOWING_MS = 1_500;
/** The time that the tab with the lock has to answer a request. */
const WANTED_MS = 5_000;
const AFTER_BYE_MS = 3_000;

/** One tab of a browser is the telephone: the one with the lock. Another tab can request it while there is no call. */
export class TelephoneTabs {
  readonly #name: string;
  readonly #others: BroadcastChannel;
  readonly #isBusy: () => boolean;
  readonly #told: Told;
  /** Releases the lock; null: another tab has it, or none. */
  #release: (() => void) | null = null;
  #isAsking = false;
  /** A press requested the telephone during an earlier request: the request is repeated. */
  #isWanted = false;

  constructor(share: string, isBusy: () => boolean, told: Told) {
    this.#name = `finestreta phone ${share}`;
    this.#others = new BroadcastChannel(this.#name);
    this.#isBusy = isBusy;
    this.#told = told;
  }

  open(): void {
    this.#others.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#hear(data));
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && !this.#release) this.#take(FOLLOWING_MS);
    });
    addEventListener('pagehide', () => {
      if (this.#release) this.#say({ type: 'bye' });
      this.#letGo();
    });
    this.#take(FOLLOWING_MS);
  }

  /** Requests the telephone for this tab. */
  want(): void {
    this.#say({ type: 'want' });
    this.#isWanted = this.#isAsking;
    this.#take(WANTED_MS);
  }

  /** Informs the other tabs whether there is a call. */
  changed(): void {
    if (this.#release) this.#sayHere();
  }

  #say(message: Message): void {
    this.#others.postMessage(message);
  }

  #sayHere(): void {
    this.#say({ type: 'here', isBusy: this.#isBusy() });
  }

  #take(withinMs: number): void {
    if (this.#release || this.#isAsking) return;
    this.#isAsking = true;
    const signal = AbortSignal.timeout(withinMs);
    navigator.locks
      .request(this.#name, { signal }, () => this.#hold())
      .catch(() => {
        this.#isAsking = false;
        if (this.#isWanted) this.#take(WANTED_MS);
        else this.#say({ type: 'who' });
        this.#isWanted = false;
      });
  }

  /** Returns a promise that lasts as long as the lock is held. */
  #hold(): Promise<void> {
    this.#isAsking = false;
    const held = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#told.mine();
    this.#sayHere();
    return held;
  }

  #letGo(): void {
    this.#release?.();
    this.#release = null;
  }

  #hear(message: Message): void {
    if (message.type === 'here') {
      if (!this.#release) this.#told.theirs(message.isBusy);
      return;
    }
    if (message.type === 'bye') {
      if (!this.#release) setTimeout(() => this.#take(FOLLOWING_MS), AFTER_BYE_MS);
      return;
    }
    if (!this.#release) return;
    if (message.type === 'want' && !this.#isBusy()) {
      this.#letGo();
      this.#told.theirs(false);
    } else this.#sayHere();
  }
}
