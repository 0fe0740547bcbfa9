import type { Feature } from '../../feature.ts';
import type { Residents } from './service.ts';
import { residentsDue } from './views.ts';

export const residents: Feature<{ residents: Pick<Residents, 'sweep'> }> = {
  name: 'residents',
  tables: {
    resident_list: {
      ends: 'It is deleted when another list takes its place, when an operator removes it, or thirty days after its day. Its key goes with it.',
    },
    resident: { ends: 'Nobody can read it once its list is gone; it is swept within minutes.' },
  },
  growth: {
    resident_list: 'town',
    resident: 'town',
  },
  auditActions: ['residents_read'],
  jobs: [
    {
      what: 'to sweep residents of lists that are gone',
      everyMs: 600_000,
      due: residentsDue,
      run: ({ residents: each }) => each.sweep(),
    },
  ],
};
