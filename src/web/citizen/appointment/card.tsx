import type { ComponentChildren } from 'preact';
import type { Appointment } from '../../../domain/appointment.ts';
import { hasRoom, isAtSite, isCalled, isSeen } from '../../../domain/channel.ts';
import { namesIn } from '../../../domain/office/bundle.ts';
import { documentsFor } from '../../../domain/office/requested.ts';
import { isDisplaced, isOpen } from '../../../features/booking/appointments/rules.ts';
import { mayInvite } from '../../../features/service/companions/rules.ts';
import type { Companion } from '../../../features/service/companions/types.ts';
import type { DeviceTest } from '../../../features/service/device/types.ts';
import { roomStands } from '../../../features/service/room/rules.ts';
import { type InterpretedLanguage, WRITTEN } from '../../../lib/i18n/interpreted.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { AppointmentCard } from '../../../ui/appointment-card.tsx';
import { LanguageName, Tag, type TagKind } from '../../../ui/parts.tsx';
import { needsIn } from '../../words/needs.ts';
import { IdentityNeeded, type IdentityRead } from '../identify/appointment.tsx';
import { Papers, Phone } from '../shared.tsx';
import { formatWay } from '../times/ways.ts';
import type { AppointmentVisit } from '../visit.tsx';
import { formatCalled } from './called.ts';

/**
 * The state of an appointment for its citizen. `coming`: can be changed; `due`: its hour has come and
 * the call is near;
 * `late`: the call is overdue; `displaced`: no agent can serve it at its hour; `forgotten`: the personal
 * data was deleted; the rest is its status.
 */
export type Standing =
  | 'coming'
  | 'due'
  | 'late'
  | 'displaced'
  | 'in_progress'
  | 'fulfilled'
  | 'noshow'
  | 'cancelled'
  | 'forgotten';

function standingOf(
  appointment: Appointment,
  windowMinutes: number,
  now: Temporal.Instant,
): Standing {
  const { status, start, citizen } = appointment;
  if (citizen.name === '') return 'forgotten'; // every appointment has one until it is destroyed
  if (status === 'arrived') return 'due';
  if (status !== 'booked') return status;
  if (isDisplaced(appointment)) return 'displaced';
  if (isOpen(appointment, now)) return 'coming';
  // A citizen at a site gets no call: the appointment is late once its time is over.
  const { channel, end } = appointment;
  const promised = isAtSite(channel) ? end : start.add({ minutes: windowMinutes });
  return Temporal.Instant.compare(now, promised) < 0 ? 'due' : 'late';
}

/** Returns the minutes that are left of the promised window; at least one. */
export function minutesLeft({ appointment, office, now }: AppointmentVisit): number {
  const gone = Math.floor(appointment.start.until(now).total('minutes'));
  return Math.max(1, office.settings.attempts.windowMinutes - gone);
}

export const standing = ({ appointment, office, now }: AppointmentVisit): Standing =>
  standingOf(appointment, office.settings.attempts.windowMinutes, now);

const TAGS = {
  delayed: 'warn',
  due: 'now',
  late: 'warn',
  displaced: 'warn',
  in_progress: 'now',
  fulfilled: 'good',
  noshow: 'warn',
  cancelled: 'bad',
} as const;

/** The card of the citizen's appointment. `isDelayed`: it will begin late, and the page says how late. */
export function Card(props: {
  visit: AppointmentVisit;
  isDelayed?: boolean;
  /** Who attends, in words. */
  who?: string;
  /** How a visit to a site stands, where it does so in words of its own. */
  tag?: { kind: TagKind; word: string } | null | undefined;
}) {
  const { visit, isDelayed, tag, who } = props;
  const { t, appointment, procedure, office, dates, language } = visit;
  const stands = standing(visit);
  const isAhead = stands === 'coming' || stands === 'due';
  const { citizen } = appointment;
  const { needs, comment } = appointment;
  const said = needsIn(t, { needs, comment });
  const row = (label: string, value: preact.ComponentChildren) => (value ? [{ label, value }] : []);
  return (
    <AppointmentCard
      day={dates.longDay(appointment.start)}
      hour={dates.time(appointment.start)}
      start={appointment.start}
      channel={isAhead ? formatCalled(visit, appointment) : formatWay(t, office, appointment)}
      more={isAhead ? from(visit) : null}
      off={stands === 'cancelled' || stands === 'displaced'}
      tag={
        tag ? (
          <Tag kind={tag.kind}>{tag.word}</Tag>
        ) : (
          <State t={t} stands={isDelayed ? 'delayed' : stands} />
        )
      }
      rows={[
        ...row(t('citizen.check.what'), namesIn(procedure, language)),
        ...row(
          t('combining.row.people'),
          procedure.people > 1 && t('common.people', { count: procedure.people }),
        ),
        ...row(t('citizen.card.who'), isAhead && (who ?? textIn(office.name, language))),
        ...row(t('ending.card.who'), stands === 'fulfilled' && who),
        ...row(t('citizen.check.language'), <LanguageName of={appointment.language} t={t} />),
        ...row(t('citizen.check.name'), !isAhead && citizen.name),
        ...row(t('citizen.card.behalf'), !isAhead && appointment.onBehalfOf),
        ...row(
          t('interpreter.row'),
          appointment.interpreter && <Interpreter of={appointment.interpreter} t={t} />,
        ),
        ...row(t('citizen.check.needs'), isAhead && said.needs.join(', ')),
        ...row(
          t('citizen.check.comment'),
          isAhead && said.comment && <span class="said">{said.comment}</span>,
        ),
        ...row(t('citizen.card.reference'), <strong>{appointment.reference}</strong>),
      ]}
    />
  );
}

