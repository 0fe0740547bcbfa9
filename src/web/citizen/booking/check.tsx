import { createHash } from 'node:crypto';
import type { NoticeWay } from '../../../domain/address.ts';
import { isSameWay } from '../../../domain/appointment.ts';
import { namesIn } from '../../../domain/office/bundle.ts';
import type { Details } from '../../../domain/person.ts';
import type { Journey } from '../../../features/booking/journeys/types.ts';
import { canChooseWay } from '../../../features/foundation/notices/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink, LanguageName, SummaryList, type SummaryRow } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { needsIn } from '../../words/needs.ts';
import { formatCalled, formatNumber } from '../appointment/called.ts';
import {
  AboutCase,
  type AboutStands,
  aboutInAnswers,
  aboutStands,
  UNTIED,
} from '../cases/talking/about.tsx';
import { obstaclePage } from '../representation/obstacle.tsx';
import { whomIn } from '../representation/parts.tsx';
import { Problems } from '../shared.tsx';
import { showBookedEnough } from '../times/limits.tsx';
import { askAgain } from '../times/time-page.ts';
import { formatWay, wayCode, waysOf } from '../times/ways.ts';
import { applicantOf, type CitizenDeps, type JourneyVisit, personOf } from '../visit.tsx';
import { Told } from '../writing/told.tsx';
import { checkAnswers, nextPage, type TypingPage, whomOf } from './answers.ts';
import { Extend, extended, Kept } from './hold.tsx';
import { nextAddress, timePage } from './other-time.tsx';

/** `…/booking/{journey}/check`: a summary; confirming it makes the appointment. */
export function checkPage(deps: CitizenDeps) {
  return {
    get: async (visit: JourneyVisit): Promise<Response> => {
      const stopped = obstaclePage(visit);
      if (stopped) return stopped;
      const { journey } = visit;
      const checked = checkAnswers(visit, journey.channel, journey.answers);
      if (!checked.ok || nextPage(visit, journey.channel, journey.answers) !== 'check')
        return visit.redirect(nextAddress(visit));
      return showCheck(deps, visit, checked.details, await caseAbout(deps, visit));
    },

    post: async (visit: JourneyVisit): Promise<Response> => {
      const { office, journey, to, language } = visit;
      const form = await readForm(visit.c);
      const stopped = obstaclePage(visit);
      if (stopped) return stopped;
      if (form.has('extend')) {
        await extended(deps, visit);
        return visit.redirect(to.booking(office.code, journey.id, 'check'));
      }
      const checked = checkAnswers(visit, journey.channel, journey.answers);
      if (!checked.ok) return visit.redirect(nextAddress(visit));
      const seen = form.text('seen');
      if (seen && seen !== digestOf(journey))
        return visit.redirect(`${to.booking(office.code, journey.id, 'check')}?changed`);
      const { session } = visit;
      const speaking = { ...journey, pageLanguage: session?.wishes.language ?? language };
      const by = noticesByOf(deps, visit, checked.details);
      let isTied = true;
      const booked = await deps.journeys.confirm(office, speaking, checked.details, {
        noticesBy: by,
        alsoWith: async (appointment) => {
          isTied = await tieCase(deps, visit, appointment);
        },
      });
      if (booked.ok) {
        await keepInFolder(deps, visit, booked.appointment.id, form.has('folder'));
        const confirmed = to.appointment(booked.secret, 'confirmed');
        return visit.redirect(isTied ? confirmed : `${confirmed}?${UNTIED}=1`);
      }
      if (booked.reason === 'too_many') return showBookedEnough(visit);
      if (booked.reason === 'unmet_need') return visit.redirect(nextAddress(visit));
      return askAgain(visit, timePage(visit), journey.start);
    },
  };
}

const caseAbout = (deps: CitizenDeps, visit: JourneyVisit): Promise<AboutStands> =>
  aboutStands(deps, visit, aboutInAnswers(visit.journey.answers));

/** Ties the appointment that was booked to the case that it is about. Returns false where it should be about one and is not. */
async function tieCase(
  deps: CitizenDeps,
  visit: JourneyVisit,
  appointment: string,
): Promise<boolean> {
  const { office, session, acting } = visit;
  const about = await caseAbout(deps, visit);
  if (!about || about === 'lost') return about === null;
  const { id } = about.case;
  return deps.cases.tie(applicantOf(id, session, acting), office, id, appointment);
}

/** Returns the way that the identified person chose in their folder, where they gave both addresses; null: e-mail first. */
const noticesByOf = (
  { linkRecovery }: CitizenDeps,
  { session }: JourneyVisit,
  { citizen }: Details,
): NoticeWay | null =>
  canChooseWay(citizen, linkRecovery.isReached) ? (session?.wishes.notices ?? null) : null;

/**
 * Puts a booked appointment into the folder of whoever is identified, where they want that. What they booked for somebody else, by
 * authorisation, is in the folders of both.
 */
