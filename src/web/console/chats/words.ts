import type { Office } from '../../../domain/office/types.ts';
import type { Chat, ChatEntry } from '../../../features/service/chat/types.ts';
import { minutesBetween } from '../../../features/service/encounter/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { spanIn } from '../words.ts';

/** Who reads about conversations, and when. */
export interface ChatReader {
  t: Translate;
  office: Office;
  /** `/console/oac` */
  base: string;
  now: Temporal.Instant;
}

/** `/console/{office}/chats` */
export const chatsBase = ({ base }: { base: string }): string => `${base}/chats`;

/** Returns the name of a topic; its code where the office has it no more. */
export const topicName = (t: Translate, office: Office, topic: string): string =>
  textIn(office.settings.chat.topics.find(({ code }) => code === topic)?.name, t.language) || topic;

/** Returns what a person is called: the name that they gave, or the number of the conversation. */
export const personName = (t: Translate, { name, number }: Pick<Chat, 'name' | 'number'>): string =>
  name || t('chatDesk.person', { number });

/** Returns for how long something lasts, in words. */
export function lastsIn(
  { t, now }: Pick<ChatReader, 't' | 'now'>,
  since: Temporal.Instant,
): string {
  const minutes = minutesBetween(since, now);
  return minutes < 1 ? t('liveBoard.moment') : spanIn(t, minutes);
}

/** Returns who wrote a line, in words. `people`: the names of staff, by their id. */
export function writerOf(
  t: Translate,
  { side }: Pick<ChatEntry, 'side'>,
  chat: Pick<Chat, 'name' | 'number'>,
): string {
  if (side === 'person') return personName(t, chat);
  return side === 'office' ? t('chatDesk.office') : t('chatDesk.service');
}
