/** How a connection does, as its sender sees it. Fractions from 0 to 1, bits a second; null: the browser doesn't say. */
export interface SendSample {
  /** What the network would carry. */
  available: number | null;
  /** Of what was sent since the last sample, as the other side tells. */
  lost: number | null;
}

/** Below it no picture can be watched; sound takes 30 to 40 kbit/s of it. */
const TOO_SLOW = 110_000;
const TOO_LOSSY = 0.35;
/** So many bad samples one after the other: a network that changes recovers before. */
const BAD_SAMPLES = 4;
/** Samples until pictures are tried again; twice as many each time that they fail at once. */
const FIRST_REST = 8;
const LONGEST_REST = 32;
/** Pictures that lasted so many samples were no failure. */
const GOOD_SAMPLES = 15;

/**
 * Decides when to send sound alone: at 80 kbit/s pictures take from the sound what it needs, and without them none of it is
 * lost. Told a sample every two seconds; answers whether to save.
 */
export function createSaver(): (sample: SendSample) => boolean {
  let isSaving = false;
  let bad = 0;
  let since = GOOD_SAMPLES;
  let rest = FIRST_REST;
  return ({ available, lost }) => {
    since++;
    if (isSaving) {
      if (since < rest) return true;
      isSaving = false;
      since = bad = 0;
      return false;
    }
    const isBad = (available !== null && available < TOO_SLOW) || (lost ?? 0) > TOO_LOSSY;
    bad = isBad ? bad + 1 : 0;
    if (bad < BAD_SAMPLES) return false;
    isSaving = true;
    rest = since > GOOD_SAMPLES ? FIRST_REST : Math.min(2 * rest, LONGEST_REST);
    since = 0;
    return true;
  };
}
