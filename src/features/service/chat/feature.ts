import type { Feature } from '../../feature.ts';
import type { ChatFiles } from './files/service.ts';
import { chatFilesDue } from './files/views.ts';
import type { ChatForgetting } from './forgetting.ts';
import type { ChatLine } from './line/keeping.ts';
import { chatLineDue } from './line/views.ts';
import type { ChatMessages } from './messages/service.ts';
import { chatMessagesDue } from './messages/views.ts';

export const chat: Feature<
  { chatLine: ChatLine; chatFiles: ChatFiles; chatMessages: ChatMessages },
  { chatForgetting: ChatForgetting }
> = {
  name: 'chat',
  tables: {
    chat: 'forgotten',
    chat_entry: 'forgotten',
    chat_file: 'forgotten',
    chat_code: 'forgotten',
    chat_event: {
      ends: 'It says when something happened to a conversation, and nothing of its person.',
    },
  },
  growth: {
    chat: 'forever',
    chat_entry: { until: 'after `chat.keepDays`' },
    chat_file: { until: 'after `chat.keepDays`' },
    chat_code: { until: 'after `chat.keepDays`' },
    chat_event: 'forever',
  },
  forget: { destroy: ({ chatForgetting }, office) => chatForgetting.forget(office) },
  auditActions: [
    'chat_begun',
    'chat_taken',
    'chat_declined',
    'chat_handed',
    'chat_ended',
    'chat_written',
    'chat_file',
    'chat_file_opened',
    'chat_opened',
    'chat_moved',
    'chat_surveyed',
    'chat_mailed',
    'chat_unanswered',
  ],
  jobs: [
    {
      what: 'to offer conversations',
      everyMs: 3_000,
      due: chatLineDue,
      run: ({ chatLine }) => chatLine.settle(),
    },
    {
      what: 'to check files of conversations',
      everyMs: 15_000,
      due: chatFilesDue,
      run: ({ chatFiles }) => chatFiles.check(),
    },
    {
      what: 'to tell of messages that nobody answers',
      everyMs: 600_000,
      due: chatMessagesDue,
      run: ({ chatMessages }) => chatMessages.tell(),
    },
  ],
};
