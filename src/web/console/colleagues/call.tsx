import { hasSameRole } from '../../../domain/roles.ts';
import { viewerOf } from '../../../features/foundation/staff/service.ts';
import type { Place } from '../../../features/service/colleagues/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { AtRoom } from '../../room.ts';
import { engineOf, RoomScreen } from '../../room-screen.tsx';
import { Carried } from '../bar/dock.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

const placeOf = ({ colleagues }: StaffDeps, { c, viewer }: DeskVisit): Promise<Place | null> =>
  colleagues.place(viewer, c.req.param('request') ?? '');

/** `/console/{office}/call/{request}`: the video call into which the reader was asked, and nothing else of the appointment. */
export function colleaguesCall(deps: StaffDeps) {
  return {
    get: async (visit: DeskVisit): Promise<Response> => {
      const place = await placeOf(deps, visit);
      if (!place) return visit.c.notFound();
      return place.state === 'in' ? showCall(deps, visit, place) : showOver(visit);
    },

    end: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer } = visit;
      const done = await deps.colleagues.end(viewer, c.req.param('request') ?? '');
      return done.ok ? visit.redirect(visit.base) : c.notFound();
    },
  };
}

function showCall(deps: StaffDeps, visit: DeskVisit, place: Place): Response {
  const { request, citizen, isLive } = place;
  const { t, base, office } = visit;
  const home = `${base}/call/${request.id}`;
  const title = t('colleagues.call.title', { name: citizen });
  return visit.show(
    {
      title,
      islands: ['console', 'room', 'persistent-call'],
      devices: ['camera', 'microphone'],
    },
    <>
      <h1>{title}</h1>
      <p>{t('colleagues.call.lead', { from: request.from.name })}</p>
      {request.note ? <p class="said">{request.note}</p> : null}
      <div class="call-region">
        <Carried
          t={t}
          id={`call-${request.id}`}
          home={home}
          name={t('room.desk.title')}
          who={citizen}
        >
          <p class="soft small">{t('room.desk.private')}</p>
          <noscript>
            <p>{t('room.desk.plain')}</p>
          </noscript>
          <RoomScreen
            t={t}
            side="colleague"
            office={textIn(office.name, t.language)}
            base={`${home}/room`}
            ending={home}
            isLive={isLive}
            engine={engineOf(deps, office, place)}
            enters
          />
        </Carried>
      </div>
      <form method="post" action={`${home}/end`} class="stack">
        <p class="soft">{t('colleagues.call.done.text')}</p>
        <p>
          <button type="submit" class="button quiet">
            {t('colleagues.call.done')}
          </button>
        </p>
      </form>
    </>,
  );
}

function showOver(visit: DeskVisit): Response {
  const { t, base } = visit;
  const title = t('colleagues.call.over.title');
  return visit.show(
    { title, islands: ['console'] },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('colleagues.call.over.text')}</p>
      <p>
        <a href={base}>{t('colleagues.back')}</a>
      </p>
    </>,
  );
}

/** Returns the reader as a colleague in the room, as long as their session and their place last; null: they have no place. */
export const atColleaguesRoom =
  (deps: StaffDeps) =>
  async (visit: DeskVisit): Promise<AtRoom | null> => {
    const { c, viewer, office } = visit;
    const place = await placeOf(deps, visit);
    if (!place) return null;
    const cookie = c.req.header('Cookie') ?? '';
    return {
      c,
      viewer: place.viewer,
      office: office.id,
      appointment: place.viewer.appointment,
      mayGoOn: async () => {
        const session = await deps.staff.session(new Headers({ cookie }), { isIdle: true });
        return session !== null && hasSameRole(viewerOf(session, office.code), viewer);
      },
    };
  };
