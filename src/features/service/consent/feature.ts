import type { Feature } from '../../feature.ts';
import type { Consent } from './service.ts';
import { actsDue } from './views.ts';

export const consent: Feature<{ consent: Consent }, { consent: Consent }> = {
  name: 'consent',
  tables: {
    act: 'forgotten',
  },
  growth: {
    act: 'forever',
  },
  forget: { destroy: ({ consent }, office) => consent.destroy(office) },
  events: ['act_prepared', 'act_consented', 'act_declined', 'act_withdrawn', 'act_expired'],
  auditActions: [
    'act_prepared',
    'act_read',
    'act_code_sent',
    'act_heard',
    'act_signed',
    'act_consented',
    'act_declined',
    'act_withdrawn',
    'act_expired',
    'act_copied',
    'act_destroyed',
  ],
  jobs: [
    {
      what: 'to see to acts',
      everyMs: 10_000,
      due: actsDue,
      onCommit: true,
      run: ({ consent }) => consent.pass(),
    },
  ],
};
