import type { Feature } from '../../feature.ts';
import { handoverDue, newsDue } from './elsewhere/views.ts';
import type { Notifications } from './service.ts';
import { expiryDue, noticesDue } from './views.ts';

export const notifications: Feature<{ notifications: Notifications }> = {
  name: 'notifications',
  tables: {
    notification_choice: { ends: 'It ends with its person.' },
    notification: {
      ends: 'It says of a person only which case is theirs, and ends with the case.',
    },
    notification_handover: {
      ends: 'What it has of a person is sealed under the key of its case, and ends with it. The words with which e-NOTUM refused it last end when it has its number.',
    },
    notification_evidence: { ends: 'It is sealed under the key of its case, and ends with it.' },
  },
  growth: {
    notification_choice: { until: 'with its person' },
    notification: { until: 'with its case' },
    notification_handover: { until: 'with its case' },
    notification_evidence: { until: 'with its case' },
  },
  auditActions: [
    'notification_read',
    'notification_evidence',
    'notification_verified',
    'cases_listed',
  ],
  jobs: [
    {
      what: 'to note that the days to open a notification have passed',
      everyMs: 60_000,
      due: expiryDue,
      run: ({ notifications: each }) => each.expire(),
    },
    {
      what: 'to note that the notice of a notification was sent',
      everyMs: 60_000,
      due: noticesDue,
      run: ({ notifications: each }) => each.noteNotices(),
    },
    {
      what: 'to hand notifications over to e-NOTUM',
      everyMs: 30_000,
      due: handoverDue,
      onCommit: true,
      run: ({ notifications: each }) => each.handOver(),
    },
    {
      what: 'to ask e-NOTUM what became of notifications',
      everyMs: 600_000,
      due: newsDue,
      run: ({ notifications: each }) => each.hearNews(),
    },
  ],
};
