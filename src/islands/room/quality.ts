import {
  addTo,
  LOOK_BACK,
  NOTHING_YET,
  type Sample,
  type Stretch,
  stateAfter,
  stretchOf,
  summaryOf,
  wordOf,
} from '../../features/insight/call-quality/rules.ts';
import { PATHS, type QualityReport } from '../../features/insight/call-quality/types.ts';
import type { Side } from '../../features/service/room/types.ts';
import type { QualityWord } from '../../features/service/softphone/rules.ts';

interface Told {
  /** The quality of arrival, at each change; good until the first. */
  state(state: QualityWord): void;
  /** Called every half minute and at the end; each report replaces the one before. */
  report(report: QualityReport): void;
}

const SAMPLE_MS = 2_000;
const REPORT_MS = 30_000;

/** Measures the quality of the media that arrive from one person. */
export class QualityWatch {
  readonly #id = crypto.randomUUID();
  readonly #from: Side;
  readonly #told: Told;
  readonly #began = performance.now();
  #watched: RTCPeerConnection;
  #last = nothingAt(this.#began);
  #tally = NOTHING_YET;
  #hasCamera = true;
  #state: QualityWord = 'good';
  #words: QualityWord[] = [];
  #firstFrameMs: number | null = null;
  #reconnections = 0;
  #reported = this.#began;
  #timer: number;

  constructor(peer: RTCPeerConnection, from: Side, told: Told) {
    this.#watched = peer;
    this.#from = from;
    this.#told = told;
    this.#timer = window.setInterval(() => void this.#look().catch(() => {}), SAMPLE_MS);
  }

  /** Records that their first picture is shown. Later calls change nothing. */
  shown(): void {
    this.#firstFrameMs ??= Math.round(performance.now() - this.#began);
  }

  /** Sets whether their camera is on, as they report it; on by default. */
  camera(isOn: boolean): void {
    this.#hasCamera = isOn;
  }

  /** Records a reconnection: a new way, or, with `peer`, a new connection in place of the one before. */
  again(peer?: RTCPeerConnection): void {
    this.#reconnections++;
    if (!peer || peer === this.#watched) return;
    this.#watched = peer;
    this.#last = nothingAt(performance.now());
  }

  /** Delivers the last report at once, also while the page goes away. */
  stop(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#report();
  }

  #report(): void {
    this.#told.report({
      id: this.#id,
      from: this.#from,
      firstFrameMs: this.#firstFrameMs,
      reconnections: this.#reconnections,
      ...summaryOf(this.#tally),
    });
  }

  async #look(): Promise<void> {
    const asked = this.#watched;
    const sample = await sampleOf(asked);
    if (asked !== this.#watched || !this.#timer) return; // of a replaced connection
    // In hidden pages browsers don't decode pictures.
    const stretch = stretchOf(this.#last, sample, this.#hasCamera && !document.hidden);
    this.#last = sample;
    this.#tally = addTo(this.#tally, stretch);
    // Before the first connection there is nothing to report.
    if (this.#tally.seconds > 0) this.#judge(stretch);
    if (sample.at - this.#reported < REPORT_MS) return;
    this.#reported = sample.at;
    this.#report();
  }

  #judge(stretch: Stretch): void {
    this.#words = [...this.#words, wordOf(stretch)].slice(-LOOK_BACK);
    const now = stateAfter(this.#state, this.#words);
    if (now !== this.#state) this.#told.state(now);
    this.#state = now;
  }
}

const nothingAt = (at: number): Sample => ({
  at,
  isConnected: false,
  path: null,
  rttMs: null,
  received: 0,
  lost: 0,
  frames: 0,
  freezes: null,
  frozenSeconds: null,
  width: null,
  height: null,
});

/** An entry of the statistics, with the fields that this browser provides. */
interface Entry {
  id: string;
  type: string;
  kind?: string;
  trackIdentifier?: string;
  packetsReceived?: number;
  packetsLost?: number;
  framesDecoded?: number;
  freezeCount?: number;
  totalFreezesDuration?: number;
  frameWidth?: number;
  frameHeight?: number;
  selectedCandidatePairId?: string;
  selected?: boolean;
  nominated?: boolean;
  state?: string;
  currentRoundTripTime?: number;
  localCandidateId?: string;
  remoteCandidateId?: string;
  candidateType?: string;
}

async function sampleOf(peer: RTCPeerConnection): Promise<Sample> {
  const stats = new Map<string, Entry>();
  (await peer.getStats()).forEach((each: Entry) => {
    stats.set(each.id, each);
  });
  // A screen is the second picture.
  const camera = peer.getReceivers().find(({ track }) => track.kind === 'video')?.track.id;
  const sample = nothingAt(performance.now());
  sample.isConnected = peer.connectionState === 'connected';
  for (const each of stats.values()) {
    if (each.type !== 'inbound-rtp') continue;
    sample.received += each.packetsReceived ?? 0;
    sample.lost += each.packetsLost ?? 0;
    if (each.kind !== 'video' || (each.trackIdentifier ?? camera) !== camera) continue;
    sample.frames += each.framesDecoded ?? 0;
    sample.freezes = each.freezeCount ?? null;
    sample.frozenSeconds = each.totalFreezesDuration ?? null;
    sample.width = each.frameWidth ?? null;
    sample.height = each.frameHeight ?? null;
  }
  const pair = pairIn([...stats.values()], stats);
  if (pair?.currentRoundTripTime !== undefined) sample.rttMs = pair.currentRoundTripTime * 1000;
  if (pair) sample.path = pathOf(stats, pair);
  return sample;
}

/** Returns the pair in use: Firefox marks it, the others name it. */
function pairIn(all: Entry[], stats: Map<string, Entry>): Entry | undefined {
  const named = all.find((each) => each.type === 'transport' && each.selectedCandidatePairId);
  const pairs = all.filter((each) => each.type === 'candidate-pair');
  return (
    stats.get(named?.selectedCandidatePairId ?? '') ??
    pairs.find((each) => each.selected) ??
    pairs.find((each) => each.nominated && each.state === 'succeeded')
  );
}

/** Returns the longer path of the two ends. */
function pathOf(stats: Map<string, Entry>, pair: Entry): Sample['path'] {
  const ends = [pair.localCandidateId, pair.remoteCandidateId].map((id) => {
    const type = stats.get(id ?? '')?.candidateType;
    // A peer-reflexive address is behind an address translator, like srflx (RFC 8445, 5.1.1).
    return PATHS.findIndex((each) => each === (type === 'prflx' ? 'srflx' : type));
  });
  return PATHS[Math.max(...ends)] ?? null;
}
