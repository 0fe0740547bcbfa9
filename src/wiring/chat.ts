import type { Attendants } from '../features/service/attendants/service.ts';
import {
  createChatDesk,
  createChatEnclosures,
  createChatFiles,
  createChatForgetting,
  createChatLine,
  createChatMailing,
  createChatMessages,
  createChatNews,
  createChats,
  createChatWork,
  createOfficeChatNews,
} from '../features/service/chat/service.ts';
import type { Keyring } from '../features/service/documents/service.ts';
import type { Check } from '../features/service/documents/types.ts';
import { type Base, reachedBySms } from './base.ts';
import type { Foundation } from './foundation.ts';

/** Wires conversations in writing. */
export function wireChat(
  base: Base,
  { offices }: Foundation,
  on: { keyring: Keyring; check: Check; attendants: Attendants },
) {
  const { clock, database, keys, notifier, unit, security, log } = base;
  const { keyring, check, attendants } = on;
  const { kysely: db } = database;
  const isReached = reachedBySms(base);
  return {
    chats: createChats({ db, clock, unit, keyring, key: keys.links }),
    chatDesk: createChatDesk({ unit, keyring, isReached }),
    chatMessages: createChatMessages({ db, clock, unit, offices, keyring, isReached, log }),
    chatMailing: createChatMailing({ db, unit, keyring, key: keys.codes }),
    enclosures: createChatEnclosures({ db, keyring, attendants }),
    chatWork: createChatWork({ unit, keyring }),
    officeChatNews: createOfficeChatNews(notifier),
    chatFiles: createChatFiles({ db, clock, unit, keyring, check, security }),
    chatLine: createChatLine({ db, clock, unit, offices }),
    chatNews: createChatNews(notifier),
    chatForgetting: createChatForgetting({ clock, unit, keyring }),
  };
}