/** The language of the interpreter, in the page's language and by its own name. */
function Interpreter({ of, t }: { of: InterpretedLanguage; t: Translate }) {
  const { name, tag } = WRITTEN[of];
  return (
    <>
      {t(`interpreter.language.${of}`)} (<bdi lang={tag}>{name}</bdi>)
    </>
  );
}

function State({ t, stands }: { t: Translate; stands: Standing | 'delayed' }) {
  if (stands === 'coming' || stands === 'forgotten') return null;
  const word = stands === 'delayed' ? t('manage.delayed.status') : t(`citizen.status.${stands}`);
  return <Tag kind={TAGS[stands]}>{word}</Tag>;
}

/**
 * Returns the origin of the call: the number, where the office gives it, or this page, until the link to
 * the room is there.
 */
function from(visit: AppointmentVisit): ComponentChildren {
  const { t, appointment, office, now } = visit;
  const caller = office.settings.phone?.caller;
  if (hasRoom(appointment.channel))
    return roomStands(appointment, now) === 'early' ? t('manage.call.video') : null;
  if (!isCalled(appointment.channel)) return null;
  if (!caller) return null;
  return (
    <>
      {t('manage.call.caller')} <Phone number={caller} />
    </>
  );
}

/** The preparation for the call. */
export function Prepare(props: {
  visit: AppointmentVisit;
  test?: DeviceTest | null;
  company?: readonly Companion[];
  identity: IdentityRead;
}) {
  const { visit, test, company = [], identity } = props;
  const { t, procedure, appointment, office, now, secret, to } = visit;
  const { channel } = appointment;
  const { max, windowMinutes: minutes } = office.settings.attempts;
  const answer = max > 1 ? 'citizen.prepare.answer' : 'manage.answer.once';
  return (
    <section class="stack" aria-labelledby="prepare">
      <h2 id="prepare">{t(`notices.prepare.title.${channel}`)}</h2>
      <ul>
        <li>{t(`citizen.prepare.${channel}`)}</li>
        {hasRoom(channel) ? <Tested visit={visit} test={test} /> : null}
        {mayInvite(appointment, now) ? <ComesAlong visit={visit} company={company} /> : null}
        {isCalled(channel) ? <li>{t(answer, { minutes })}</li> : null}
        {procedure.identity === 'shown' ? (
          <li>{t(isSeen(channel) ? 'citizen.identity.shown' : 'citizen.identity.asked')}</li>
        ) : (
          <IdentityNeeded visit={visit} identity={identity} />
        )}
      </ul>
      {documentsFor(procedure, appointment).length > 0 ? (
        <>
          <h3>{t('citizen.papers.title')}</h3>
          <Papers t={t} procedure={procedure} of={appointment} />
          <p class="no-print">
            <a href={to.appointment(secret, 'documents')}>{t('notices.prepare.send')}</a>
          </p>
        </>
      ) : null}
    </section>
  );
}

/** The link to invite a companion, and the companions; with a reason, if the citizen stated such a need. */
function ComesAlong(props: { visit: AppointmentVisit; company: readonly Companion[] }) {
  const { visit, company } = props;
  const { t, secret, to, appointment } = visit;
  const { needs } = appointment;
  const hasInterpreter = needs.includes('interpreter') || needs.includes('sign_language');
  const why = needs.includes('companion') ? 'companion' : hasInterpreter ? 'interpreter' : null;
  const names = company.map((each) => each.name).join(', ');
  return (
    <li>
      {why && !names ? <>{t(`companions.prepare.${why}`)} </> : null}
      <a href={to.appointment(secret, 'companions')}>
        {names ? t('companions.invited', { names }) : t('companions.open')}
      </a>
    </li>
  );
}

/** The link to the device test, on any day, and the date of the last test. */
function Tested({ visit, test }: { visit: AppointmentVisit; test: DeviceTest | null | undefined }) {
  const { t, dates, secret, to } = visit;
  const when = test && { day: dates.day(test.at), time: dates.time(test.at) };
  return (
    <li>
      <a href={to.appointment(secret, 'device')}>{t('device.link')}</a>
      {when ? <p class="soft">{t('device.link.tested', when)}</p> : null}
    </li>
  );
}
