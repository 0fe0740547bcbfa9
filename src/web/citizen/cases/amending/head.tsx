import { KNOWN_STATES, statesOf } from '../../../../domain/form/states.ts';
import { amendedTo } from '../../../../features/service/cases/service.ts';
import type { Amendment } from '../../../../features/service/cases/types.ts';
import { SummaryList } from '../../../../ui/parts.tsx';
import type { CaseVisit } from '../../visit.tsx';
import type { Filling } from '../filling.ts';

/** What the page of a case is called and begins with, by its state. */
export interface Head {
  title: string;
  lead: string | null;
  /** Whether somebody has just handed something in, and nothing more is to do. */
  isReceipt: boolean;
}

/** Returns what the page of what was handed in begins with. `amendments`: the newest first. */
export function headOf(filling: Filling, amendments: readonly Amendment[]): Head {
  const { visit, form, opened, amends } = filling;
  const { t } = visit;
  const { state, atOnce } = opened.case;
  const table = statesOf(form);
  if (state === table.start)
    return { title: t('case.done.title'), lead: t('case.done.lead'), isReceipt: true };
  if (atOnce === 'issued')
    return { title: t('residence.ready.title'), lead: t('residence.ready.text'), isReceipt: true };
  if (amends) return { title: t('case.amend.title'), lead: t('case.amend.lead'), isReceipt: false };
  if (state === amendedTo(table) && amendments[0]?.answered)
    return { title: t('case.amended.title'), lead: t('case.amended.lead'), isReceipt: true };
  const known = KNOWN_STATES.find((each) => each === state);
  const lead = known && known !== 'registered' ? t(`case.page.${known}`) : null;
  return { title: t('case.page.title'), lead, isReceipt: false };
}

/** What was handed in to amend it, each with its entry in the registry. */
export function Amended(props: { visit: CaseVisit; amendments: readonly Amendment[] }) {
  const { visit, amendments } = props;
  const { t, dates, to, secret } = visit;
  const all = amendments.flatMap(({ id, answered }) => (answered ? [{ id, ...answered }] : []));
  if (all.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="amended">
      <h2 id="amended">{t('case.amended.receipts')}</h2>
      {all.map(({ id, at, number, record }) => (
        <div key={id} class="stack">
          <p class="when figures">{number}</p>
          <SummaryList
            rows={[
              { label: t('case.receipt.when'), value: `${dates.longDay(at)}, ${dates.time(at)}` },
              ...(record.reply
                ? [{ label: t('case.amend.reply.title'), value: record.reply }]
                : []),
            ]}
          />
          <p class="no-print">
            <a href={to.case(secret, `receipt/${number}`)}>{t('receipt.one', { number })}</a>
          </p>
        </div>
      ))}
    </section>
  );
}
