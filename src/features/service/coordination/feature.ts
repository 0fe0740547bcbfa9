import type { Feature } from '../../feature.ts';
import type { Coordination } from './service.ts';
import { givenUpDue, uncalledDue } from './views.ts';

export const coordination: Feature<{ coordination: Coordination }> = {
  name: 'coordination',
  tables: {},
  events: ['taken_over', 'late_declined'],
  auditActions: ['listed', 'board', 'taken_over', 'several_changed', 'displaced', 'cancelled'],
  jobs: [
    {
      what: 'to offer another hour to whom nobody called in the promised time',
      everyMs: 30_000,
      due: uncalledDue,
      run: ({ coordination }) => coordination.endUncalled(),
    },
    {
      what: 'to cancel appointments that lost their hour and got no other',
      everyMs: 30_000,
      due: givenUpDue,
      run: ({ coordination }) => coordination.endGivenUp(),
    },
  ],
};
