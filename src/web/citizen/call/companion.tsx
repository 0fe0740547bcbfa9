import { standsFor } from '../../../features/service/companions/rules.ts';
import { OPENS_BEFORE_MINUTES } from '../../../features/service/room/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { AppointmentCard } from '../../../ui/appointment-card.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { Notice } from '../../../ui/parts.tsx';
import type { AtRoom } from '../../room.ts';
import { engineOf, RoomScreen } from '../../room-screen.tsx';
import { formatAttendant } from '../attendant.ts';
import type { CitizenDeps, CompanionVisit } from '../visit.tsx';

/**
 * `/{language}/companion/{secret}`: companions see the time and the citizen's name, but not the subject;
 * later it is the room.
 * Only a button enters the room; opening the page doesn't.
 */
export function companionPage(deps: CitizenDeps) {
  return async (visit: CompanionVisit): Promise<Response> => {
    const stands = standsFor(visit.appointment, visit.now);
    if (stands === 'early') return showEarly(deps, visit);
    if (stands === 'open') return showRoom(deps, visit);
    const { t } = visit;
    const title = t(`companions.guest.${stands}.title`);
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        <p class="lead">{t(`companions.guest.${stands}.text`)}</p>
      </>,
    );
  };
}

/** Returns the companion as a participant of the room, until the link is revoked. */
export const atCompanionsRoom =
  ({ companions }: Pick<CitizenDeps, 'companions'>) =>
  ({ c, viewer, office, appointment, secret }: CompanionVisit): AtRoom => ({
    c,
    viewer,
    office: office.id,
    appointment: appointment.id,
    mayGoOn: async () => (await companions.bySecret(secret)) !== null,
  });

async function showEarly(deps: CitizenDeps, visit: CompanionVisit): Promise<Response> {
  const { t, dates, appointment, companion } = visit;
  const { start } = appointment;
  const opens = start.subtract({ minutes: OPENS_BEFORE_MINUTES });
  const title = t('companions.guest.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{formatWhose(visit)}</p>
      <AppointmentCard
        day={dates.longDay(start)}
        hour={dates.time(start)}
        start={start}
        channel={t('companions.guest.channel')}
        rows={[
          { label: t('companions.guest.who'), value: await formatAttendant(deps, visit) },
          { label: t('companions.guest.as'), value: t(`companions.role.${companion.role}`) },
          { label: t('companions.guest.you'), value: companion.name },
        ]}
      />
      <Notice kind="time">
        {t('companions.guest.early', { day: dates.day(opens), time: dates.time(opens) })}
      </Notice>
      <noscript>
        <p>{t('companions.guest.plain')}</p>
      </noscript>
      <Next visit={visit} />
    </>,
  );
}

async function showRoom(deps: CitizenDeps, visit: CompanionVisit): Promise<Response> {
  const { t, to, secret, companion, appointment } = visit;
  const title = t('room.title');
  const isIn = companion.admittedAt !== null && appointment.status === 'in_progress';
  return visit.show(
    {
      title,
      isPersonal: true,
      islands: ['room'],
      devices: ['camera', 'microphone'],
      fillsWindow: true,
      connect: deps.captions.origins(visit.office),
    },
    <>
      <div class="lit-title">
        <Mark lit={isIn} />
        <h1 id="room-title">{title}</h1>
      </div>
      <p class="lead">{formatWhose(visit)}</p>
      <p>{await formatWhen(deps, visit)}</p>
      <p id="room-plain">{t('companions.guest.plain')}</p>
      <RoomScreen
        t={t}
        side="companion"
        office={textIn(visit.office.name, t.language)}
        base={to.companion(secret, 'room')}
        isLive={appointment.needs.includes('real_time_text')}
        signs={companion.role === 'sign_language'}
        engine={engineOf(deps, visit.office, appointment)}
      />
      <Next visit={visit} />
    </>,
  );
}

/** Returns only what a companion needs of the citizen, without the subject. */
const formatWhose = ({ t, appointment }: CompanionVisit): string =>
  t('companions.guest.lead', { name: appointment.citizen.name });

async function formatWhen(deps: CitizenDeps, visit: CompanionVisit): Promise<string> {
  const { t, dates, office, appointment } = visit;
  const delay = await deps.delays.delay(office, appointment);
  const who = await formatAttendant(deps, visit);
  return delay
    ? t('companions.guest.when.late', { who, time: dates.time(delay.at) })
    : t('companions.guest.when', { who, time: dates.time(appointment.start) });
}

/** The preparation and the next steps, in order. */
function Next({ visit: { t, companion } }: { visit: CompanionVisit }) {
  return (
    <section class="stack" aria-labelledby="next">
      <h2 id="next">{t('companions.guest.next')}</h2>
      <ul>
        <li>{t('companions.guest.next.devices')}</li>
        {companion.role === 'sign_language' ? <li>{t('companions.guest.next.signs')}</li> : null}
        <li>{t('companions.guest.next.enter')}</li>
        <li>{t('companions.guest.next.private')}</li>
        <li>{t('companions.guest.next.secret')}</li>
      </ul>
    </section>
  );
}
