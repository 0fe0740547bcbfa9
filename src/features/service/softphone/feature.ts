import type { Feature } from '../../feature.ts';
import { forgetCalls, forgetWhoseCalls } from './store.ts';

export const softphone: Feature = {
  name: 'softphone',
  tables: {
    call: 'forgotten',
  },
  growth: {
    call: { until: 'after `notesDays`' },
  },
  forget: { due: forgetCalls, about: forgetWhoseCalls },
};
