import { daily } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import type { Documents } from './service.ts';
import { checksDue } from './views.ts';

export const documents: Feature<{ documents: Documents }, { documents: Documents }> = {
  name: 'documents',
  tables: {
    document: 'forgotten',
    document_key: 'forgotten',
    document_piece: 'forgotten',
    loose_piece: 'forgotten',
    space_key: 'forgotten',
    office_key: 'nobody',
  },
  growth: {
    document: 'forever',
    document_key: { until: 'after `documentsHours` or `evidenceDays`, or with its case' },
    document_piece: { until: 'after `documentsHours` or `evidenceDays`, or with its case' },
    loose_piece: 'days',
    space_key: { until: 'after `documentsHours` or `evidenceDays`, or with its case' },
    office_key: 'town',
  },
  forget: { destroy: ({ documents }, office) => documents.destroy(office) },
  auditActions: [
    'document_handed',
    'document_accepted',
    'document_asked_again',
    'document_opened',
    'document_refused',
    'document_infected',
    'document_released',
    'document_withdrawn',
    'document_held',
    'document_let_go',
    'document_destroyed',
    'document_verified',
    'key_rotated',
  ],
  jobs: [
    {
      what: 'to look into documents',
      everyMs: 10_000,
      due: checksDue,
      onCommit: true,
      run: ({ documents }) => documents.pass(),
    },
    {
      what: 'to take away what no document knows',
      everyMs: 30 * 60_000,
      due: daily,
      run: ({ documents }) => documents.sweepOrphans(),
    },
  ],
};
