import type { Feature } from '../../feature.ts';

export const staffIdentifiers: Feature = {
  name: 'staff-identifiers',
  tables: { staff_identifier: { ends: 'It is deleted when the person retires.' } },
  growth: {
    staff_identifier: 'town',
  },
  functions: ['forget_staff_identifier'],
  auditActions: ['nif_entered', 'nif_used'],
};
