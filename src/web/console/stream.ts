import { isSamePost } from '../../domain/roles.ts';
import type { OfficeEvent } from '../../features/booking/events/types.ts';
import { viewerOf } from '../../features/foundation/staff/service.ts';
import { mayCoordinate } from '../../features/service/coordination/rules.ts';
import { mayAssist } from '../../features/service/encounter/rules.ts';
import type { EventStream } from '../../lib/http/streams.ts';
import { formatNews } from './event-words.ts';
import type { DeskVisit, StaffDeps } from './visit.tsx';

/** Seconds until a page tries again after too many streams. */
const LATER = '60';

/**
 * Sends other people's changes to this person's appointments as they happen: `hello`, after which no
 * event is missed, then `news`.
 * Coordinators also get changes of a desk's presence: `presence`. Whoever answers conversations gets
 * their changes: `chats`, with an id or of the line. An open stream counts as presence at
 * the desk's console.
 * It ends with the session, or when the person's role in this office changes.
 */
export function streamPage(deps: StaffDeps) {
  const { eventFeed, presence, streams, staff, clock, officeChatNews } = deps;
  return async (visit: DeskVisit): Promise<Response> => {
    // Of the visit nothing else may be used in what follows: a stream lasts for hours, and a request with its data is large.
    const { t, dates, viewer, office } = visit;
    const after = lastHeard(visit);
    const cookie = visit.c.req.header('Cookie') ?? '';
    const followsChats = hasChats(visit);
    const tell = (stream: EventStream, news: readonly OfficeEvent[]) => {
      const around = { t, dates, viewer, office, now: clock.now() };
      for (const each of news)
        stream.send({ event: 'news', id: each.id, data: formatNews(around, each) });
    };
    const answer = await streams.open({
      of: `staff ${viewer.staff}`,
      begin: async (stream) => {
        const { newest, missed, stop } = await eventFeed.follow(viewer, after, (news) =>
          tell(stream, news),
        );
        stream.send({ event: 'hello', id: newest, data: {} });
        tell(stream, missed);
        const letGo = presence.hold(viewer);
        const unwatch = mayCoordinate(viewer)
          ? await presence.watch(office.id, () => stream.send({ event: 'presence', data: {} }))
          : () => {};
        const unfollow = followsChats
          ? officeChatNews.follow(office.id, (news) =>
              stream.send({ event: 'chats', data: news ?? {} }),
            )
          : () => {};
        return () => {
          unfollow();
          stop();
          letGo();
          unwatch();
        };
      },
      mayGoOn: async () => {
        const session = await staff.session(new Headers({ cookie }), { isIdle: true });
        const now = session && viewerOf(session, office.code);
        return isSamePost(now, viewer);
      },
    });
    return answer ?? visit.c.body(null, 429, { 'Retry-After': LATER });
  };
}

/** Returns whether the viewer answers conversations in writing, in an office that has them. */
const hasChats = ({ viewer, office }: DeskVisit): boolean =>
  mayAssist(viewer) && office.settings.chat.topics.length > 0;

/**
 * Returns the last event that the page got: the browser sends it on its own reconnection, the page on
 * other ones.
 */
function lastHeard({ c }: DeskVisit): number | null {
  const given = c.req.header('Last-Event-ID') ?? c.req.query('after') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : null;
}
