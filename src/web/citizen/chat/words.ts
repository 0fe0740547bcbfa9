import type { LinePlace } from '../../../features/service/chat/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** Returns where somebody stands in the line and how long it may take, in a sentence or two. */
export function placeInWords(t: Translate, { position, wait, isNobody }: LinePlace): string {
  if (isNobody) return t('chat.nobody');
  const place = position === 1 ? t('chat.next') : t('chat.position', { position });
  if (!wait) return `${place} ${t('chat.wait.unknown')}`;
  const { from, to } = wait;
  return `${place} ${to === null ? t('chat.wait.long') : t('chat.wait', { from, to })}`;
}
