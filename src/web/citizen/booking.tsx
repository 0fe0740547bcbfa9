import { sayPhone } from '../../features/appointments/rules.ts';
import type { Details } from '../../features/appointments/types.ts';
import { isHeld } from '../../features/journeys/service.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { Button, LinkButton } from '../../ui/buttons.tsx';
import { BackLink, LanguageName, Notice, SummaryList, type SummaryRow } from '../../ui/parts.tsx';
import { readForm } from '../form.ts';
import { readInstant } from './days.ts';
import {
  ContactFields,
  checkAnswers,
  type Mistakes,
  OtherFields,
  problemsOf,
  readAnswers,
  textOf,
} from './details-form.tsx';
import { showBookedEnough, showHeldEnough } from './limits.tsx';
import { Chosen, showTimes, type TimePage } from './pick-time.tsx';
import { Problems } from './shared.tsx';
import type { CitizenDeps, JourneyVisit } from './visit.tsx';

/** `…/booking/{journey}/details`: who you are and how we reach you. */
export function detailsPage(deps: CitizenDeps) {
  return {
    get: (visit: JourneyVisit) => showDetails(visit, {}),

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { body, to } = visit;
      const form = await readForm(visit.c);
      const answers = { ...readAnswers(form), ...keptFlag(visit) };
      await deps.journeys.answer(visit.journey, answers);
      if (form.has('extend')) {
        await extend(deps, visit, answers);
        return visit.redirect(to.booking(body.code, visit.journey.id, 'details'));
      }
      const checked = checkAnswers(visit, visit.journey.channel, answers);
      if (checked.ok) return visit.redirect(to.booking(body.code, visit.journey.id, 'check'));
      return showDetails({ ...visit, journey: { ...visit.journey, answers } }, checked.mistakes);
    },
  };
}

function showDetails(visit: JourneyVisit, mistakes: Mistakes): Response {
  const { t, body, procedure, journey, to } = visit;
  const problems = problemsOf(t, mistakes);
  const { channel, answers } = journey;
  const fields = { t, channel, answers, mistakes };
  return visit.show(
    {
      title: t('citizen.details.title'),
      hasErrors: problems.length > 0,
      status: problems.length > 0 ? 422 : 200,
      isPersonal: true,
    },
    <>
      <BackLink href={to.booking(body.code, journey.id, 'time')}>
        {t('citizen.time.other')}
      </BackLink>
      <Problems t={t} problems={problems} />
      <h1>{t('citizen.details.title')}</h1>
      <Kept visit={visit} />
      <form
        class="form"
        action={to.booking(body.code, journey.id, 'details')}
        method="post"
        novalidate
      >
        <ContactFields {...fields} />
        <OtherFields {...fields} procedure={procedure} />
        <p class="soft">
          {t('citizen.details.privacy')}{' '}
          <a href={to.about('privacy')}>{t('citizen.details.privacyLink')}</a>
        </p>
        <Button>{t('citizen.continue')}</Button>
        <Extend visit={visit} />
      </form>
    </>,
  );
}

/** `…/booking/{journey}/check`: everything once more, then the appointment is made. */
export function checkPage(deps: CitizenDeps) {
  return {
    get: (visit: JourneyVisit): Response => {
      const { body, journey, to } = visit;
      const checked = checkAnswers(visit, journey.channel, journey.answers);
      if (!checked.ok) return visit.redirect(to.booking(body.code, journey.id, 'details'));
      return showCheck(visit, checked.details);
    },

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { body, journey, to, language } = visit;
      const form = await readForm(visit.c);
      if (form.has('extend')) {
        await extend(deps, visit, journey.answers);
        return visit.redirect(to.booking(body.code, journey.id, 'check'));
      }
      const checked = checkAnswers(visit, journey.channel, journey.answers);
      if (!checked.ok) return showDetails(visit, checked.mistakes);
      const speaking = { ...journey, pageLanguage: language };
      const booked = await deps.journeys.confirm(body, speaking, checked.details);
      if (booked.ok) return visit.redirect(to.appointment(booked.secret, 'confirmed'));
      if (booked.reason === 'too_many') return showBookedEnough(visit);
      return showTaken(deps, visit, journey.start);
    },
  };
}

function showCheck(visit: JourneyVisit, details: Details): Response {
  const { t, body, journey, to } = visit;
  const title = t('citizen.check.title');
  const action = to.booking(body.code, journey.id, 'check');
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.booking(body.code, journey.id, 'details')}>{t('citizen.back')}</BackLink>
      <h1>{title}</h1>
      <Kept visit={visit} />
      <form class="form" action={action} method="post">
        <SummaryList rows={summaryOf(visit, details)} />
        <Button>{t('citizen.check.confirm')}</Button>
        <Extend visit={visit} />
      </form>
    </>,
  );
}

