import type { Feature } from '../../feature.ts';

export const linkRecovery: Feature = {
  name: 'link-recovery',
  tables: {},
  auditActions: ['link_sent'],
};
