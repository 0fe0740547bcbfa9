import type { Feature } from '../../feature.ts';
import { forgetTests } from './store.ts';

export const device: Feature = {
  name: 'device',
  tables: {
    device_test: 'forgotten',
  },
  growth: {
    device_test: { until: 'after `contactDays`' },
  },
  forget: { about: forgetTests },
};
