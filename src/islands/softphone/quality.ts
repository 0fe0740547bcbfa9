import { CODECS, type Codec, type Quality } from '../../features/service/softphone/rules.ts';

export interface Measured {
  quality: Quality;
  codec: Codec | null;
}

/** Returns the quality of the call so far, from its connection's counters; null before any media. */
export async function measure(connection: RTCPeerConnection): Promise<Measured | null> {
  const stats = await connection.getStats();
  let inbound: RTCInboundRtpStreamStats | undefined;
  let rtt: number | null = null;
  stats.forEach((each) => {
    if (each.type === 'inbound-rtp') inbound = each;
    if (each.type === 'remote-inbound-rtp' && each.roundTripTime !== undefined)
      rtt = each.roundTripTime * 1000;
    if (each.type === 'candidate-pair' && each.nominated && each.currentRoundTripTime !== undefined)
      rtt ??= each.currentRoundTripTime * 1000;
  });
  if (!inbound) return null;
  const { packetsReceived = 0, packetsLost = 0, jitter = 0, codecId = '' } = inbound;
  if (packetsReceived === 0) return null;
  const lost = Math.max(0, packetsLost);
  const name = String(stats.get(codecId)?.mimeType ?? '')
    .split('/')[1]
    ?.toLowerCase();
  return {
    quality: { loss: (100 * lost) / (lost + packetsReceived), rtt, jitter: jitter * 1000 },
    codec: CODECS.find((each) => each.toLowerCase() === name) ?? null,
  };
}

/** Sorts the codecs: wideband speech (7 kHz and more) first, G.711 when the other side has no better. */
export function preferCodecs(connection: RTCPeerConnection): void {
  const known = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  const named = (name: string) =>
    known.filter((each) => each.mimeType.toLowerCase() === `audio/${name.toLowerCase()}`);
  const wanted = [...CODECS.flatMap(named), ...named('telephone-event')];
  if (wanted.length === 0) return;
  for (const each of connection.getTransceivers()) each.setCodecPreferences?.(wanted);
}
