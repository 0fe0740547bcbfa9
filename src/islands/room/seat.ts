import type { QualityReport } from '../../features/insight/call-quality/types.ts';
import type { Message, RoomState, Signal } from '../../features/service/room/types.ts';
import { createOutgoing } from './outgoing.ts';

/** Receives the room's events from the server. */
export interface SeatListener {
  room(state: RoomState): void;
  signal(from: string, signal: Signal): void;
  message(message: Message): void;
  /** A written message could not be kept. */
  unsaid(id: string): void;
  /** The stream is interrupted, or back. */
  online(isOnline: boolean): void;
  /**
   * The visit ended for good: another page of the same person took the seat, the call is over or another agent's, or access is denied.
   */
  ended(why: 'taken' | 'over' | 'handed' | 'failed'): void;
}

const AGAIN_MS = 2_000;
/** The timeout of the stream, on which the server writes every three seconds: a lost way shows only as silence. */
const SILENT_MS = 8_000;
const ANSWER_MS = 20_000;
/** The time after which an unacknowledged message is sent again. */
const SENT_MS = 5_000;

const STREAMED = ['open', 'here', 'room', 'signal', 'message'];

/** A seat in a room, which reconnects by itself until the room is over (docs/protocol.md). */
export class Seat {
  readonly #base: string;
  readonly #to: SeatListener;
  readonly #sayings: Sayings;
  readonly #outgoing: ReturnType<typeof createOutgoing>;
  readonly #listening: ReturnType<typeof setInterval>;
  #seat = '';
  #source: EventSource | null = null;
  #isUp = false;
  #heard = 0;
  #last = '';

  constructor(base: string, to: SeatListener) {
    this.#base = base;
    this.#to = to;
    this.#sayings = new Sayings({
      post: (fields) =>
        post(`${base}/say`, { seat: this.#seat, ...fields }, { keepalive: true }).catch(() => null),
      isOver: () => this.#isUp,
      unsaid: to.unsaid,
    });
    this.#outgoing = createOutgoing((other, signals) => this.#signal(other, signals));
    this.#listening = setInterval(() => this.#hearSilence(), 1_000);
  }

  /** Takes the seat. */
  open(): void {
    void this.#enter(false);
  }

  send(to: string, signal: Signal): void {
    this.#outgoing.send(to, signal);
  }

  /** Sends a written message; repeats it automatically once there is a connection. */
  say(id: string, text: string): void {
    this.#sayings.say(id, text);
  }

