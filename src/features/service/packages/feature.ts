import type { Feature } from '../../feature.ts';

export const packages: Feature = {
  name: 'packages',
  tables: {
    case_package: { ends: 'It has ids, a day and a hash, and ends with its case.' },
  },
  growth: {
    case_package: { until: 'with its case' },
  },
  auditActions: ['case_packaged'],
};
