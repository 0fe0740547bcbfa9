import type { Feature } from '../../feature.ts';
import type { Identification } from './service.ts';

export const identification: Feature<{ identification: Identification }> = {
  name: 'identification',
  tables: {
    person: {
      ends: 'It is deleted when the person asks for it, or a while after nothing of theirs is left. Its key goes with it.',
    },
    identification: {
      ends: 'It is deleted with its person; the evidence of an act is kept with the act.',
    },
    person_appointment: { ends: 'It is deleted with its person, or with its appointment.' },
    citizen_session: { ends: 'It is deleted when it ends, after four hours at most.' },
    identification_attempt: {
      ends: 'It is deleted when the browser is back, or after twenty minutes.',
    },
  },
  jobs: [
    {
      what: 'to delete sessions and attempts of citizens that are over',
      everyMs: 60_000,
      run: ({ identification: each }) => each.sweep(),
    },
  ],
};
