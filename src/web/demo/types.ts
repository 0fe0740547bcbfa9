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

/** How a telephone of the own network comes in as the citizen. */
export interface PhoneWay {
  /** The address that the code leads to. Who has it comes in, so only this machine shows it. */
  link: string;
  /** The certificate's SHA-256, as browsers show it. */
  fingerprint: string;
  /** Whether this machine still has the address. */
  isThere(): boolean;
}

/** What keeps a demo from beginning again. `other`: the town is not the demo's own, or was served to others. */
export type AgainRefusal = 'other' | 'busy';

/** Beginning the demo again: everything that was done in it is removed. */
export interface BeginAgain {
  /** Seconds that it takes, as long as the start took. */
  seconds(): number;
  /** Returns why it can't be; null: it can. */
  refusal(): Promise<AgainRefusal | null>;
  /** Begins it, and returns before it is done. Whoever asks meanwhile is told so. Returns why it was refused; null: it was begun. */
  begin(): Promise<AgainRefusal | null>;
  /** The name of the demo's life, another one each time it begins again. */
  life(): string;
  /** When a life of this process ended; null: it goes on, or is none of this process. */
  endOf(life: string): Temporal.Instant | null;
}

/** What somebody of IT can run, by its code. */
export const TRIALS = ['doctor', 'backup', 'drill'] as const;
export type Trial = (typeof TRIALS)[number];

/** A command that runs or has run. */
export interface TrialRun {
  what: Trial;
  /** As somebody would type it. */
  command: string;
  startedAt: Temporal.Instant;
  /** How it ended; null: it runs. `code` null: it was stopped. */
  ended: { code: number | null; seconds: number } | null;
  /** What it has printed. */
  output: string;
}

/** The operator's commands, run live beside the demo. */
export interface Trials {
  /** Starts one; false: another runs, or there is no backup to restore. */
  start(what: Trial): boolean;
  /** The one that runs, or the last; null: none. */
  last(): TrialRun | null;
  /** Whether there is a backup that can be restored. */
  hasBackup(): boolean;
  /** Returns what the last run prints from here on, until it has ended; it begins with what it has printed so far. */
  follow(): AsyncIterable<string>;
  /** The demo's mail server: whether it refuses. */
  mail: { isFailing(): boolean; fail(isFailing: boolean): void };
}

/** What a demo has besides its life; null where it has not. */
export interface DemoTools {
  phone: PhoneWay | null;
  again: BeginAgain | null;
  trials: Trials | null;
}

export const NO_TOOLS: DemoTools = { phone: null, again: null, trials: null };
