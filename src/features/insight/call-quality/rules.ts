import { type QualityWord, qualityWord } from '../../service/softphone/rules.ts';
import type { Path, QualityReport } from './types.ts';

/** The counters of a connection at one moment (W3C, webrtc-stats). Null: the browser doesn't report it. */
export interface Sample {
  /** In milliseconds, by the page's own clock. */
  at: number;
  isConnected: boolean;
  path: Path | null;
  rttMs: number | null;
  /** Packets of sound and picture. */
  received: number;
  lost: number;
  /** Decoded pictures of the camera. A shared screen rarely changes, so it isn't measured. */
  frames: number;
  freezes: number | null;
  frozenSeconds: number | null;
  width: number | null;
  height: number | null;
}

/** The differences between two samples. */
export interface Stretch extends Omit<Sample, 'at'> {
  seconds: number;
  /** Whether their camera is on and shown. */
  hasCamera: boolean;
}

/** Counters may decrease when late packets arrive, and when a browser resets a part of them. */
const gained = (before: number, after: number) => Math.max(0, after - before);
const gainedIf = (before: number | null, after: number | null) =>
  after === null ? null : gained(before ?? 0, after);

export function stretchOf(before: Sample, after: Sample, hasCamera: boolean): Stretch {
  const { at, ...now } = after;
  return {
    ...now,
    hasCamera,
    seconds: gained(before.at, at) / 1000,
    received: gained(before.received, after.received),
    lost: gained(before.lost, after.lost),
    frames: gained(before.frames, after.frames),
    freezes: gainedIf(before.freezes, after.freezes),
    frozenSeconds: gainedIf(before.frozenSeconds, after.frozenSeconds),
  };
}

/**
 * Sign language needs 20 pictures a second (EN 301 549, 6.5.3). A tenth less is accepted: the count of two seconds is coarse, and many
 * cameras give just 20. Below ten, lips and hands can't be followed.
 */
const FPS = { fair: 18, poor: 10 };
/** Share of the time. */
const FROZEN = { fair: 0.05, poor: 0.25 };
const AUDIO_ONLY = { fair: 0.1, poor: 0.5 };
const RECONNECTIONS = { fair: 1, poor: 3 };

const WORDS: readonly QualityWord[] = ['good', 'fair', 'poor'];
const rank = (word: QualityWord) => WORDS.indexOf(word);
const worst = (words: readonly QualityWord[]): QualityWord =>
  WORDS[Math.max(0, ...words.map(rank))] ?? 'good';
const best = (words: readonly QualityWord[]): QualityWord =>
  WORDS[Math.min(...words.map(rank))] ?? 'good';

type Limits = { fair: number; poor: number };
const atMost = (value: number, { fair, poor }: Limits): QualityWord =>
  value >= poor ? 'poor' : value >= fair ? 'fair' : 'good';
const atLeast = (value: number, { fair, poor }: Limits): QualityWord =>
  value < poor ? 'poor' : value < fair ? 'fair' : 'good';

const lossOf = ({ received, lost }: Pick<Sample, 'received' | 'lost'>): number | null =>
  received + lost > 0 ? (100 * lost) / (received + lost) : null;

/** Sound at telephone quality: by the E-model. */
const soundWord = (loss: number | null, rtt: number | null): QualityWord =>
  qualityWord({ loss: loss ?? 0, rtt, jitter: 0 });

/** Returns the state of a moment of a call. */
export function wordOf(stretch: Stretch): QualityWord {
  const { isConnected, seconds, received, frames, frozenSeconds, rttMs, hasCamera } = stretch;
  if (!isConnected) return 'poor';
  if (seconds === 0) return 'good';
  const sound = soundWord(lossOf(stretch), rttMs);
  if (!hasCamera || received === 0) return sound;
  // No picture: a call with only sound is still a call.
  const pictures = frames === 0 ? 'fair' : atLeast(frames / seconds, FPS);
  return worst([sound, pictures, atMost((frozenSeconds ?? 0) / seconds, FROZEN)]);
}

/** Number of moments in a row that change the state, so that short disturbances aren't shown. */
const WORSE_AFTER = 2;
const BETTER_AFTER = 5;
/** Number of recent moments that are used. */
export const LOOK_BACK = Math.max(WORSE_AFTER, BETTER_AFTER);

