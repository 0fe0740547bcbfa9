import type { Feature } from '../../feature.ts';

export const oneTimeCodes: Feature = {
  name: 'one-time-codes',
  tables: {},
  auditActions: ['proved'],
};
