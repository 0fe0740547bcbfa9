import { type Logger, type LoggerOptions, pino } from 'pino';
import { systemClock } from '../clock.ts';

/** A line of the log that deserves a look. */
export interface Trouble {
  at: Temporal.Instant;
  level: 'warn' | 'error';
  message: string;
  /** The code of its error; null: it has none. */
  code: string | null;
  /** How often the same was logged since `at` before. */
  times: number;
}

const MOST = 50;
/** pino's numbers of levels. */
const WARN = 40;
const ERROR = 50;

const kept = new WeakMap<object, Map<string, Trouble>>();
const rings = new Map<string, Map<string, Trouble>>();

/** Returns the log of this process, which remembers the last warnings and errors of each town. */
export function createLog(level: string): Logger {
  const options: LoggerOptions = {
    level,
    hooks: {
      logMethod(args, method, number) {
        if (number >= WARN) remember(this, args, number);
        method.apply(this, args);
      },
    },
  };
  return pino(options);
}

/** Returns the last warnings and errors of the town whose log it is, the newest first. */
export const recentTroubles = (log: Logger): Trouble[] => [...ringOf(log).values()].reverse();

function remember(log: Logger, args: unknown[], number: number): void {
  const [what] = args;
  const message = args.findLast((each) => typeof each === 'string') ?? '';
  const about = typeof what === 'object' && what !== null ? (what as Record<string, unknown>) : {};
  // Security events have a page of their own, and counters.
  if (typeof about.event === 'string') return;
  const code = typeof about.code === 'string' ? about.code : null;
  const ring = ringOf(log);
  const key = `${message} ${code}`;
  const before = ring.get(key);
  ring.delete(key);
  ring.set(key, {
    at: systemClock.now(),
    level: number >= ERROR ? 'error' : 'warn',
    message: String(message),
    code,
    times: (before?.times ?? 0) + 1,
  });
  const oldest = ring.keys().next();
  if (ring.size > MOST && !oldest.done) ring.delete(oldest.value);
}

/** Child loggers of one town share what is remembered. */
function ringOf(log: Logger): Map<string, Trouble> {
  const { town } = log.bindings();
  if (typeof town !== 'string') return getOrMake(kept, log);
  return getOrMake(rings, town);
}

function getOrMake<K>(
  all: {
    get(key: K): Map<string, Trouble> | undefined;
    set(key: K, value: Map<string, Trouble>): unknown;
  },
  key: K,
): Map<string, Trouble> {
  const there = all.get(key) ?? new Map<string, Trouble>();
  all.set(key, there);
  return there;
}
