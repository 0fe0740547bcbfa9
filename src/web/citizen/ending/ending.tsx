import { firstNameOf } from '../../../domain/names.ts';
import type { Coded } from '../../../domain/office/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { isSpaceOpen } from '../../../features/booking/appointments/rules.ts';
import type { Outstanding } from '../../../features/service/documents/types.ts';
import type { DoneItem } from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { ActsList, actsOf } from '../appointment/acts.tsx';
import { Card, type Standing } from '../appointment/card.tsx';
import { SayDone } from '../appointment/done.tsx';
import { FrozenAddresses } from '../appointment/frozen.tsx';
import { formatAttendant } from '../attendant.ts';
import { formsNotice } from '../cases/together/notice.tsx';
import { FolderPart, inFolder } from '../folder/taking.tsx';
import { Reach } from '../reaching.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { History } from './history.tsx';
import { outstandingOf, Waiting } from './outstanding.tsx';

/** The states in which an appointment is over. */
const ENDINGS = ['fulfilled', 'noshow', 'cancelled'] as const satisfies readonly Standing[];
export type Ending = (typeof ENDINGS)[number];

/** Returns whether an appointment is over. */
export const hasEnded = (stands: Standing): stands is Ending =>
  ENDINGS.some((each) => each === stands);

/**
 * The appointment's page once it is over: what was done, what there is to fetch, what was consented to, the survey, and what can be done
 * next. Nothing of it belongs to a call that could still begin.
 */
export async function showEnding(
  deps: CitizenDeps,
  visit: AppointmentVisit,
  ending: Ending,
): Promise<Response> {
  const { viewer, office, appointment } = visit;
  const title = titleOf(visit, ending);
  const outstanding = await outstandingOf(deps, visit);
  const done = await deps.encounter.done(viewer, office.id, appointment.id);
  return visit.show(
    { title, isPersonal: true, islands: ['offline'] },
    <>
      <Heading title={title} isLit={ending === 'fulfilled'} />
      <SayDone visit={visit} />
      <Waiting visit={visit} outstanding={outstanding} />
      {await formsNotice(deps, visit)}
      <FrozenAddresses visit={visit} standing={await deps.proofs.standing(appointment)} />
      <Lead visit={visit} ending={ending} />
      <Done visit={visit} items={done} />
      <ActsList visit={visit} acts={await actsOf(deps, visit)} />
      <Next visit={visit} ending={ending} outstanding={outstanding} />
      {await surveyOf(deps, visit, ending)}
      <section class="stack" aria-labelledby="appointment">
        <h2 id="appointment">{visit.t('ending.appointment')}</h2>
        <Card visit={visit} who={await formatAttendant(deps, visit)} tag={tagOf(visit, ending)} />
      </section>
      <FolderPart visit={visit} found={await inFolder(deps, visit)} />
      <History visit={visit} events={await deps.appointments.events(appointment)} />
    </>,
  );
}

/** The state of an appointment that nobody came to, in words of its channel; null: that of all channels. */
const tagOf = ({ t, appointment }: AppointmentVisit, ending: Ending) =>
  ending === 'noshow'
    ? ({ kind: 'warn', word: t(`ending.noshow.status.${appointment.channel}`) } as const)
    : null;

function titleOf({ t, appointment }: AppointmentVisit, ending: Ending): string {
  switch (ending) {
    case 'fulfilled':
      return t('ending.title', { name: firstNameOf(appointment.citizen.name) });
    case 'noshow':
      return t(`ending.noshow.title.${appointment.channel}`);
    case 'cancelled':
      return t('citizen.manage.cancelled.title');
  }
}

function Heading({ title, isLit }: { title: string; isLit: boolean }) {
  if (!isLit) return <h1>{title}</h1>;
  return (
    <div class="lit-title">
      <Mark lit />
      <h1>{title}</h1>
    </div>
  );
}

