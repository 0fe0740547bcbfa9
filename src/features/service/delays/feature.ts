import type { Feature } from '../../feature.ts';
import type { Delays } from './service.ts';

export const delays: Feature<{ delays: Delays }> = {
  name: 'delays',
  tables: {},
  events: ['delayed'],
  auditActions: ['listed', 'late_said'],
  jobs: [
    {
      what: 'to tell who will be called late',
      everyMs: 30_000,
      run: ({ delays }) => delays.tell(),
    },
  ],
};
