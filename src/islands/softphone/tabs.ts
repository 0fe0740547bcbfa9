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
export function shareTelephone(share: string, isBusy: () => boolean, told: Told) {
  const name = `finestreta phone ${share}`;
  const others = new BroadcastChannel(name);
  const say = (message: Message) => others.postMessage(message);
  let release: (() => void) | null = null;
  let isAsking = false;
  /** Somebody asked for it while this tab was asking already: it asks once more. */
  let isWanted = false;

  const take = (withinMs: number) => {
    if (release || isAsking) return;
    isAsking = true;
    const signal = AbortSignal.timeout(withinMs);
    navigator.locks
      .request(name, { signal }, () => {
        isAsking = false;
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        told.mine();
        say({ type: 'here', isBusy: isBusy() });
        return held;
      })
      .catch(() => {
        isAsking = false;
        if (isWanted) take(WANTED_MS);
        else say({ type: 'who' });
        isWanted = false;
      });
  };
  const letGo = () => {
    release?.();
    release = null;
  };

  others.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'here') {
      if (!release) told.theirs(data.isBusy);
      return;
    }
    if (data.type === 'bye') {
      if (!release) setTimeout(take, AFTER_BYE_MS, FOLLOWING_MS);
      return;
    }
    if (!release) return;
    if (data.type === 'want' && !isBusy()) {
      letGo();
      told.theirs(false);
    } else say({ type: 'here', isBusy: isBusy() });
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !release) take(FOLLOWING_MS);
  });
  addEventListener('pagehide', () => {
    if (release) say({ type: 'bye' });
    letGo();
  });
  take(FOLLOWING_MS);

  return {
    /** Somebody wants the telephone in this tab. */
    want() {
      say({ type: 'want' });
      isWanted = isAsking;
      take(WANTED_MS);
    },
    /** The others show whether there is a call. */
    changed() {
      if (release) say({ type: 'here', isBusy: isBusy() });
    },
  };
}
