/** A source of time for work that waits. */
export interface Timer {
  /** Returns milliseconds since some moment; never decreases. */
  now(): number;
  /** Calls `work` once after this many milliseconds. Returns the function that cancels it. */
  after(ms: number, work: () => void): () => void;
}

/** The longest that Node waits. */
const MOST_MS = 2 ** 31 - 1;

/** The time of this machine. */
export const MACHINE: Timer = {
  now: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, Math.min(ms, MOST_MS));
    return () => clearTimeout(timer);
  },
};