function summaryOf(visit: JourneyVisit, details: Details): SummaryRow[] {
  const { t, body, procedure, journey, to, dates, language } = visit;
  const { citizen, onBehalfOf, needs, comment } = details;
  const change = (page: 'time' | 'details', label: string, field = '') => ({
    href: `${to.booking(body.code, journey.id, page)}${field}`,
    text: t('citizen.change'),
    what: label.toLowerCase(),
  });
  const row = (label: string, value: SummaryRow['value'], field?: string): SummaryRow => ({
    label,
    value: value || t('citizen.check.none'),
    ...(field && { change: change('details', label, field) }),
  });
  const when = t('citizen.check.when');
  const minutes = t('common.minutes', { count: procedure.channels[journey.channel] ?? 0 });
  return [
    row(t('citizen.check.what'), textIn(procedure.name, language)),
    {
      label: when,
      value: `${dates.longDay(journey.start)}, ${dates.time(journey.start)}`,
      change: change('time', when),
    },
    row(t('citizen.check.how'), `${t(`common.channel.${journey.channel}`)}, ${minutes}`),
    row(t('citizen.check.language'), <LanguageName of={journey.language} t={t} />),
    row(t('citizen.check.name'), citizen.name, '#name'),
    row(
      t('citizen.check.phone'),
      citizen.phone && sayPhone(citizen.phone, body.settings.country),
      '#phone',
    ),
    row(t('citizen.check.email'), citizen.email, '#email'),
    ...(procedure.onBehalf
      ? [row(t('citizen.check.whom'), onBehalfOf ?? t('citizen.details.self'), '#whom')]
      : []),
    row(
      t('citizen.check.needs'),
      needs.map((each) => t(`citizen.need.${each}`)).join('\n'),
      '#needs',
    ),
    row(t('citizen.check.comment'), comment, '#comment'),
  ];
}

/** `…/booking/{journey}/time`: another time in the same booking; every answer stays. */
export function otherTimePage(deps: CitizenDeps) {
  return {
    get: (visit: JourneyVisit) => showTimes(deps, visit, timePage(visit)),

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { t, body, journey, to } = visit;
      const start = readInstant((await readForm(visit.c)).text('start'));
      if (!start) {
        const problem = { status: 422, text: t('citizen.times.choose') } as const;
        return showTimes(deps, visit, { ...timePage(visit), problem });
      }
      const chosen = await deps.journeys.chooseTime(body, journey, start);
      if (!chosen.ok && chosen.reason === 'too_many') {
        const back = to.booking(body.code, journey.id, 'details');
        return showHeldEnough(visit, { until: chosen.until, back });
      }
      if (!chosen.ok) return showTaken(deps, visit, start);
      if ('extended' in journey.answers) {
        const { extended: _, ...answers } = journey.answers; // a new hold may be extended again
        await deps.journeys.answer(journey, answers);
      }
      const isDone = checkAnswers(visit, journey.channel, journey.answers).ok;
      return visit.redirect(to.booking(body.code, journey.id, isDone ? 'check' : 'details'));
    },
  };
}

function showTaken(
  deps: CitizenDeps,
  visit: JourneyVisit,
  start: Temporal.Instant,
): Promise<Response> {
  const { t, dates } = visit;
  const taken = { day: dates.day(start), time: dates.time(start) };
  const problem = { status: 409, text: t('citizen.times.takenKept', taken) } as const;
  return showTimes(deps, visit, { ...timePage(visit), problem });
}

function timePage(visit: JourneyVisit): TimePage {
  const { t, body, journey, to } = visit;
  const { procedure, channel, language } = journey;
  const ask = { procedure, channel, language };
  return {
    ask,
    title: t('citizen.time.other'),
    action: to.booking(body.code, journey.id, 'time'),
    back: { href: to.booking(body.code, journey.id, 'details'), text: t('citizen.back') },
    button: t('citizen.continue'),
    intro: <Chosen visit={visit} ask={ask} />,
    isPersonal: true,
  };
}

/** Until when the time is kept. */
function Kept({ visit }: { visit: JourneyVisit }) {
  const { t, journey, dates, now } = visit;
  const start = { day: dates.day(journey.start), time: dates.time(journey.start) };
  if (!journey.holdUntil || !isHeld(journey, now))
    return (
      <Notice kind="warn">
        <p>{t('citizen.hold.ended', start)}</p>
      </Notice>
    );
  return (
    <Notice kind="time">
      <p>{t('citizen.hold.kept', { ...start, until: dates.time(journey.holdUntil) })}</p>
    </Notice>
  );
}

/**
 * Keeps the time for longer, once. It sends the form it stands in, so nothing typed is lost, and stands after the
 * form's own button, which is the one that Enter presses.
 */
function Extend({ visit }: { visit: JourneyVisit }) {
  const { t, journey, now } = visit;
  if (!isHeld(journey, now) || textOf(journey.answers, 'extended')) return null;
  return (
    <p class="soft">
      {t('citizen.hold.more')}{' '}
      <LinkButton name="extend" value="1">
        {t('citizen.hold.extend')}
      </LinkButton>
    </p>
  );
}

const keptFlag = ({ journey }: JourneyVisit) =>
  textOf(journey.answers, 'extended') ? { extended: 'yes' } : {};

/** Keeps the time for longer, and remembers that it can't be done again. */
async function extend(
  deps: CitizenDeps,
  { body, journey }: JourneyVisit,
  answers: JourneyVisit['journey']['answers'],
): Promise<void> {
  await deps.journeys.extend(body, journey);
  await deps.journeys.answer(journey, { ...answers, extended: 'yes' });
}
