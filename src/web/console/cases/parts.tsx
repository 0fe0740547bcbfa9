import type { OutsideState } from '../../../features/foundation/registry/types.ts';
import { NOTE_LENGTH } from '../../../features/service/cases/service.ts';
import type { Amendment } from '../../../features/service/cases/types.ts';
import { handedInForRows } from '../../../features/service/receipts/rules.ts';
import { grouped } from '../../../features/service/verification/rules.ts';
import { before } from '../../words/labels.ts';
import { stateName } from '../../words/states.ts';
import { NoteForm, Notes } from '../handling/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { Answered, Versions } from './amended.tsx';
import { questionName } from './asked.ts';
import type { CaseProps, Shown } from './case.tsx';
import { whyNotIssueHere } from './obstacles.ts';
import { actorIn, dayIn, eventIn, whenIn } from './words.ts';

/** The entry in the registry of the office, and where it stands with that of the town. */
export function Registered(props: CaseProps & { outside: OutsideState | null }) {
  const { visit, work, at, outside } = props;
  const { t } = visit;
  const { entry } = work.opened;
  const { handedInAt, recordHash } = work.opened.case;
  return (
    <section class="stack" aria-labelledby="registry">
      <h2 id="registry">{t('caseDesk.registry')}</h2>
      {entry ? (
        <p>
          <strong class="figures">{entry.number}</strong>
          {handedInAt ? ` · ${whenIn(visit, handedInAt)}` : ''} ·{' '}
          {t('caseDesk.countsFrom', { day: dayIn(visit, entry.countsFrom) })}
        </p>
      ) : null}
      {outside ? <p>{outsideIn(outside, t)}</p> : null}
      <HandedInFor visit={visit} work={work} />
      {entry ? (
        <p>
          <a href={`${at}/receipt.pdf`}>{t('onBehalf.receipt')}</a>
        </p>
      ) : null}
      {recordHash ? (
        <details class="small">
          <summary>{t('caseDesk.hash')}</summary>
          <code class="hash">{recordHash}</code>
        </details>
      ) : null}
    </section>
  );
}

/** The official who handed it in for whoever applies, and the consent to it. */
function HandedInFor({ visit, work }: Pick<CaseProps, 'visit' | 'work'>) {
  const { t, dates } = visit;
  const by = work.opened.record?.handedInFor;
  if (!by) return null;
  return (
    <dl class="facts">
      {handedInForRows(by, { dates, t }).map(({ label, text, isCode }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class={isCode ? 'hash small' : undefined}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Returns in words where an entry stands with the registry of the town. */
function outsideIn(outside: OutsideState, t: DeskVisit['t']): string {
  if (outside.state === 'registered') {
    const { number, register } = outside;
    return t(register === 'auxiliary' ? 'caseDesk.outside.auxiliary' : 'caseDesk.outside', {
      number,
    });
  }
  const isRefused = outside.failing === 'refused' || outside.failing === 'unclear';
  return t(isRefused ? 'caseDesk.outside.refused' : 'caseDesk.outside.owed');
}

/** What whoever handed it in was asked to amend. */
export function AmendmentsPart(props: CaseProps) {
  const { visit, work, at } = props;
  const { t } = visit;
  if (work.amendments.length === 0) return null;
  return (
    <section aria-labelledby="amendments">
      <h2 id="amendments">{t('caseDesk.amendments')}</h2>
      {work.amendments.map((each) => (
        <One key={each.id} {...props} of={each} />
      ))}
      {work.amendments.some(({ answered }) => answered) ? <Versions visit={visit} at={at} /> : null}
      {work.mostMore > 0 ? (
        <p>
          <a href={`${at}/extend`}>{t('caseDesk.extend.link')}</a>
        </p>
      ) : null}
    </section>
  );
}

function One({ visit, work, names, of }: CaseProps & { of: Amendment }) {
  const { t } = visit;
  const who = actorIn(visit, names, of.askedBy);
  return (
    <article class="case-note">
      <p class="small soft">{t('caseDesk.by', { name: who, when: whenIn(visit, of.askedAt) })}</p>
      <ul>
        {of.points.map(({ question, text }) => (
          <li key={question}>
            {question ? <b>{before(questionName(work.form.form, question, t))}</b> : null}
            <span class="said">{text}</span>
          </li>
        ))}
      </ul>
      <p class="small">
        {of.closedAt
          ? t('caseDesk.amend.closed', { when: whenIn(visit, of.closedAt) })
          : t('caseDesk.amendBy', { day: dayIn(visit, of.until) })}
        {of.extended ? ` ${t('caseDesk.amend.extended', { reason: of.extended.reason })}` : ''}
      </p>
      {of.answered ? <Answered visit={visit} work={work} of={of} answered={of.answered} /> : null}
    </article>
  );
}

/** The decision that was issued, or what is written of it. */
export function DecisionPart({ visit, work, names, at }: CaseProps) {
  const { t } = visit;
  const { decision, form, steps } = work;
  if (!decision) return null;
  const { outcome, issued } = decision;
  const isOpen = steps.some(({ to, how }) => how === 'decide' && to === outcome);
  if (!issued && !isOpen) return null;
  return (
    <section aria-labelledby="decision">
      <h2 id="decision">{t('caseDesk.decision')}</h2>
      <p>
        <strong>{stateName(outcome, form.form, t)}</strong>
      </p>
      {issued ? (
        <>
          <p class="small soft">
            {t('caseDesk.by', {
              name: actorIn(visit, names, issued.by),
              when: whenIn(visit, issued.at),
            })}
          </p>
          <p>
            <a href={`${at}/decision.pdf`}>{t('caseDesk.decision.open')}</a>
          </p>
          <p class="small">
            {t('caseDesk.decision.code')} <code class="hash">{grouped(issued.code)}</code>
          </p>
        </>
      ) : (
        <p>
          {t('caseDesk.decision.draft', { name: actorIn(visit, names, decision.writtenBy) })}{' '}
          <a href={`${at}/decision`}>
            {t(
              whyNotIssueHere({ visit, work }, decision)
                ? 'caseDesk.decision.read'
                : 'caseDesk.decision.review',
            )}
          </a>
        </p>
      )}
    </section>
  );
}

/** What officials write for each other. */
export function NotesPart(props: CaseProps & { typed: Shown['note'] }) {
  const { visit, work, names, at, typed } = props;
  return (
    <Notes visit={visit} notes={work.notes} nameOf={(by) => actorIn(visit, names, by)}>
      <NoteForm visit={visit} at={at} typed={typed} most={NOTE_LENGTH} />
    </Notes>
  );
}

/** What happened, the newest first. */
export function HistoryPart({ visit, work, names, at }: CaseProps) {
  const { t } = visit;
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t('caseDesk.history')}</h2>
      <ol class="plain small case-history">
        {work.events.toReversed().map((event, nth) => (
          <li key={nth}>
            {eventIn(visit, work.form.form, names, event)}{' '}
            <span class="soft">
              {t('caseDesk.by', {
                name: actorIn(visit, names, event.actor),
                when: whenIn(visit, event.at),
              })}
            </span>
            {LATER.has(event.kind) ? (
              <a class="line" href={`${at}/receipt/${event.data.number}`}>
                {t('receipt.one', { number: String(event.data.number) })}
              </a>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What is handed in after the application, each with a receipt. */
const LATER: ReadonlySet<string> = new Set(['amended', 'submitted', 'cosigned']);
