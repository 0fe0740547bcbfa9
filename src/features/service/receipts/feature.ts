import type { Feature } from '../../feature.ts';

export const receipts: Feature = {
  name: 'receipts',
  tables: {
    case_receipt: {
      ends: 'The document and its code are sealed under the key of their case, and end with it.',
    },
  },
  auditActions: ['case_receipt_issued', 'case_receipt_verified'],
};
