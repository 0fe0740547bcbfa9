import type { Feature } from '../../feature.ts';
import { type Sealing, sealingDue, sealTrails, tellOwedSeals } from './jobs.ts';

export const audit: Feature<Sealing> = {
  name: 'audit',
  tables: {
    audit: {
      ends: 'It stays: it accounts for what was done, with ids and numbers and no personal data.',
    },
    audit_seal: 'nobody',
  },
  growth: {
    audit: 'forever',
    audit_seal: 'forever',
  },
  auditActions: ['trail_read'],
  jobs: [
    {
      what: 'to seal the audit trail',
      everyMs: 60_000,
      due: sealingDue,
      run: sealTrails,
      atStop: tellOwedSeals,
    },
  ],
};
