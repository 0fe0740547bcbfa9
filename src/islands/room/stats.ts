import type { SendSample } from './saving.ts';

/** Where their camera stands among a connection's transceivers (docs/protocol.md). */
const CAMERA = 1;

/** How what a sender sends is encoded. Not each browser knows each of it. */
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
  await sender.setParameters(parameters).catch(() => {}); // nor does each browser know each of them
}

/** Pictures of their camera that have arrived. */
export async function framesOf(peer: RTCPeerConnection): Promise<number> {
  let frames = 0;
  const camera = peer.getTransceivers()[CAMERA]?.receiver;
  for (const each of (await camera?.getStats())?.values() ?? [])
    if (each.type === 'inbound-rtp') frames += each.framesReceived ?? 0;
  return frames;
}

/** What has arrived of all that they send. */
export async function packetsOf(peer: RTCPeerConnection): Promise<number> {
  let packets = 0;
  for (const each of (await peer.getStats()).values())
    if (each.type === 'inbound-rtp') packets += each.packetsReceived ?? 0;
  return packets;
}

/** How what we send does. */
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
