import type { RoomState, Side, Signal } from '../../features/room/types.ts';
import { createOwn } from './own.ts';
import { createPeer, type Peer, type PeerPhase } from './peer.ts';
import { openScreen } from './screen.ts';
import { type Sitting, sitDown } from './seat.ts';

/** By then it is likelier that there is no way than that the next try finds it. */
const HOPELESS_TRIES = 2;

/** A page in a room: sits down, shows how it stands, and talks with the other side once both are in. */
function start(place: HTMLElement): void {
  const screen = openScreen(place);
  const side: Side = place.dataset.side === 'agent' ? 'agent' : 'citizen';
  const base = place.dataset.base ?? '';
  const own = createOwn((kind) => {
    peer?.replace(kind === 'camera' ? 'video' : 'audio');
    screen.showOwn(own);
    tellMedia();
  });
  let sitting: Sitting | null = null;
  let peer: Peer | null = null;
  let servers: RTCIceServer[] = [];
  /** The other side's seat that the connection is with. */
  let them: string | null = null;
  let phase: PeerPhase = 'connecting';
  let isOnline = true;
  /** How often the connection was made anew since it last worked. */
  let tries = 0;

  const tellMedia = () => {
    const [camera, microphone] = [own.isOn('camera'), own.isOn('microphone')];
    if (them) sitting?.send({ type: 'media', camera, microphone });
  };

  const say = () => {
    if (!isOnline && phase !== 'connected') screen.say('said.offline');
    else if (!peer) screen.say(aloneWords());
    else if (tries >= HOPELESS_TRIES) screen.say('said.hopeless');
    else screen.say(`said.${phase}`);
  };
  let isAdmitted = false;
  const aloneWords = () => {
    if (side === 'agent') return 'desk.waiting';
    return isAdmitted ? 'said.alone' : 'said.waiting';
  };

  const connect = (call: string) => {
    if (peer && phase !== 'connected') tries++;
    peer?.close();
    peer = createPeer(call, {
      side,
      servers,
      track: (kind) => own.track(kind === 'video' ? 'camera' : 'microphone'),
      remote: screen.them,
      send: (signal) => sitting?.send(signal),
      phase: (now) => {
        phase = now;
        if (now === 'connected') tries = 0;
        if (now === 'connected') void screen.play();
        say();
      },
      broken: () => mend(call),
    });
    screen.showCall(true);
    tellMedia();
  };

  const mend = (call: string) => {
    // A server that can't be reached passes nothing on: it is tried when it is there again.
    if (!isOnline) return;
    if (side === 'agent') connect(newCall());
    else sitting?.send({ type: 'need', call, what: 'rebuild' });
    say();
  };

  const disconnect = () => {
    peer?.close();
    peer = null;
    screen.showCall(false);
  };

  const follow = (state: RoomState) => {
    isAdmitted = state.phase === 'admitted';
    screen.showPhone(state.byPhone);
    if (!isAdmitted || !state.them) {
      them = null;
      disconnect();
    } else if (state.them !== them) {
      // They have come, or come back as another page: what was there of them is no more.
      them = state.them;
      disconnect();
      if (side === 'agent') connect(newCall());
      else tellMedia();
    }
    say();
  };

  const take = async (signal: Signal) => {
    if (signal.type === 'media') return screen.showThem(signal);
    if (signal.type === 'offer' && side === 'citizen' && signal.call !== peer?.call)
      connect(signal.call);
    await peer?.take(signal);
  };
  let taking: Promise<void> = Promise.resolve();

  const enter = async () => {
    sessionStorage.setItem('room', base);
    screen.setIn(true);
    screen.say('said.entering');
    const [isWhole, found] = await Promise.all([own.open(), serversFrom(place.dataset.servers)]);
    servers = found;
    screen.warn(isWhole ? '' : 'without');
    screen.showOwn(own);
    sitting = sitDown(base, {
      room: follow,
      signal: (signal) => {
        taking = taking.then(() => take(signal)).catch(() => {});
      },
      online: (now) => {
        const isBack = now && !isOnline;
        isOnline = now;
        // What couldn't be mended without the server is begun anew.
        if (isBack && peer && phase === 'again') mend(peer.call);
        say();
      },
      ended: (why) => end(`said.${why}`, why === 'taken'),
    });
  };

  const end = (words: string, canTakeBack = false) => {
    sessionStorage.removeItem('room');
    sitting = null;
    them = null;
    disconnect();
    own.close();
    screen.setIn(false, canTakeBack);
    screen.say(words);
  };

  screen.on({
    enter: () => void enter(),
    leave: () => {
      sitting?.leave();
      end('said.left');
    },
    microphone: () => void own.toggle('microphone'),
    camera: () => void own.toggle('camera'),
    other: () => void own.nextCamera(),
    hear: () => void screen.play(),
    phone: () => {
      void fetch(`${base}/phone`, {
        method: 'POST',
        body: new URLSearchParams(),
        redirect: 'manual',
      });
    },
  });
  document.addEventListener('console:page', () => {
    if (place.isConnected || !sitting) return;
    sitting.leave();
    end('said.left');
  });
  // Who reloads is in again at once; who closes the page has left after a moment.
  if (place.dataset.enters || sessionStorage.getItem('room') === base) void enter();
}

const newCall = () => Math.random().toString(36).slice(2) + Date.now().toString(36);

async function serversFrom(url = ''): Promise<RTCIceServer[]> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}

/** Also when the page was changed beneath a telephone call: a room that is no more on it is left. */
function begin(): void {
  const place = document.getElementById('room');
  if (!place || place.dataset.on) return;
  place.dataset.on = 'yes';
  start(place);
}

begin();
document.addEventListener('console:page', begin);
