import type { Feature } from '../../feature.ts';
import type { Delays } from './service.ts';
import { delaysDue } from './views.ts';

export const delays: Feature<{ delays: Delays }> = {
  name: 'delays',
  tables: {},
  events: ['delayed'],
  auditActions: ['listed', 'late_said'],
  jobs: [
    {
      what: 'to tell who will be called late',
      everyMs: 30_000,
      due: delaysDue,
      run: ({ delays }) => delays.tell(),
    },
  ],
};
