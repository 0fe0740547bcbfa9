import type { QualityReport } from '../../features/insight/call-quality/types.ts';
import type { Media, Person, Side, Signal } from '../../features/service/room/types.ts';
import type { QualityWord } from '../../features/service/softphone/rules.ts';
import { CaptionLines } from './captions/lines.ts';
import { type Kind, Peer, type PeerDeps, type PeerPhase, type TextKind } from './peer.ts';
import { QualityWatch } from './quality.ts';
import { watchSpeaking } from './speaking.ts';
import { createReader } from './t140.ts';

/** Another person in the call, and the state of the connection with them. */
export interface Pair {
  person: Person;
  peer: Peer | null;
  phase: PeerPhase;
  /** The number of new connections since one last worked. */
  tries: number;
  /** Nothing of theirs arrives for now. */
  isSilent: boolean;
  /** Their media as they report them; null: not reported yet. */
  media: Media | null;
  isSpeaking: boolean;
  /** The line that they are typing, in real time. */
  line: string;
  /** Their speech, as text. */
  captions: CaptionLines;
  /** Our sending to them: pictures are left out. */
  isSaving: boolean;
  /** The quality of the media that arrive from them. */
  word: QualityWord;
  watch: QualityWatch | null;
}

export interface PairsDeps {
  side: Side;
  ways(): RTCConfiguration;
  track(kind: Kind): MediaStreamTrack | null;
  /** Returns our media, for a person to whom the pictures may be left out. */
  media(isSaving: boolean): Media;
  send(to: string, signal: Signal): void;
  isOnline(): boolean;
  /** Returns our text that they see: the draft, and the sentence that is being spoken. */
  current(kind: TextKind): string;
  connected(pair: Pair): void;
  /** The report on a connection so far. */
  report(report: QualityReport): void;
  /** They ended a line of real-time text. */
  wrote(pair: Pair, line: string): void;
  /** They left the call, or reloaded their page. */
  gone(pair: Pair): void;
  changed(): void;
}

/** Bits a second for our picture, for all receivers together. */
const MOST_VIDEO = 1_500_000;

const newPair = (person: Person, changed: () => void): Pair => ({
  person,
  peer: null,
  phase: 'connecting',
  tries: 0,
  isSilent: false,
  media: null,
  isSpeaking: false,
  line: '',
  captions: new CaptionLines(changed),
  isSaving: false,
  word: 'good',
  watch: null,
});

const newCall = () => Math.random().toString(36).slice(2) + Date.now().toString(36);

/** The connections with the others, by their seat. */
export class Pairs {
  readonly #deps: PairsDeps;
  readonly #pairs = new Map<string, Pair>();
  /** One queue for each connection: work on a closed one never ends, and must not block another. */
  readonly #queues = new WeakMap<Peer, Promise<void>>();
  readonly #speaking: { stop(): void };

  constructor(deps: PairsDeps) {
    this.#deps = deps;
    this.#speaking = watchSpeaking(() => this.#pairs.values(), deps.changed);
  }

