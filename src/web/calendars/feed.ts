import { type Context, Hono } from 'hono';
import type { CalendarFeeds } from '../../features/service/calendars/service.ts';
import type { Clock } from '../../lib/clock.ts';
import { createLimiter } from '../../lib/limiter.ts';
import type { SecurityLog } from '../../lib/security-events.ts';
import { type Guards, get, mount, type Route, routeOf } from '../routes.ts';

export interface FeedDeps {
  calendarFeeds: CalendarFeeds;
  clock: Clock;
  security: SecurityLog;
  addressOf: (c: Context) => string;
}

/** For one address: enough for a town hall behind one line whose programs all ask each quarter of an hour, few for a machine. */
const READS = { burst: 120, perMinute: 60 };
/** For one link: a program that asks more often gets nothing new. */
const READS_OF_ONE = { burst: 10, perMinute: 2 };

/** The file's name, without the ending, is the secret. */
const secretIn = (c: Context): string => (c.req.param('file') ?? '').replace(/\.ics$/, '');

/** `/calendar/{secret}.ics`: the appointments of a desk, for a calendar program (RFC 5545). */
function feedRoutes({ calendarFeeds, clock, addressOf }: FeedDeps): Route[] {
  const reads = createLimiter(clock, READS);
  const readsOfOne = createLimiter(clock, READS_OF_ONE);
  const handle = async (c: Context): Promise<Response> => {
    const secret = secretIn(c);
    const wait = Math.max(reads.take(addressOf(c)), readsOfOne.take(secret));
    c.header('Cache-Control', 'no-store');
    c.header('X-Robots-Tag', 'noindex');
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.text('', 429);
    }
    const text = await calendarFeeds.read(secret);
    if (text === null) return c.notFound();
    return c.body(text, 200, {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Disposition': 'inline; filename="calendar.ics"',
    });
  };
  return [get('/calendar/:file{[\\w-]{32}\\.ics}', 'feed', handle)];
}

/** Returns the guard of feeds: a secret that opens none is not found, and a security event. */
export const feedGuards = ({
  calendarFeeds,
  security,
  addressOf,
}: Omit<FeedDeps, 'clock'>): Guards => ({
  of: {
    feed: async (c) => {
      if (await calendarFeeds.isOpen(secretIn(c))) return null;
      security.note('link.unknown', { what: 'feed', route: routeOf(c) }, addressOf(c));
      return c.notFound();
    },
  },
});

export function calendarFeeds(deps: FeedDeps, guards: Guards = feedGuards(deps)): Hono {
  const app = new Hono();
  mount(app, feedRoutes(deps), guards);
  return app;
}
