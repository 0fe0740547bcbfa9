export type { NewMessage } from './beginning.ts';
export { answerIn, answersFor, type ReadyAnswer } from './canned/rules.ts';
export { type ChatLook, type Chats, createChats } from './conversing.ts';
export {
  type ChatDesk,
  createChatDesk,
  type DeskChats,
  type HandTo,
  MOVES,
  type Move,
} from './desk.ts';
export { type ChatFiles, createChatFiles, type SentFile } from './files/service.ts';
export { createChatForgetting } from './forgetting.ts';
export { type ChatLine, createChatLine } from './line/keeping.ts';
export type { DeskLook, FoundChat } from './looking.ts';
export { type ChatMailing, createChatEnclosures, createChatMailing } from './mailing/service.ts';
export { type ChatMessages, createChatMessages } from './messages/service.ts';
export { type ChatNews, type ChatNewsKind, createChatNews } from './news.ts';
export type { Offering } from './offering.ts';
export { createOfficeChatNews, type OfficeChatNews } from './work/news.ts';
export { type ChatWork, createChatWork } from './work/service.ts';
export type { AtDesk, ChatRecord, TalkingChat } from './work/types.ts';
