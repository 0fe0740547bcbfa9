import type { QualityReport } from '../../features/insight/call-quality/types.ts';
import type { Media, Person, Side, Signal } from '../../features/service/room/types.ts';
import type { QualityWord } from '../../features/service/softphone/rules.ts';
import { createPeer, type Kind, type Peer, type PeerPhase } from './peer.ts';
import { type QualityWatch, watchQuality } from './quality.ts';
import { createReader } from './t140.ts';

/** Somebody else in the call, and how the connection with them does. */
export interface Pair {
  person: Person;
  peer: Peer | null;
  phase: PeerPhase;
  /** How often the connection was made anew since it last worked. */
  tries: number;
  /** Nothing of them arrives for now. */
  isSilent: boolean;
  /** What they say of themselves; null: nothing yet. */
  media: Media | null;
  isSpeaking: boolean;
  /** What they are typing, in real time. */
  line: string;
  /** Ours for them: pictures are left out. */
  isSaving: boolean;
  /** How what they send arrives. */
  word: QualityWord;
  watch: QualityWatch | null;
}

export interface PairsDeps {
  side: Side;
  ways(): RTCConfiguration;
  track(kind: Kind): MediaStreamTrack | null;
  /** What we say of ourselves, to somebody to whom the pictures may be left out. */
  media(isSaving: boolean): Media;
  send(to: string, signal: Signal): void;
  isOnline(): boolean;
  /** What of ours they see while it is typed. */
  typed(): string;
  connected(pair: Pair): void;
  /** How a connection went so far. */
  report(report: QualityReport): void;
  /** They have ended a line of real-time text. */
  wrote(pair: Pair, line: string): void;
  /** They are in the call no more, or their page was loaded again. */
  gone(pair: Pair): void;
  changed(): void;
}

export interface Pairs {
  all(): Pair[];
  /** Who is in the call now: connections with them begin, those with others end. */
  meet(people: readonly Person[]): void;
  take(from: string, signal: Signal): void;
  replace(kind: Kind): void;
  tellMedia(): void;
  write(text: string): void;
  /** We can be heard by the server again: what couldn't be mended without it is begun anew. */
  mendAll(): void;
  close(): void;
}

/** Bits a second for our picture, for all of whom we send it to together. */
const MOST_VIDEO = 1_500_000;
const SPEAKING_LEVEL = 0.02;
const SPEAKING_EVERY_MS = 250;
/** Between two words one still speaks. */
const SPEAKING_MS = 900;

