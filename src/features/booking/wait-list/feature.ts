import type { Feature } from '../../feature.ts';
import type { Offering } from './jobs.ts';
import { forgetWaiting } from './store.ts';
import { waitListDue } from './views.ts';

export const waitList: Feature<{ offering: Offering }> = {
  name: 'wait-list',
  tables: {
    wait_list: 'forgotten',
    offer: { ends: 'It says a time that was offered, and of the person only which entry it was.' },
  },
  growth: {
    wait_list: 'forever',
    offer: 'forever',
  },
  forget: { due: forgetWaiting },
  events: ['waits', 'offered'],
  jobs: [
    {
      what: 'to look after the wait list',
      everyMs: 30_000,
      due: waitListDue,
      restMs: 2_000,
      onCommit: true,
      run: ({ offering }) => offering.pass(),
    },
  ],
};
