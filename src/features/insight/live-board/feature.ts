import type { Feature } from '../../feature.ts';

export const liveBoard: Feature = {
  name: 'live-board',
  tables: {},
  auditActions: ['now'],
};
