import { useContext } from 'preact/hooks';
import { hasRoom } from '../../../domain/channel.ts';
import { canTelephone } from '../../../domain/needs.ts';
import { hasSameRole } from '../../../domain/roles.ts';
import { formatPress } from '../../../features/foundation/preferences/rules.ts';
import { viewerOf } from '../../../features/foundation/staff/service.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { mayTalk, whoseCall } from '../../../features/service/room/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { Mark } from '../../../ui/mark.tsx';
import { formatNumber } from '../../citizen/appointment/called.ts';
import type { AtRoom } from '../../room.ts';
import { type RoomEngine, RoomScreen } from '../../room-screen.tsx';
import { Carried } from '../bar/dock.tsx';
import { PersonsShortcuts } from '../key.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

type RoomProps = { visit: DeskVisit; dossier: Dossier };

/** Who asked to go on by telephone, as a note. */
function ByPhoneNote({ visit: { t }, dossier }: RoomProps) {
  const askedBy = askedIn(dossier);
  return askedBy ? <p class="notice warn">{t(`room.desk.asked.${askedBy}`)}</p> : null;
}

function askedIn({ events }: Dossier): 'citizen' | 'agent' | null {
  const asked = events.findLast((each) => each.kind === 'by_phone');
  return asked ? (asked.actor === 'citizen' ? 'citizen' : 'agent') : null;
}

/** Before a video call: whether the citizen waits, in the work region. */
export function RoomPanel({ visit, dossier }: RoomProps) {
  const { t } = visit;
  const { channel, status } = dossier.appointment;
  if (!hasRoom(channel) || (status !== 'booked' && status !== 'arrived')) return null;
  const isHere = status === 'arrived';
  return (
    <>
      <p class="lit-title">
        <Mark lit={isHere} /> {t(isHere ? 'room.desk.here' : 'room.desk.away')}
      </p>
      <ByPhoneNote visit={visit} dossier={dossier} />
    </>
  );
}

/** The call itself, for its agent: a region above the citizen's data, in sight while the encounter is written. */
export function CallRegion(props: RoomProps & { engine: RoomEngine | null }) {
  const { visit, dossier, engine } = props;
  const { t, base } = visit;
  const { id, channel, status, citizen, needs } = dossier.appointment;
  const actor = actorOf(visit.viewer);
  // A person who only views a colleague's call must not enter it.
  if (!hasRoom(channel) || status !== 'in_progress' || !mayTalk(dossier.events, actor)) return null;
  const home = `${base}/appointment/${id}`;
  return (
    <div class="region call-region">
      <Carried t={t} id={`call-${id}`} home={home} name={t('room.desk.title')} who={citizen.name}>
        <p class="soft small">{t('room.desk.private')}</p>
        <ByPhoneNote visit={visit} dossier={dossier} />
        <noscript>
          <p>{t('room.desk.plain')}</p>
        </noscript>
        <DeskRoom
          t={t}
          office={textIn(visit.office.name, t.language)}
          base={`${home}/room`}
          {...(citizen.phone &&
            canTelephone(dossier.appointment) && {
              phone: formatNumber(citizen.phone, visit.office),
            })}
          stills={visit.office.settings.video.stills === 'asked'}
          engine={engine}
          isLive={needs.includes('real_time_text')}
          enters={askedIn(dossier) === null && whoseCall(dossier.events) === actor}
        />
      </Carried>
    </div>
  );
}

/** The agent's screen of the room, with their own keys on its buttons. */
function DeskRoom(props: Omit<Parameters<typeof RoomScreen>[0], 'side' | 'keys'>) {
  const { mute, hangUp } = useContext(PersonsShortcuts);
  const keys = { mute: formatPress(mute), hangUp: formatPress(hangUp) };
  return <RoomScreen {...props} side="agent" keys={keys} />;
}

/** Returns the member of staff as a participant of the room, as long as their session stays the same. */
export const atStaffsRoom =
  (deps: StaffDeps) =>
  ({ c, viewer, office }: DeskVisit): AtRoom => {
    const cookie = c.req.header('Cookie') ?? '';
    return {
      c,
      viewer,
      office: office.id,
      appointment: c.req.param('id') ?? '',
      mayGoOn: async () => {
        const session = await deps.staff.session(new Headers({ cookie }), { isIdle: true });
        return session !== null && hasSameRole(viewerOf(session, office.code), viewer);
      },
    };
  };

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
