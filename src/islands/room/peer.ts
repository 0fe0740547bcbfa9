import type { Signal } from '../../features/service/room/types.ts';
import { watchPictures, watchSilence } from './pictures.ts';
import { createSaver } from './saving.ts';
import { framesOf, packetsOf, sampleOf, setEncoding } from './stats.ts';

/** What is sent of somebody: in this order in a connection. */
export const KINDS = ['audio', 'video', 'screen'] as const;
export type Kind = (typeof KINDS)[number];
export type PeerPhase = 'connecting' | 'connected' | 'again';

export interface PeerDeps {
  /** Whether this side makes the offers. */
  offers: boolean;
  /** Whether the offers have room for a screen of this side. */
  hasScreen: boolean;
  ways: RTCConfiguration;
  /** What is sent now of each kind; null: nothing. */
  track(kind: Kind): MediaStreamTrack | null;
  /** Bits a second that pictures may take. */
  mostVideo(): number;
  send(signal: Signal): void;
  phase(phase: PeerPhase): void;
  /** Whether they say that they send something. */
  theySend(): boolean;
  /** Nothing of it arrives for now, or something does again. */
  silent(isSilent: boolean): void;
  /** The network is too slow for our pictures, or carries them again. */
  saving(isSaving: boolean): void;
  /** Real-time text: the channel is there, and what comes over it. */
  textOpen(): void;
  text(data: string): void;
  /** The connection is beyond mending: it is to be made anew, by who offers. */
  broken(): void;
}

export interface Peer {
  call: string;
  connection: RTCPeerConnection;
  /** Shows them, and a screen of theirs; the page puts them where they are seen. */
  video: HTMLVideoElement;
  screen: HTMLVideoElement;
  take(signal: Signal): Promise<void>;
  replace(kind: Kind): void;
  /** The allowance for pictures has changed. */
  tune(): void;
  write(text: string): void;
  close(): void;
}

/** Nothing has begun by then. */
const NEW_MS = 4_000;
/** A network that changes is given so long before the way is looked for anew. */
const RESTART_AFTER_MS = 1_500;
/** Then, for so long, that it succeeds. */
const REBUILD_AFTER_MS = 12_000;
/** Nothing arrives of somebody who sends, beyond what is said at once. */
const MEND_SILENCE_MS = 7_000;
const SAMPLE_MS = 2_000;
/** RFC 8865, 4.2: what a T.140 channel is called. */
const TEXT = 't140';
/** What arrives at once of real-time text is a few signs. */
const LONGEST_TEXT = 4_000;

/**
 * One connection of a pair. One side offers and the other never does: with offers from both a few in a hundred never connect.
 * The other side says what it needs.
 */
