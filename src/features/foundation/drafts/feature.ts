import type { Feature } from '../../feature.ts';
import type { Drafts } from './service.ts';
import { draftsDue } from './views.ts';

export const drafts: Feature<{ drafts: Drafts }> = {
  name: 'drafts',
  tables: {
    draft: { ends: 'It is deleted when the form succeeds, or after ten minutes.' },
  },
  growth: {
    draft: 'days',
  },
  jobs: [
    {
      what: 'to forget forms that were not mended',
      everyMs: 60_000,
      due: draftsDue,
      run: ({ drafts }) => drafts.sweep(),
    },
  ],
};
