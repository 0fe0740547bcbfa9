import type { Media, Person, RoomState, Side, StillState } from '../../features/room/types.ts';
import { createOwn, type Own, type OwnKind } from './own.ts';
import { createPairs, type Pair, type Pairs } from './pairs.ts';
import type { Kind } from './peer.ts';
import { pictureOf } from './pictures.ts';
import { type Sitting, sitDown } from './seat.ts';
import { createWriting, type Writing } from './writing.ts';

/** By then it is likelier that there is no way than that the next try finds it. */
const HOPELESS_TRIES = 2;

/** What the server says of the room in its page. */
export interface RoomPlace {
  side: Side;
  /** The room's own address. */
  base: string;
  /** Whether what is typed is shown as it is, from the beginning. */
  isLive: boolean;
  /** Whether the body keeps pictures of documents. */
  maySnap: boolean;
}

/** How a room stands on this page: what its view shows. */
export interface RoomPage extends RoomPlace {
  isIn: boolean;
  /** Another page of theirs has the seat: it can be taken back. */
  isTaken: boolean;
  isAdmitted: boolean;
  isOnline: boolean;
  /** How it ended for this page, or began: a word. */
  said: 'entering' | 'taken' | 'over' | 'left' | 'failed' | null;
  /** Camera or microphone weren't given. */
  isPartial: boolean;
  /** A press is wanted before anything is heard. */
  isMuted: boolean;
  byPhone: Side | null;
  /** Whether a picture of a document may be kept. */
  still: StillState | null;
  /** What came of the last one. */
  picture: 'kept' | 'failed' | null;
  own: Own;
  pairs: Pair[];
  /** Who waits to be let in. */
  door: Person[];
  /** What is on and off of ours beside camera and microphone. */
  hold: boolean;
  signing: boolean;
  sharing: boolean;
  /** Where one's own picture stands, clockwise from the lower right. */
  corner: number;
  writing: Writing;
}

/** What can be done in a room. */
export interface RoomActions {
  enter(): void;
  leave(): void;
  toggle(kind: OwnKind): void;
  nextCamera(): void;
  choose(kind: OwnKind | 'speaker', id: string): void;
  setBlur(isOn: boolean): void;
  setHold(isOn: boolean): void;
  setSigning(isOn: boolean): void;
  moveMe(): void;
  /** Shows a window or a screen beside the camera, or no more. */
  share(): void;
  hear(): void;
  admit(person: Person): void;
  /** Asks the citizen whether a picture may be kept; they answer; it is taken. */
  askStill(): void;
  answerStill(answer: 'yes' | 'no'): void;
  takePicture(): void;
  phone(): void;
  type(draft: string): void;
  setLive(isOn: boolean): void;
  send(): void;
}

export interface RoomCtrl {
  page: RoomPage;
  act: RoomActions;
}

