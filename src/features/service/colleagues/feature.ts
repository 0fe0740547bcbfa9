import type { Feature } from '../../feature.ts';
import type { Colleagues } from './service.ts';
import { forgetRequests } from './store.ts';
import { unansweredDue } from './views.ts';

export const colleagues: Feature<{ colleagues: Colleagues }> = {
  name: 'colleagues',
  tables: {
    colleague_request: 'forgotten',
  },
  growth: {
    colleague_request: 'forever',
  },
  forget: { about: forgetRequests },
  events: [
    'colleague_asked',
    'colleague_joined',
    'colleague_declined',
    'colleague_left',
    'hand_over_asked',
    'handed_over',
    'hand_over_declined',
  ],
  auditActions: [
    'colleague_asked',
    'colleague_joined',
    'colleague_declined',
    'colleague_left',
    'hand_over_asked',
    'handed_over',
    'hand_over_declined',
  ],
  jobs: [
    {
      what: 'to end the requests that no colleague answered',
      everyMs: 5_000,
      due: unansweredDue,
      run: ({ colleagues }) => colleagues.settle(),
    },
  ],
};
