import type { Feature } from '../../feature.ts';

export const preferences: Feature = {
  name: 'preferences',
  tables: {
    staff_preference: { ends: 'It is deleted when the person retires.' },
  },
  growth: {
    staff_preference: 'town',
  },
  functions: ['forget_preferences'],
};