  /** Sends a report on a connection, also while the page goes away. */
  report(report: QualityReport): void {
    if (!this.#seat) return;
    const fields = { seat: this.#seat, report: JSON.stringify(report) };
    navigator.sendBeacon(`${this.#base}/quality`, new URLSearchParams(fields));
  }

  /** Returns the address at which the own speech is turned into text, for one connection; null: there is none now. */
  async engineAddress(): Promise<string | null> {
    const answer = await post(`${this.#base}/captions`, { seat: this.#seat }).catch(() => null);
    if (!answer?.ok) return null;
    const { url } = (await answer.json()) as { url: string };
    return url;
  }

  leave(): void {
    this.#stop();
    this.#tellLeft();
  }

  #tellLeft(): void {
    if (!this.#seat) return;
    navigator.sendBeacon(`${this.#base}/leave`, new URLSearchParams({ seat: this.#seat }));
  }

  #stop(): void {
    this.#isUp = true;
    clearInterval(this.#listening);
    this.#outgoing.stop();
    this.#source?.close();
  }

  #end(why: 'taken' | 'over' | 'handed' | 'failed'): void {
    this.#stop();
    this.#to.ended(why);
  }

  async #signal(to: string, signals: string): Promise<number> {
    const fields = { seat: this.#seat, to, signals };
    const signal = AbortSignal.timeout(SENT_MS);
    const answer = await post(`${this.#base}/signal`, fields, { signal }).catch(() => null);
    return answer?.status ?? 0;
  }

  /** Replaces a silent stream with another that continues after it: a stream without a way doesn't end. */
  #hearSilence(): void {
    if (!this.#source || this.#source.readyState === EventSource.CLOSED) return;
    if (performance.now() - this.#heard < SILENT_MS) return;
    this.#source.close();
    this.#to.online(false);
    this.#listen();
  }

  /** `again`: returns to an earlier seat. */
  async #enter(again: boolean): Promise<void> {
    if (this.#isUp) return;
    const fields: Record<string, string> = again ? { again: '1' } : {};
    const answer = await post(`${this.#base}/seat`, fields).catch(() => null);
    if (answer?.ok) {
      const { seat } = (await answer.json()) as { seat: string };
      this.#seat = seat;
      if (this.#isUp) this.#tellLeft();
      else this.#listen();
      return;
    }
    if (this.#isUp) return;
    const why = endOf(answer?.status ?? 0);
    if (why) return this.#end(why);
    this.#to.online(false);
    this.#enterLater(again);
  }

  #enterLater(again: boolean): void {
    setTimeout(() => void this.#enter(again), AGAIN_MS);
  }

  #stream(): string {
    const after = this.#last && `&after=${this.#last}`;
    return `${this.#base}/stream?seat=${this.#seat}${after}`;
  }

  /**
   * Returns to the seat once the server can answer, as after it was started again; where the seat is gone, takes another. A browser doesn't say with which status
   * a stream was refused.
   */
  async #comeBack(): Promise<void> {
    const asked = new AbortController();
    const late = setTimeout(() => asked.abort(), ANSWER_MS);
    const answer = await fetch(this.#stream(), { signal: asked.signal }).catch(() => null);
    clearTimeout(late);
    asked.abort();
    if (this.#isUp) return;
    if (answer?.ok) this.#listen();
    else if (answer && answer.status < 500 && answer.status !== 429) this.#enterLater(true);
    else setTimeout(() => void this.#comeBack(), AGAIN_MS);
  }

  #listen(): void {
    const source = new EventSource(this.#stream());
    this.#source = source;
    this.#heard = performance.now();
    for (const each of STREAMED)
      source.addEventListener(each, () => {
        this.#heard = performance.now();
      });
    source.addEventListener('open', () => {
      this.#to.online(true);
      void this.#sayings.sendAll();
    });
    source.addEventListener('room', ({ data }) => this.#follow(JSON.parse(data) as RoomState));
    source.addEventListener('signal', ({ data, lastEventId }) => {
      this.#last = lastEventId;
      const { from, signal } = JSON.parse(data) as { from: string; signal: Signal };
      this.#to.signal(from, signal);
    });
    source.addEventListener('message', ({ data }) => this.#to.message(JSON.parse(data) as Message));
    source.addEventListener('error', () => {
      this.#to.online(false);
      // The browser reconnects by itself, except after a refusal.
      if (source.readyState === EventSource.CLOSED) void this.#comeBack();
    });
  }

  #follow(state: RoomState): void {
    const { phase } = state;
    if (phase === 'over' || phase === 'taken' || phase === 'handed') this.#end(phase);
    else this.#to.room(state);
  }
}

/** Returns why there is no seat for good; null: another try may succeed. `status`: of the server's answer; 0: none. */
function endOf(status: number): 'taken' | 'over' | 'failed' | null {
  if (status === 410) return 'taken';
  if (status === 409) return 'over';
  return status > 0 && status < 500 && status !== 429 ? 'failed' : null;
}

interface SayingsDeps {
  /** Resolves to null without an answer. */
  post(fields: { id: string; text: string }): Promise<Response | null>;
  isOver(): boolean;
  unsaid(id: string): void;
}

/** The written messages that the server doesn't have yet, in order. */
class Sayings {
  readonly #deps: SayingsDeps;
  #unsaid: { id: string; text: string }[] = [];
  #isSaying = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: SayingsDeps) {
    this.#deps = deps;
  }

  say(id: string, text: string): void {
    this.#unsaid.push({ id, text });
    void this.sendAll();
  }

  async sendAll(): Promise<void> {
    if (this.#isSaying) return;
    this.#isSaying = true;
    for (let next = this.#unsaid[0]; next && !this.#deps.isOver(); next = this.#unsaid[0])
      if (!(await this.#send(next))) break;
    this.#isSaying = false;
  }

  /** Resolves to whether the server has accepted or refused the message. */
  async #send(next: { id: string; text: string }): Promise<boolean> {
    const answer = await this.#deps.post(next);
    // The seat is another page's: kept until the stream is back.
    if (answer?.status === 410) return false;
    // The stream may stay open while the server can't take anything.
    if (!answer || answer.status >= 500 || answer.status === 429) {
      clearTimeout(this.#again);
      this.#again = setTimeout(() => void this.sendAll(), AGAIN_MS);
      return false;
    }
    this.#unsaid = this.#unsaid.filter((each) => each !== next);
    if (!answer.ok) this.#deps.unsaid(next.id);
    return true;
  }
}

const post = (url: string, fields: Record<string, string>, how: RequestInit = {}) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(ANSWER_MS),
    ...how,
  });
