import { type Ask, askOf } from '../../../domain/appointment.ts';
import { isOpen } from '../../../features/booking/appointments/rules.ts';
import type { Answers } from '../../../features/booking/journeys/types.ts';
import {
  dayAndPart,
  dayBefore,
  isTooLate,
  LONGEST_WAIT_DAYS,
} from '../../../features/booking/wait-list/rules.ts';
import { addressOf } from '../../../features/foundation/notices/rules.ts';
import { newSecret } from '../../../lib/secrets.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { checkAnswers, type Mistakes, problemsOf, readAnswers } from '../booking/answers.ts';
import { ContactFields, NeedsFields, WhomField } from '../booking/details-form.tsx';
import { AboutCase, aboutIn, aboutQuery, aboutStands, UNTIED } from '../cases/talking/about.tsx';
import { showProcedure } from '../finding/procedure.tsx';
import { Reach } from '../reaching.tsx';
import { formPage, Problems } from '../shared.tsx';
import { choosingOf } from '../times/ask.tsx';
import { mayJoin } from '../times/challenge.tsx';
import { firstFree, today } from '../times/days.ts';
import { Chosen } from '../times/pick-time.tsx';
import { answersAsked, readAsk } from '../times/times.tsx';
import {
  type AppointmentVisit,
  applicantOf,
  type CitizenDeps,
  type ProcedureVisit,
} from '../visit.tsx';
import {
  checkDay,
  DayField,
  type DayMistake,
  dayProblem,
  HowItWorks,
  NO_WISH,
  PartField,
  readWish,
  type TypedWish,
} from './form.tsx';

/**
 * `…/appointment/{secret}/earlier`: the wait list for a person with an appointment who wants an earlier day.
 */
export function earlierPage(deps: CitizenDeps) {
  const { waitList } = deps;
  /** Returns the page that shows the present state, when the form no longer applies. */
  const elsewhere = async (visit: AppointmentVisit): Promise<Response | null> => {
    const { appointment, secret, to, now } = visit;
    if (!isOpen(appointment, now)) return visit.redirect(to.appointment(secret));
    const entry = await waitList.ofAppointment(appointment);
    return entry && visit.redirect(to.waiting(waitList.secretOf(entry)));
  };

  return {
    get: async (visit: AppointmentVisit) =>
      (await elsewhere(visit)) ?? showEarlier(deps, visit, NO_WISH),

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const answer = await elsewhere(visit);
      if (answer) return answer;
      const { appointment, office, to } = visit;
      const typed = readWish(await readForm(visit.c));
      const checked = checkDay(visit, typed.day);
      if (!checked.ok) return showEarlier(deps, visit, typed, checked.mistake);
      const wish = { firstDay: checked.day, lastDay: null, part: typed.part };
      const joined = await waitList.joinEarlier(office, appointment, wish);
      if (joined.ok) return visit.redirect(to.waiting(joined.secret));
      if (joined.reason === 'unreachable') return showEarlier(deps, visit, typed);
      return showEarlier(deps, visit, typed, 'not_before');
    },
  };
}

async function showEarlier(
  deps: CitizenDeps,
  visit: AppointmentVisit,
  wish: TypedWish,
  mistake?: DayMistake,
): Promise<Response> {
  const { t, office, appointment, secret, to, dates } = visit;
  const title = t('waiting.earlier.title');
  const problems = dayProblem(visit, mistake);
  const address = addressOf(appointment.citizen);
  const now = { day: dates.day(appointment.start), time: dates.time(appointment.start) };
  const before = dayBefore(appointment, office.timeZone);
  const any = { firstDay: null, lastDay: null, part: null, before };
  const isLate = isTooLate(any, dayAndPart(visit.now, office.timeZone).day);
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('waiting.earlier.now', now)}</p>
      {isLate ? <TooLate visit={visit} free={await freeThatDay(deps, visit)} /> : null}
      {isLate || address ? null : <Unreachable visit={visit} />}
      {isLate || !address ? null : (
        <>
          {await freeBefore(deps, visit)}
          <p>{t('waiting.earlier.lead')}</p>
          <HowItWorks visit={visit} address={address.recipient} keeps />
          <form class="form" action={to.appointment(secret, 'earlier')} method="post" novalidate>
            <PartField visit={visit} wish={wish} />
            <DayField
              visit={visit}
              wish={wish}
              mistake={mistake}
              which="from"
              hint={t('waiting.day.fromHint')}
            />
            <Button>{t('waiting.join')}</Button>
          </form>
        </>
      )}
    </>,
  );
}

