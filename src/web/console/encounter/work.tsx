import { isAtSite } from '../../../domain/channel.ts';
import { mayBecome } from '../../../features/booking/appointments/rules.ts';
import type {
  Dossier,
  DraftMistakes,
  Encounter,
} from '../../../features/service/encounter/types.ts';
import type { TypedInvitation } from '../../companion-link.tsx';
import { type ActsProps, ActsSection } from '../acts/acts.tsx';
import { CallPanel } from '../call/call.tsx';
import { CompanyPanel, type Guest } from '../call/company.tsx';
import { RoomPanel } from '../call/room.tsx';
import { CounterPanel } from '../check-in/panel.tsx';
import { type Asked, ColleaguesPanel } from '../colleagues/panel.tsx';
import { NumberPanel } from '../contact/number.tsx';
import { Key } from '../key.tsx';
import { UndoBar } from '../undo/bar.tsx';
import { CorrectLink } from '../undo/correct-link.tsx';
import type { DeskVisit } from '../visit.tsx';
import { dayTitle, itemIn, nameOf, whenIn } from '../words.ts';
import { Ticked } from './checks.tsx';
import { DisplacedPanel } from './displaced-panel.tsx';
import { draftOf, type TypedDraft } from './draft.ts';
import { EncounterForm, type EncounterFormProps } from './form.tsx';
import { DeskLinks } from './links.tsx';
import { WhoHasIt } from './who-has-it.tsx';

export interface WorkProps
  extends Pick<
    EncounterFormProps,
    'visit' | 'dossier' | 'frequent' | 'following' | 'conflict' | 'unticked' | 'unsettled'
  > {
  /** The typed values that weren't saved. */
  typed?:
    | {
        draft?: TypedDraft;
        mistakes?: DraftMistakes;
        note?: string;
        invitation?: TypedInvitation;
      }
    | undefined;
  /** The companions; null: it isn't a video appointment. */
  guests: readonly Guest[] | null;
  acts: ActsProps['acts'];
  /** The colleagues who were asked for help. */
  asked: readonly Asked[];
}

/** The right region: the reader's work on this appointment, with the next action at its end. */
export function WorkRegion(props: WorkProps) {
  const { visit, dossier, guests, acts, typed } = props;
  return (
    <section class="region work stack" aria-label={visit.t('staff.work.title')}>
      <div class="tools stack">
        <RoomPanel visit={visit} dossier={dossier} />
        <CompanyPanel visit={visit} dossier={dossier} guests={guests} typed={typed?.invitation} />
        <ColleaguesPanel visit={visit} dossier={dossier} asked={props.asked} />
        <ActsSection visit={visit} dossier={dossier} acts={acts} />
        <UndoBar visit={visit} dossier={dossier} />
      </div>
      <Work {...props} />
    </section>
  );
}

function Work(props: WorkProps) {
  const { visit, dossier, typed } = props;
  const { t } = visit;
  const { appointment, encounter } = dossier;
  switch (appointment.status) {
    case 'booked':
    case 'arrived':
      return <Ahead {...props} />;
    case 'in_progress':
      return (
        <>
          <WhoHasIt visit={visit} dossier={dossier} />
          <EncounterForm
            {...props}
            draft={typed?.draft ?? draftOf(visit, dossier)}
            mistakes={typed?.mistakes ?? {}}
          />
        </>
      );
    case 'noshow':
      return (
        <>
          <NoShowPanel visit={visit} dossier={dossier} />
          <DeskLinks visit={visit} dossier={dossier} />
          <NextAction visit={visit} />
        </>
      );
    case 'fulfilled':
      return (
        <>
          <h2>{t('staff.fulfilled.title')}</h2>
          {encounter ? <EncounterSummary visit={visit} encounter={encounter} /> : null}
          {encounter ? <CorrectLink visit={visit} encounter={encounter} /> : null}
          <DeskLinks visit={visit} dossier={dossier} />
          <NextAction visit={visit} />
        </>
      );
    case 'cancelled':
      return (
        <>
          <h2>{t('staff.cancelled.title')}</h2>
          <p>{t('staff.cancelled.text')}</p>
          <DeskLinks visit={visit} dossier={dossier} />
          <NextAction visit={visit} />
        </>
      );
  }
}

