import { contextOf } from '../../../features/service/cases/rules.ts';
import type { CaseWork } from '../../../features/service/cases/service.ts';
import type {
  Amendment,
  AnsweredAmendment,
  OpenedCase,
} from '../../../features/service/cases/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import { answersOf } from '../../words/answers.ts';
import type { DeskVisit } from '../visit.tsx';
import { whenIn } from './words.ts';

/** The query of the page of a case that shows its answers as they were handed in first. */
const VERSION = 'version';
const isFirst = ({ c }: DeskVisit): boolean => c.req.query(VERSION) === 'first';

/** Returns a case with the answers that its page is asked for: those of now, or as they were handed in first. */
export function asAsked(visit: DeskVisit, opened: OpenedCase): OpenedCase {
  const { record } = opened;
  if (!record || !isFirst(visit)) return opened;
  return { ...opened, draft: { answers: record.answers, hands: record.hands } };
}

/** Which answers the page shows, where they are not those of now. */
export function VersionNotice({ visit, at }: { visit: DeskVisit; at: string }) {
  const { t } = visit;
  if (!isFirst(visit)) return null;
  return (
    <Notice kind="warn">
      <p>
        {t('caseDesk.version.first')} <a href={at}>{t('caseDesk.version.newest')}</a>
      </p>
    </Notice>
  );
}

/** The way to the answers as they were handed in first. */
export const Versions = ({ visit, at }: { visit: DeskVisit; at: string }) =>
  isFirst(visit) ? null : (
    <p>
      <a href={`${at}?${VERSION}=first`}>{visit.t('caseDesk.version.link')}</a>
    </p>
  );

/** What was handed in to amend it: each answer that changed, before and now. */
export function Answered(props: {
  visit: DeskVisit;
  work: CaseWork;
  of: Amendment;
  answered: AnsweredAmendment;
}) {
  const { visit, work, of, answered } = props;
  const { t, office, now } = visit;
  const { form } = work.form;
  const { record, at, number, hash } = answered;
  const context = contextOf(office, work.opened.case.handedInAt ?? now, t.language);
  const changed = new Set(record.changed);
  const before = answersOf(changed, { form, answers: beforeOf(work, of), context }, t);
  const after = answersOf(changed, { form, answers: record.answers, context }, t);
  return (
    <div class="small stack">
      <p>{t('caseDesk.amend.answered', { number, when: whenIn(visit, at) })}</p>
      {after.length > 0 ? (
        <ul>
          {after.map(({ name, label, lines }, nth) => (
            <li key={name} class="said">
              {t('caseDesk.amend.change', {
                label,
                before: before[nth]?.lines.join(', ') ?? '',
                now: lines.join(', '),
              })}
            </li>
          ))}
        </ul>
      ) : null}
      {record.reply ? (
        <p class="said">{t('caseDesk.amend.reply', { text: record.reply })}</p>
      ) : null}
      <details>
        <summary>{t('caseDesk.hash')}</summary>
        <code class="hash">{hash}</code>
      </details>
    </div>
  );
}

/** Returns the answers that an amendment amends: those of the one before it, or of the application. */
function beforeOf({ amendments, opened }: CaseWork, of: Amendment): Record<string, unknown> {
  const older = amendments.slice(amendments.indexOf(of) + 1);
  const last = older.find(({ answered }) => answered)?.answered;
  return last?.record.answers ?? opened.record?.answers ?? {};
}
