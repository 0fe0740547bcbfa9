import type { Clock } from '../lib/clock.ts';
import { createLimiter } from '../lib/limiter.ts';

/** Writes from one address: enough for a household or a library behind one address, too few for a script. */
const WRITES = { burst: 60, perMinute: 30 };
/** Begun bookings among those writes: before the database counts the holds (`holdsPerAddress`). */
const HOLDS = { burst: 20, perMinute: 2 };
/**
 * Requests for a lost link, each of which may send messages: enough for a family, too few for trying
 * addresses.
 */
const LOST_LINKS = { burst: 6, perMinute: 0.2 };
/** Entries of the wait list, each of which gets messages and later holds on free times; and people who follow a request, whose address gets a message. */
const WAITS = { burst: 10, perMinute: 0.2 };
/**
 * Verification codes: enough for an office with a pile of documents; guessing codes is hopeless in any case.
 */
const CODES = { burst: 30, perMinute: 6 };
/** Forms and requests begun on-line, each of which leaves a row and a key: enough for a library behind one address. */
const CASES = { burst: 20, perMinute: 1 };
/** Pages of one case that are sent: enough for somebody who fills in a long form and goes back and forth, too few for a script. */
const PAGES = { burst: 120, perMinute: 60 };
/** Those of all cases from one address: a library or a school whose people fill in forms at once. */
const ALL_PAGES = { burst: 600, perMinute: 300 };
/** Lines of one conversation, and signs that its person is writing: twelve of each a minute. */
const TALK = { burst: 80, perMinute: 30 };
/** Those of all conversations from one address: a library, or many telephones behind one address. */
const ALL_TALK = { burst: 800, perMinute: 300 };
/** Files of conversations from one address: each is some megabytes that are kept. */
const TALK_FILES = { burst: 20, perMinute: 0.5 };
/** Signals between browsers in a room: some messages for each connection that is made or repaired. */
const SIGNALS = { burst: 200, perMinute: 120 };
/** Parts of uploads: a large document has many. */
const UPLOADS = { burst: 400, perMinute: 400 };
/** Searches for free times, which robots repeat. */
const SEARCHES = { burst: 120, perMinute: 120 };
/** Open data, its page, and the public list of requests: harvesters come once a day, and a program that polls has the data already. */
const PUBLISHED = { burst: 60, perMinute: 30 };
/** Attempts to identify, each of which may ask a provider and leaves a row: enough for a library behind one address. */
const IDENTIFICATIONS = { burst: 20, perMinute: 4 };
/** What providers and wallets post and fetch. A wallet posts from the citizen's own address. */
const ANSWERS = { burst: 40, perMinute: 10 };
/** What programs that sign fetch and put: one says every ten seconds that it is at work. Enough for a library, too few for guessing. */
const PROGRAMS = { burst: 60, perMinute: 60 };
/** Every page of a case or a request, with its secret. The rest of the path is what an office calls its steps and questions. */
const CASE = /^\/[a-z]{2}\/(?:case|request)\/([^/]+)/;
/** A conversation, and the sign that its person is writing. */
const TALKING = /^\/[a-z]{2}\/chat\/([^/]+)(\/typing)?$/;
const TALK_FILE = /^\/[a-z]{2}\/chat\/[^/]+\/file$/;
const IDENTIFY = /\/identify(\/code)?$/;
const ANSWER = /^\/identify\//;
const PROGRAM = /^\/signature\/program\//;
const SIGNAL = /\/room\/(signal|seat|leave|say|quality|still)$/;
const UPLOAD = /\/documents\/upload\/[^/]+$/;
const CODE = /\/verify(\/\w+)?$/;
const SEARCH = /\/(times|time|change)$/;
/** Following what others told: each may send a message to an address that nobody has proved. */
const FOLLOW = /\/requests\/map\/[^/]+\/follow$/;
const OPEN_DATA = /^\/open-data\/|\/data$|\/requests\/map(\/|$)/;

/** Returns the limits for one address on the citizen's pages and on sign-in posts, in this process. */
export function createLimits(clock: Clock): {
  /** Returns the seconds to wait; 0: no wait. */
  take(request: { method: string; path: string }, address: string): number;
} {
  const writes = createLimiter(clock, WRITES);
  const holds = createLimiter(clock, HOLDS);
  const linkRecoveries = createLimiter(clock, LOST_LINKS);
  const waits = createLimiter(clock, WAITS);
  const searches = createLimiter(clock, SEARCHES);
  const published = createLimiter(clock, PUBLISHED);
  const cases = createLimiter(clock, CASES);
  const pages = createLimiter(clock, PAGES);
  const allPages = createLimiter(clock, ALL_PAGES);
  const talk = createLimiter(clock, TALK);
  const allTalk = createLimiter(clock, ALL_TALK);
  const talkFiles = createLimiter(clock, TALK_FILES);
  const codes = createLimiter(clock, CODES);
  const signals = createLimiter(clock, SIGNALS);
  const uploads = createLimiter(clock, UPLOADS);
  const identifications = createLimiter(clock, IDENTIFICATIONS);
  const answers = createLimiter(clock, ANSWERS);
  const programs = createLimiter(clock, PROGRAMS);
  return {
    take: ({ method, path }, address) => {
      // Each of those calls the town's provider and leaves a row.
      const isRead = (method === 'GET' || method === 'HEAD') && path !== '/staff/sso';
      const secret = CASE.exec(path)?.[1];
      if (secret && !isRead && path.endsWith('/similar')) return waits.take(address);
      if (secret) return isRead ? 0 : allPages.take(address) || pages.take(secret);
      if (ANSWER.test(path)) return answers.take(address);
      if (PROGRAM.test(path)) return programs.take(address);
      if (isRead && OPEN_DATA.test(path)) return published.take(address);
      if (isRead) return SEARCH.test(path) ? searches.take(address) : 0;
      const talking = TALKING.exec(path)?.[1];
      if (talking) return allTalk.take(address) || talk.take(talking);
      if (SIGNAL.test(path)) return signals.take(address);
      if (UPLOAD.test(path)) return uploads.take(address);
      const wait = writes.take(address);
      if (wait > 0) return wait;
      if (path.endsWith('/lost-link') || path.endsWith('/requests/lost'))
        return linkRecoveries.take(address);
      if (TALK_FILE.test(path)) return talkFiles.take(address);
      if (IDENTIFY.test(path)) return identifications.take(address);
      if (path.endsWith('/waiting') || FOLLOW.test(path)) return waits.take(address);
      if (path.endsWith('/apply') || path.endsWith('/requests')) return cases.take(address);
      if (CODE.test(path)) return codes.take(address);
      return path.endsWith('/times') ? holds.take(address) : 0;
    },
  };
}