async function keepInFolder(
  deps: CitizenDeps,
  { session, acting, office }: JourneyVisit,
  appointment: string,
  isWanted: boolean,
): Promise<void> {
  if (!session) return;
  const viewer = personOf(session);
  if (acting) await deps.representations.booked(viewer, office, appointment, acting.id);
  else if (isWanted) await deps.folder.take(viewer, office, appointment, 'booked');
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
  about: AboutStands,
): Response {
  const { t, office, journey, to } = visit;
  const { channel, language } = journey;
  const title = t('citizen.check.title');
  const action = to.booking(office.code, journey.id, 'check');
  const text = t('details.check.changed');
  const isChanged = visit.c.req.query('changed') !== undefined;
  return visit.show(
    {
      title,
      hasErrors: isChanged,
      status: isChanged ? 409 : 200,
      isPersonal: true,
      islands: ['booking'],
    },
    <>
      <BackLink href={to.booking(office.code, journey.id, 'needs')}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={isChanged ? [{ href: '#answers', text }] : []} />
      <h1>{title}</h1>
      <Kept visit={visit} />
      {about === 'lost' ? <AboutCase visit={visit} stands={about} /> : null}
      <p class="lead">{formatCalled(visit, { ...details, channel, language })}</p>
      <Told
        visit={visit}
        citizen={details.citizen}
        by={noticesByOf(deps, visit, details)}
        isReached={deps.linkRecovery.isReached}
        mend={`${to.booking(office.code, journey.id, 'details')}#email`}
        when="before"
      />
      <form class="form" id="answers" action={action} method="post">
        <input type="hidden" name="seen" value={digestOf(journey)} />
        <SummaryList rows={[...summaryOf(visit, details), ...caseRows(visit, about)]} />
        {visit.acting ? (
          <p class="note">{t('representation.acting', { name: whomIn(t, visit.acting) })}</p>
        ) : visit.session ? (
          <div class="choice">
            <input id="folder" name="folder" type="checkbox" value="yes" checked />
            <label for="folder">{t('folder.take.booked')}</label>
          </div>
        ) : null}
        <Button>{t('citizen.check.confirm')}</Button>
        <Extend visit={visit} />
      </form>
    </>,
  );
}

/** The case that the appointment is about. */
const caseRows = ({ t }: JourneyVisit, about: AboutStands): SummaryRow[] =>
  about && about !== 'lost'
    ? [
        {
          label: t('talking.case'),
          value: <span class="figures">{about.case.reference}</span>,
        },
      ]
    : [];

/** Answers that are typed, and the field of each. */
const FIELDS = {
  name: '#name',
  phone: '#phone',
  email: '#email',
  whom: '#whom',
  needs: '#anything',
  comment: '#comment',
} as const;
type Typed = keyof typeof FIELDS;
type Changed = Typed | 'when' | 'how';

function summaryOf(visit: JourneyVisit, details: Details): SummaryRow[] {
  const { t, office, procedure, journey, to, dates, language } = visit;
  const { citizen, onBehalfOf } = details;
  const said = needsIn(t, details);
  const change = (page: 'time' | TypingPage, what: Changed, field = '') => ({
    href: `${to.booking(office.code, journey.id, page)}${field}`,
    text: t('citizen.change'),
    name: t(`citizen.change.${what}`),
  });
  const row = (
    what: Typed,
    value: SummaryRow['value'],
    page: TypingPage = 'details',
  ): SummaryRow => ({
    label: t(`citizen.check.${what}`),
    value: value || t('citizen.check.none'),
    change: change(page, what, FIELDS[what]),
  });
  const other = waysOf(office, procedure, journey.language).find(
    (each) => !isSameWay(each, journey),
  );
  const minutes = t('common.minutes', { count: procedure.channels[journey.channel] ?? 0 });
  return [
    { label: t('citizen.check.what'), value: namesIn(procedure, language) },
    ...(procedure.people > 1
      ? [
          {
            label: t('combining.row.people'),
            value: t('common.people', { count: procedure.people }),
          },
        ]
      : []),
    {
      label: t('citizen.check.when'),
      value: `${dates.longDay(journey.start)}, ${dates.time(journey.start)}`,
      change: change('time', 'when'),
    },
    {
      label: t('citizen.check.how'),
      value: `${formatWay(t, office, journey)}, ${minutes}`,
      ...(other && {
        change: change('time', 'how', `?channel=${wayCode(other)}`),
      }),
    },
    { label: t('citizen.check.language'), value: <LanguageName of={journey.language} t={t} /> },
    row('name', citizen.name),
    row('phone', citizen.phone && formatNumber(citizen.phone, office)),
    row('email', citizen.email),
    ...(procedure.onBehalf ? [whomRow(visit, row('whom', onBehalfOf ?? formatWhom(visit)))] : []),
    row('needs', said.needs.join('\n') || t('details.check.noNeeds'), 'needs'),
    row('comment', said.comment, 'needs'),
  ];
}

/** Whoever acts for somebody changes it by ending that, not here. */
const whomRow = ({ acting }: JourneyVisit, { change, ...row }: SummaryRow): SummaryRow =>
  acting || !change ? row : { ...row, change };

const formatWhom = ({ t, procedure, journey }: JourneyVisit): string =>
  t(
    whomOf(procedure, journey.answers) === 'theirs'
      ? 'details.whom.theirs'
      : 'citizen.details.self',
  );
