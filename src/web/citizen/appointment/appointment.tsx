import { hasRoom, isAtSite } from '../../../domain/channel.ts';
import { bundleOf, extentOf } from '../../../domain/office/bundle.ts';
import { isSpaceOpen } from '../../../features/booking/appointments/rules.ts';
import { checkInStands } from '../../../features/service/check-in/rules.ts';
import type { Delay } from '../../../features/service/delays/types.ts';
import { roomStands } from '../../../features/service/room/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { formatAttendant } from '../attendant.ts';
import { Line, placeOf } from '../call/line.tsx';
import { onlineInstead } from '../cases/offered.tsx';
import { Untied } from '../cases/talking/about.tsx';
import { formsNotice } from '../cases/together/notice.tsx';
import { CheckInPanel, Place, type Visiting, visitingOf } from '../check-in/check-in.tsx';
import { type Ending, hasEnded, showEnding } from '../ending/ending.tsx';
import { History } from '../ending/history.tsx';
import { outstandingOf, Waiting } from '../ending/outstanding.tsx';
import { FolderPart, inFolder } from '../folder/taking.tsx';
import { AskedToIdentify, readIdentity } from '../identify/appointment.tsx';
import { Reach } from '../reaching.tsx';
import { ByAuthority } from '../representation/parts.tsx';
import { extentQuery } from '../times/extent.ts';
import { wayCode, withSite } from '../times/ways.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { ToNoticesBy } from '../writing/notices-by.tsx';
import { Told } from '../writing/told.tsx';
import { ActNotice, ActsList, actsOf } from './acts.tsx';
import { Card, minutesLeft, Prepare, type Standing, standing } from './card.tsx';
import { otherWays } from './change.tsx';
import { showDisplaced } from './displaced.tsx';
import { SayDone } from './done.tsx';
import { showForgotten } from './forgotten.tsx';
import { FrozenAddresses } from './frozen.tsx';
import { OnPaper } from './paper.tsx';

/**
 * `/{language}/appointment/{secret}/confirmed`: the booking is made; the next steps. The page may be
 * kept and opened again.
 */
export function confirmedPage(deps: CitizenDeps) {
  return async (visit: AppointmentVisit): Promise<Response> => {
    const { t, appointment, secret, to } = visit;
    if (standing(visit) !== 'coming') return visit.redirect(to.appointment(secret));
    const { citizen } = appointment;
    return visit.show(
      { title: t('citizen.confirmed.title'), isPersonal: true, islands: ['offline'] },
      <>
        <div class="lit-title">
          <Mark lit />
          <h1>{t('citizen.confirmed.title')}</h1>
        </div>
        <p class="lead">{t(`citizen.confirmed.${appointment.channel}`)}</p>
        <Untied visit={visit} />
        {await formsNotice(deps, visit)}
        <ToRoom visit={visit} />
        <Card visit={visit} who={await formatAttendant(deps, visit)} />
        <Place visit={visit} />
        <Told
          visit={visit}
          citizen={citizen}
          by={appointment.noticesBy}
          isReached={deps.linkRecovery.isReached}
          mend={to.appointment(secret, 'contact')}
          when="after"
        />
        <ToNoticesBy visit={visit} isReached={deps.linkRecovery.isReached} saysWhere={false} />
        {citizen.email ? null : <p class="no-print">{t('citizen.confirmed.keep')}</p>}
        <Prepare
          visit={visit}
          company={await companyOf(deps, visit)}
          identity={await readIdentity(deps, visit)}
        />
        <Manage visit={visit} waiting={await waitingOf(deps, visit)} />
        <ByAuthority visit={visit} />
        <FolderPart visit={visit} found={await inFolder(deps, visit)} />
        <p class="no-print">
          <a href={to.linkRecovery}>{t('manage.confirmed.lost')}</a>
        </p>
        <Trouble visit={visit} stands="coming" />
        <OnPaper visit={visit} links={deps.appointments} />
      </>,
    );
  };
}

/**
 * `/{language}/appointment/{secret}`: the state of the appointment and the possible actions. Opening it
 * changes nothing.
 */
export function managePage(deps: CitizenDeps) {
  return async (visit: AppointmentVisit): Promise<Response> => {
    const stands = standing(visit);
    if (stands === 'forgotten') return showForgotten(deps, visit);
    if (stands === 'displaced') return showDisplaced(deps, visit);
    return hasEnded(stands) ? showEnding(deps, visit, stands) : showOpen(deps, visit, stands);
  };
}

type Open = Exclude<Standing, Ending | 'forgotten' | 'displaced'>;

