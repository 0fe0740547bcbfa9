import type { Signal } from '../../features/service/room/types.ts';

/** A signal on its way to a seat. */
interface Waiting {
  to: string;
  signal: Signal;
}

const AGAIN_MS = 1_000;
/** Of the 40,000 characters and 50 signals that are taken at once. */
const MOST = { characters: 30_000, signals: 50 };

/**
 * Sends signals in their order, to one seat those together that come while others are on their way, and again until they are
 * taken: an answer that is lost is never asked for again. `post` answers the status; 0: there was none.
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

/** What is about a connection with somebody that isn't the last is of no use to them. */
export function current(all: Waiting[]): Waiting[] {
  return all.filter(({ to, signal }) => {
    const theirs = all.filter((each) => each.to === to).map((each) => each.signal);
    if (signal.type === 'media') return signal === theirs.findLast(({ type }) => type === 'media');
    const calls = theirs.flatMap((each) => (each.type === 'media' ? [] : [each.call]));
    return signal.call === calls.at(-1);
  });
}

/** As many as are taken at once, of those to the first. */
export function together(all: Waiting[]): Waiting[] {
  const theirs = all.filter((each) => each.to === all[0]?.to).slice(0, MOST.signals);
  let length = 2;
  const most = theirs.findIndex(({ signal }, at) => {
    length += JSON.stringify(signal).length + 1;
    return at > 0 && length > MOST.characters;
  });
  return most === -1 ? theirs : theirs.slice(0, most);
}