export function createPeer(call: string, deps: PeerDeps): Peer {
  const { offers, send } = deps;
  const peer = new RTCPeerConnection(deps.ways);
  const [video, screen] = [playerOf(peer, 'camera'), playerOf(peer, 'screen')];
  const early: RTCIceCandidateInit[] = [];
  let channel: RTCDataChannel | null = null;
  let restart = 0;
  let rebuild = window.setTimeout(() => giveUp(), REBUILD_AFTER_MS);
  let isClosed = false;
  let isSaving = false;
  const pictures = watchPictures(video, () => framesOf(peer), deps.broken);
  const isTalking = () => peer.connectionState === 'connected' && deps.theySend();
  let quiet = 0;
  /** A way may be gone although the browser calls it connected: it is looked for anew, and then all of it. */
  const silence = watchSilence(
    isTalking,
    () => packetsOf(peer),
    (isSilent) => {
      deps.silent(isSilent);
      clearTimeout(quiet);
      if (isSilent) {
        quiet = window.setTimeout(() => {
          mend();
          rebuild ||= window.setTimeout(giveUp, REBUILD_AFTER_MS);
        }, MEND_SILENCE_MS);
      } else if (peer.connectionState === 'connected') {
        clearTimeout(rebuild);
        rebuild = 0;
      }
    },
  );

  peer.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    const { candidate: text, sdpMid: mid, sdpMLineIndex: line } = candidate;
    send({ type: 'candidate', call, candidate: text, mid, line });
  };
  peer.onconnectionstatechange = () => follow(peer.connectionState);
  peer.ondatachannel = (event) => {
    if (event.channel.label === TEXT) useChannel(event.channel);
  };
  /** An offer waits at the server until the other side hears it: another would only be one more to hear. */
  const isUnanswered = () => peer.signalingState === 'have-local-offer';
  const unbegun = setInterval(() => {
    if (!isUnanswered() && peer.iceConnectionState === 'new') deps.broken();
  }, NEW_MS);
  /** Made anew, unless what would help is still on its way. */
  const giveUp = () => {
    rebuild = 0;
    if (isUnanswered()) rebuild = window.setTimeout(giveUp, REBUILD_AFTER_MS);
    else deps.broken();
  };

  const follow = (state: RTCPeerConnectionState) => {
    if (isClosed) return;
    if (state === 'connected') {
      clearTimeout(restart);
      clearTimeout(rebuild);
      clearInterval(unbegun);
      restart = rebuild = 0;
      tune();
      deps.phase('connected');
    } else if (state === 'disconnected' || state === 'failed') {
      deps.phase('again');
      restart ||= window.setTimeout(mend, state === 'failed' ? 0 : RESTART_AFTER_MS);
      rebuild ||= window.setTimeout(giveUp, REBUILD_AFTER_MS);
    }
  };

  const mend = () => {
    restart = 0;
    if (isUnanswered()) return;
    if (!offers) return send({ type: 'need', call, what: 'restart' });
    peer.restartIce();
    void offer();
  };

  const offer = async () => {
    if (isClosed || peer.signalingState !== 'stable') return;
    await peer.setLocalDescription();
    send({ type: 'offer', call, sdp: peer.localDescription?.sdp ?? '' });
  };

  const describe = async (description: RTCSessionDescriptionInit) => {
    await peer.setRemoteDescription(description);
    for (const each of early.splice(0)) await peer.addIceCandidate(each).catch(() => {});
  };

  const senderOf = (kind: Kind) => peer.getTransceivers()[KINDS.indexOf(kind)]?.sender;

  /** Our tracks go into what the offer has room for; a screen in it is theirs alone. */
  const attach = () => {
    peer.getTransceivers().forEach((each, at) => {
      const kind = KINDS[at];
      if (!kind || kind === 'screen') return;
      each.direction = 'sendrecv';
      void each.sender.replaceTrack(deps.track(kind));
    });
  };

  const useChannel = (given: RTCDataChannel) => {
    channel = given;
    given.onopen = () => deps.textOpen();
    given.onmessage = ({ data }) => {
      if (typeof data === 'string' && data.length <= LONGEST_TEXT) deps.text(data);
    };
  };

  /** Signing is read from movement: pictures lose size before they lose frames. A screen is read: the other way round. */
  const tune = () => {
    void setEncoding(senderOf('video'), 'maintain-framerate', {
      active: !isSaving,
      maxBitrate: deps.mostVideo(),
    });
    void setEncoding(senderOf('screen'), 'maintain-resolution', { active: !isSaving });
  };

  const decide = createSaver();
  const sampler = setInterval(async () => {
    if (peer.connectionState !== 'connected' || !deps.track('video')) return;
    const now = decide(await sampleOf(peer));
    if (now === isSaving || isClosed) return;
    isSaving = now;
    tune();
    deps.saving(now);
  }, SAMPLE_MS);

  if (offers) {
    const camera = deps.track('video');
    peer.addTransceiver(deps.track('audio') ?? 'audio', { direction: 'sendrecv' });
    peer.addTransceiver(camera ?? 'video', { direction: 'sendrecv' });
    if (deps.hasScreen)
      peer.addTransceiver(deps.track('screen') ?? 'video', { direction: 'sendonly' });
    useChannel(peer.createDataChannel(TEXT, { ordered: true, protocol: TEXT }));
    void offer();
  }
  deps.phase('connecting');

  return {
    call,
    connection: peer,
    video,
    screen,
    async take(signal) {
      if (isClosed || signal.type === 'media' || signal.call !== call) return;
      switch (signal.type) {
        case 'offer':
          await describe({ type: 'offer', sdp: signal.sdp });
          attach();
          await peer.setLocalDescription();
          return send({ type: 'answer', call, sdp: peer.localDescription?.sdp ?? '' });
        case 'answer':
          if (peer.signalingState === 'have-local-offer')
            await describe({ type: 'answer', sdp: signal.sdp });
          return;
        case 'candidate': {
          const { candidate, mid: sdpMid, line: sdpMLineIndex } = signal;
          const given = { candidate, sdpMid, sdpMLineIndex };
          if (!peer.remoteDescription) early.push(given);
          else await peer.addIceCandidate(given).catch(() => {});
          return;
        }
        case 'need':
          if (!offers || isUnanswered()) return;
          return signal.what === 'rebuild' ? deps.broken() : mend();
      }
    },
    replace: (kind) => {
      void senderOf(kind)
        ?.replaceTrack(deps.track(kind))
        .catch(() => {});
    },
    tune,
    write: (text) => {
      if (channel?.readyState === 'open') channel.send(text);
    },
    close: () => {
      isClosed = true;
      for (const each of [restart, rebuild, quiet]) clearTimeout(each);
      clearInterval(unbegun);
      clearInterval(sampler);
      pictures.stop();
      silence.stop();
      peer.close();
    },
  };
}

/** Where what arrives of somebody's camera and microphone, or of their screen, is played. */
function playerOf(peer: RTCPeerConnection, what: 'camera' | 'screen'): HTMLVideoElement {
  const stream = new MediaStream();
  const player = document.createElement('video');
  player.playsInline = true;
  player.autoplay = true;
  player.srcObject = stream;
  peer.addEventListener('track', ({ track, transceiver }) => {
    const isScreen = peer.getTransceivers().indexOf(transceiver) === KINDS.indexOf('screen');
    if (isScreen === (what === 'screen')) stream.addTrack(track);
  });
  return player;
}
