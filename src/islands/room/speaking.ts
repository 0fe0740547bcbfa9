import type { Pair } from './pairs.ts';

const SPEAKING_LEVEL = 0.02;
const SPEAKING_EVERY_MS = 250;
/** The pause between two words that still counts as speech. */
const SPEAKING_MS = 900;

/** Marks the speakers among `pairs`, several times a second. */
export function watchSpeaking(pairs: () => Iterable<Pair>, changed: () => void): { stop(): void } {
  const spoken = new WeakMap<Pair, number>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const pair of pairs()) {
      if (isLoud(pair)) spoken.set(pair, now);
      const isSpeaking = now - (spoken.get(pair) ?? -SPEAKING_MS) < SPEAKING_MS;
      if (isSpeaking === pair.isSpeaking) continue;
      pair.isSpeaking = isSpeaking;
      changed();
    }
  }, SPEAKING_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

function isLoud({ peer }: Pair): boolean {
  const audio = peer?.connection.getReceivers()[0];
  const source = audio?.getSynchronizationSources?.()[0];
  return (source?.audioLevel ?? 0) > SPEAKING_LEVEL;
}
