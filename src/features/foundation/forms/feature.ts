import type { Feature } from '../../feature.ts';

export const forms: Feature = {
  name: 'forms',
  tables: { form_version: 'nobody' },
  auditActions: ['form_published'],
};
