import type { Feature } from '../../feature.ts';
import { forgetProofs } from './store.ts';

export const proof: Feature = {
  name: 'proof',
  tables: {
    proof_step: 'forgotten',
    one_time_code: 'forgotten',
    proved_browser: 'forgotten',
  },
  growth: {
    proof_step: 'forever',
    one_time_code: { until: 'after `contactDays`' },
    proved_browser: { until: 'after `contactDays`' },
  },
  functions: ['forget_addresses'],
  forget: { about: forgetProofs },
  auditActions: ['address_confirmed', 'address_vouched'],
};