/** A page in a room: sits down, tells how it stands, and talks with the others once it is let in. `changed` draws it. */
export function createRoom(
  place: RoomPlace,
  changed: () => void,
  /** The browser names its devices once one was given, or another came. */
  devicesChanged: () => void,
): RoomCtrl {
  const { side, base } = place;
  let sitting: Sitting | null = null;
  let pairs: Pairs | null = null;
  let ways: RTCConfiguration = {};
  let speaker = '';
  let shared: MediaStreamTrack | null = null;
  let lock: WakeLockSentinel | null = null;

  const own = createOwn((kind) => {
    pairs?.replace(kind === 'camera' ? 'video' : 'audio');
    tellMedia();
    devicesChanged();
  });
  const writing = createWriting(place.isLive, {
    write: (text) => pairs?.write(text),
    say: (id, text) => sitting?.say(id, text),
    changed,
  });
  const page: RoomPage = {
    ...place,
    ...{ isIn: false, isTaken: false, isAdmitted: false, isOnline: true, said: null },
    ...{
      isPartial: false,
      isMuted: false,
      byPhone: null,
      still: null,
      picture: null,
      own,
      pairs: [],
      door: [],
    },
    ...{ hold: false, signing: false, sharing: false, corner: 0, writing: writing.state },
  };

  const track = (kind: Kind): MediaStreamTrack | null => {
    if (page.hold) return null;
    return kind === 'screen' ? shared : own.track(kind === 'video' ? 'camera' : 'microphone');
  };
  const media = (saving: boolean): Media => ({
    ...{ camera: own.isOn('camera'), microphone: own.isOn('microphone'), saving },
    ...{ screen: shared !== null, hold: page.hold, signing: page.signing },
  });
  const tellMedia = () => {
    pairs?.tellMedia();
    changed();
  };

  const play = async () => {
    const players = (pairs?.all() ?? []).flatMap(({ peer }) =>
      peer ? [peer.video, peer.screen] : [],
    );
    for (const each of players) {
      each.muted = page.hold;
      void each.setSinkId?.(speaker).catch(() => {});
    }
    const played = await Promise.allSettled(players.map((each) => each.play()));
    // One that was replaced meanwhile says nothing of sound.
    page.isMuted = played.some(
      (each) => each.status === 'rejected' && each.reason?.name === 'NotAllowedError',
    );
    changed();
  };

  const follow = (state: RoomState) => {
    page.isAdmitted = state.phase === 'admitted';
    page.byPhone = state.byPhone;
    if (state.still && state.still !== page.still) page.picture = null;
    page.still = state.still;
    page.said = null;
    const people = page.isAdmitted ? state.people : [];
    pairs?.meet(people.filter((each) => each.isIn));
    page.door = people.filter((each) => !each.isIn);
    page.pairs = pairs?.all() ?? [];
    changed();
  };

  const enter = async () => {
    sessionStorage.setItem('room', base);
    Object.assign(page, { isIn: true, isTaken: false, said: 'entering' });
    changed();
    const [isWhole, found] = await Promise.all([own.open(), waysFrom(`${base}/servers`)]);
    ways = found;
    page.isPartial = !isWhole;
    void keepAwake();
    pairs = createPairs({
      ...{ side, track, media, changed },
      ways: () => ways,
      send: (to, signal) => sitting?.send(to, signal),
      isOnline: () => page.isOnline,
      typed: writing.typed,
      connected: () => void play(),
      report: (report) => sitting?.report(report),
      wrote: writing.ended,
    });
    sitting = sitDown(base, {
      room: follow,
      signal: (from, signal) => pairs?.take(from, signal),
      message: writing.take,
      unsaid: writing.lost,
      online: (now) => {
        const isBack = now && !page.isOnline;
        page.isOnline = now;
        if (isBack) pairs?.mendAll();
        changed();
      },
      ended: (why) => end(why),
    });
    changed();
  };

  const end = (said: NonNullable<RoomPage['said']>) => {
    sessionStorage.removeItem('room');
    pairs?.close();
    pairs = null;
    if (said === 'left') sitting?.leave();
    sitting = null;
    shared?.stop();
    shared = null;
    void lock?.release().catch(() => {});
    own.close();
    Object.assign(page, { said, isIn: false, isTaken: said === 'taken', isAdmitted: false });
    Object.assign(page, { pairs: [], door: [], hold: false, sharing: false, isOnline: true });
    changed();
  };

  /** A telephone that goes dark stops its camera. */
  const keepAwake = async () => {
    lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
  };
  document.addEventListener('visibilitychange', () => {
    if (sitting && !document.hidden) void keepAwake();
  });

  // What is told of a call is told also when its page goes away.
  addEventListener('pagehide', () => pairs?.close());

  const share = async () => {
    const old = shared;
    old?.stop();
    shared = null;
    if (!old) {
      const stream = await navigator.mediaDevices
        .getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false })
        .catch(() => null);
      shared = stream?.getVideoTracks()[0] ?? null;
      if (shared) shared.contentHint = 'detail';
      shared?.addEventListener('ended', () => void (shared && share()));
    }
    page.sharing = shared !== null;
    pairs?.replace('screen');
    tellMedia();
  };

  const takePicture = async () => {
    const jpeg = await pictureOf(mainPair(page)?.peer?.video);
    const headers = { 'Content-Type': 'image/jpeg' };
    const answer =
      jpeg &&
      (await fetch(`${base}/picture`, { method: 'POST', headers, body: jpeg }).catch(() => null));
    page.picture = answer?.ok ? 'kept' : 'failed';
    changed();
  };

  const act: RoomActions = {
    enter: () => void enter(),
    leave: () => {
      if (sitting) end('left');
    },
    toggle: (kind) => void own.toggle(kind),
    nextCamera: () => void own.nextCamera(),
    choose: (kind, id) => {
      if (kind !== 'speaker') return void own.choose(kind, id);
      speaker = id;
      void play();
    },
    setBlur: (isOn) => void own.setBlur(isOn),
    setHold: (isOn) => {
      page.hold = isOn;
      for (const kind of ['audio', 'video', 'screen'] as const) pairs?.replace(kind);
      void play();
      tellMedia();
    },
    setSigning: (isOn) => {
      page.signing = isOn;
      tellMedia();
    },
    moveMe: () => {
      page.corner = (page.corner + 1) % 4;
      changed();
    },
    share: () => void share(),
    hear: () => void play(),
    admit: async ({ companion }) => {
      await post(`${base.replace(/room$/, '')}companion/${companion}/admit`);
      document.dispatchEvent(new Event('console:company'));
    },
    askStill: () => void post(`${base}/still`),
    answerStill: (answer) => void post(`${base}/still`, { answer }),
    takePicture: () => void takePicture(),
    phone: () => void post(`${base}/phone`),
    type: writing.type,
    setLive: writing.setLive,
    send: writing.send,
  };
  return { page, act };
}

/** Whom the words about the connection are about: who attends, or who is attended. */
export const mainPair = ({ side, pairs }: Pick<RoomPage, 'side' | 'pairs'>): Pair | undefined =>
  pairs.find(({ person }) => person.side === (side === 'agent' ? 'citizen' : 'agent')) ?? pairs[0];

/** How the room stands for this page, as a word. */
export function standing(page: RoomPage): string {
  const { said, side, isIn, isOnline, isAdmitted } = page;
  if (said) return `said.${said}`;
  if (!isIn) return '';
  const main = mainPair(page);
  if (!isOnline && main?.phase !== 'connected') return 'said.offline';
  if (!main) return side === 'agent' ? 'desk.waiting' : isAdmitted ? 'said.alone' : 'said.waiting';
  return main.tries >= HOPELESS_TRIES ? 'said.hopeless' : `said.${main.phase}`;
}

const post = (url: string, fields: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  }).catch(() => null);

async function waysFrom(url: string): Promise<RTCConfiguration> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
