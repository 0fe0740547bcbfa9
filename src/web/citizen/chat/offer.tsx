import type { TopicNow } from '../../../features/service/chat/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import type { OfficeVisit } from '../visit.tsx';

/** The way into the chat, on a page of an office or of a procedure, while somebody can answer; nothing else. */
export function ChatOffer({ visit, topics }: { visit: OfficeVisit; topics: readonly TopicNow[] }) {
  const { t, to, office } = visit;
  const [first] = topics;
  if (!first) return null;
  const query = topics.length === 1 ? `?${new URLSearchParams({ topic: first.code })}` : '';
  return (
    <Notice kind="good">
      <p>
        {t('chat.offer.text')} <a href={to.startChat(office.code) + query}>{t('chat.offer')}</a>
      </p>
    </Notice>
  );
}
