import type { QualityReport } from '../../features/call-quality/types.ts';
import type { Message, RoomState, Signal } from '../../features/room/types.ts';

/** What the server tells of the room. */
export interface SeatListener {
  room(state: RoomState): void;
  signal(from: string, signal: Signal): void;
  message(message: Message): void;
  /** What was written could not be kept. */
  unsaid(id: string): void;
  /** The stream is gone for now, or there again. */
  online(isOnline: boolean): void;
  /** It ended for good: another page of theirs is there, it is over, or they may not. */
  ended(why: 'taken' | 'over' | 'failed'): void;
}

export interface Sitting {
  send(to: string, signal: Signal): void;
  /** Sends what was written; again, by itself, once there is a connection. */
  say(id: string, text: string): void;
  /** How a connection went, also while the page goes away. */
  report(report: QualityReport): void;
  leave(): void;
}

const AGAIN_MS = 2_000;
const TOGETHER_MS = 50;

/** Sits down in a room, and comes back by itself until it is over (docs/protocol.md). */
export function sitDown(base: string, to: SeatListener): Sitting {
  let seat = '';
  let source: EventSource | null = null;
  let isUp = false;
  let waiting: { to: string; signal: Signal }[] = [];
  let sending: Promise<void> = Promise.resolve();
  let unsaid: { id: string; text: string }[] = [];
  let isSaying = false;

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
    mine.addEventListener('open', () => {
      to.online(true);
      void sayAll();
    });
    mine.addEventListener('room', ({ data }) => {
      const state = JSON.parse(data) as RoomState;
      if (state.phase === 'over' || state.phase === 'taken') return end(state.phase);
      to.room(state);
    });
    mine.addEventListener('signal', ({ data }) => {
      const { from, signal } = JSON.parse(data) as { from: string; signal: Signal };
      to.signal(from, signal);
    });
    mine.addEventListener('message', ({ data }) => to.message(JSON.parse(data) as Message));
    mine.addEventListener('error', () => {
      to.online(false);
      // The browser comes again by itself, except where it was refused: the seat is gone, so another is taken.
      if (mine.readyState === EventSource.CLOSED) setTimeout(() => void enter(true), AGAIN_MS);
    });
  };

  /** In their order, and those of a moment to one of them together. */
  const flush = async () => {
    const all = waiting;
    waiting = [];
    for (const other of new Set(all.map((each) => each.to))) {
      if (isUp) return;
      const theirs = all.filter((each) => each.to === other);
      const signals = JSON.stringify(theirs.map(({ signal }) => signal));
      // What is lost with the connection is made good by the next try to connect.
      await post(`${base}/signal`, { seat, to: other, signals }).catch(() => {});
    }
  };

  const sayAll = async () => {
    if (isSaying) return;
    isSaying = true;
    for (let next = unsaid[0]; next && !isUp; next = unsaid[0]) {
      const answer = await post(`${base}/say`, { seat, ...next }).catch(() => null);
      // Kept for when the stream is there again.
      if (!answer || answer.status >= 500 || answer.status === 410) break;
      if (answer.status === 429) {
        setTimeout(() => void sayAll(), AGAIN_MS);
        break;
      }
      unsaid = unsaid.filter((each) => each !== next);
      if (!answer.ok) to.unsaid(next.id);
    }
    isSaying = false;
  };

  void enter(false);
  return {
    send: (other, signal) => {
      if (waiting.push({ to: other, signal }) > 1) return;
      setTimeout(() => {
        sending = sending.then(flush);
      }, TOGETHER_MS);
    },
    say: (id, text) => {
      unsaid.push({ id, text });
      void sayAll();
    },
    report: (report) => {
      const fields = { seat, report: JSON.stringify(report) };
      if (seat) navigator.sendBeacon(`${base}/quality`, new URLSearchParams(fields));
    },
    leave: () => {
      stop();
      navigator.sendBeacon(`${base}/leave`, new URLSearchParams({ seat }));
    },
  };
}

const post = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