/** Returns whether an earlier time is free now, so that waiting isn't needed. */
async function freeBefore(deps: CitizenDeps, visit: AppointmentVisit) {
  const { t, office, appointment, now, secret, to, dates } = visit;
  const search = {
    slots: deps.slots,
    office,
    ask: askOf(appointment),
    part: null,
    first: today(office, now),
    last: today(office, appointment.start).subtract({ days: 1 }),
  };
  const first = await firstFree(search, search.first);
  if (!first) return null;
  return (
    <Notice kind="good">
      <p>{t('waiting.earlier.free', { day: dates.day(first), time: dates.time(first) })}</p>
      <p>
        <ButtonLink kind="quiet" href={to.appointment(secret, 'change')}>
          {t('waiting.earlier.see')}
        </ButtonLink>
      </p>
    </Notice>
  );
}

/** Returns the first free time of the appointment's own day, if it is before the appointment. */
async function freeThatDay(deps: CitizenDeps, visit: AppointmentVisit) {
  const { office, appointment } = visit;
  const { start } = appointment;
  const day = today(office, start);
  const ask = askOf(appointment);
  const search = { slots: deps.slots, office, ask, part: null, first: day, last: day };
  const first = await firstFree(search, day);
  return first && Temporal.Instant.compare(first, start) < 0 ? first : null;
}

/** An offer ends within the hour, so it needs an address that the citizen reads. */
function Unreachable({ visit: { t, secret, to } }: { visit: AppointmentVisit }) {
  return (
    <Notice kind="warn">
      <p>{t('waiting.earlier.unreachable')}</p>
      <p>
        <a href={to.appointment(secret, 'contact')}>{t('manage.told.add')}</a>
      </p>
    </Notice>
  );
}

function TooLate({ visit, free }: { visit: AppointmentVisit; free: Temporal.Instant | null }) {
  const { t, secret, to, dates } = visit;
  return (
    <>
      <Notice kind={free ? 'good' : 'plain'}>
        <p>
          {free
            ? t('waiting.earlier.sameDay', { day: dates.day(free), time: dates.time(free) })
            : t('waiting.earlier.tooLate')}
        </p>
      </Notice>
      <p>
        <a href={to.appointment(secret, 'change')}>{t('citizen.manage.change')}</a>
      </p>
      <Reach visit={visit} lead={t('citizen.times.callUs')} />
    </>
  );
}

/** `…/{procedure}/waiting?channel=&language=`: the wait list for a person without a suitable time. */
export function waitPage(deps: CitizenDeps) {
  return {
    get: (visit: ProcedureVisit) => {
      const ask = readAsk(visit);
      if ('problems' in ask) return showProcedure(deps, visit, ask.problems);
      return showWait(deps, visit, ask, {
        once: newSecret(),
        answers: answersAsked(visit),
        mistakes: {},
        wish: NO_WISH,
        others: [],
      });
    },

    post: async (visit: ProcedureVisit): Promise<Response> => {
      const ask = readAsk(visit);
      if ('problems' in ask) return showProcedure(deps, visit, ask.problems);
      const { t, office, language: noticeLanguage } = visit;
      const form = await readForm(visit.c);
      const answers = readAnswers(form);
      const wish = readWish(form);
      const once = form.text('once').slice(0, 64) || newSecret();
      const day = checkDay(visit, wish.day);
      const checked = checkAnswers(visit, ask.channel, answers);
      const mistake = day.ok ? (day.day ? undefined : 'missing') : day.mistake;
      const filled = { once, answers, wish, mistake, others: [] };
      if (!checked.ok || !day.ok || mistake)
        return showWait(deps, visit, ask, {
          ...filled,
          mistakes: checked.ok ? {} : checked.mistakes,
        });
      const earlier = await deps.waitList.joinedWith(once);
      if (earlier) return joinedAt(deps, visit, earlier);
      const action = actionOf(visit, ask);
      const passed = await mayJoin(deps, visit, { ask, once, action }, form);
      if (passed instanceof Response) return passed;
      const wanted = { firstDay: null, lastDay: day.day, part: wish.part };
      const request = { ...ask, noticeLanguage, ...checked.details, ...wanted };
      const joined = await deps.waitList.join(office, request, once);
      if (joined.ok) return joinedAt(deps, visit, joined.secret);
      if (joined.reason === 'unreachable')
        return showWait(deps, visit, ask, { ...filled, mistakes: { email: 'unreachable' } });
      const others = [{ href: '#wait', text: t('waiting.tooMany') }];
      return showWait(deps, visit, ask, { ...filled, mistakes: {}, others });
    },
  };
}

