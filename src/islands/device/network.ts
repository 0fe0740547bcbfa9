import { networkOf, type Ways } from '../../features/service/device/rules.ts';
import type { Found } from '../../features/service/device/types.ts';

const WITHIN_MS = 12_000;

/** Tests the ways through the network: two peers in this page exchange a message over each. */
export async function tryNetwork(ways: RTCConfiguration): Promise<Found<'network'>> {
  if (typeof RTCPeerConnection === 'undefined') return 'unsupported';
  try {
    return networkOf(await tryWays(ways));
  } catch {
    return 'blocked'; // some blockers keep the name and break its function
  }
}

async function tryWays(given: RTCConfiguration): Promise<Ways> {
  const servers = given.iceServers ?? [];
  const isRelayed = given.iceTransportPolicy === 'relay';
  const isRelay = ({ urls }: RTCIceServer) => [urls].flat().some((url) => url.startsWith('turn'));
  const relays = servers.filter(isRelay);
  const mirrors = servers.filter((each) => !isRelay(each));
  const hasRelay = relays.length > 0;
  const hasMirror = mirrors.length > 0;
  const relayed: RTCConfiguration = { iceServers: relays, iceTransportPolicy: 'relay' };
  const [itself, relay, straight] = await Promise.all([
    meet({}, {}),
    hasRelay ? meet(relayed, relayed) : isRelayed ? false : null,
    // With relays only, the direct way doesn't matter. Otherwise the relay's own address stands for the other person's: this device must
    // reach it directly, and be allowed to.
    isRelayed || !hasMirror
      ? null
      : hasRelay
        ? meet({ iceServers: mirrors }, relayed)
        : isSeen(mirrors),
  ]);
  return { itself, relay, straight };
}

/** Returns whether two peers exchange a message. */
async function meet(ours: RTCConfiguration, theirs: RTCConfiguration): Promise<boolean> {
  const peers: [RTCPeerConnection, RTCPeerConnection] = [
    new RTCPeerConnection(ours),
    new RTCPeerConnection(theirs),
  ];
  const [caller, called] = peers;
  introduce(caller, called);
  introduce(called, caller);
  const answered = new Promise<boolean>((resolve) => {
    const channel = caller.createDataChannel('test');
    channel.onopen = () => channel.send('hello');
    channel.onmessage = () => resolve(true);
    called.ondatachannel = ({ channel: other }) => {
      other.onmessage = ({ data }) => other.send(data);
    };
    window.setTimeout(resolve, WITHIN_MS, false);
    for (const each of peers) whenUnreachable(each, () => resolve(false));
  });
  try {
    await caller.setLocalDescription();
    await called.setRemoteDescription(caller.localDescription ?? { type: 'offer' });
    await called.setLocalDescription();
    await caller.setRemoteDescription(called.localDescription ?? { type: 'answer' });
    return await answered;
  } finally {
    for (const each of peers) each.close();
  }
}

/** Reports a peer that finished gathering addresses and has none. */
function whenUnreachable(peer: RTCPeerConnection, tell: () => void): void {
  let found = 0;
  peer.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.candidate) found++;
  });
  peer.addEventListener('icegatheringstatechange', () => {
    if (peer.iceGatheringState === 'complete' && found === 0) tell();
  });
}

/** Passes one peer's addresses to the other, including those found before the other has a description. */
function introduce(from: RTCPeerConnection, to: RTCPeerConnection): void {
  const early: RTCIceCandidate[] = [];
  const add = (candidate: RTCIceCandidate) => void to.addIceCandidate(candidate).catch(() => {});
  from.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    if (to.remoteDescription) add(candidate);
    else early.push(candidate);
  };
  to.addEventListener('signalingstatechange', () => {
    if (to.remoteDescription) for (const each of early.splice(0)) add(each);
  });
}

/** Returns whether a server reports this device's public address. */
async function isSeen(servers: RTCIceServer[]): Promise<boolean> {
  const peer = new RTCPeerConnection({ iceServers: servers });
  const seen = new Promise<boolean>((resolve) => {
    peer.onicecandidate = ({ candidate }) => {
      if (candidate?.type === 'srflx') resolve(true);
    };
    window.setTimeout(resolve, WITHIN_MS, false);
  });
  try {
    peer.createDataChannel('test');
    await peer.setLocalDescription();
    return await seen;
  } finally {
    peer.close();
  }
}