/** Returns the next state to show: `words` are the states of the last moments, the newest last. */
export function stateAfter(state: QualityWord, words: readonly QualityWord[]): QualityWord {
  const lately = words.slice(-WORSE_AFTER);
  if (lately.length === WORSE_AFTER && rank(best(lately)) > rank(state)) return best(lately);
  const longer = words.slice(-BETTER_AFTER);
  if (longer.length === BETTER_AFTER && rank(worst(longer)) < rank(state)) return worst(longer);
  return state;
}

/** The sums of a connection's samples. */
export interface Tally {
  seconds: number;
  path: Path | null;
  received: number;
  lost: number;
  /** Milliseconds × seconds, and the seconds with a known value. */
  rtt: number;
  rttSeconds: number;
  frames: number;
  pictureSeconds: number;
  freezes: number | null;
  frozenSeconds: number | null;
  audioOnlySeconds: number;
  /** How long each size was shown, such as `640x480`. */
  sizes: Readonly<Record<string, number>>;
}

export const NOTHING_YET: Tally = {
  seconds: 0,
  path: null,
  received: 0,
  lost: 0,
  rtt: 0,
  rttSeconds: 0,
  frames: 0,
  pictureSeconds: 0,
  freezes: null,
  frozenSeconds: null,
  audioOnlySeconds: 0,
  sizes: {},
};

const plus = (sum: number | null, more: number | null) => (more === null ? sum : (sum ?? 0) + more);

export function addTo(tally: Tally, stretch: Stretch): Tally {
  const { seconds, isConnected, rttMs, frames, received, width, height, hasCamera } = stretch;
  const size = `${width}x${height}`;
  const hasSize = frames > 0 && width !== null && height !== null;
  const isDark = isConnected && hasCamera && frames === 0 && received > 0;
  return {
    seconds: tally.seconds + (isConnected ? seconds : 0),
    path: stretch.path ?? tally.path,
    received: tally.received + received,
    lost: tally.lost + stretch.lost,
    rtt: tally.rtt + (rttMs ?? 0) * seconds,
    rttSeconds: tally.rttSeconds + (rttMs === null ? 0 : seconds),
    frames: tally.frames + (hasCamera ? frames : 0),
    pictureSeconds: tally.pictureSeconds + (hasCamera && frames > 0 ? seconds : 0),
    freezes: hasCamera ? plus(tally.freezes, stretch.freezes) : tally.freezes,
    frozenSeconds: hasCamera
      ? plus(tally.frozenSeconds, stretch.frozenSeconds)
      : tally.frozenSeconds,
    audioOnlySeconds: tally.audioOnlySeconds + (isDark ? seconds : 0),
    sizes: hasSize ? { ...tally.sizes, [size]: (tally.sizes[size] ?? 0) + seconds } : tally.sizes,
  };
}

const toTenth = (value: number) => Math.round(10 * value) / 10;

/** Returns the report of a tally. */
export function summaryOf(
  tally: Tally,
): Omit<QualityReport, 'id' | 'from' | 'firstFrameMs' | 'reconnections'> {
  const loss = lossOf(tally);
  const [size] = Object.entries(tally.sizes).sort(([, a], [, b]) => b - a)[0] ?? [];
  const [width = null, height = null] = size?.split('x').map(Number) ?? [];
  return {
    seconds: Math.round(tally.seconds),
    path: tally.path,
    lossPercent: loss === null ? null : toTenth(loss),
    rttMs: tally.rttSeconds > 0 ? Math.round(tally.rtt / tally.rttSeconds) : null,
    fps: tally.pictureSeconds > 0 ? toTenth(tally.frames / tally.pictureSeconds) : null,
    freezes: tally.freezes,
    frozenSeconds: tally.frozenSeconds === null ? null : toTenth(tally.frozenSeconds),
    audioOnlySeconds: Math.round(tally.audioOnlySeconds),
    width,
    height,
  };
}

/** Returns the state of a whole connection. */
export function wordOfCall(report: QualityReport): QualityWord {
  const { path, seconds, lossPercent, rttMs, fps, frozenSeconds, audioOnlySeconds } = report;
  if (path === null) return 'poor';
  const time = Math.max(1, seconds);
  return worst([
    soundWord(lossPercent, rttMs),
    fps === null ? 'good' : atLeast(fps, FPS),
    atMost((frozenSeconds ?? 0) / time, FROZEN),
    atMost(audioOnlySeconds / time, AUDIO_ONLY),
    atMost(report.reconnections, RECONNECTIONS),
  ]);
}
