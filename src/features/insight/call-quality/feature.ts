import type { Feature } from '../../feature.ts';
import { forgetQuality, forgetWhoseQuality } from './store.ts';

export const callQuality: Feature = {
  name: 'call-quality',
  tables: {
    call_quality: 'forgotten',
  },
  growth: {
    call_quality: { until: 'after `notesDays`' },
  },
  forget: { due: forgetQuality, about: forgetWhoseQuality },
};
