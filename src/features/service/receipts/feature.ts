import type { Feature } from '../../feature.ts';
import type { Receipts } from './service.ts';
import { receiptsDue } from './views.ts';

export const receipts: Feature<{ receipts: Receipts }> = {
  name: 'receipts',
  tables: {
    case_receipt: {
      ends: 'The document and its code are sealed under the key of their case, and end with it.',
    },
  },
  growth: {
    case_receipt: { until: 'with its case' },
  },
  auditActions: ['case_receipt_issued', 'case_receipt_verified'],
  jobs: [
    {
      what: 'to issue receipts of what was handed in',
      everyMs: 60_000,
      due: receiptsDue,
      run: ({ receipts: each }) => each.issueMissing(),
    },
  ],
};