  all(): Pair[] {
    return [...this.#pairs.values()];
  }

  /** Connects with the people in the call now, and ends the other connections. */
  meet(people: readonly Person[]): void {
    const there = new Map(people.map((each) => [each.seat, each]));
    for (const seat of this.#pairs.keys()) if (!there.has(seat)) this.#part(seat);
    for (const [seat, person] of there) {
      if (this.#pairs.has(seat)) continue;
      const pair = newPair(person, this.#deps.changed);
      this.#pairs.set(seat, pair);
      if (person.offers) this.#connect(pair, newCall());
    }
    for (const { peer } of this.#pairs.values()) peer?.tune();
  }

  take(from: string, signal: Signal): void {
    const pair = this.#pairs.get(from);
    if (!pair) return;
    if (signal.type === 'media') {
      const { type: _, ...media } = signal;
      pair.media = media;
      pair.watch?.camera(media.camera && !media.hold && !media.away);
      this.#deps.changed();
      return;
    }
    const isNew = signal.type === 'offer' && !pair.person.offers && signal.call !== pair.peer?.call;
    if (isNew) this.#connect(pair, signal.call);
    const { peer } = pair;
    if (!peer) return;
    const before = this.#queues.get(peer) ?? Promise.resolve();
    this.#queues.set(
      peer,
      before.then(() => peer.take(signal)).catch(() => {}),
    );
  }

  replace(kind: Kind): void {
    for (const { peer } of this.#pairs.values()) peer?.replace(kind);
  }

  tellMedia(): void {
    for (const each of this.#pairs.values()) this.#tell(each);
  }

  write(kind: TextKind, text: string): void {
    for (const { peer } of this.#pairs.values()) peer?.write(kind, text);
  }

  /** Starts again the connections that could not be repaired without the server, once it is reachable. */
  mendAll(): void {
    for (const each of this.#pairs.values())
      if (each.peer && each.phase === 'again') this.#mend(each, each.peer.call);
  }

  close(): void {
    this.#speaking.stop();
    for (const seat of [...this.#pairs.keys()]) this.#part(seat);
  }

  #tell(pair: Pair): void {
    this.#deps.send(pair.person.seat, { type: 'media', ...this.#deps.media(pair.isSaving) });
  }

  #connect(pair: Pair, call: string): void {
    if (pair.peer && pair.phase !== 'connected') pair.tries++;
    pair.peer?.close();
    pair.isSaving = false;
    pair.isSilent = false;
    pair.line = '';
    const peer = new Peer(call, {
      offers: pair.person.offers,
      hasScreen: this.#deps.side === 'agent',
      ways: this.#deps.ways(),
      track: this.#deps.track,
      mostVideo: () => MOST_VIDEO / this.#pairs.size,
      send: (signal) => this.#send(pair, signal),
      phase: (now) => this.#follow(pair, now),
      theySend: () => !!pair.media && !pair.media.hold && pair.media.microphone,
      silent: (now) => {
        pair.isSilent = now;
        this.#deps.changed();
      },
      saving: (now) => {
        pair.isSaving = now;
        this.#tell(pair);
        this.#deps.changed();
      },
      broken: () => this.#mend(pair, call),
      ...this.#reading(pair),
    });
    pair.peer = peer;
    peer.open();
    this.#watch(pair, peer);
  }

  #send(pair: Pair, signal: Signal): void {
    this.#deps.send(pair.person.seat, signal);
    // The media state goes the same way as the description, after it.
    if (signal.type === 'offer' || signal.type === 'answer') this.#tell(pair);
  }

  #follow(pair: Pair, now: PeerPhase): void {
    if (now === 'connected' && pair.phase === 'again') pair.watch?.again();
    pair.phase = now;
    if (now === 'connected') {
      pair.tries = 0;
      this.#deps.connected(pair);
    }
    this.#deps.changed();
  }

  /** Reads their real-time text and their captions, from the beginning on each connection. */
  #reading(pair: Pair): Pick<PeerDeps, 'textOpen' | 'text'> {
    let reader = createReader();
    return {
      textOpen: (kind) => {
        if (kind === 'typed') reader = createReader();
        else pair.captions.reset();
        pair.peer?.write(kind, this.#deps.current(kind));
      },
      text: (kind, data) => {
        if (kind === 'spoken') return pair.captions.take(data);
        const { line, ended } = reader.take(data);
        for (const each of ended) this.#deps.wrote(pair, each);
        pair.line = line;
        this.#deps.changed();
      },
    };
  }

  #watch(pair: Pair, { connection, video }: Peer): void {
    if (pair.watch) pair.watch.again(connection);
    pair.watch ??= new QualityWatch(connection, pair.person.side, {
      state: (word) => {
        pair.word = word;
        this.#deps.changed();
      },
      report: this.#deps.report,
    });
    video.addEventListener('playing', () => pair.watch?.shown(), { once: true });
  }

  #mend(pair: Pair, call: string): void {
    // An unreachable server passes nothing on: the repair waits until it is back.
    if (!this.#deps.isOnline() || pair.peer?.call !== call) return;
    if (pair.person.offers) this.#connect(pair, newCall());
    else this.#deps.send(pair.person.seat, { type: 'need', call, what: 'rebuild' });
    this.#deps.changed();
  }

  #part(seat: string): void {
    const pair = this.#pairs.get(seat);
    if (!pair) return;
    pair.watch?.stop();
    pair.peer?.close();
    this.#pairs.delete(seat);
    this.#deps.gone(pair);
  }
}
