import type { ComponentChildren } from 'preact';
import { isHeld } from '../../../features/booking/journeys/service.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { OtherWays, Phone, WalkIn } from '../shared.tsx';
import type { JourneyVisit, ProcedureVisit } from '../visit.tsx';

/** No more times are kept for this address at once: what it keeps stays, and there are other ways. */
export function showHeldEnough(
  visit: ProcedureVisit,
  { until, back }: { until: Temporal.Instant; back: string },
): Response {
  const { t, c, office, dates, now } = visit;
  const seconds = Math.max(1, Math.ceil(until.since(now).total('seconds')));
  c.header('Retry-After', String(seconds));
  const title = t('limits.held.title');
  return visit.show(
    { title, status: 429, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">
        {t('limits.held.text', { count: office.settings.booking.holdsPerAddress })}
      </p>
      <p>{t('limits.held.finish', { time: dates.time(until) })}</p>
      <p>{t('limits.held.shared')}</p>
      <p>
        <ButtonLink href={back}>{t('limits.held.back')}</ButtonLink>
      </p>
      <Otherwise visit={visit} />
    </>,
  );
}

/**
 * Somebody with this e-mail address or this telephone has as many appointments as one person may. It says the same whichever
 * of the two it is, and nothing of the appointments: who asks may be a stranger.
 */
export function showBookedEnough(visit: JourneyVisit): Response {
  const { t, office, journey, to, dates, now } = visit;
  const title = t('limits.open.title');
  const start = { day: dates.day(journey.start), time: dates.time(journey.start) };
  return visit.show(
    { title, status: 409, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('limits.open.text', { count: office.settings.booking.openPerPerson })}</p>
      <p>{t('limits.open.change')}</p>
      <p>
        <a href={to.linkRecovery}>{t('limits.open.lost')}</a>
      </p>
      {journey.holdUntil && isHeld(journey, now) ? (
        <Notice kind="time">
          <p>{t('citizen.hold.kept', { ...start, until: dates.time(journey.holdUntil) })}</p>
        </Notice>
      ) : null}
      <p>
        <ButtonLink href={to.booking(office.code, journey.id, 'details')}>
          {t('limits.open.correct')}
        </ButtonLink>
      </p>
      <Otherwise visit={visit} />
    </>,
  );
}

/** Who can't book here now is served all the same. */
function Otherwise({ visit }: { visit: ProcedureVisit }): ComponentChildren {
  const { t, office, procedure } = visit;
  const phone = office.settings.contact?.phone;
  return (
    <>
      {phone ? (
        <p>
          {t('limits.call')} <Phone number={phone} />
        </p>
      ) : null}
      <WalkIn t={t} office={office} />
      <OtherWays t={t} office={office} procedure={procedure} />
    </>
  );
}
