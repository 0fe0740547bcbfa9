import type { Feature } from '../../feature.ts';

/** Writes no table of its own: whose an appointment is belongs to the feature `identification`. */
export const identifying: Feature = {
  name: 'identifying',
  tables: {},
  events: ['identity_asked', 'identified', 'identity_failed'],
  auditActions: ['identity_asked', 'identified', 'identity_failed', 'identifier_shown'],
};
