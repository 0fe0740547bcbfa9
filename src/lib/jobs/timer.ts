/** A source of time for work that waits. */
export interface Timer {
  /** Returns milliseconds since some moment; never decreases. */
  now(): number;
  /** Calls `work` once after this many milliseconds. Returns the function that cancels it. */
  after(ms: number, work: () => void): () => void;
}

/** The time of this machine. */
export const MACHINE: Timer = {
  now: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
