import type { Feature } from '../../feature.ts';

export const tokens: Feature = {
  name: 'tokens',
  tables: {
    token: 'nobody',
  },
  auditActions: ['token_created', 'token_revoked'],
};
