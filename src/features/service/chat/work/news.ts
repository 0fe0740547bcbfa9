import type { Notifier } from '../../../../lib/notifier.ts';
import { CHATS, topicOf, typingOf } from '../topics.ts';

/** What the office's consoles are told of one conversation: its id, and whether its person is writing just now. */
export interface ChatNewsOf {
  chat: string;
  isTyping: boolean;
}

/** Tells the consoles of an office what changes in its conversations, in whichever process. */
export interface OfficeChatNews {
  /** Calls `told` after each change of any conversation, and while its person writes; null: of the line. Returns the function that stops it. */
  follow(office: number, told: (news: ChatNewsOf | null) => void): () => void;
}

export const createOfficeChatNews = (
  notifier: Pick<Notifier, 'listen' | 'listenToTopics'>,
): OfficeChatNews => ({
  follow(office, told) {
    const stops = [
      notifier.listenToTopics((of, about) => {
        if (of !== office) return;
        if (about === CHATS) return told(null);
        const chat = about.split(':')[1] ?? '';
        if (about === topicOf(chat)) told({ chat, isTyping: false });
        if (about === typingOf(chat, 'person')) told({ chat, isTyping: true });
      }),
      // Some may have been missed.
      notifier.listen((of) => {
        if (of === null) told(null);
      }),
    ];
    return () => {
      for (const each of stops) each();
    };
  },
});