/** Keeps about which case somebody waits who came from one, and leads to the page of their entry, which tells where it is about none. */
async function joinedAt(
  deps: CitizenDeps,
  visit: ProcedureVisit,
  secret: string,
): Promise<Response> {
  const about = await aboutStands(deps, visit, aboutIn(visit));
  const waiting = visit.to.waiting(secret);
  if (!about) return visit.redirect(waiting);
  const entry = about === 'lost' ? null : await deps.waitList.bySecret(secret);
  if (about === 'lost' || !entry) return visit.redirect(`${waiting}?${UNTIED}=1`);
  const { id } = about.case;
  const viewer = applicantOf(id, visit.session, visit.acting);
  const isAbout = await deps.cases.waitAbout(viewer, entry, id);
  return visit.redirect(isAbout ? waiting : `${waiting}?${UNTIED}=1`);
}

const actionOf = (visit: ProcedureVisit, ask: Ask): string =>
  visit.to.waitingFor(visit.office.code, visit.procedure.code, {
    ...choosingOf(ask, visit.interpreter),
    ...aboutQuery(visit),
  });

interface Filled {
  /** Makes one entry of a form that is sent twice. */
  once: string;
  answers: Answers;
  mistakes: Mistakes;
  wish: TypedWish;
  mistake?: DayMistake | undefined;
  /** The mistakes of the whole form. */
  others: readonly ProblemLink[];
}

async function showWait(
  deps: Pick<CitizenDeps, 'cases'>,
  visit: ProcedureVisit,
  ask: Ask,
  filled: Filled,
): Promise<Response> {
  const { t, office, procedure, to, now, dates } = visit;
  const { answers, mistakes, mistake, wish } = filled;
  const { channel, language } = ask;
  const choosing = choosingOf(ask, visit.interpreter);
  const title = t('waiting.wait.title');
  const problems = [
    ...filled.others,
    ...dayProblem(visit, mistake),
    ...problemsOf(t, mistakes, answers),
  ];
  const last = today(office, now).add({ days: LONGEST_WAIT_DAYS }).toZonedDateTime(office.timeZone);
  const { interpreters } = office.settings;
  const fields = { t, channel, language, answers, mistakes, interpreters };
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.times(office.code, procedure.code, choosing)}>
        {t('citizen.back')}
      </BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <Chosen visit={visit} ask={ask} />
      <AboutCase visit={visit} stands={await aboutStands(deps, visit, aboutIn(visit))} />
      <p>{t('waiting.wait.lead')}</p>
      <HowItWorks visit={visit} address="" keeps={false} />
      <form class="form" id="wait" action={actionOf(visit, ask)} method="post" novalidate>
        <input type="hidden" name="once" value={filled.once} />
        <PartField visit={visit} wish={wish} />
        <DayField
          visit={visit}
          wish={wish}
          mistake={mistake}
          which="until"
          hint={t('waiting.day.untilHint', { day: dates.day(last.toInstant()) })}
        />
        <WhomField {...fields} procedure={procedure} />
        <ContactFields {...fields} emailHint={t('waiting.emailHint')} />
        <NeedsFields {...fields} />
        <p class="soft">
          {t('citizen.details.privacy')}{' '}
          <a href={to.about('privacy')}>{t('citizen.details.privacyLink')}</a>
        </p>
        <Button>{t('waiting.join')}</Button>
      </form>
    </>,
  );
}
