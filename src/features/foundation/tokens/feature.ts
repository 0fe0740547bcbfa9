import type { Feature } from '../../feature.ts';

export const tokens: Feature = {
  name: 'tokens',
  tables: {
    token: 'nobody',
  },
  growth: {
    token: 'town',
  },
  auditActions: ['token_created', 'token_revoked'],
};
