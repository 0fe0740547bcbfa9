import type { Feature } from '../../feature.ts';
import type { Coordination } from './service.ts';

export const coordination: Feature<{ coordination: Coordination }> = {
  name: 'coordination',
  tables: {},
  events: ['taken_over'],
  auditActions: [
    'listed',
    'board',
    'taken_over',
    'away_planned',
    'desk_away',
    'desk_back',
    'away_read',
    'several_changed',
    'displaced',
    'cancelled',
  ],
  jobs: [
    {
      what: 'to see to desks that are away',
      everyMs: 30_000,
      run: ({ coordination }) => coordination.lookAfter(),
    },
  ],
};
