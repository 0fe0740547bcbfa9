import type { Appointment, AppointmentEvent } from '../../../domain/appointment.ts';
import { hasRoom, isAtSite } from '../../../domain/channel.ts';
import { formatPhone } from '../../../features/booking/appointments/rules.ts';
import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import type { Attempt, Dossier } from '../../../features/service/encounter/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { AppointmentCard } from '../../../ui/appointment-card.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { LanguageName, Tag } from '../../../ui/parts.tsx';
import { formatWay } from '../../citizen/times/ways.ts';
import { formatBrowser, TestFindings } from '../../words/devices.tsx';
import { needsIn } from '../../words/needs.ts';
import { type Written, WrittenInCall } from '../call/written.tsx';
import { CodesSection, type FrozenAddress } from '../contact/proof.tsx';
import { formatDesk } from '../desk-name.tsx';
import { DocumentsSection } from '../documents/documents.tsx';
import { type FormsHere, FormsPanel } from '../filling/panel.tsx';
import { WriteRequestLink } from '../requests/writing/link.tsx';
import type { DeskVisit } from '../visit.tsx';
import { bookedName, formatActor, STATUS_KINDS } from '../words.ts';
import { Earlier } from './earlier.tsx';

interface PersonProps {
  visit: DeskVisit;
  dossier: Dossier;
}

/** The middle region: the person, their request, their contact, and the history. */
export function PersonRegion(
  props: PersonProps & {
    written: readonly Written[];
    papers: readonly DocumentEntry[] | null;
    refusals: number | null;
    frozen: readonly FrozenAddress[];
    forms: FormsHere;
    /** What the card says of the citizen's identity. */
    identity: preact.ComponentChildren;
  },
) {
  const { visit, dossier, written, papers, refusals, frozen, forms, identity } = props;
  const { t, office } = visit;
  const { appointment, attempts } = dossier;
  return (
    <section class="region stack" aria-labelledby="person">
      <h1 id="person" class="lit-title">
        {appointment.status === 'arrived' ? <Mark lit /> : null}
        {appointment.citizen.name}
      </h1>
      <p class="lead">{bookedName(t, office, appointment)}</p>
      <PreCallCard visit={visit} dossier={dossier} identity={identity} />
      <CodesSection visit={visit} frozen={frozen} />
      <DocumentsSection visit={visit} dossier={dossier} papers={papers} refusals={refusals} />
      <FormsPanel visit={visit} dossier={dossier} forms={forms} />
      <WriteRequestLink visit={visit} dossier={dossier} />
      <Earlier visit={visit} dossier={dossier} />
      <WrittenInCall visit={visit} dossier={dossier} written={written} />
      {attempts.length > 0 ? <Attempts visit={visit} attempts={attempts} /> : null}
      <Notices visit={visit} dossier={dossier} />
      <History visit={visit} dossier={dossier} />
    </section>
  );
}

function PreCallCard({
  visit,
  dossier,
  identity,
}: PersonProps & { identity: preact.ComponentChildren }) {
  const { t, dates, office } = visit;
  const { appointment } = dossier;
  const { citizen, onBehalfOf, status } = appointment;
  const { needs, comment } = needsIn(t, appointment, 'staff');
  const phone =
    citizen.phone && formatPhone(citizen.phone, office.settings.country).replaceAll(' ', '\u00a0');
  const row = (label: string, value: preact.ComponentChildren) => (value ? [{ label, value }] : []);
  return (
    <AppointmentCard
      day={dates.longDay(appointment.start)}
      hour={dates.time(appointment.start)}
      start={appointment.start}
      channel={formatWay(t, office, appointment)}
      off={status === 'cancelled'}
      tag={<Tag kind={STATUS_KINDS[status]}>{statusIn(t, appointment)}</Tag>}
      rows={[
        ...row(
          t('staff.card.language'),
          <b>
            <LanguageName of={appointment.language} t={t} />
          </b>,
        ),
        ...row(t('staff.card.needs'), needs.length > 0 && <b>{needs.join(', ')}</b>),
        ...row(t('staff.card.behalf'), onBehalfOf),
        ...row(t('staff.card.phone'), phone && <span class="figures nowrap">{phone}</span>),
        ...row(t('staff.card.email'), citizen.email),
        ...row(
          t('device.desk.label'),
          hasRoom(appointment.channel) && <Tested visit={visit} dossier={dossier} />,
        ),
        ...row(t('staff.card.comment'), comment && <span class="said">{comment}</span>),
        ...row(t('staff.card.identity'), identity),
        ...row(t('staff.card.desk'), formatDesk(visit, appointment.desk)),
        ...row(t('staff.card.reference'), <span class="figures">{appointment.reference}</span>),
      ]}
    />
  );
}

