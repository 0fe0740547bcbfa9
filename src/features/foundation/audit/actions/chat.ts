import type { Actions } from './type.ts';

/** Actions with conversations in writing. */
export const CHAT_ACTIONS = {
  chat_begun: { kind: 'deed', means: 'Somebody began to write to the office, or left a message.' },
  chat_taken: { kind: 'deed', means: 'An agent answered a conversation in writing.' },
  chat_declined: { kind: 'deed', means: 'An agent left a conversation to colleagues.' },
  chat_handed: {
    kind: 'deed',
    means: 'A conversation was given back to the line, or to a colleague.',
  },
  chat_ended: { kind: 'deed', means: 'A conversation in writing was ended.' },
  chat_written: { kind: 'deed', means: 'A line was written in a conversation.' },
  chat_file: { kind: 'deed', means: 'A file was sent in a conversation.' },
  chat_file_opened: { kind: 'look', means: 'A file of a conversation was opened.' },
  chat_opened: { kind: 'look', means: 'A conversation was opened in the console.' },
  chat_moved: {
    kind: 'deed',
    means: 'A conversation went on as a call or a request.',
  },
  chat_mailed: {
    kind: 'deed',
    means: 'A conversation was sent to the e-mail address whose code its person typed.',
  },
  chat_unanswered: {
    kind: 'deed',
    means: 'Those who coordinate, or its person, were told that nobody has answered a message.',
  },
  chat_surveyed: { kind: 'deed', means: 'Somebody said how a conversation went.' },
} as const satisfies Actions;
