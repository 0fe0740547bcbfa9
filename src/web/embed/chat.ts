import type { Office } from '../../domain/office/types.ts';
import type { Chats } from '../../features/service/chat/service.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import type { FirstTimes } from '../../ui/first-times.ts';
import { urls } from '../citizen/urls.ts';

export interface ChatNowDeps {
  chats: Pick<Chats, 'openTopics'>;
  baseUrl: string;
}

/** Returns whether somebody can answer in the chat now, in words of `language`, with the link to it. `topic`: a code; null: any. */
export async function chatNow(
  { chats, baseUrl }: ChatNowDeps,
  office: Office,
  language: Language,
  topic: string | null,
): Promise<FirstTimes> {
  const t = translateTo(language);
  const topics = await chats.openTopics(office, language);
  const isOpen = topics.some(({ code }) => topic === null || code === topic);
  const query = topic === null ? '' : `?${new URLSearchParams({ topic })}`;
  return {
    lang: language,
    title: t('chat.title'),
    how: isOpen ? t('chat.offer.text') : '',
    times: [],
    none: isOpen ? null : t('chat.closed'),
    more: {
      text: isOpen ? t('chat.offer') : t('chat.message.title'),
      href: baseUrl + urls(language).startChat(office.code) + query,
    },
  };
}