/** Shows an appointment that is still to come, or that goes on. */
async function showOpen(
  deps: CitizenDeps,
  visit: AppointmentVisit,
  stands: Open,
): Promise<Response> {
  const { t, appointment, office } = visit;
  const isAhead = stands === 'coming' || stands === 'due';
  const delay = isAhead ? await deps.delays.delay(office, appointment) : null;
  const isNow = !delay && (stands === 'due' || stands === 'in_progress');
  const visiting = await visitingOf(deps, visit);
  const title = delay ? t('manage.delayed.title') : (visiting?.title ?? titleOf(visit, stands));
  const acts = await actsOf(deps, visit);
  const identity = await readIdentity(deps, visit);
  const waitsForTurn = isWaiting(visit, stands);
  const place = waitsForTurn ? await placeOf(deps, visit) : null;
  return visit.show(
    { title, isPersonal: true, islands: islandsOf(visit, waitsForTurn) },
    <>
      <div class={isNow ? 'lit-title' : undefined}>
        {isNow ? <Mark lit /> : null}
        <h1>{title}</h1>
      </div>
      <SayDone visit={visit} />
      <Waiting visit={visit} outstanding={await outstandingOf(deps, visit)} />
      <FrozenAddresses visit={visit} standing={await deps.proofs.standing(appointment)} />
      <AskedToIdentify visit={visit} identity={identity} />
      <ActNotice visit={visit} acts={acts} />
      {await formsNotice(deps, visit)}
      {delay ? (
        <SayDelay visit={visit} delay={delay} />
      ) : (
        <Said visit={visit} stands={stands} visiting={visiting} waits={place !== null} />
      )}
      <CheckInPanel visit={visit} visiting={visiting} />
      {waitsForTurn ? <Line visit={visit} place={place} isDelayed={delay !== null} /> : null}
      <ToRoom visit={visit} />
      <Card
        visit={visit}
        isDelayed={delay !== null}
        who={await formatAttendant(deps, visit)}
        tag={visiting?.tag}
      />
      <Place visit={visit} />
      {isAhead ? (
        <Prepare
          visit={visit}
          test={await deps.device.find(appointment)}
          company={await companyOf(deps, visit)}
          identity={identity}
        />
      ) : null}
      <ToPapers visit={visit} />
      <ActsList visit={visit} acts={acts} />
      {await linksOf(deps, visit, stands)}
    </>,
  );
}

/** The scripts of the page. `waits`: it says the citizen's turn. */
const islandsOf = (visit: AppointmentVisit, waits: boolean): string[] => [
  'offline',
  ...(isVisitOpen(visit) ? ['check-in'] : []),
  ...(waits ? ['line'] : []),
];

/** The end of the page: what can be done, the ways to reach the office, and what happened. */
async function linksOf(deps: CitizenDeps, visit: AppointmentVisit, stands: Open) {
  return (
    <>
      {stands === 'coming' || stands === 'due' ? (
        <ToNoticesBy visit={visit} isReached={deps.linkRecovery.isReached} saysWhere />
      ) : null}
      {stands === 'coming' ? <Manage visit={visit} waiting={await waitingOf(deps, visit)} /> : null}
      {stands === 'coming' ? await onlineInstead(deps, visit) : null}
      {stands === 'late' ? <Again visit={visit} /> : null}
      <ByAuthority visit={visit} />
      <FolderPart visit={visit} found={await inFolder(deps, visit)} />
      <Trouble visit={visit} stands={stands} />
      <OnPaper visit={visit} links={deps.appointments} />
      <History visit={visit} events={await deps.appointments.events(visit.appointment)} />
    </>
  );
}

const titleOf = ({ t, appointment }: AppointmentVisit, stands: Open): string =>
  stands === 'due'
    ? t(`manage.due.title.${appointment.channel}`)
    : t(`citizen.manage.${stands}.title`);

/** Whether the citizen waits for their turn now: their hour has come and nobody has called them, or they are at the site. */
function isWaiting({ appointment, now }: AppointmentVisit, stands: Open): boolean {
  if (isAtSite(appointment.channel)) return checkInStands(appointment, now) === 'arrived';
  return stands === 'due';
}

/** Whether something can still happen to a visit to a site, so that its page asks for news. */
const isVisitOpen = ({ appointment, now }: AppointmentVisit): boolean =>
  !['past', 'over'].includes(checkInStands(appointment, now));

/** The link into the room of a video call, once it is open. */
function ToRoom({ visit }: { visit: AppointmentVisit }) {
  const { t, to, secret, appointment, now } = visit;
  if (roomStands(appointment, now) !== 'open') return null;
  const goesOn = appointment.status === 'in_progress';
  return (
    <p class="row no-print">
      <ButtonLink href={to.appointment(secret, 'room')}>{t('room.link')}</ButtonLink>
      {goesOn ? <a href={to.appointment(secret, 'companions')}>{t('companions.open')}</a> : null}
    </p>
  );
}

/** Returns the companions. */
async function companyOf({ companions }: CitizenDeps, visit: AppointmentVisit) {
  const { viewer, office, appointment } = visit;
  if (!hasRoom(appointment.channel)) return [];
  return (await companions.list(viewer, office.id, appointment.id)) ?? [];
}

