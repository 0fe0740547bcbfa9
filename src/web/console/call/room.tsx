import { hasRoom } from '../../../domain/channel.ts';
import { hasSameRole } from '../../../domain/roles.ts';
import { viewerOf } from '../../../features/foundation/staff/service.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { mayTalk, whoseCall } from '../../../features/service/room/rules.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { Mark } from '../../../ui/mark.tsx';
import type { AtRoom } from '../../room.ts';
import { RoomScreen } from '../../room-screen.tsx';
import { Carried } from '../bar/dock.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/**
 * A video appointment's room, in the work region: the waiting people, and during the call the call
 * itself, for its agent.
 */
export function RoomPanel({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, base } = visit;
  const { id, channel, status } = dossier.appointment;
  if (!hasRoom(channel)) return null;
  const asked = dossier.events.findLast((each) => each.kind === 'by_phone');
  const askedBy = asked && (asked.actor === 'citizen' ? 'citizen' : 'agent');
  const note = askedBy ? <p class="notice warn">{t(`room.desk.asked.${askedBy}`)}</p> : null;
  if (status === 'booked' || status === 'arrived') {
    const isHere = status === 'arrived';
    return (
      <>
        <p class="lit-title">
          <Mark lit={isHere} /> {t(isHere ? 'room.desk.here' : 'room.desk.away')}
        </p>
        {note}
      </>
    );
  }
  const actor = actorOf(visit.viewer);
  // A person who only views a colleague's call must not enter it.
  if (status !== 'in_progress' || !mayTalk(dossier.events, actor)) return null;
  const home = `${base}/appointment/${id}`;
  const room = `${home}/room`;
  return (
    <Carried
      t={t}
      id={`call-${id}`}
      home={home}
      name={t('room.desk.title')}
      who={dossier.appointment.citizen.name}
    >
      <p class="soft small">{t('room.desk.private')}</p>
      {note}
      <noscript>
        <p>{t('room.desk.plain')}</p>
      </noscript>
      <RoomScreen
        t={t}
        side="agent"
        base={room}
        stills={visit.office.settings.video.stills === 'asked'}
        isLive={dossier.appointment.needs.includes('real_time_text')}
        enters={askedBy === undefined && whoseCall(dossier.events) === actor}
      />
    </Carried>
  );
}

/** Returns the member of staff as a participant of the room, as long as their session stays the same. */
export const atStaffsRoom =
  (deps: StaffDeps) =>
  ({ c, viewer, office }: DeskVisit): AtRoom => ({
    c,
    viewer,
    office: office.id,
    appointment: c.req.param('id') ?? '',
    mayGoOn: async () => {
      const headers = new Headers({ cookie: c.req.header('Cookie') ?? '' });
      const session = await deps.staff.session(headers, { isIdle: true });
      return session !== null && hasSameRole(viewerOf(session, office.code), viewer);
    },
  });

/** `…/room/phone`: continues the video call by telephone. */
export const byPhonePage =
  ({ room }: StaffDeps) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office, base } = visit;
    const id = c.req.param('id') ?? '';
    const asked = await room.byPhone(viewer, office.id, id);
    if (!asked.ok && asked.reason === 'not_found') return c.notFound();
    return visit.redirect(`${base}/appointment/${id}`);
  };
