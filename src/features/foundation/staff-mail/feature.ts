import { daily, NEVER } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import { type MailboxServices, readReports, sweepMails } from './jobs.ts';

export const staffMail: Feature<MailboxServices> = {
  name: 'staff-mail',
  tables: {
    staff_mail: { ends: 'It is deleted after thirty days.' },
  },
  growth: {
    staff_mail: { until: 'after thirty days' },
  },
  jobs: [
    {
      what: 'to forget old mails to staff',
      everyMs: 60_000,
      due: daily,
      run: sweepMails,
    },
    {
      what: 'to read the mailbox of reports',
      everyMs: 60_000,
      due: (_what, { config }) => (config.bouncesUrl ? null : NEVER),
      run: readReports,
    },
  ],
};