/** The link to the documents, as long as there may be any. */
function ToPapers({ visit }: { visit: AppointmentVisit }) {
  const { t, to, secret, appointment, office, now } = visit;
  if (!isSpaceOpen(appointment, office.settings.retention, now)) return null;
  return (
    <p class="no-print">
      <ButtonLink kind="quiet" href={to.appointment(secret, 'documents')}>
        {t('documents.link')}
      </ButtonLink>
    </p>
  );
}

/**
 * Says how late the appointment will begin, as an estimate. The page isn't updated by itself: the reader
 * reloads it.
 */
function SayDelay({ visit, delay }: { visit: AppointmentVisit; delay: Delay }) {
  const { t, dates, now, to, secret } = visit;
  const minutes = t('common.minutes', { count: delay.minutes });
  return (
    <Notice kind="warn">
      <p>
        <strong>{t('manage.delayed.text', { minutes, time: dates.time(delay.at) })}</strong>
      </p>
      <p>
        {t('manage.delayed.seen', { time: dates.time(now) })}{' '}
        <a class="no-print" href={to.appointment(secret)}>
          {t('manage.delayed.again')}
        </a>
      </p>
    </Notice>
  );
}

function Said(props: {
  visit: AppointmentVisit;
  stands: Open;
  visiting: Visiting | null;
  /** The page says the citizen's turn, so that the promised minutes need not be said. */
  waits: boolean;
}) {
  const { visit, stands, visiting, waits } = props;
  const { t, appointment, now } = visit;
  // A near appointment has its own words below.
  if (checkInStands(appointment, now) !== 'over') return null;
  if (stands === 'coming') return null;
  const minutes = t('common.minutes', { count: minutesLeft(visit) });
  const text =
    stands === 'due'
      ? t(`manage.${waits ? 'ready' : 'due'}.${appointment.channel}`, { minutes })
      : (visiting?.text ?? t(`citizen.manage.${stands}.text`));
  return (
    <Notice kind={stands === 'late' ? 'warn' : 'plain'}>
      <p>{text}</p>
      {stands === 'late' ? <Reach visit={visit} lead={t('citizen.times.callUs')} /> : null}
    </Notice>
  );
}

/** Returns the link to the citizen's place on the wait list; null without one. */
async function waitingOf({ waitList }: CitizenDeps, { appointment, to }: AppointmentVisit) {
  const entry = await waitList.ofAppointment(appointment);
  return entry && to.waiting(waitList.secretOf(entry));
}

/** The possible actions for a future appointment. */
function Manage({ visit, waiting }: { visit: AppointmentVisit; waiting: string | null }) {
  const { t, office, secret, to } = visit;
  const change = to.appointment(secret, 'change');
  const link = (href: string, text: string) => (
    <li key={href}>
      <a href={href}>{text}</a>
    </li>
  );
  return (
    <section class="stack no-print" aria-labelledby="manage">
      <h2 id="manage">{t('citizen.manage.title')}</h2>
      <ul class="lists">
        {link(change, t('citizen.manage.change'))}
        {otherWays(visit).map((each) =>
          link(
            `${change}?channel=${wayCode(each)}`,
            withSite(t, office, each, t(`citizen.changeTime.rather.${each.channel}`)),
          ),
        )}
        {waiting
          ? link(waiting, t('manage.waiting'))
          : link(to.appointment(secret, 'earlier'), t('manage.earlier'))}
        {link(to.appointment(secret, 'contact'), t('citizen.manage.contact'))}
        <li>
          <a href={to.appointment(secret, 'calendar.ics')}>{t('citizen.manage.calendar')}</a>
          <p class="small">{t('manage.calendar.hint')}</p>
        </li>
        {link(to.appointment(secret, 'cancel'), t('citizen.manage.cancel'))}
      </ul>
      <p class="soft">{t('citizen.manage.print')}</p>
    </section>
  );
}

/** The ways to reach the office, where something goes wrong. */
function Trouble({ visit, stands }: { visit: AppointmentVisit; stands: Standing }) {
  if (stands === 'late') return null;
  return (
    <div class="no-print">
      <Reach visit={visit} lead={visit.t('manage.trouble')} />
    </div>
  );
}

/** A call that is owed: the citizen can take another time instead. */
function Again({ visit }: { visit: AppointmentVisit }) {
  const { t, office, procedure, appointment, to } = visit;
  if (procedure.retired) return null;
  const isAllowed = bundleOf(office, appointment).ok;
  const query = new URLSearchParams(isAllowed ? { ...extentQuery(extentOf(appointment)) } : {});
  const path = to.procedure(office.code, procedure.code);
  return (
    <p class="no-print">
      <ButtonLink kind="quiet" href={query.size > 0 ? `${path}?${query}` : path}>
        {t('citizen.manage.again')}
      </ButtonLink>
    </p>
  );
}
