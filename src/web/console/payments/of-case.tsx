import { amountInWords } from '../../../features/service/payments/rules.ts';
import type { Payment } from '../../../features/service/payments/types.ts';
import type { Dates } from '../../../lib/i18n/dates.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** The fee of a case on its page in the console: each attempt, the newest first. Nothing where nobody went to pay. */
export function PaymentsOfCase(props: {
  t: Translate;
  dates: Dates;
  payments: readonly Payment[];
}) {
  const { t, dates, payments } = props;
  if (payments.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="fee">
      <h2 id="fee">{t('payments.ofCase')}</h2>
      <ul>
        {payments.map(({ id, order, cents, state, refund, decidedAt, begunAt, authorization }) => {
          const at = decidedAt ?? begunAt;
          return (
            <li key={id}>
              {amountInWords(cents, t.language)}{' '}
              <strong>
                {t(state === 'paid' && refund ? 'payment.toRefund' : `payment.state.${state}`)}
              </strong>{' '}
              <span class="soft">
                {[`${dates.shortDay(at)} ${dates.time(at)}`, order, authorization]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
