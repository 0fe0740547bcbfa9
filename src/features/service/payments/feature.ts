import type { Feature } from '../../feature.ts';
import type { Payments } from './service.ts';

export const payments: Feature<{ payments: Payments }> = {
  name: 'payments',
  tables: {
    payment: {
      ends: 'It has numbers and amounts, and says of a person only which case is theirs. What is handed in is sealed, and ends with the case’s key.',
    },
    payment_notification: {
      ends: 'What the bank sent is the evidence of a payment: numbers, amounts, the country of the card. It stays with the payment.',
    },
  },
  auditActions: [
    'payment_begun',
    'payment_paid',
    'payment_failed',
    'payment_refund_ordered',
    'payment_refunded',
    'payments_read',
  ],
  jobs: [
    {
      what: 'to finish payments',
      everyMs: 60_000,
      run: ({ payments: each }) => each.reconcile(),
    },
  ],
};
