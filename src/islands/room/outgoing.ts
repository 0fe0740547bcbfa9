import type { Signal } from '../../features/service/room/types.ts';

/** A signal that waits to be sent to a seat. */
interface Waiting {
  to: string;
  signal: Signal;
}

const AGAIN_MS = 1_000;
/** The maximum of one request; the server accepts 40,000 characters and 50 signals. */
const MOST = { characters: 30_000, signals: 50 };

/**
 * Returns a queue that sends signals in order. Signals to one seat that arrive during a request are sent together. A failed request is
 * repeated until it is accepted: the other side never asks for a lost answer again. `post` resolves to the status; 0: no answer.
 */
export function createOutgoing(post: (to: string, signals: string) => Promise<number>) {
  let waiting: Waiting[] = [];
  let isSending = false;
  let isOver = false;

  const flush = async () => {
    while (waiting.length > 0 && !isOver) {
      waiting = current(waiting);
      const some = together(waiting);
      const status = await post(some[0]?.to ?? '', JSON.stringify(some.map((each) => each.signal)));
      const isLost = status === 0 || status >= 500 || status === 429;
      if (isLost) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      else waiting = waiting.filter((each) => !some.includes(each));
    }
    isSending = false;
  };

  return {
    send(to: string, signal: Signal): void {
      waiting.push({ to, signal });
      if (isSending) return;
      isSending = true;
      setTimeout(() => void flush());
    },
    stop(): void {
      isOver = true;
    },
  };
}

/** Returns the signals without those of replaced connections. */
export function current(all: Waiting[]): Waiting[] {
  return all.filter(({ to, signal }) => {
    const theirs = all.filter((each) => each.to === to).map((each) => each.signal);
    if (signal.type === 'media') return signal === theirs.findLast(({ type }) => type === 'media');
    const calls = theirs.flatMap((each) => (each.type === 'media' ? [] : [each.call]));
    return signal.call === calls.at(-1);
  });
}

/** Returns as many as one request takes, of those to the first seat. */
export function together(all: Waiting[]): Waiting[] {
  const theirs = all.filter((each) => each.to === all[0]?.to).slice(0, MOST.signals);
  let length = 2;
  const most = theirs.findIndex(({ signal }, at) => {
    length += JSON.stringify(signal).length + 1;
    return at > 0 && length > MOST.characters;
  });
  return most === -1 ? theirs : theirs.slice(0, most);
}
