import type { Feature } from '../../feature.ts';
import type { Payments } from './service.ts';
import { paymentsDue } from './views.ts';

export const payments: Feature<{ payments: Payments }, { payments: Payments }> = {
  name: 'payments',
  tables: {
    payment: {
      ends: 'It has numbers and amounts, and says of a person only which case is theirs. It is destroyed after the office’s `paymentDays`, one that nobody paid after thirteen months.',
    },
    payment_notification: {
      ends: 'What the bank sent is the evidence of a payment: numbers, amounts, the country of the card. It is destroyed with the payment.',
    },
  },
  growth: {
    payment: { until: 'after `paymentDays`' },
    payment_notification: { until: 'after `paymentDays`' },
  },
  functions: ['destroy_payments'],
  forget: { destroy: ({ payments: each }, office) => each.destroy(office) },
  auditActions: [
    'payment_begun',
    'payment_paid',
    'payment_failed',
    'payment_refund_ordered',
    'payment_refunded',
    'payments_read',
    'payment_destroyed',
  ],
  jobs: [
    {
      what: 'to finish payments',
      everyMs: 60_000,
      due: paymentsDue,
      run: ({ payments: each }) => each.reconcile(),
    },
  ],
};
