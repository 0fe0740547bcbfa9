import type { QualityReport } from '../../features/insight/call-quality/types.ts';
import type { Message, RoomState, Signal } from '../../features/service/room/types.ts';
import { createOutgoing } from './outgoing.ts';

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
/** The server is heard every three seconds: a way that is gone is told by silence alone. */
const SILENT_MS = 8_000;
const ANSWER_MS = 20_000;
/** What was sent and isn't acknowledged by then is sent again. */
const SENT_MS = 5_000;

/** Sits down in a room, and comes back by itself until it is over (docs/protocol.md). */
export function sitDown(base: string, to: SeatListener): Sitting {
  let seat = '';
  let source: EventSource | null = null;
  let isUp = false;
  let heard = 0;
  let last = '';
  let unsaid: { id: string; text: string }[] = [];
  let isSaying = false;

  const outgoing = createOutgoing(async (other, signals) => {
    const fields = { seat, to: other, signals };
    const signal = AbortSignal.timeout(SENT_MS);
    return (await post(`${base}/signal`, fields, { signal }).catch(() => null))?.status ?? 0;
  });

  const end = (why: 'taken' | 'over' | 'failed') => {
    stop();
    to.ended(why);
  };
  const stop = () => {
    isUp = true;
    clearInterval(listening);
    outgoing.stop();
    source?.close();
  };
  /** A stream whose way is gone says nothing and doesn't end: another is opened, that goes on after it. */
  const listening = setInterval(() => {
    if (!source || source.readyState === EventSource.CLOSED) return;
    if (performance.now() - heard < SILENT_MS) return;
    source.close();
    to.online(false);
    listen();
  }, 1_000);

  const enter = async (again: boolean): Promise<void> => {
    if (isUp) return;
    const answer = await post(`${base}/seat`, again ? { again: '1' } : {}).catch(() => null);
    if (answer?.ok) {
      ({ seat } = (await answer.json()) as { seat: string });
      return isUp ? tellLeft() : listen();
    }
    if (isUp) return;
    if (answer?.status === 410) return end('taken');
    if (answer?.status === 409) return end('over');
    if (answer && answer.status < 500 && answer.status !== 429) return end('failed');
    to.online(false);
    setTimeout(() => void enter(again), AGAIN_MS);
  };

  const listen = () => {
    const mine = new EventSource(`${base}/stream?seat=${seat}${last && `&after=${last}`}`);
    source = mine;
    heard = performance.now();
    for (const each of ['open', 'here', 'room', 'signal', 'message'])
      mine.addEventListener(each, () => {
        heard = performance.now();
      });
    mine.addEventListener('open', () => {
      to.online(true);
      void sendAll();
    });
    mine.addEventListener('room', ({ data }) => {
      const state = JSON.parse(data) as RoomState;
      if (state.phase === 'over' || state.phase === 'taken') return end(state.phase);
      to.room(state);
    });
    mine.addEventListener('signal', ({ data, lastEventId }) => {
      last = lastEventId;
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

  const sendAll = async () => {
    if (isSaying) return;
    isSaying = true;
    for (let next = unsaid[0]; next && !isUp; next = unsaid[0]) {
      const answer = await post(`${base}/say`, { seat, ...next }, { keepalive: true }).catch(
        () => null,
      );
      // Kept for when the stream is there again.
      if (!answer || answer.status >= 500 || answer.status === 410) break;
      if (answer.status === 429) {
        setTimeout(() => void sendAll(), AGAIN_MS);
        break;
      }
      unsaid = unsaid.filter((each) => each !== next);
      if (!answer.ok) to.unsaid(next.id);
    }
    isSaying = false;
  };

  const tellLeft = () => {
    if (seat) navigator.sendBeacon(`${base}/leave`, new URLSearchParams({ seat }));
  };

  void enter(false);
  return {
    send: outgoing.send,
    say: (id, text) => {
      unsaid.push({ id, text });
      void sendAll();
    },
    report: (report) => {
      const fields = { seat, report: JSON.stringify(report) };
      if (seat) navigator.sendBeacon(`${base}/quality`, new URLSearchParams(fields));
    },
    leave: () => {
      stop();
      tellLeft();
    },
  };
}

const post = (url: string, fields: Record<string, string>, how: RequestInit = {}) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(ANSWER_MS),
    ...how,
  });
