import type { ChatCounts, ChatGroup, Span } from '../../../features/insight/statistics/types.ts';
import { topicName } from '../chats/words.ts';
import type { DeskVisit } from '../visit.tsx';
import { OneTable } from './one-table.tsx';
import { type FigureTable, per } from './tables.ts';

/** The tables of conversations in writing. */
export const CHAT_TABLES = ['chatTopics', 'chatHours'] as const;
type ChatTable = (typeof CHAT_TABLES)[number];

type Found = Record<'topic' | 'hour', ChatGroup[]>;

const MEASURES = [
  { name: 'began', how: 'count', of: (c: ChatCounts) => c.began },
  { name: 'answered', how: 'percent', of: (c: ChatCounts) => per(c.answered, c.began) },
  { name: 'wait', how: 'minutes', of: (c: ChatCounts) => per(c.waitSeconds / 60, c.answered) },
  { name: 'length', how: 'minutes', of: (c: ChatCounts) => per(c.talkedSeconds / 60, c.closed) },
  { name: 'gaveUp', how: 'count', of: (c: ChatCounts) => c.gaveUp },
  { name: 'messages', how: 'count', of: (c: ChatCounts) => c.messages },
  { name: 'returned', how: 'count', of: (c: ChatCounts) => c.returned },
] as const;

/** Returns conversations by topic, those with most first, or by the hour at which they began. */
export function chatTable(visit: DeskVisit, found: Found, name: ChatTable): FigureTable {
  const { t, office, dates } = visit;
  const isByTopic = name === 'chatTopics';
  const groups = isByTopic
    ? found.topic.toSorted((a, b) => b.counts.began - a.counts.began)
    : found.hour;
  return {
    caption: t(`figures.table.${name}`),
    heads: [t(`figures.head.${name}`), ...MEASURES.map((each) => t(`figures.chats.${each.name}`))],
    rows: groups.map(({ key, counts }) => ({
      name: isByTopic ? topicName(t, office, key) : dates.clock(60 * Number(key)),
      figures: MEASURES.map(({ how, of }) => ({ how, value: of(counts) })),
    })),
  };
}

/** Conversations in writing: by topic, and by the hour at which they began. */
export function ChatFigures(props: { visit: DeskVisit; span: Span; found: Found }) {
  const { visit, span, found } = props;
  const { t } = visit;
  if (found.topic.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="chats">
      <h2 id="chats">{t('figures.section.chats')}</h2>
      <p class="soft small">{t('figures.chats.explain')}</p>
      {CHAT_TABLES.map((name) => (
        <OneTable
          key={name}
          visit={visit}
          span={span}
          name={name}
          table={chatTable(visit, found, name)}
        />
      ))}
    </section>
  );
}
