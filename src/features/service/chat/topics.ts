/** The notifier's topic of changes of an office's line: who waits, is offered and is answered. */
export const CHATS = 'chats';

/** Returns the notifier's topic of what changes in one conversation. */
export const topicOf = (chat: string): string => `chat:${chat}`;

/** Returns the notifier's topic of somebody writing in a conversation: nothing of it is kept. */
export const typingOf = (chat: string, side: 'person' | 'office'): string =>
  `typing:${chat}:${side}`;
