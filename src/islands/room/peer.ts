import type { Side, Signal } from '../../features/room/types.ts';

type Kind = 'audio' | 'video';
export type PeerPhase = 'connecting' | 'connected' | 'again';

export interface PeerDeps {
  side: Side;
  servers: RTCIceServer[];
  /** What is sent now of each kind; null: nothing. */
  track(kind: Kind): MediaStreamTrack | null;
  remote: HTMLVideoElement;
  send(signal: Signal): void;
  phase(phase: PeerPhase): void;
  /** The connection is beyond mending: it is to be made anew, by the agent's side. */
  broken(): void;
}

export interface Peer {
  call: string;
  take(signal: Signal): Promise<void>;
  replace(kind: Kind): void;
  close(): void;
}

/** Nothing has begun by then. */
const NEW_MS = 4_000;
/** A network that changes is given so long before the way is looked for anew. */
const RESTART_AFTER_MS = 1_500;
/** Then, for so long, that it succeeds. */
const REBUILD_AFTER_MS = 12_000;
/** No picture is shown although some arrive. */
const FROZEN_MS = 6_000;

/**
 * One connection of a pair. The agent's side offers and nobody else ever does: with offers from both sides a few in a hundred
 * never connect. The other side says what it needs.
 */
export function createPeer(call: string, deps: PeerDeps): Peer {
  const { side, servers, send, remote } = deps;
  const peer = new RTCPeerConnection({ iceServers: servers });
  const stream = new MediaStream();
  const early: RTCIceCandidateInit[] = [];
  let restart = 0;
  let rebuild = 0;
  let isClosed = false;
  const isAgent = side === 'agent';
  const watch = watchPictures(remote, peer, () => deps.broken());

  remote.srcObject = stream;
  peer.ontrack = ({ track }) => {
    stream.addTrack(track);
  };
  peer.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    const { candidate: text, sdpMid: mid, sdpMLineIndex: line } = candidate;
    send({ type: 'candidate', call, candidate: text, mid, line });
  };
  peer.onconnectionstatechange = () => follow(peer.connectionState);
  const unbegun = setTimeout(() => {
    if (peer.iceConnectionState === 'new') deps.broken();
  }, NEW_MS);

  const follow = (state: RTCPeerConnectionState) => {
    if (isClosed) return;
    if (state === 'connected') {
      clearTimeout(restart);
      clearTimeout(rebuild);
      restart = rebuild = 0;
      deps.phase('connected');
    } else if (state === 'disconnected' || state === 'failed') {
      deps.phase('again');
      restart ||= window.setTimeout(mend, state === 'failed' ? 0 : RESTART_AFTER_MS);
      rebuild ||= window.setTimeout(() => deps.broken(), REBUILD_AFTER_MS);
    }
  };

  const mend = () => {
    restart = 0;
    if (!isAgent) return send({ type: 'need', call, what: 'restart' });
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

  /** The tracks of ours go into what the offer has room for. */
  const attach = () => {
    for (const each of peer.getTransceivers()) {
      const { kind } = each.receiver.track;
      if (kind !== 'audio' && kind !== 'video') continue;
      each.direction = 'sendrecv';
      void each.sender.replaceTrack(deps.track(kind));
    }
  };

  if (isAgent) {
    for (const kind of ['audio', 'video'] as const)
      peer.addTransceiver(deps.track(kind) ?? kind, { direction: 'sendrecv' });
    void offer();
  }
  deps.phase('connecting');

  return {
    call,
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
          if (isAgent) signal.what === 'rebuild' ? deps.broken() : mend();
      }
    },
    replace: (kind) => {
      const of = peer.getTransceivers().find((each) => each.receiver.track.kind === kind);
      void of?.sender.replaceTrack(deps.track(kind));
    },
    close: () => {
      isClosed = true;
      for (const each of [restart, rebuild, unbegun]) clearTimeout(each);
      watch.stop();
      peer.close();
    },
  };
}

/**
 * Tells when pictures arrive and none is shown any more: statistics look healthy then, so it is what is shown that is watched.
 * Browsers may show none where nobody looks, and some never count them.
 */
function watchPictures(
  video: HTMLVideoElement,
  peer: RTCPeerConnection,
  tell: () => void,
): { stop(): void } {
  let shown = 0;
  let received = 0;
  let since = performance.now();
  let isInSight = false;
  const observer = new IntersectionObserver(([entry]) => {
    isInSight = entry?.isIntersecting ?? false;
  });
  observer.observe(video);
  const look = async () => {
    const now = video.getVideoPlaybackQuality().totalVideoFrames;
    const arrived = await framesOf(peer);
    const isStuck = now === shown && now > 0 && arrived > received;
    if (!isStuck || !isInSight || document.hidden) since = performance.now();
    [shown, received] = [now, arrived];
    if (performance.now() - since > FROZEN_MS) tell();
  };
  const timer = setInterval(() => void look().catch(() => {}), 1_000);
  return {
    stop: () => {
      clearInterval(timer);
      observer.disconnect();
    },
  };
}

async function framesOf(peer: RTCPeerConnection): Promise<number> {
  let frames = 0;
  for (const each of (await peer.getStats()).values())
    if (each.type === 'inbound-rtp' && each.kind === 'video') frames += each.framesReceived ?? 0;
  return frames;
}
