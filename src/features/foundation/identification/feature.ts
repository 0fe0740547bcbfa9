import type { Feature } from '../../feature.ts';
import type { Identification } from './service.ts';
import { sessionsDue } from './views.ts';

export const identification: Feature<{ identification: Identification }> = {
  name: 'identification',
  tables: {
    person: {
      ends: 'It is deleted when the person asks for it, or a while after nothing of theirs is left. Its key goes with it.',
    },
    identification: {
      ends: 'It is deleted after ninety days, or with its person; the one by which somebody consented to an act is deleted with the act.',
    },
    person_appointment: {
      ends: 'It is deleted with its person, when they take it out of their folder, or once the office keeps nothing of them in it.',
    },
    citizen_session: { ends: 'It is deleted when it ends, after four hours at most.' },
    identification_attempt: {
      ends: 'It is deleted when the browser is back, or after twenty minutes.',
    },
  },
  growth: {
    person: { until: 'when nothing of theirs is left' },
    identification: { until: 'after ninety days' },
    person_appointment: { until: 'after `contactDays`, or with its person' },
    citizen_session: 'days',
    identification_attempt: 'days',
  },
  functions: ['end_links', 'forget_act_identity'],
  jobs: [
    {
      what: 'to delete sessions and attempts of citizens that are over',
      everyMs: 60_000,
      due: sessionsDue,
      run: ({ identification: each }) => each.sweep(),
    },
  ],
};
