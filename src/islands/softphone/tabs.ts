interface Told {
  /** This tab is the telephone from now on. */
  mine(): void;
  /** Another tab is; `isBusy`: with a call. */
  theirs(isBusy: boolean): void;
}

type Message =
  | { type: 'who' }
  | { type: 'want' }
  | { type: 'bye' }
  | { type: 'here'; isBusy: boolean };

/** A page that goes lets go of the lock; the page that follows it in its tab is to have it, not another tab. */
const FOLLOWING_MS = 1_500;
/** The tab that has it may be busy with other things when it is asked. */
const WANTED_MS = 5_000;
const AFTER_BYE_MS = 3_000;

/** One tab of a browser is the telephone: the one that holds the lock. Another can ask for it while nobody talks. */
export class TelephoneTabs {
  readonly #name: string;
  readonly #others: BroadcastChannel;
  readonly #isBusy: () => boolean;
  readonly #told: Told;
  /** Lets go of the lock; null: another tab has it, or none. */
  #release: (() => void) | null = null;
  #isAsking = false;
  /** Somebody asked for it while this tab was asking already: it asks once more. */
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

  /** Somebody wants the telephone in this tab. */
  want(): void {
    this.#say({ type: 'want' });
    this.#isWanted = this.#isAsking;
    this.#take(WANTED_MS);
  }

  /** The others show whether there is a call. */
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
