import type { Feature } from '../../feature.ts';
import { forgetProofs } from './store.ts';

export const proof: Feature = {
  name: 'proof',
  tables: {
    proof_step: 'forgotten',
    one_time_code: 'forgotten',
    proved_browser: 'forgotten',
  },
  functions: ['forget_addresses'],
  forget: { about: forgetProofs },
  auditActions: ['address_confirmed', 'address_vouched'],
};