/** Before it begins: reaching the citizen by telephone or in the room, or waiting for them at the site. */
function Ahead({ visit, dossier, typed }: WorkProps) {
  const { appointment, lacksNumber } = dossier;
  if (dossier.endsAt) return <UnreachedPanel visit={visit} dossier={dossier} />;
  if (appointment.displacedAt) return <DisplacedPanel visit={visit} dossier={dossier} />;
  if (lacksNumber) return <NumberPanel visit={visit} dossier={dossier} />;
  const links = (
    <>
      <DeskLinks visit={visit} dossier={dossier} />
      <CancelLink visit={visit} dossier={dossier} />
    </>
  );
  if (isAtSite(appointment.channel))
    return (
      <CounterPanel visit={visit} dossier={dossier}>
        {links}
      </CounterPanel>
    );
  return (
    <CallPanel visit={visit} dossier={dossier} note={typed?.note}>
      {links}
    </CallPanel>
  );
}

/** All calls failed: it ends by itself, and until then the citizen may ring back. */
function UnreachedPanel({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, base } = visit;
  const { id } = dossier.appointment;
  const time = dossier.endsAt ? whenIn(visit, dossier.endsAt) : '';
  return (
    <>
      <h2>{t('unreached.title')}</h2>
      <p>{t('unreached.text', { time })}</p>
      <form method="post" action={`${base}/appointment/${id}/start`}>
        <button type="submit" class="button quiet" data-action="calledBack">
          {t('staff.call.calledBack')} <Key action="calledBack" />
        </button>
      </form>
      <DeskLinks visit={visit} dossier={dossier} />
      <NextAction visit={visit} />
    </>
  );
}

/** The call had no answer, or nobody came to the site: the citizen may still call back, or come. */
function NoShowPanel({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t, base } = visit;
  const { id, channel } = dossier.appointment;
  const isVisit = isAtSite(channel);
  return (
    <>
      <h2>{t(isVisit ? 'checkIn.situation.noshow' : 'staff.noshow.title')}</h2>
      <p>{t('staff.noshow.text')}</p>
      <form method="post" action={`${base}/appointment/${id}/start`}>
        <button type="submit" class="button quiet" data-action="calledBack">
          {t(isVisit ? 'checkIn.desk.cameAfterAll' : 'staff.call.calledBack')}{' '}
          <Key action="calledBack" />
        </button>
      </form>
    </>
  );
}

/**
 * The next action, at the bottom right of every page: the next citizen, or the day of the office for people without a desk. Its key is
 * shown once a script handles it.
 */
export function NextAction({ visit }: { visit: DeskVisit }) {
  const { t, base, viewer } = visit;
  return (
    <p class="action">
      {viewer.desk === null ? (
        <a class="button" id="action" href={base}>
          {dayTitle(visit)}
        </a>
      ) : (
        <a class="button" id="action" href={`${base}/next`} data-action="next">
          {t('staff.next')} <Key action="next" />
        </a>
      )}
    </p>
  );
}

function CancelLink({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { appointment } = dossier;
  if (!mayBecome(appointment.status, 'cancelled')) return null;
  return (
    <p>
      <a href={`${visit.base}/appointment/${appointment.id}/cancel`} data-action="cancel">
        {visit.t('staff.cancel.link')}
      </a>
    </p>
  );
}

/** The saved encounter, to read. */
export function EncounterSummary({ visit, encounter }: { visit: DeskVisit; encounter: Encounter }) {
  const { t, office } = visit;
  const { outcomes, wrapUpCodes } = office.settings;
  return (
    <>
      {encounter.items.length > 0 ? (
        <ul>
          {encounter.items.map((each, index) => (
            <li key={index}>
              {t(`staff.kind.${each.kind}`)}: {itemIn(t, office, each)}
              {each.outcome ? <b> – {nameOf(t, outcomes, each.outcome)}</b> : null}
            </li>
          ))}
        </ul>
      ) : null}
      <dl class="facts">
        {encounter.identity ? (
          <div>
            <dt>{t('staff.encounter.identity')}</dt>
            <dd>
              {t(`staff.identity.${encounter.identity}`)}
              {encounter.identityNote ? `. ${encounter.identityNote}` : ''}
            </dd>
          </div>
        ) : null}
        {encounter.notes ? (
          <div>
            <dt>{t('staff.encounter.notes')}</dt>
            <dd class="said">{encounter.notes}</dd>
          </div>
        ) : null}
        {encounter.wrapUp ? (
          <div>
            <dt>{t('staff.encounter.wrapUp')}</dt>
            <dd>{nameOf(t, wrapUpCodes, encounter.wrapUp)}</dd>
          </div>
        ) : null}
      </dl>
      <Ticked visit={visit} ticks={encounter.ticks} />
    </>
  );
}
