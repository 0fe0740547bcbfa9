import { createHash } from 'node:crypto';
import { askOf, isSameWay, type Way } from '../../../domain/appointment.ts';
import { carriesText } from '../../../domain/channel.ts';
import type { Details } from '../../../domain/person.ts';
import { type Journey, LIVES } from '../../../features/booking/journeys/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import {
  BackLink,
  LanguageName,
  Notice,
  SummaryList,
  type SummaryRow,
} from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatCalled, formatNumber } from '../appointment/called.ts';
import { Told } from '../appointment/told.tsx';
import { formPage, Problems } from '../shared.tsx';
import { choosingOf } from '../times/ask.tsx';
import { readInstant } from '../times/days.ts';
import { showBookedEnough, showHeldEnough } from '../times/limits.tsx';
import { Chosen, showTimes } from '../times/pick-time.tsx';
import { askAgain, type TimePage } from '../times/time-page.ts';
import { formatWay, wayAsked, wayCode, waysOf } from '../times/ways.ts';
import type { CitizenDeps, JourneyVisit } from '../visit.tsx';
import { checkAnswers, type Mistakes, problemsOf, readAnswers, whomOf } from './answers.ts';
import { ContactFields, OtherFields, WhomField } from './details-form.tsx';
import { Extend, extended, Kept } from './hold.tsx';

/** `…/booking/{journey}/details`: the citizen's name and contact. */
export function detailsPage(deps: CitizenDeps) {
  return {
    get: (visit: JourneyVisit) => showDetails(visit, {}),

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { office, journey, to } = visit;
      const form = await readForm(visit.c);
      const answers = { ...journey.answers, ...readAnswers(form) };
      await deps.journeys.answer(journey, readAnswers(form));
      // The island saves the typed values and needs no page.
      if (form.has('save')) return visit.c.body(null, 204);
      if (form.has('extend')) {
        await extended(deps, visit);
        return visit.redirect(to.booking(office.code, journey.id, 'details'));
      }
      const answered = { ...visit, journey: { ...journey, answers } };
      const checked = checkAnswers(visit, journey.channel, answers);
      if (!checked.ok) return showDetails(answered, checked.mistakes);
      // An expired hold is renewed without a message if the time is still free.
      const kept = await deps.journeys.chooseTime(office, journey, journey.start);
      if (!kept.ok) return askAgain(answered, timePage(answered), journey.start);
      return visit.redirect(to.booking(office.code, journey.id, 'check'));
    },
  };
}

function showDetails(visit: JourneyVisit, mistakes: Mistakes): Response {
  const { t, office, procedure, journey, to } = visit;
  const { channel, language, answers } = journey;
  const problems = problemsOf(t, mistakes, answers);
  const fields = { t, channel, language, answers, mistakes };
  return visit.show(
    {
      ...formPage(t('citizen.details.title'), problems),
      islands: ['booking'],
    },
    <>
      <BackLink href={to.booking(office.code, journey.id, 'time')}>
        {t('citizen.time.other')}
      </BackLink>
      <Problems t={t} problems={problems} />
      <h1>{t('citizen.details.title')}</h1>
      <Kept visit={visit} />
      <form
        class="form"
        action={to.booking(office.code, journey.id, 'details')}
        method="post"
        novalidate
        data-autosave
      >
        <WhomField {...fields} procedure={procedure} />
        <ContactFields {...fields} />
        <OtherFields {...fields} />
        <p class="soft">
          {t('citizen.details.privacy')} {t('details.kept', LIVES)}{' '}
          <a href={to.about('privacy')}>{t('citizen.details.privacyLink')}</a>
        </p>
        <div>
          <p
            role="status"
            id="unsaved"
            data-failed={t('details.save.failed')}
            data-done={t('details.save.done')}
          />
          <Button>{t('citizen.continue')}</Button>
        </div>
        <Extend visit={visit} />
      </form>
    </>,
  );
}

