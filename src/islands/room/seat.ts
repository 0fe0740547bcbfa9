import type { RoomState, Signal } from '../../features/room/types.ts';

/** What the server tells of the room. */
export interface SeatListener {
  room(state: RoomState, seat: string): void;
  signal(signal: Signal): void;
  /** The stream is gone for now, or there again. */
  online(isOnline: boolean): void;
  /** It ended for good: another page of theirs is there, it is over, or they may not. */
  ended(why: 'taken' | 'over' | 'failed'): void;
}

export interface Sitting {
  send(signal: Signal): void;
  leave(): void;
}

const AGAIN_MS = 2_000;
const TOGETHER_MS = 50;

/** Sits down in a room, and comes back by itself until it is over (docs/protocol.md). */
export function sitDown(base: string, to: SeatListener): Sitting {
  let seat = '';
  let source: EventSource | null = null;
  let isUp = false;
  let waiting: Signal[] = [];
  let sending: Promise<void> = Promise.resolve();

  const end = (why: 'taken' | 'over' | 'failed') => {
    stop();
    to.ended(why);
  };
  const stop = () => {
    isUp = true;
    source?.close();
  };

  const enter = async (again: boolean): Promise<void> => {
    if (isUp) return;
    const answer = await post(`${base}/seat`, again ? { again: '1' } : {}).catch(() => null);
    if (isUp) return;
    if (answer?.ok) {
      ({ seat } = (await answer.json()) as { seat: string });
      return listen();
    }
    if (answer?.status === 410) return end('taken');
    if (answer?.status === 409) return end('over');
    if (answer && answer.status < 500 && answer.status !== 429) return end('failed');
    to.online(false);
    setTimeout(() => void enter(again), AGAIN_MS);
  };

  const listen = () => {
    const mine = new EventSource(`${base}/stream?seat=${seat}`);
    source = mine;
    mine.addEventListener('open', () => to.online(true));
    mine.addEventListener('room', ({ data }) => {
      const state = JSON.parse(data) as RoomState;
      if (state.phase === 'over' || state.phase === 'taken') return end(state.phase);
      to.room(state, seat);
    });
    mine.addEventListener('signal', ({ data }) => to.signal(JSON.parse(data) as Signal));
    mine.addEventListener('error', () => {
      to.online(false);
      // The browser comes again by itself, except where it was refused: the seat is gone, so another is taken.
      if (mine.readyState === EventSource.CLOSED) setTimeout(() => void enter(true), AGAIN_MS);
    });
  };

  /** In their order, and those of a moment together. */
  const flush = async () => {
    const signals = waiting;
    waiting = [];
    if (signals.length === 0 || isUp) return;
    const body = { seat, signals: JSON.stringify(signals) };
    // What is lost with the connection is made good by the next try to connect.
    await post(`${base}/signal`, body).catch(() => {});
  };

  void enter(false);
  return {
    send: (signal) => {
      if (waiting.push(signal) > 1) return;
      setTimeout(() => {
        sending = sending.then(flush);
      }, TOGETHER_MS);
    },
    leave: () => {
      stop();
      navigator.sendBeacon(`${base}/leave`, new URLSearchParams({ seat }));
    },
  };
}

const post = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
