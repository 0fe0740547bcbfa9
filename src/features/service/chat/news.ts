import type { Notifier } from '../../../lib/notifier.ts';
import { CHATS, topicOf, typingOf } from './topics.ts';

/** What a page of a conversation is told: that it changed, that the line changed, or that the other side is writing. */
export type ChatNewsKind = 'chat' | 'line' | 'typing';

/** Tells pages of conversations that something has changed, in whichever process. */
export interface ChatNews {
  /** Calls `told` after each change of a conversation and of the line, and while the other side writes. Returns the function that stops it. */
  follow(
    of: { office: number; chat: string; side: 'person' | 'office' },
    told: (what: ChatNewsKind) => void,
  ): () => void;
  /** Calls `told` after each change of the line of an office. Returns the function that stops it. */
  followLine(office: number, told: () => void): () => void;
}

const OTHER = { person: 'office', office: 'person' } as const;

export function createChatNews(notifier: Pick<Notifier, 'listen' | 'listenToTopics'>): ChatNews {
  return {
    follow({ office, chat, side }, told) {
      const kinds = new Map<string, ChatNewsKind>([
        [topicOf(chat), 'chat'],
        [CHATS, 'line'],
        [typingOf(chat, OTHER[side]), 'typing'],
      ]);
      const stops = [
        notifier.listenToTopics((of, about) => {
          const kind = of === office ? kinds.get(about) : undefined;
          if (kind) told(kind);
        }),
        // Some may have been missed.
        notifier.listen((of) => {
          if (of === null) told('chat');
        }),
      ];
      return () => {
        for (const each of stops) each();
      };
    },
    followLine(office, told) {
      const stops = [
        notifier.listenToTopics((of, about) => {
          if (of === office && about === CHATS) told();
        }),
        notifier.listen((of) => {
          if (of === null) told();
        }),
      ];
      return () => {
        for (const each of stops) each();
      };
    },
  };
}