/** `…/booking/{journey}/check`: a summary; confirming it makes the appointment. */
export function checkPage(deps: CitizenDeps) {
  return {
    get: (visit: JourneyVisit): Response => {
      const { office, journey, to } = visit;
      const checked = checkAnswers(visit, journey.channel, journey.answers);
      if (!checked.ok) return visit.redirect(to.booking(office.code, journey.id, 'details'));
      return showCheck(deps, visit, checked.details);
    },

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { office, journey, to, language } = visit;
      const form = await readForm(visit.c);
      if (form.has('extend')) {
        await extended(deps, visit);
        return visit.redirect(to.booking(office.code, journey.id, 'check'));
      }
      const checked = checkAnswers(visit, journey.channel, journey.answers);
      if (!checked.ok) return showDetails(visit, checked.mistakes);
      const seen = form.text('seen');
      if (seen && seen !== digestOf(journey))
        return showCheck(deps, visit, checked.details, 'changed');
      const speaking = { ...journey, pageLanguage: language };
      const booked = await deps.journeys.confirm(office, speaking, checked.details);
      if (booked.ok) return visit.redirect(to.appointment(booked.secret, 'confirmed'));
      if (booked.reason === 'too_many') return showBookedEnough(visit);
      return askAgain(visit, timePage(visit), journey.start);
    },
  };
}

/**
 * Returns a digest of the confirmed page: when another tab has changed the journey since, the page is
 * shown again.
 */
const digestOf = ({ start, channel, site, answers }: Journey): string => {
  const { extended: _, emailAsked: __, ...typed } = answers;
  const shown = JSON.stringify([start.toString(), channel, site, Object.entries(typed).sort()]);
  return createHash('sha256').update(shown).digest('base64url').slice(0, 16);
};

function showCheck(
  deps: CitizenDeps,
  visit: JourneyVisit,
  details: Details,
  problem?: 'changed',
): Response {
  const { t, office, journey, to } = visit;
  const { channel, language } = journey;
  const title = t('citizen.check.title');
  const action = to.booking(office.code, journey.id, 'check');
  const text = t('details.check.changed');
  return visit.show(
    {
      title,
      hasErrors: problem !== undefined,
      status: problem ? 409 : 200,
      isPersonal: true,
      islands: ['booking'],
    },
    <>
      <BackLink href={to.booking(office.code, journey.id, 'details')}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problem ? [{ href: '#answers', text }] : []} />
      <h1>{title}</h1>
      <Kept visit={visit} />
      <p class="lead">{formatCalled(visit, { ...details, channel, language })}</p>
      <Told
        visit={visit}
        citizen={details.citizen}
        isReached={deps.linkRecovery.isReached}
        mend={`${to.booking(office.code, journey.id, 'details')}#email`}
        when="before"
      />
      <Writing visit={visit} details={details} />
      <form class="form" id="answers" action={action} method="post">
        <input type="hidden" name="seen" value={digestOf(journey)} />
        <SummaryList rows={summaryOf(visit, details)} />
        <Button>{t('citizen.check.confirm')}</Button>
        <Extend visit={visit} />
      </form>
    </>,
  );
}

/** Citizens who need to write during the encounter get a link to a channel with text; their answers stay. */
function Writing({ visit, details }: { visit: JourneyVisit; details: Details }) {
  const { t, office, procedure, journey, to } = visit;
  const isImpossible = !carriesText(journey.channel) && details.needs.includes('real_time_text');
  const other = waysOf(office, procedure, journey.language).find(({ channel }) =>
    carriesText(channel),
  );
  if (!isImpossible || !other) return null;
  return (
    <Notice kind="warn">
      <p>{t('details.writing.text')}</p>
      <p>
        <a href={`${to.booking(office.code, journey.id, 'time')}?channel=${wayCode(other)}`}>
          {t('details.writing.link')}
        </a>
      </p>
    </Notice>
  );
}

