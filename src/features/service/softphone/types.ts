import type { Codec, Quality } from './rules.ts';

/** What a desk's browser needs to be a telephone of the exchange. Given to its agent alone, for a while. */
export interface Credentials {
  /** Where the exchange takes WebSockets. */
  url: string;
  /** `sip:103@sip.vilaclara.cat` */
  uri: string;
  user: string;
  password: string;
  /** How long they are good for, in seconds. */
  seconds: number;
}

/** The desk's telephone, as pages may show it. */
export interface DeskPhone {
  /** The WebSocket's origin: pages may connect to nothing else. */
  origin: string;
  extension: string;
}

/** Somebody who calls, as far as their number tells: an appointment of theirs. */
export interface Caller {
  appointment: string;
  name: string;
  start: Temporal.Instant;
  procedure: string;
  isOpen: boolean;
}

/** How a call went. No number is in it. */
export interface CallReport {
  /** Made by the browser, so that a report that is sent twice is kept once. */
  id: string;
  direction: 'out' | 'in';
  /** The appointment that it was for, and which of its attempts it was logged as. */
  appointment: string | null;
  attempt: number | null;
  rangSeconds: number;
  /** null: nobody answered. */
  talkedSeconds: number | null;
  /** The SIP status that answered or refused it; null: there was none. */
  status: number | null;
  /** Who ended it; `lost`: the page or the connection went away in its midst. */
  endedBy: 'desk' | 'other' | 'lost';
  codec: Codec | null;
  quality: Quality | null;
}

export type ReportResult = { ok: true } | { ok: false; reason: 'invalid' | 'not_allowed' };
