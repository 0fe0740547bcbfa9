import type { Feature } from '../../feature.ts';
import { remindersDue } from './reminding/views.ts';
import type { Requests } from './service.ts';
import { unsentDue } from './views.ts';

export const requests: Feature<{ requests: Requests }, { requests: Requests }> = {
  name: 'requests',
  tables: {
    request: {
      ends: 'What it says of people is destroyed some days after the last close, as the town file says; what was never sent is deleted after a day.',
    },
    request_event: {
      ends: 'It has states, codes and ids, and says of a person only which request is theirs.',
    },
    request_message: { ends: 'It is deleted when its request is anonymised.' },
    request_note: { ends: 'It is deleted when its request is anonymised.' },
    request_follower: {
      ends: 'The address is destroyed when somebody leaves; all of it is deleted when the request is anonymised.',
    },
  },
  growth: {
    request: 'forever',
    request_event: 'forever',
    request_message: { until: 'after `requests.keepDays`' },
    request_note: { until: 'after `requests.keepDays`' },
    request_follower: { until: 'after `requests.keepDays`' },
  },
  forget: { destroy: ({ requests: each }, office) => each.anonymiseDue(office) },
  auditActions: [
    'request_begun',
    'request_sent',
    'request_read',
    'request_inbox_opened',
    'requests_near_seen',
    'requests_exported',
    'request_shown',
    'request_moved',
    'request_assigned',
    'request_message_written',
    'request_noted',
    'request_followed',
    'request_unfollowed',
    'requests_listed',
    'request_follower_confirmed',
    'request_left',
    'request_link_sent',
    'request_link_given',
    'request_last_call',
    'request_called',
    'request_discarded',
    'request_anonymised',
  ],
  jobs: [
    {
      what: 'to delete requests that nobody goes on writing',
      everyMs: 3_600_000,
      due: unsentDue,
      run: ({ requests: each }) => each.discardUnsent(),
    },
    {
      what: 'to tell of requests that are late, or asked in vain',
      everyMs: 600_000,
      due: remindersDue,
      run: ({ requests: each }) => each.remind(),
    },
  ],
};
