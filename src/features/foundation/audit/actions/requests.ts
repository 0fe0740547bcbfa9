import type { Actions } from './type.ts';

/** Actions on complaints, suggestions, incidents, questions and thanks. */
export const REQUEST_ACTIONS = {
  request_begun: { kind: 'deed', means: 'Somebody began to write a request.' },
  request_sent: { kind: 'deed', means: 'A request was sent.' },
  request_read: { kind: 'look', means: 'A request was opened by an official.' },
  requests_listed: { kind: 'look', means: 'Another system read a list of requests.' },
  request_inbox_opened: {
    kind: 'look',
    means: 'A page of the inbox of requests was opened by an official: those of `requests`.',
  },
  requests_near_seen: {
    kind: 'look',
    means: 'An official who opened a request was shown others near it: those of `near`.',
  },
  requests_exported: { kind: 'look', means: 'The list of requests was saved as a file.' },
  request_shown: {
    kind: 'deed',
    means: 'What everybody may see of a request was changed: its words, or photos.',
  },
  request_moved: { kind: 'deed', means: 'A request got another state.' },
  request_assigned: { kind: 'deed', means: 'A request was given to a team or to an official.' },
  request_message_written: { kind: 'deed', means: 'A message about a request was written.' },
  request_noted: { kind: 'deed', means: 'A note about a request was written.' },
  request_followed: { kind: 'deed', means: 'Somebody began to follow a request.' },
  request_unfollowed: { kind: 'deed', means: 'Somebody stopped following a request.' },
  request_follower_confirmed: {
    kind: 'deed',
    means: 'Somebody who follows a request opened their link for the first time.',
  },
  request_left: {
    kind: 'deed',
    means: 'Its person took back a request with which others go on.',
  },
  request_link_sent: {
    kind: 'deed',
    means: 'The lost link of a request was sent again to the address on file.',
  },
  request_link_given: {
    kind: 'deed',
    means: 'The link of a request was replaced and shown to an official, to hand it over.',
  },
  request_last_call: {
    kind: 'deed',
    means: 'Whoever was asked something about a request in vain was told for the last time.',
  },
  request_called: {
    kind: 'deed',
    means: 'An official called whoever sent a request and wants to be called, and told the news.',
  },
  request_discarded: { kind: 'deed', means: 'A request that was never sent was deleted.' },
  request_anonymised: {
    kind: 'deed',
    means: 'Who had sent a closed request, and what it said, was destroyed.',
  },
} as const satisfies Actions;
