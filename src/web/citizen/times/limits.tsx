import type { ComponentChildren } from 'preact';
import { isHeld } from '../../../features/booking/journeys/service.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { Reach } from '../reaching.tsx';
import { OtherWays, WalkIn } from '../shared.tsx';
import type { JourneyVisit, ProcedureVisit } from '../visit.tsx';

/** Answers that this address has too many holds: the present ones stay, and there are other ways. */
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
 * Answers that a person with this e-mail or telephone has the maximum of appointments. The answer is the
 * same for both
 * addresses and has no details: the reader may be a stranger.
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

/** The other ways to be served for somebody who can't book here now. */
function Otherwise({ visit }: { visit: ProcedureVisit }): ComponentChildren {
  const { t, office, procedure } = visit;
  return (
    <>
      <Reach visit={visit} lead={t('limits.call')} />
      <WalkIn t={t} office={office} />
      <OtherWays t={t} office={office} procedure={procedure} />
    </>
  );
}
