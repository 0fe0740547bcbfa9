import type { SendSample } from './saving.ts';

/** The position of the camera among a connection's transceivers (docs/protocol.md). */
const CAMERA = 1;

/** Sets the encoding of a sender's media. Not every browser supports every setting. */
export async function setEncoding(
  sender: RTCRtpSender | undefined,
  degradationPreference: RTCDegradationPreference,
  changes: RTCRtpEncodingParameters,
): Promise<void> {
  const parameters = sender?.getParameters();
  const [encoding] = parameters?.encodings ?? [];
  if (!sender || !parameters || !encoding) return;
  Object.assign(encoding, changes);
  parameters.degradationPreference = degradationPreference;
  await sender.setParameters(parameters).catch(() => {}); // not every browser supports every setting
}

/** Returns the number of camera pictures that have arrived. */
export async function framesOf(peer: RTCPeerConnection): Promise<number> {
  let frames = 0;
  const camera = peer.getTransceivers()[CAMERA]?.receiver;
  for (const each of (await camera?.getStats())?.values() ?? [])
    if (each.type === 'inbound-rtp') frames += each.framesReceived ?? 0;
  return frames;
}

/** Returns the number of packets that have arrived, of all media. */
export async function packetsOf(peer: RTCPeerConnection): Promise<number> {
  let packets = 0;
  for (const each of (await peer.getStats()).values())
    if (each.type === 'inbound-rtp') packets += each.packetsReceived ?? 0;
  return packets;
}

/** Returns a sample of our sending. */
export async function sampleOf(peer: RTCPeerConnection): Promise<SendSample> {
  const sample: SendSample = { available: null, lost: null };
  for (const each of (await peer.getStats()).values()) {
    if (each.type === 'candidate-pair' && each.nominated && each.state === 'succeeded')
      sample.available = each.availableOutgoingBitrate ?? sample.available;
    if (each.type === 'remote-inbound-rtp' && each.kind === 'video')
      sample.lost = each.fractionLost ?? sample.lost;
  }
  return sample;
}

type Counted = Pick<HTMLVideoElement, 'getVideoPlaybackQuality'> &
  Partial<Pick<HTMLVideoElement, 'requestVideoFrameCallback'>>;

/**
 * Returns a function that counts the pictures that a player has shown. It counts the browser's calls for each shown picture
 * (HTMLVideoElement.requestVideoFrameCallback), since `totalVideoFrames` stays 0 in Firefox for a call. Older browsers have only that number.
 */
export function countShown(video: Counted): () => number {
  if (!video.requestVideoFrameCallback)
    return () => video.getVideoPlaybackQuality().totalVideoFrames;
  let shown = 0;
  const next = () => video.requestVideoFrameCallback?.(count);
  const count = () => {
    shown++;
    next();
  };
  next();
  return () => shown;
}
