/** The state of a connection for its sender. Fractions from 0 to 1, bits a second; null: the browser doesn't provide it. */
export interface SendSample {
  /** The estimated capacity of the network. */
  available: number | null;
  /** The share lost since the last sample, as the other side reports. */
  lost: number | null;
}

/** Below it pictures are useless; sound takes 30 to 40 kbit/s of it. */
const TOO_SLOW = 110_000;
const TOO_LOSSY = 0.35;
/** The number of consecutive bad samples: a changing network recovers earlier. */
const BAD_SAMPLES = 4;
/** Samples until pictures are tried again; doubled each time that they fail at once. */
const FIRST_REST = 8;
const LONGEST_REST = 32;
/** Pictures that lasted this many samples don't count as a failure. */
const GOOD_SAMPLES = 15;

/**
 * Returns a function that decides when to send sound alone. At 80 kbit/s pictures take bandwidth that sound needs; without them no sound is
 * lost. It takes a sample every two seconds and returns whether to leave pictures out.
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
