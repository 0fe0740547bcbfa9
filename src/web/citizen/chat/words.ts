import type { OfficeChat } from '../../../domain/office/chat/topics.ts';
import type { LinePlace } from '../../../features/service/chat/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** Returns the name of a topic; of one that is offered no longer, its code. */
export const topicName = ({ topics }: OfficeChat, code: string, t: Translate): string =>
  textIn(topics.find((each) => each.code === code)?.name, t.language) || code;

/** Returns where somebody stands in the line and how long it may take, in a sentence or two. */
export function placeInWords(t: Translate, { position, wait, isNobody }: LinePlace): string {
  if (isNobody) return t('chat.nobody');
  const place = position === 1 ? t('chat.next') : t('chat.position', { position });
  if (!wait) return `${place} ${t('chat.wait.unknown')}`;
  const { from, to } = wait;
  return `${place} ${to === null ? t('chat.wait.long') : t('chat.wait', { from, to })}`;
}
