import type { Feature } from '../../feature.ts';
import { forgetOld, forgetRecipients } from './forgetting/store.ts';

export const notices: Feature = {
  name: 'notices',
  tables: {
    notice: 'forgotten',
    muted: { ends: 'It keeps keyed hashes of addresses, which name nobody without the key.' },
  },
  growth: {
    notice: 'forever',
    muted: { until: 'when they want reminders again' },
  },
  forget: { due: forgetOld, about: forgetRecipients },
};