/** The result of the citizen's last device test. */
function Tested({ visit, dossier: { deviceTest: test } }: PersonProps) {
  const { t, dates } = visit;
  if (!test) return <>{t('device.desk.none')}</>;
  const when = {
    day: dates.shortDay(test.at),
    time: dates.time(test.at),
    browser: formatBrowser(t, test),
  };
  return (
    <>
      {t('device.desk.when', when)}
      <TestFindings t={t} test={test} />
    </>
  );
}

/** A status in words: whoever comes to a site waits in no video room. */
function statusIn(t: Translate, { status, channel }: Appointment): string {
  const isOwn = status === 'arrived' || status === 'noshow';
  if (!isAtSite(channel) || !isOwn) return t(`staff.status.${status}`);
  return t(`checkIn.situation.${status === 'arrived' ? 'waiting' : status}`);
}

/** An event in words: coming to a site is no entering of a video room. */
function eventIn(t: Translate, { kind, data }: AppointmentEvent): string {
  if (kind === 'displaced' && data.uncalled) return t('staff.event.uncalled');
  if (kind === 'booked' && typeof data.from === 'string')
    return t('staff.event.brought', { source: data.from });
  const isVisit = (kind === 'arrived' || kind === 'left') && data.site;
  return isVisit ? t(`checkIn.event.${kind}`) : t(`staff.event.${kind}`);
}

function Attempts({ visit, attempts }: { visit: DeskVisit; attempts: readonly Attempt[] }) {
  const { t, dates, office } = visit;
  return (
    <>
      <h2>
        {t('staff.attempts.title', { count: attempts.length, max: office.settings.attempts.max })}
      </h2>
      <ol>
        {attempts.map((each) => (
          <li key={each.number}>
            <span class="figures">{dates.time(each.at)}</span> {t(`staff.outcome.${each.outcome}`)}
            {each.rangSeconds === null ? null : (
              <span class="soft small">
                {' '}
                ({t('softphone.attempt', { seconds: each.rangSeconds })})
              </span>
            )}
            {each.note ? <span class="said soft"> {each.note}</span> : null}
          </li>
        ))}
      </ol>
    </>
  );
}

const NOTICE_KINDS = {
  sent: 'good',
  scheduled: 'plain',
  waiting: 'plain',
  retrying: 'warn',
  failed: 'bad',
  bounced: 'bad',
  dropped: 'plain',
  muted: 'plain',
  capped: 'warn',
  late: 'warn',
  abroad: 'bad',
  spent: 'bad',
} as const;

function Notices({ visit, dossier }: PersonProps) {
  const { t, dates } = visit;
  const { notices } = dossier;
  const isLost = notices.some((each) => NOTICE_KINDS[each.state] === 'bad');
  return (
    <details class="more" open={isLost}>
      <summary>
        {t('staff.notices.title', { count: notices.length })}{' '}
        {isLost ? <Tag kind="bad">{t('staff.undelivered')}</Tag> : null}
      </summary>
      {notices.length === 0 ? <p class="soft">{t('staff.notices.none')}</p> : null}
      <ul class="unmarked">
        {notices.map((each) => (
          <li key={`${each.kind} ${each.at} ${each.state}`}>
            <Tag kind={NOTICE_KINDS[each.state]}>{t(`staff.notices.${each.state}`)}</Tag>{' '}
            {t(`staff.notice.${each.kind}`)}{' '}
            <span class="soft small">
              {each.recipient}, {dates.shortDay(each.at)} {dates.time(each.at)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Returns the typed reason, or the subject of the event, in words. */
function detailOf({ t }: DeskVisit, { kind, data }: Dossier['events'][number]): string {
  const outcome = data.outcome;
  if (kind === 'attempt' && typeof outcome === 'string')
    return t(`staff.outcome.${outcome as Attempt['outcome']}`);
  if (kind === 'delayed' && typeof data.minutes === 'number')
    return t('common.minutes', { count: data.minutes });
  return typeof data.reason === 'string' ? data.reason : '';
}

function History({ visit, dossier }: PersonProps) {
  const { t, dates } = visit;
  const actorIn = ({ who, actor }: Dossier['events'][number]) => who ?? formatActor(t, actor);
  return (
    <details class="more">
      <summary>{t('staff.history.title')}</summary>
      <ol class="unmarked">
        {dossier.events.map((each) => {
          const detail = detailOf(visit, each);
          return (
            <li key={each.id}>
              <span class="figures soft small">
                {dates.shortDay(each.at)} {dates.time(each.at)}
              </span>{' '}
              {eventIn(t, each)}
              {detail ? `: ${detail}` : ''} <span class="soft small">({actorIn(each)})</span>
            </li>
          );
        })}
      </ol>
    </details>
  );
}