/** What became of the appointment, in words of its channel. */
function Lead({ visit: { t, appointment }, ending }: { visit: AppointmentVisit; ending: Ending }) {
  const { channel } = appointment;
  if (ending === 'fulfilled') return <p class="lead">{t(`ending.lead.${channel}`)}</p>;
  return (
    <Notice kind={ending === 'noshow' ? 'warn' : 'plain'}>
      <p>{t(`ending.${ending}.${channel}`)}</p>
    </Notice>
  );
}

/** What was done, each with its outcome. The words that an agent typed are the office's own. */
function Done({ visit, items }: { visit: AppointmentVisit; items: readonly DoneItem[] }) {
  const { t, office } = visit;
  if (items.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="done-items">
      <h2 id="done-items">{t('ending.done')}</h2>
      <ul class="lists">
        {items.map((each, index) => (
          <li key={index}>
            <strong>{subjectOf(t, office, each)}</strong>
            <br />
            {nameIn(t, office.settings.outcomes, each.outcome)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function subjectOf(t: Translate, office: Office, { kind, procedure, query }: DoneItem): string {
  const known = query
    ? nameIn(t, office.settings.queries, query)
    : procedure && textIn(office.procedure(procedure)?.name, t.language);
  return known || t(`ending.done.${kind}`);
}

const nameIn = (t: Translate, list: readonly Coded[], code: string): string =>
  textIn(list.find((each) => each.code === code)?.name, t.language);

/** What can be done next: papers as long as there may be any, another appointment, the telephone. */
function Next(props: { visit: AppointmentVisit; ending: Ending; outstanding: Outstanding | null }) {
  const { visit, ending } = props;
  const { t, to, secret, office, procedure } = visit;
  const isFulfilled = ending === 'fulfilled';
  return (
    <section class="stack" aria-labelledby="next">
      <h2 id="next">{t('ending.next')}</h2>
      <Space visit={visit} />
      {procedure.retired ? null : (
        <>
          {isFulfilled ? <p>{t('ending.next.more')}</p> : null}
          <p class="no-print">
            <ButtonLink
              kind={isFulfilled ? 'quiet' : 'main'}
              href={to.procedure(office.code, procedure.code)}
            >
              {t('citizen.manage.again')}
            </ButtonLink>
          </p>
        </>
      )}
      {ending === 'cancelled' ? (
        <div class="no-print">
          <a href={to.appointment(secret, 'calendar.ics')}>{t('manage.calendar.remove')}</a>
          <p class="small">{t('manage.calendar.removeHint')}</p>
        </div>
      ) : null}
      <Reach visit={visit} lead={t(isFulfilled ? 'ending.next.call' : 'manage.trouble')} />
    </section>
  );
}

/** Until when papers can be sent and fetched, with the link. */
function Space({ visit }: { visit: AppointmentVisit }) {
  const { t, to, secret, appointment, office, dates, now } = visit;
  const { retention } = office.settings;
  if (!isSpaceOpen(appointment, retention, now)) return null;
  const until = appointment.end.add({ hours: retention.documentsHours });
  return (
    <p>
      {t('ending.next.space', { day: dates.day(until), time: dates.time(until) })}{' '}
      <a class="no-print" href={to.appointment(secret, 'documents')}>
        {t('documents.link')}
      </a>
    </p>
  );
}

async function surveyOf({ survey }: CitizenDeps, visit: AppointmentVisit, ending: Ending) {
  const { t, to, secret, appointment } = visit;
  if (!survey.isOpen(appointment)) return null;
  const isAnswered = (await survey.find(appointment)) !== null;
  const title =
    ending === 'fulfilled' ? 'citizen.survey.title' : (`ending.survey.${ending}` as const);
  return (
    <section class="stack no-print" aria-labelledby="survey">
      <h2 id="survey">{t(title)}</h2>
      <p>{t(isAnswered ? 'citizen.survey.answered' : 'citizen.survey.ask')}</p>
      <p>
        <ButtonLink kind="quiet" href={to.appointment(secret, 'survey')}>
          {t(isAnswered ? 'citizen.survey.changeIt' : 'citizen.survey.give')}
        </ButtonLink>
      </p>
    </section>
  );
}
