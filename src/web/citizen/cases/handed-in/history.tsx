import type { Form } from '../../../../domain/form/schema.ts';
import { AMENDING, WITHDRAWN } from '../../../../features/service/cases/rules.ts';
import type { CaseEvent } from '../../../../features/service/cases/types.ts';
import { factText } from '../../../../features/service/notifications/service.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { stateName } from '../../../words/states.ts';
import type { CaseVisit } from '../../visit.tsx';

/** What happened to a case, in words for whoever handed it in, the newest first. What the office does within itself is left out. */
export function History(props: { visit: CaseVisit; form: Form; events: readonly CaseEvent[] }) {
  const { visit, form, events } = props;
  const { t, dates } = visit;
  const told = withoutUndone(events).flatMap((event) => {
    const words = wordsOf(event, form, t) ?? factText(event, t, dates);
    return words ? [{ at: event.at, words, receipt: receiptOf(event, visit) }] : [];
  });
  if (told.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="history">
      <h2 id="history">{t('case.history.title')}</h2>
      <ul class="sent">
        {told.toReversed().map(({ at, words, receipt }) => (
          <li key={`${at} ${words}`}>
            <span class="soft">
              {dates.longDay(at)}, {dates.time(at)}
            </span>
            <br />
            {words}
            {receipt ? (
              <>
                <br />
                <a class="no-print" href={receipt.href}>
                  {receipt.text}
                </a>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The way to the receipt of a withdrawal, where it is told that the case was withdrawn; nothing where it was not. */
export function WithdrawnReceipt(props: { visit: CaseVisit; events: readonly CaseEvent[] }) {
  const { visit, events } = props;
  const event = events.find(({ kind }) => kind === 'submitted');
  const receipt = event && receiptOf(event, visit);
  if (!receipt) return null;
  return (
    <p class="no-print">
      <a href={receipt.href}>{receipt.text}</a>
    </p>
  );
}

/** Returns where the receipt of what somebody handed in is; null: nothing was, or it is another person's. */
function receiptOf(
  { kind, data }: CaseEvent,
  { t, to, secret }: CaseVisit,
): { href: string; text: string } | null {
  const number = String(data.number);
  const text = t('receipt.one', { number });
  if (kind === 'handed_in') return { href: to.case(secret, 'receipt'), text };
  return kind === 'amended' || kind === 'submitted'
    ? { href: to.case(secret, `receipt/${number}`), text }
    : null;
}

/** Returns what happened without the steps that the office took back. */
function withoutUndone(events: readonly CaseEvent[]): CaseEvent[] {
  const left: CaseEvent[] = [];
  for (const event of events) {
    const step = left.findLastIndex(({ kind }) => kind === 'moved');
    if (event.kind === 'undone' && step >= 0) left.splice(step, 1);
    else left.push(event);
  }
  return left;
}

function wordsOf({ kind, data }: CaseEvent, form: Form, t: Translate): string | null {
  const number = String(data.number);
  switch (kind) {
    case 'opened':
    case 'amendment_asked':
    case 'extended':
    case 'decided':
    case 'paper_refused':
      return t(`case.history.${kind}`);
    case 'handed_in':
      return t(data.act ? 'onBehalf.history' : 'case.history.handed_in', { number });
    case 'amended':
      return t(`case.history.${kind}`, { number });
    case 'cosigned':
      return t('cosign.event.cosigned', { number });
    case 'cosign_declined':
      return t('cosign.event.declined');
    case 'report_asked':
    case 'report_ended':
      // The law wants them to know of what stops the time to decide (Ley 39/2015, art. 22.1.d).
      return data.suspends === true
        ? t(kind === 'report_asked' ? 'report.history.asked' : 'report.history.ended')
        : null;
    case 'submitted':
      return t('case.history.withdrawal', { number });
    case 'moved':
      return HAS_ITS_OWN.has(String(data.to))
        ? null
        : t('case.history.moved', { state: stateName(String(data.to), form, t) });
    default:
      return null;
  }
}

/** The states whose beginning is told by what led to them: a withdrawal, and a request to correct. */
const HAS_ITS_OWN: ReadonlySet<string> = new Set([WITHDRAWN, AMENDING]);
