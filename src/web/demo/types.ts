/** How far the demo's past is written. */
export interface PastProgress {
  /** Months that are written, of all. */
  done: number;
  of: number;
  state: 'writing' | 'done' | 'failed';
}

/** What somebody can let happen in the demo, by its code. */
export const SCENARIOS = ['video', 'second-call', 'papers', 'silent', 'chat', 'light'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** How the clock can be moved. */
export const LEAPS = ['quarter', 'morning'] as const;
export type Leap = (typeof LEAPS)[number];

/** A demo with a past, people who come and go, and a clock that can be moved. */
export interface DemoLife {
  progress(): PastProgress;
  /** Whether the clock began on another day than the machine's, since the office was closed. */
  isAhead(): boolean;
  /** Whether nobody is at work at this hour. */
  isClosed(): boolean;
  /** Whether the clock is being moved, and things happen meanwhile. */
  isPassing(): boolean;
  /** Moves the clock, and has happen what happens until then. */
  leap(by: Leap): Promise<void>;
  /** Lets something happen now. Returns false where it can't be: nobody is at the desk at this hour. */
  play(scenario: Scenario): Promise<boolean>;
}