/** A connection with each of the others, by their seat. */
export function createPairs(deps: PairsDeps): Pairs {
  const pairs = new Map<string, Pair>();
  /** One for each connection: what is under way on one that is closed never ends, and must hold up no other. */
  const queues = new WeakMap<Peer, Promise<void>>();

  const tell = (pair: Pair) =>
    deps.send(pair.person.seat, { type: 'media', ...deps.media(pair.isSaving) });

  const connect = (pair: Pair, call: string) => {
    if (pair.peer && pair.phase !== 'connected') pair.tries++;
    pair.peer?.close();
    const { seat, offers } = pair.person;
    let reader = createReader();
    Object.assign(pair, { isSaving: false, isSilent: false, line: '' });
    pair.peer = createPeer(call, {
      offers,
      hasScreen: deps.side === 'agent',
      ways: deps.ways(),
      track: deps.track,
      mostVideo: () => MOST_VIDEO / pairs.size,
      send: (signal) => {
        deps.send(seat, signal);
        // On the same way as what they wait for, and not before it.
        if (signal.type === 'offer' || signal.type === 'answer') tell(pair);
      },
      phase: (now) => {
        if (now === 'connected' && pair.phase === 'again') pair.watch?.again();
        pair.phase = now;
        if (now === 'connected') {
          pair.tries = 0;
          deps.connected(pair);
        }
        deps.changed();
      },
      theySend: () => !!pair.media && !pair.media.hold && pair.media.microphone,
      silent: (now) => {
        pair.isSilent = now;
        deps.changed();
      },
      saving: (now) => {
        pair.isSaving = now;
        tell(pair);
        deps.changed();
      },
      textOpen: () => {
        reader = createReader();
        pair.peer?.write(deps.typed());
      },
      text: (data) => {
        const { line, ended } = reader.take(data);
        for (const each of ended) deps.wrote(pair, each);
        pair.line = line;
        deps.changed();
      },
      broken: () => mend(pair, call),
    });
    watch(pair, pair.peer);
  };

  const watch = (pair: Pair, { connection, video }: Peer) => {
    if (pair.watch) pair.watch.again(connection);
    pair.watch ??= watchQuality(connection, pair.person.side, {
      state: (word) => {
        pair.word = word;
        deps.changed();
      },
      report: deps.report,
    });
    video.addEventListener('playing', () => pair.watch?.shown(), { once: true });
  };

  const mend = (pair: Pair, call: string) => {
    // A server that can't be reached passes nothing on: it is tried when it is there again.
    if (!deps.isOnline() || pair.peer?.call !== call) return;
    if (pair.person.offers) connect(pair, newCall());
    else deps.send(pair.person.seat, { type: 'need', call, what: 'rebuild' });
    deps.changed();
  };

  const part = (seat: string) => {
    const pair = pairs.get(seat);
    if (!pair) return;
    pair.watch?.stop();
    pair.peer?.close();
    pairs.delete(seat);
    deps.gone(pair);
  };

  const take = (from: string, signal: Signal) => {
    const pair = pairs.get(from);
    if (!pair) return;
    if (signal.type === 'media') {
      const { type: _, ...media } = signal;
      pair.media = media;
      pair.watch?.camera(media.camera && !media.hold);
      return deps.changed();
    }
    const isNew = signal.type === 'offer' && !pair.person.offers && signal.call !== pair.peer?.call;
    if (isNew) connect(pair, signal.call);
    const { peer } = pair;
    if (!peer) return;
    const before = queues.get(peer) ?? Promise.resolve();
    queues.set(
      peer,
      before.then(() => peer.take(signal)).catch(() => {}),
    );
  };

  const spoken = new WeakMap<Pair, number>();
  const listener = setInterval(() => {
    const now = performance.now();
    for (const pair of pairs.values()) {
      const [audio] = pair.peer?.connection.getReceivers() ?? [];
      const [source] = audio?.getSynchronizationSources?.() ?? [];
      if ((source?.audioLevel ?? 0) > SPEAKING_LEVEL) spoken.set(pair, now);
      const isSpeaking = now - (spoken.get(pair) ?? -SPEAKING_MS) < SPEAKING_MS;
      if (isSpeaking === pair.isSpeaking) continue;
      pair.isSpeaking = isSpeaking;
      deps.changed();
    }
  }, SPEAKING_EVERY_MS);

  return {
    all: () => [...pairs.values()],
    meet(people) {
      const there = new Map(people.map((each) => [each.seat, each]));
      for (const seat of pairs.keys()) if (!there.has(seat)) part(seat);
      for (const [seat, person] of there) {
        if (pairs.has(seat)) continue;
        const pair: Pair = {
          ...{ person, peer: null, phase: 'connecting', tries: 0, media: null },
          ...{
            isSpeaking: false,
            isSilent: false,
            line: '',
            isSaving: false,
            word: 'good',
            watch: null,
          },
        };
        pairs.set(seat, pair);
        if (person.offers) connect(pair, newCall());
      }
      for (const { peer } of pairs.values()) peer?.tune();
    },
    take,
    replace: (kind) => {
      for (const { peer } of pairs.values()) peer?.replace(kind);
    },
    tellMedia: () => {
      for (const each of pairs.values()) tell(each);
    },
    write: (text) => {
      for (const { peer } of pairs.values()) peer?.write(text);
    },
    mendAll: () => {
      for (const each of pairs.values())
        if (each.peer && each.phase === 'again') mend(each, each.peer.call);
    },
    close: () => {
      clearInterval(listener);
      for (const seat of [...pairs.keys()]) part(seat);
    },
  };
}

const newCall = () => Math.random().toString(36).slice(2) + Date.now().toString(36);
