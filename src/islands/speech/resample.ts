/** What a speech-to-text engine takes: 16-bit samples, this many a second. More of them don't make speech clearer. */
export const SAMPLES_A_SECOND = 16_000;

/**
 * Returns a function that turns samples (−1 to 1, `from` a second) into 16-bit samples (`to` a second). Each is the mean of the samples
 * that it replaces. What is left of one piece counts for the next one.
 */
export function createResampler(from: number, to: number): (piece: Float32Array) => Int16Array {
  const step = from / to;
  let sum = 0;
  let missing = step;
  return (piece) => {
    const made: number[] = [];
    for (const sample of piece) {
      let rest = 1;
      while (rest > 0) {
        const taken = Math.min(rest, missing);
        sum += sample * taken;
        rest -= taken;
        missing -= taken;
        if (missing > 1e-9) continue;
        made.push(whole(sum / step));
        sum = 0;
        missing = step;
      }
    }
    return Int16Array.from(made);
  };
}

const whole = (sample: number): number => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
