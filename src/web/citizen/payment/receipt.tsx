import type { OpenedCase } from '../../../features/service/cases/types.ts';
import { amountInWords } from '../../../features/service/payments/rules.ts';
import type { Payment } from '../../../features/service/payments/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { OfficeVisit } from '../visit.tsx';

/** Returns the rows of a receipt about the fee; none where nothing was paid. */
export function paidRows({ t, language }: OfficeVisit, { record }: OpenedCase) {
  const { payment } = record ?? {};
  if (!payment) return [];
  const { authorization } = payment;
  return [
    { label: t('payment.receipt'), value: amountInWords(payment.cents, language) },
    { label: t('payment.order'), value: <span class="figures">{payment.order}</span> },
    ...(authorization === null
      ? []
      : [
          {
            label: t('payment.receipt.authorization'),
            value: <span class="figures">{authorization}</span>,
          },
        ]),
  ];
}

/** What was paid too often, and what was given back. */
export function GivenBack({ visit, payments }: { visit: OfficeVisit; payments: Payment[] }) {
  const { t, dates, language } = visit;
  return (
    <>
      {payments.flatMap(({ id, state, refund, refundedAt, cents }) => {
        const amount = amountInWords(cents, language);
        const text = refundedAt
          ? t('payment.givenBack', { amount, day: dates.longDay(refundedAt) })
          : state === 'paid' && refund === 'double'
            ? t('payment.twice', { amount })
            : null;
        return text
          ? [
              <Notice key={id}>
                <p>{text}</p>
              </Notice>,
            ]
          : [];
      })}
    </>
  );
}
