import type { Feature } from '../../feature.ts';

export const assistance: Feature = {
  name: 'assistance',
  tables: {},
  auditActions: ['searched', 'copied', 'printed'],
};
