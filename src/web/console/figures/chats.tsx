import type { ChatCounts, ChatGroup, Span } from '../../../features/insight/statistics/types.ts';
import { Table } from '../../../ui/parts.tsx';
import { topicName } from '../chats/words.ts';
import type { DeskVisit } from '../visit.tsx';
import { queryOf } from './asked.ts';
import { type FigureTable, numbersOf, write } from './tables.ts';

/** The tables of conversations in writing. */
export const CHAT_TABLES = ['chatTopics', 'chatHours'] as const;
type ChatTable = (typeof CHAT_TABLES)[number];

type Found = Record<'topic' | 'hour', ChatGroup[]>;

/** The fewest surveys of which a share is shown. */
const LEAST_JUDGED = 5;

const per = (part: number, of: number): number | null => (of > 0 ? part / of : null);

const MEASURES = [
  { name: 'began', how: 'count', of: (c: ChatCounts) => c.began },
  { name: 'answered', how: 'percent', of: (c: ChatCounts) => per(c.answered, c.began) },
  { name: 'wait', how: 'minutes', of: (c: ChatCounts) => per(c.waitSeconds / 60, c.answered) },
  { name: 'length', how: 'minutes', of: (c: ChatCounts) => per(c.talkedSeconds / 60, c.closed) },
  { name: 'gaveUp', how: 'count', of: (c: ChatCounts) => c.gaveUp },
  { name: 'messages', how: 'count', of: (c: ChatCounts) => c.messages },
  { name: 'returned', how: 'count', of: (c: ChatCounts) => c.returned },
  {
    name: 'solved',
    how: 'percent',
    of: (c: ChatCounts) => (c.judged < LEAST_JUDGED ? null : c.solved / c.judged),
  },
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
        <OneTable key={name} visit={visit} span={span} found={found} name={name} />
      ))}
    </section>
  );
}

function OneTable(props: { visit: DeskVisit; span: Span; found: Found; name: ChatTable }) {
  const { visit, span, found, name } = props;
  const { t, base } = visit;
  const numbers = numbersOf(visit);
  const table = chatTable(visit, found, name);
  const [first = '', ...heads] = table.heads;
  return (
    <Table
      caption={
        <>
          <span id={`${name}-table`}>{table.caption}</span>{' '}
          <a class="save" href={`${base}/figures.csv?${queryOf(visit, span, { table: name })}`}>
            {t('figures.export')}
            <span class="hide">: {table.caption}</span>
          </a>
        </>
      }
      rows={table.rows}
      keyOf={(row) => row.name}
      columns={[
        { head: first, cell: (row) => row.name },
        ...heads.map((head, at) => ({
          head,
          number: true,
          cell: (row: FigureTable['rows'][number]) =>
            write(numbers, row.figures[at] ?? { value: null, how: 'count' }),
        })),
      ]}
    />
  );
}
