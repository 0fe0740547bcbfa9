import type { Feature } from '../../feature.ts';
import type { IdentityCodes } from './codes.ts';
import { codesDue } from './views.ts';

/** Whose an appointment is belongs to the feature `identification`. */
export const identifying: Feature<{ identityCodes: IdentityCodes }> = {
  name: 'identifying',
  tables: {
    identification_code: {
      ends: 'It is deleted when it is over, after half an hour at most, or with its appointment.',
    },
  },
  growth: {
    identification_code: 'days',
  },
  jobs: [
    {
      what: 'to delete codes for identifying on another device that are over',
      everyMs: 60_000,
      due: codesDue,
      run: ({ identityCodes }) => identityCodes.sweep(),
    },
  ],
  events: ['identity_asked', 'identified', 'identity_failed'],
  auditActions: ['identity_asked', 'identified', 'identity_failed', 'identifier_shown'],
};
