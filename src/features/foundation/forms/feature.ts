import type { Feature } from '../../feature.ts';

export const forms: Feature = {
  name: 'forms',
  tables: { form_version: 'nobody', form_ending: 'nobody' },
  growth: {
    form_version: 'town',
    form_ending: 'town',
  },
  auditActions: ['form_published', 'form_ended'],
};
