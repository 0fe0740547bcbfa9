import type { Feature } from '../../feature.ts';

export const sso: Feature = {
  name: 'sso',
  tables: {
    'auth.sso_attempt': 'nobody',
  },
  growth: {
    'auth.sso_attempt': 'days',
  },
};
