import type { Feature } from '../../feature.ts';

export const imports: Feature = {
  name: 'imports',
  tables: {},
  auditActions: ['imported', 'import_planned'],
};
