import type { Feature } from '../../feature.ts';

export const purposeKeys: Feature = {
  name: 'purpose-keys',
  tables: {
    purpose_key: 'nobody',
  },
  auditActions: ['key_rotated', 'key_retired'],
};