function summaryOf(visit: JourneyVisit, details: Details): SummaryRow[] {
  const { t, office, procedure, journey, to, dates, language } = visit;
  const { citizen, onBehalfOf, needs, comment } = details;
  const change = (page: 'time' | 'details', label: string, field = '') => ({
    href: `${to.booking(office.code, journey.id, page)}${field}`,
    text: t('citizen.change'),
    what: label.toLowerCase(),
  });
  const row = (label: string, value: SummaryRow['value'], field?: string): SummaryRow => ({
    label,
    value: value || t('citizen.check.none'),
    ...(field && { change: change('details', label, field) }),
  });
  const when = t('citizen.check.when');
  const how = t('citizen.check.how');
  const other = waysOf(office, procedure, journey.language).find(
    (each) => !isSameWay(each, journey),
  );
  const minutes = t('common.minutes', { count: procedure.channels[journey.channel] ?? 0 });
  return [
    row(t('citizen.check.what'), textIn(procedure.name, language)),
    {
      label: when,
      value: `${dates.longDay(journey.start)}, ${dates.time(journey.start)}`,
      change: change('time', when),
    },
    {
      label: how,
      value: `${formatWay(t, office, journey)}, ${minutes}`,
      ...(other && {
        change: change('time', how, `?channel=${wayCode(other)}`),
      }),
    },
    row(t('citizen.check.language'), <LanguageName of={journey.language} t={t} />),
    row(t('citizen.check.name'), citizen.name, '#name'),
    row(t('citizen.check.phone'), citizen.phone && formatNumber(citizen.phone, office), '#phone'),
    row(t('citizen.check.email'), citizen.email, '#email'),
    ...(procedure.onBehalf
      ? [
          row(
            t('citizen.check.whom'),
            onBehalfOf ??
              t(
                whomOf(procedure, journey.answers) === 'theirs'
                  ? 'details.whom.theirs'
                  : 'citizen.details.self',
              ),
            '#whom',
          ),
        ]
      : []),
    row(
      t('citizen.check.needs'),
      needs.map((each) => t(`citizen.need.${each}`)).join('\n') || t('details.check.noNeeds'),
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
      const { office, journey, to } = visit;
      const way = wayOf(visit);
      const start = readInstant((await readForm(visit.c)).text('start'));
      if (!start) return askAgain(visit, timePage(visit), null);
      const chosen = await deps.journeys.chooseTime(office, journey, start, way);
      if (!chosen.ok && chosen.reason === 'too_many') {
        const back = to.booking(office.code, journey.id, 'details');
        return showHeldEnough(visit, { until: chosen.until, back });
      }
      if (!chosen.ok) return askAgain(visit, timePage(visit), start);
      const isDone = checkAnswers(visit, way.channel, journey.answers).ok;
      return visit.redirect(to.booking(office.code, journey.id, isDone ? 'check' : 'details'));
    },
  };
}

function timePage(visit: JourneyVisit): TimePage {
  const { t, office, journey, to } = visit;
  const ask = { ...askOf(journey), ...wayOf(visit) };
  const isOther = !isSameWay(ask, journey);
  return {
    ask,
    title: t('citizen.time.other'),
    path: to.booking(office.code, journey.id, 'time'),
    keep: isOther ? { channel: wayCode(ask) } : {},
    waiting: to.waitingFor(office.code, journey.procedure, choosingOf(ask)),
    back: { href: to.booking(office.code, journey.id, 'details'), text: t('citizen.back') },
    button: t('citizen.continue'),
    taken: 'citizen.times.takenKept',
    intro: <Chosen visit={visit} ask={ask} />,
    isPersonal: true,
  };
}

/** Returns the way in the address, where the procedure has it; else the journey's. */
function wayOf({ c, office, journey, procedure }: JourneyVisit): Way {
  const ways = waysOf(office, procedure, journey.language);
  return wayAsked(ways, c.req.query('channel'), journey);
}
