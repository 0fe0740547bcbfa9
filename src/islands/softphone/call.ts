import type { EndEvent, IncomingEvent, OutgoingEvent, RTCSession } from 'jssip/lib/RTCSession.js';
import { outcomeOf } from '../../features/service/softphone/rules.ts';
import type { Kept } from './memory.ts';
import { type Measured, measure, preferCodecs } from './quality.ts';

/** The person of a call, and its purpose. */
export type About = Pick<Kept, 'direction' | 'who' | 'appointment' | 'attempt'>;

interface Told {
  changed(): void;
  /** The other side's voice. */
  voice(stream: MediaStream): void;
  /** A person or a machine picked up. */
  answered(call: Call): void;
  ended(call: Call): void;
}

/** The session's events that turn something on or off. */
const SWITCHES = [
  { event: 'muted', isOn: true },
  { event: 'unmuted', isOn: false },
] as const;
const HOLDS = [
  { event: 'hold', isOn: true },
  { event: 'unhold', isOn: false },
] as const;

const MEASURE_MS = 2_000;
const LOST = new Set(['Connection Error', 'RTP Timeout', 'Request Timeout', 'Dialog Error']);

/** A call from its beginning until its end. */
export class Call {
  readonly id = crypto.randomUUID();
  readonly about: About;
  readonly stream: MediaStream;
  phase: 'calling' | 'rings' | 'talking' | 'over';
  isMuted = false;
  isHeld = false;
  /** The connection is interrupted for now. */
  isBroken = false;
  /** The exchange sends the ringing sound. */
  hasEarlyMedia = false;
  /** On the page's own clock, in milliseconds. */
  readonly startedAt = performance.now();
  answeredAt: number | null = null;
  endedAt = 0;
  /** The SIP status that answered or refused it; null: none arrived. */
  status: number | null = null;
  endedBy: 'desk' | 'other' | 'lost' = 'other';
  measured: Measured | null = null;
  tones = '';
  readonly #session: RTCSession;
  readonly #told: Told;
  #timer = 0;

  constructor(session: RTCSession, about: About, stream: MediaStream, told: Told) {
    this.#session = session;
    this.about = about;
    this.stream = stream;
    this.phase = about.direction === 'out' ? 'calling' : 'talking';
    this.#told = told;
  }

  /** Listens to the session from now on. */
  follow(): void {
    this.#followConnection();
    this.#followProgress();
    this.#followSwitches();
    this.#timer = window.setInterval(() => void this.#measure(), MEASURE_MS);
    this.#session.on('ended', (event) => this.#end(event));
    this.#session.on('failed', (event) => this.#end(event));
  }

  hangUp(): void {
    if (!this.#session.isEnded()) this.#session.terminate();
  }

  toggleMute(): void {
    if (this.isMuted) this.#session.unmute({ audio: true });
    else this.#session.mute({ audio: true });
  }

  toggleHold(): void {
    if (this.isHeld) this.#session.unhold();
    else this.#session.hold();
  }

  press(tone: string): void {
    const sender = this.#session.connection?.getSenders().find((each) => each.dtmf);
    const inMedia = sender?.dtmf?.canInsertDTMF === true;
    this.tones += tone;
    // RFC 4733 where the other side supports it, else an INFO request.
    this.#session.sendDTMF(tone, { transportType: (inMedia ? 'RFC2833' : 'INFO') as never });
    this.#told.changed();
  }

  #followConnection(): void {
    const watch = ({ peerconnection }: { peerconnection: RTCPeerConnection }) => {
      peerconnection.addEventListener('track', ({ streams, track }) =>
        this.#told.voice(streams[0] ?? new MediaStream([track])),
      );
      peerconnection.addEventListener('iceconnectionstatechange', () => {
        this.isBroken = peerconnection.iceConnectionState === 'disconnected';
        this.#told.changed();
      });
    };
    const session = this.#session;
    if (session.connection) watch({ peerconnection: session.connection });
    else session.on('peerconnection', watch);
    session.on('connecting', () => preferCodecs(session.connection));
  }

  #followProgress(): void {
    this.#session.on('progress', (event: IncomingEvent | OutgoingEvent) => {
      if (this.phase !== 'calling' && this.phase !== 'rings') return;
      this.phase = 'rings';
      this.hasEarlyMedia ||= 'response' in event && Boolean(event.response?.body);
      this.#told.changed();
    });
    this.#session.on('accepted', () => {
      this.status = 200;
      this.answeredAt = performance.now();
      this.phase = 'talking';
      this.#told.answered(this);
    });
  }

  #followSwitches(): void {
    for (const { event, isOn } of SWITCHES)
      this.#session.on(event, () => {
        this.isMuted = isOn;
        this.#told.changed();
      });
    for (const { event, isOn } of HOLDS)
      this.#session.on(event, ({ originator }) => {
        if (originator !== 'local') return;
        this.isHeld = isOn;
        this.#told.changed();
      });
  }

  async #measure(): Promise<void> {
    if (!this.#session.isEstablished() || !this.#session.connection) return;
    try {
      this.measured = (await measure(this.#session.connection)) ?? this.measured;
    } catch {
      return; // of a connection that ended meanwhile
    }
    this.#told.changed();
  }

  #end({ originator, message, cause }: EndEvent): void {
    if (this.phase === 'over') return;
    clearInterval(this.#timer);
    for (const track of this.stream.getTracks()) track.stop();
    this.phase = 'over';
    this.endedAt = performance.now();
    // There is no message when this side hung up, whatever the type says.
    if (message && 'status_code' in message) this.status ??= message.status_code;
    if (LOST.has(cause)) this.endedBy = 'lost';
    else this.endedBy = originator === 'local' ? 'desk' : 'other';
    this.#told.ended(this);
  }
}

/** Returns the attempt to propose for a call without an answer; `exchange` when it never reached a telephone. */
export function proposalOf(call: Call): string | null {
  if (call.about.direction === 'in' || call.answeredAt !== null) return null;
  // A caller who hung up before an answer has let it ring long enough.
  if (call.status === null)
    return call.phase === 'over' && call.endedBy === 'desk' ? 'no_answer' : 'exchange';
  return outcomeOf(call.status) ?? 'exchange';
}

const seconds = (ms: number) => String(Math.max(0, Math.round(ms / 1000)));

/** Returns the fields of the server's report. */
export function reportOf(call: Call): Record<string, string> {
  const { about, answeredAt, endedAt, startedAt, measured, status } = call;
  return {
    id: call.id,
    direction: about.direction,
    appointment: about.appointment ?? '',
    attempt: about.attempt ?? '',
    rang: seconds((answeredAt ?? endedAt) - startedAt),
    talked: answeredAt === null ? '' : seconds(endedAt - answeredAt),
    status: status === null ? '' : String(status),
    endedBy: call.endedBy,
    codec: measured?.codec ?? '',
    loss: measured ? measured.quality.loss.toFixed(2) : '',
    jitter: measured ? measured.quality.jitter.toFixed(1) : '',
    rtt: measured?.quality.rtt == null ? '' : measured.quality.rtt.toFixed(0),
  };
}
