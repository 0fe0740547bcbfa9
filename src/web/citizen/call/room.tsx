import { GIVEN_LEVELS } from '../../../domain/identity.ts';
import { canTelephone } from '../../../domain/needs.ts';
import type { OfferedProvider } from '../../../features/foundation/identification/types.ts';
import type { Delay } from '../../../features/service/delays/types.ts';
import { OPENS_BEFORE_MINUTES, roomStands } from '../../../features/service/room/rules.ts';
import { isSigned, type Language, textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import type { AtRoom } from '../../room.ts';
import { engineOf, RoomScreen } from '../../room-screen.tsx';
import { ActNotice, actsOf } from '../appointment/acts.tsx';
import { formatNumber } from '../appointment/called.ts';
import { formatAttendant } from '../attendant.ts';
import { GuideLink } from '../guide.tsx';
import { providersFor } from '../identify/appointment.tsx';
import { Reach } from '../reaching.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { Line, placeOf } from './line.tsx';

/** What the page of the room loads, and may use. */
const ROOM_PAGE = {
  isPersonal: true,
  islands: ['room', 'line'],
  devices: ['camera', 'microphone'],
  fillsWindow: true,
} satisfies Partial<Parameters<AppointmentVisit['show']>[0]>;

/** `…/room`: the citizen waits, is let in and talks. Only a button enters; opening the page doesn't. */
export function roomPage(deps: CitizenDeps) {
  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      const { t, to, secret, appointment, now } = visit;
      const stands = roomStands(appointment, now);
      if (stands === 'over') return visit.redirect(to.appointment(secret));
      if (stands === 'early') return showEarly(visit, deps);
      const title = t('room.title');
      const phone = phoneOf(visit);
      const delay = await deps.delays.delay(visit.office, appointment);
      return visit.show(
        { title, ...ROOM_PAGE, connect: deps.captions.origins(visit.office) },
        <>
          <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
          <div class="lit-title">
            <Mark lit={appointment.status === 'in_progress'} />
            <h1 id="room-title">{title}</h1>
          </div>
          <p class="lead">{await formatWhen(deps, visit, delay)}</p>
          <Line visit={visit} place={await placeOf(deps, visit)} isDelayed={delay !== null} />
          <p class="soft">{t('room.private')}</p>
          <div id="room-asked">
            <ActNotice visit={visit} acts={await actsOf(deps, visit)} />
          </div>
          <p id="room-plain">{t('room.plain')}</p>
          <Screen deps={deps} visit={visit} offered={await deps.identification.offered()} />
          <Unable visit={visit} />
          {phone ? (
            <ByPhone
              visit={visit}
              phone={phone}
              isAsked={(await deps.room.askedBy(appointment)) !== null}
            />
          ) : null}
          <RoomLinks visit={visit} deps={deps} />
        </>,
      );
    },

    /** The citizen does not want to identify now. */
    declineIdentity: async ({ c, viewer, office }: AppointmentVisit): Promise<Response> => {
      await deps.identifying.fail(viewer, office, 'declined');
      return c.body(null, 204);
    },

    /** The citizen prefers a phone call. Works without scripts. */
    phone: async (visit: AppointmentVisit): Promise<Response> => {
      const { viewer, office, appointment, to, secret } = visit;
      await deps.room.byPhone(viewer, office.id, appointment.id);
      // That page shows the result, or leads to the appointment when the room is closed.
      return visit.redirect(to.appointment(secret, 'room'));
    },
  };
}

function Screen(props: {
  deps: CitizenDeps;
  visit: AppointmentVisit;
  offered: readonly OfferedProvider[];
}) {
  const { deps, visit, offered } = props;
  const { t, to, secret, office, appointment } = visit;
  const phone = phoneOf(visit);
  return (
    <RoomScreen
      t={t}
      side="citizen"
      office={textIn(office.name, t.language)}
      base={to.appointment(secret, 'room')}
      ending={to.appointment(secret)}
      isLive={appointment.needs.includes('real_time_text')}
      signs={isSigned(appointment.language)}
      {...(phone && { phone })}
      providers={providersByLevel(offered, t.language)}
      engine={engineOf(deps, office, appointment)}
    />
  );
}

const providersByLevel = (offered: readonly OfferedProvider[], language: Language) =>
  Object.fromEntries(
    GIVEN_LEVELS.map((level) => [level, providersFor(offered, level, language).join(', ')]),
  );

/** Returns the number at which the conversation can go on; null: there is none, or a telephone can't meet what the citizen needs. */
const phoneOf = ({ appointment, office }: AppointmentVisit): string | null =>
  appointment.citizen.phone && canTelephone(appointment)
    ? formatNumber(appointment.citizen.phone, office)
    : null;

/** Every way to reach the office, for people whose browser can't make calls. The island hides it where it can. */
const Unable = ({ visit }: { visit: AppointmentVisit }) => (
  <div id="room-unable">
    <Reach visit={visit} lead={visit.t('citizen.problem.call')} />
  </div>
);

/** The device test, and the pages that the room itself opens beside the call. The island hides them while one is in the room. */
function RoomLinks({ visit, deps }: { visit: AppointmentVisit; deps: CitizenDeps }) {
  const { t, to, secret } = visit;
  return (
    <div class="stack" id="room-links">
      <p>
        <a href={to.appointment(secret, 'device')}>{t('device.link')}</a>
      </p>
      <p>
        <a href={to.appointment(secret, 'documents')}>{t('documents.link')}</a>
      </p>
      <p>
        <a href={to.appointment(secret, 'companions')}>{t('companions.open')}</a>
      </p>
      <GuideLink visit={visit} assets={deps.assets} page="room" />
    </div>
  );
}

/** Returns the citizen as a participant of the room: the holder of the link. */
export const atCitizensRoom = ({ c, viewer, office, appointment }: AppointmentVisit): AtRoom => ({
  c,
  viewer,
  office: office.id,
  appointment: appointment.id,
  mayGoOn: async () => true,
});

async function formatWhen(
  deps: CitizenDeps,
  visit: AppointmentVisit,
  delay: Delay | null,
): Promise<string> {
  const { t, dates, appointment } = visit;
  const who = await formatAttendant(deps, visit);
  return delay
    ? t('room.lead.late', { who, time: dates.time(delay.at) })
    : t('room.lead', { who, time: dates.time(appointment.start) });
}

function ByPhone(props: { visit: AppointmentVisit; phone: string; isAsked: boolean }) {
  const { visit, phone, isAsked } = props;
  const { t, to, secret } = visit;
  return (
    <>
      <p role="status" id="by-phone">
        {isAsked ? t('room.phone.asked', { phone }) : ''}
      </p>
      <form action={`${to.appointment(secret, 'room')}/phone`} method="post" hidden={isAsked}>
        <button type="submit" class="button quiet wide-s">
          {t('room.phone', { phone })}
        </button>
      </form>
    </>
  );
}

function showEarly(visit: AppointmentVisit, { assets }: CitizenDeps): Response {
  const { t, to, secret, appointment, dates } = visit;
  const opens = appointment.start.subtract({ minutes: OPENS_BEFORE_MINUTES });
  const title = t('room.early.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <h1>{title}</h1>
      <p class="lead">{t('room.early', { day: dates.day(opens), time: dates.time(opens) })}</p>
      <p>
        <ButtonLink kind="quiet" href={to.appointment(secret, 'device')}>
          {t('device.link')}
        </ButtonLink>
      </p>
      <p>
        <a href={to.appointment(secret, 'companions')}>{t('companions.open')}</a>
      </p>
      <GuideLink visit={visit} assets={assets} page="room" />
    </>,
  );
}
