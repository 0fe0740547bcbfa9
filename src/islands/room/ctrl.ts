import type { Media, RoomState } from '../../features/service/room/types.ts';
import { ifWanted } from '../device/late.ts';
import { createOwn } from './own.ts';
import {
  mainPair,
  type RoomActions,
  type RoomCtrl,
  type RoomPage,
  type RoomPlace,
} from './page.ts';
import { createPairs, type Pairs } from './pairs.ts';
import type { Kind } from './peer.ts';
import { pictureOf } from './pictures.ts';
import { type Sitting, sitDown } from './seat.ts';
import { createWriting } from './writing.ts';

const RENEW_MS = 30 * 60_000;

/** What a room tells its page. */
interface RoomListener {
  /** To be drawn anew. */
  changed(): void;
  /** The browser names its devices once one was given, or another came. */
  devicesChanged(): void;
  /** Aborted once the page has no place for it any more. */
  signal: AbortSignal;
}

/** A page in a room: sits down, tells how it stands, and talks with the others once it is let in. */
export function createRoom(
  place: RoomPlace,
  { changed, devicesChanged, signal }: RoomListener,
): RoomCtrl {
  const { side, base } = place;
  /** Null: not in. What was asked for in a visit before comes too late. */
  let visit: symbol | null = null;
  let sitting: Sitting | null = null;
  let pairs: Pairs | null = null;
  let ways: RTCConfiguration = {};
  let speaker = '';
  let shared: MediaStreamTrack | null = null;
  let renewing = 0;
  let lock: WakeLockSentinel | null = null;
  let isSnapping = false;

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
      act: null,
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
    page.act = state.act;
    page.said = null;
    const people = page.isAdmitted ? state.people : [];
    pairs?.meet(people.filter((each) => each.isIn));
    page.door = people.filter((each) => !each.isIn);
    page.pairs = pairs?.all() ?? [];
    changed();
  };

  const enter = async () => {
    const mine = Symbol();
    visit = mine;
    sessionStorage.setItem('room', base);
    Object.assign(page, { isIn: true, isTaken: false, said: 'entering' });
    changed();
    const [isWhole, found] = await Promise.all([own.open(), waysFrom(`${base}/servers`)]);
    if (visit !== mine) return; // they left while the browser was asking them
    ways = found;
    page.isPartial = !isWhole;
    void keepAwake();
    renewing = window.setInterval(() => void renew(), RENEW_MS);
    pairs = createPairs({
      ...{ side, track, media, changed },
      ways: () => ways,
      send: (to, signal) => sitting?.send(to, signal),
      isOnline: () => page.isOnline,
      typed: writing.typed,
      connected: () => void play(),
      report: (report) => sitting?.report(report),
      wrote: writing.ended,
      gone: writing.gone,
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

  /** Names at the relay end after an hour, and a call may be longer. */
  const renew = async () => {
    const found = await waysFrom(`${base}/servers`);
    if (!found.iceServers) return;
    ways = found;
    for (const { peer } of page.pairs) peer?.connection.setConfiguration(found);
  };

  const end = (said: NonNullable<RoomPage['said']>) => {
    visit = null;
    sessionStorage.removeItem('room');
    pairs?.close();
    pairs = null;
    if (said === 'left') sitting?.leave();
    sitting = null;
    shared?.stop();
    shared = null;
    clearInterval(renewing);
    void lock?.release().catch(() => {});
    own.close();
    Object.assign(page, { said, isIn: false, isTaken: said === 'taken', isAdmitted: false });
    Object.assign(page, { pairs: [], door: [], hold: false, sharing: false, isOnline: true });
    changed();
  };

  /** A telephone that goes dark stops its camera. */
  const keepAwake = async () => {
    const mine = visit;
    const given = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (visit === mine) lock = given;
    else void given?.release().catch(() => {});
  };
  const notify = () => {
    if (sitting && !document.hidden) void keepAwake();
  };
  document.addEventListener('visibilitychange', notify, { signal });

  // What is told of a call is told also when its page goes away.
  addEventListener('pagehide', () => pairs?.close(), { signal });

  const share = async () => {
    if (shared) {
      shared.stop();
      shared = null;
    } else {
      const mine = visit;
      const stream = await navigator.mediaDevices
        .getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false })
        .catch(() => null);
      const track = ifWanted(stream, visit === mine && !shared)?.getVideoTracks()[0];
      if (!track) return;
      shared = track;
      track.contentHint = 'detail';
      track.addEventListener('ended', () => void (shared && share()));
    }
    page.sharing = shared !== null;
    pairs?.replace('screen');
    tellMedia();
  };

  const takePicture = async () => {
    if (isSnapping) return;
    isSnapping = true;
    const jpeg = await pictureOf(mainPair(page)?.peer?.video);
    const headers = { 'Content-Type': 'image/jpeg' };
    const answer =
      jpeg &&
      (await fetch(`${base}/picture`, { method: 'POST', headers, body: jpeg }).catch(() => null));
    isSnapping = false;
    page.picture = answer?.ok ? 'kept' : 'failed';
    changed();
  };

  const act: RoomActions = {
    enter: () => void enter(),
    leave: () => {
      if (page.isIn) end('left');
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
