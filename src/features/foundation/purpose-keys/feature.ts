import type { Feature } from '../../feature.ts';

export const purposeKeys: Feature = {
  name: 'purpose-keys',
  tables: {
    purpose_key: 'nobody',
  },
  growth: {
    purpose_key: 'town',
  },
  auditActions: ['key_rotated', 'key_retired'],
};
