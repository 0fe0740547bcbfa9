import { isSamePost } from '../../domain/roles.ts';
import type { OfficeEvent } from '../../features/booking/events/types.ts';
import { viewerOf } from '../../features/foundation/staff/service.ts';
import { mayCoordinate } from '../../features/service/coordination/rules.ts';
import type { EventStream } from '../../lib/http/streams.ts';
import { formatNews } from './event-words.ts';
import type { DeskVisit, StaffDeps } from './visit.tsx';

/** Where a page asks again after too many streams, in seconds. */
const LATER = '60';

/**
 * What others do to this person's appointments, as it happens: `hello`, from which on nothing is missed, then `news`. Who
 * coordinates hears that a desk's state has changed, too: `presence`. While it is open, somebody is at the desk's console.
 * Ends when the session does, or when they act in this office as something else.
 */
export function streamPage({ eventFeed, presence, streams, staff, clock }: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, dates, viewer, office } = visit;
    const after = lastHeard(visit);
    const headers = new Headers({ cookie: c.req.header('Cookie') ?? '' });
    const tell = (stream: EventStream, news: readonly OfficeEvent[]) => {
      // Not the whole visit: a stream lasts for hours, and a request with all that belongs to it is large.
      const around = { t, dates, viewer, office, now: clock.now() };
      for (const each of news)
        stream.send({ event: 'news', id: each.id, data: formatNews(around, each) });
    };
    const answer = await streams.open({
      of: `staff ${viewer.staff}`,
      begin: async (stream) => {
        const following = await eventFeed.follow(viewer, after, (news) => tell(stream, news));
        stream.send({ event: 'hello', id: following.newest, data: {} });
        tell(stream, following.missed);
        const letGo = presence.hold(viewer);
        const unwatch = mayCoordinate(viewer)
          ? await presence.watch(office.id, () => stream.send({ event: 'presence', data: {} }))
          : () => {};
        return () => {
          following.stop();
          letGo();
          unwatch();
        };
      },
      mayGoOn: async () => {
        const session = await staff.session(headers, { isIdle: true });
        const now = session && viewerOf(session, office.code);
        return isSamePost(now, viewer);
      },
    });
    return answer ?? c.body(null, 429, { 'Retry-After': LATER });
  };
}

/** The event that the page heard of last: the browser says it when it comes again by itself, the page when it does. */
function lastHeard({ c }: DeskVisit): number | null {
  const given = c.req.header('Last-Event-ID') ?? c.req.query('after') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : null;
}
