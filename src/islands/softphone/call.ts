import type { EndEvent, IncomingEvent, OutgoingEvent, RTCSession } from 'jssip/lib/RTCSession.js';
import { outcomeOf } from '../../features/service/softphone/rules.ts';
import type { Kept } from './memory.ts';
import { type Measured, measure, preferCodecs } from './quality.ts';

/** Whom a call is with, and what it is for. */
export type About = Pick<Kept, 'direction' | 'who' | 'appointment' | 'attempt'>;

interface Told {
  changed(): void;
  /** The other side's voice. */
  voice(stream: MediaStream): void;
  /** Somebody, or something, picked up. */
  answered(call: Call): void;
  ended(call: Call): void;
}

export interface Call {
  readonly id: string;
  readonly about: About;
  readonly stream: MediaStream;
  phase: 'calling' | 'rings' | 'talking' | 'over';
  isMuted: boolean;
  isHeld: boolean;
  /** The connection is away for the moment. */
  isBroken: boolean;
  /** The exchange sends what is to be heard while it rings. */
  hasEarlyMedia: boolean;
  /** On the page's own clock, in milliseconds. */
  startedAt: number;
  answeredAt: number | null;
  endedAt: number;
  /** The SIP status that answered or refused it; null: none came. */
  status: number | null;
  endedBy: 'desk' | 'other' | 'lost';
  measured: Measured | null;
  tones: string;
  hangUp(): void;
  toggleMute(): void;
  toggleHold(): void;
  press(tone: string): void;
}

const MEASURE_MS = 2_000;
const LOST = new Set(['Connection Error', 'RTP Timeout', 'Request Timeout', 'Dialog Error']);

/** A call that was begun or taken, until its end. */
export function followCall(
  session: RTCSession,
  about: About,
  stream: MediaStream,
  told: Told,
): Call {
  const call: Call = {
    id: crypto.randomUUID(),
    about,
    stream,
    phase: about.direction === 'out' ? 'calling' : 'talking',
    isMuted: false,
    isHeld: false,
    isBroken: false,
    hasEarlyMedia: false,
    startedAt: performance.now(),
    answeredAt: null,
    endedAt: 0,
    status: null,
    endedBy: 'other',
    measured: null,
    tones: '',
    hangUp: () => {
      if (!session.isEnded()) session.terminate();
    },
    toggleMute: () => {
      if (call.isMuted) session.unmute({ audio: true });
      else session.mute({ audio: true });
    },
    toggleHold: () => {
      if (call.isHeld) session.unhold();
      else session.hold();
    },
    press: (tone) => {
      const sender = session.connection?.getSenders().find((each) => each.dtmf);
      const inMedia = sender?.dtmf?.canInsertDTMF === true;
      call.tones += tone;
      // RFC 4733 where the other side takes it, else an INFO request.
      session.sendDTMF(tone, { transportType: (inMedia ? 'RFC2833' : 'INFO') as never });
      told.changed();
    },
  };

  const watch = ({ peerconnection }: { peerconnection: RTCPeerConnection }) => {
    peerconnection.addEventListener('track', ({ streams, track }) =>
      told.voice(streams[0] ?? new MediaStream([track])),
    );
    peerconnection.addEventListener('iceconnectionstatechange', () => {
      call.isBroken = peerconnection.iceConnectionState === 'disconnected';
      told.changed();
    });
  };
  if (session.connection) watch({ peerconnection: session.connection });
  else session.on('peerconnection', watch);
  session.on('connecting', () => preferCodecs(session.connection));

  session.on('progress', (event: IncomingEvent | OutgoingEvent) => {
    if (call.phase !== 'calling' && call.phase !== 'rings') return;
    call.phase = 'rings';
    call.hasEarlyMedia ||= 'response' in event && Boolean(event.response?.body);
    told.changed();
  });
  session.on('accepted', () => {
    call.status = 200;
    call.answeredAt = performance.now();
    call.phase = 'talking';
    told.answered(call);
  });
  for (const [event, isOn] of [
    ['muted', true],
    ['unmuted', false],
  ] as const)
    session.on(event, () => {
      call.isMuted = isOn;
      told.changed();
    });
  for (const [event, isOn] of [
    ['hold', true],
    ['unhold', false],
  ] as const)
    session.on(event, ({ originator }) => {
      if (originator !== 'local') return;
      call.isHeld = isOn;
      told.changed();
    });

  const timer = setInterval(() => {
    if (!session.isEstablished() || !session.connection) return;
    void measure(session.connection)
      .then((measured) => {
        call.measured = measured ?? call.measured;
        told.changed();
      })
      .catch(() => {});
  }, MEASURE_MS);

  const end = ({ originator, message, cause }: EndEvent) => {
    if (call.phase === 'over') return;
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    call.phase = 'over';
    call.endedAt = performance.now();
    // There is no message where we hung up ourselves, whatever the type says.
    if (message && 'status_code' in message) call.status ??= message.status_code;
    if (LOST.has(cause)) call.endedBy = 'lost';
    else call.endedBy = originator === 'local' ? 'desk' : 'other';
    told.ended(call);
  };
  session.on('ended', end);
  session.on('failed', end);
  return call;
}

/** What to propose to log for a call that nobody answered; `exchange` where it never reached anybody. */
export function proposalOf(call: Call): string | null {
  if (call.about.direction === 'in' || call.answeredAt !== null) return null;
  // Whoever hung up before an answer has heard it ring for as long as they cared to.
  if (call.status === null)
    return call.phase === 'over' && call.endedBy === 'desk' ? 'no_answer' : 'exchange';
  return outcomeOf(call.status) ?? 'exchange';
}

const seconds = (ms: number) => String(Math.max(0, Math.round(ms / 1000)));

/** As the server wants to be told. */
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
