import { NOTIFICATION_EVENTS } from '../../../domain/notification.ts';
import { afterDeeds } from '../../../lib/jobs/due.ts';
import type { Feature } from '../../feature.ts';
import { atOnceDue } from './at-once/views.ts';
import type { CaseDesk } from './desk/service.ts';
import type { Archive, AtOnce, Cases } from './service.ts';
import { deadlinesDue, discardDue } from './views.ts';

export const cases: Feature<
  { cases: Cases; atOnce: AtOnce; caseDesk: Pick<CaseDesk, 'freeLeft'> },
  { archive: Archive }
> = {
  name: 'cases',
  tables: {
    case_file: {
      ends: 'A draft is deleted when its form says so, a closed case years later, as its form says, too.',
    },
    case_submission: { ends: 'It ends with the case that it was handed in to.' },
    case_event: {
      ends: 'It has ids, states and numbers. It says of a person only which case is theirs, and ends with the case.',
    },
    case_appointment: { ends: 'It has ids, and ends with its case.' },
    case_waiting: { ends: 'It has ids, and ends with its case.' },
    case_representation: {
      ends: 'It says by which authorisation a case was begun, and ends with the case.',
    },
    case_external: {
      ends: 'It says by what another system knows a case, and ends with it.',
    },
    case_amendment: { ends: 'It is sealed under the key of its case, and ends with it.' },
    case_cosigner: { ends: 'It is sealed under the key of its case, and ends with it.' },
    case_report: { ends: 'It is sealed under the key of its case, and ends with it.' },
    case_note: { ends: 'It is sealed under the key of its case, and ends with it.' },
    case_message: { ends: 'It is sealed under the key of its case, and ends with it.' },
    case_decision: { ends: 'It is sealed under the key of its case, and ends with it.' },
    case_destruction: 'nobody',
  },
  growth: {
    case_file: { until: 'when its form says so; never where it is permanent' },
    case_submission: { until: 'with its case' },
    case_event: { until: 'with its case' },
    case_appointment: { until: 'with its case' },
    case_waiting: { until: 'with its case' },
    case_representation: { until: 'with its case' },
    case_external: { until: 'with its case' },
    case_amendment: { until: 'with its case' },
    case_cosigner: { until: 'with its case' },
    case_report: { until: 'with its case' },
    case_note: { until: 'with its case' },
    case_message: { until: 'with its case' },
    case_decision: { until: 'with its case' },
    case_destruction: 'forever',
  },
  forget: { destroy: ({ archive }, office) => archive.destroy(office) },
  events: ['case_shown', 'case_hidden', 'case_sent'],
  auditActions: [
    'case_opened',
    'case_read',
    'case_answered',
    'case_confirmation_asked',
    'case_handed_in',
    'case_moved',
    'case_submitted',
    'case_assigned',
    'case_discarded',
    'case_claimed',
    'case_tied',
    'case_shown',
    'case_hidden',
    'case_sent',
    'case_link_given',
    'case_answers_read',
    'case_amendment_asked',
    'case_amended',
    'case_extended',
    'case_undone',
    'case_decided',
    'case_not_at_once',
    'case_noted',
    'case_message_written',
    'case_report_asked',
    'case_report_read',
    'case_report_ended',
    'case_cosign_read',
    'case_cosigned',
    'case_cosign_declined',
    'case_held',
    'case_let_go',
    'case_destroyed',
    'case_decision_written',
    'case_decision_verified',
    ...NOTIFICATION_EVENTS,
    'cases_listed',
    'cases_exported',
  ],
  jobs: [
    {
      what: 'to issue what is answered at once',
      everyMs: 60_000,
      due: atOnceDue,
      run: ({ atOnce }) => atOnce.answerDue(),
    },
    {
      what: 'to delete forms that nobody goes on with',
      everyMs: 3_600_000,
      due: discardDue,
      run: ({ cases: each }) => each.discardDrafts(),
    },
    {
      what: 'to end the terms of cases',
      everyMs: 600_000,
      due: deadlinesDue,
      run: ({ cases: each }) => each.passDeadlines(),
    },
    {
      what: 'to free the cases of officials who left',
      everyMs: 600_000,
      due: afterDeeds,
      run: ({ caseDesk }) => caseDesk.freeLeft(),
    },
  ],
};
