import type { Clock } from '../lib/clock.ts';
import { createLimiter } from '../lib/limiter.ts';

/** Writes from one address: a household or a library behind one address still books, a script doesn't. */
const WRITES = { burst: 60, perMinute: 30 };
/** And of those, bookings that are begun: before the database counts what is kept (`holdsPerAddress`). */
const HOLDS = { burst: 20, perMinute: 2 };
/** Questions for a lost link, each of which may send messages: a family has a few, who tries addresses has many. */
const LOST_LINKS = { burst: 6, perMinute: 0.2 };
/** Entries of the waiting list, each of which is written to and then has free times kept for it. */
const WAITS = { burst: 10, perMinute: 0.2 };
/** Verification codes: an office checks a pile of papers, who looks for codes gets nowhere in any case. */
const CODES = { burst: 30, perMinute: 6 };
/** What browsers in a room tell each other: some messages for each connection that is made or mended. */
const SIGNALS = { burst: 200, perMinute: 120 };
/** Parts of papers that are handed over: a large one has many. */
const UPLOADS = { burst: 400, perMinute: 400 };
/** Pages that search for free times, which robots ask for again and again. */
const SEARCHES = { burst: 120, perMinute: 120 };
/** What is published for programs, and its page: harvesters come once a day, and a program that asks all the time has it already. */
const PUBLISHED = { burst: 60, perMinute: 30 };
const SIGNAL = /\/room\/(signal|seat|leave|say|quality|still)$/;
const UPLOAD = /\/documents\/upload\/[^/]+$/;
const CODE = /\/verify(\/\w+)?$/;
const SEARCH = /\/(times|time|change)$/;
const OPEN_DATA = /^\/open-data\/|\/data$/;

/** The limits of what one address asks of the citizen's pages and posts to a sign-in, in this process. */
export function createLimits(clock: Clock): {
  /** Seconds to wait; 0: go on. */
  take(request: { method: string; path: string }, address: string): number;
} {
  const writes = createLimiter(clock, WRITES);
  const holds = createLimiter(clock, HOLDS);
  const linkRecoveries = createLimiter(clock, LOST_LINKS);
  const waits = createLimiter(clock, WAITS);
  const searches = createLimiter(clock, SEARCHES);
  const published = createLimiter(clock, PUBLISHED);
  const codes = createLimiter(clock, CODES);
  const signals = createLimiter(clock, SIGNALS);
  const uploads = createLimiter(clock, UPLOADS);
  return {
    take: ({ method, path }, address) => {
      // Each of those asks the town's provider and leaves a row.
      const isRead = (method === 'GET' || method === 'HEAD') && path !== '/staff/sso';
      if (isRead && OPEN_DATA.test(path)) return published.take(address);
      if (isRead) return SEARCH.test(path) ? searches.take(address) : 0;
      if (SIGNAL.test(path)) return signals.take(address);
      if (UPLOAD.test(path)) return uploads.take(address);
      const wait = writes.take(address);
      if (wait > 0) return wait;
      if (path.endsWith('/lost-link')) return linkRecoveries.take(address);
      if (path.endsWith('/waiting')) return waits.take(address);
      if (CODE.test(path)) return codes.take(address);
      return path.endsWith('/times') ? holds.take(address) : 0;
    },
  };
}
