import type { DeskChats } from '../../../features/service/chat/service.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import { Table, Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { Assign } from './list.tsx';
import { chatsBase, lastsIn, topicName } from './words.ts';

interface OnBoardProps {
  visit: DeskVisit;
  chats: DeskChats;
  /** For a screen on a wall: larger, and without what can be done. */
  isWall: boolean;
}

const { compare } = Temporal.Instant;

/** How many wait and are answered, by topic, and since when: for those who coordinate, and on the wall. */
export function ChatsNow({ visit, chats, isWall }: OnBoardProps) {
  const { t } = visit;
  const offered = liveOf(chats).filter(({ state }) => state === 'offered');
  const waiting = [...chats.waiting, ...offered].toSorted((a, b) => compare(a.place, b.place));
  const talking = liveOf(chats).length - offered.length;
  const longest = waiting[0];
  return (
    <section aria-labelledby="chats-now" class="now-chats">
      <h2 id="chats-now">
        {isWall ? t('chatDesk.title') : <a href={chatsBase(visit)}>{t('chatDesk.title')}</a>}
      </h2>
      <dl class="tally">
        <div class={waiting.length > 0 ? 'warn' : undefined}>
          <dt>{t('liveBoard.figure.waiting')}</dt>
          <dd class="figures" id="figure-chats-waiting">
            {waiting.length}
          </dd>
        </div>
        <div>
          <dt>{t('liveBoard.figure.longest')}</dt>
          <dd class="figures">{longest ? lastsIn(visit, longest.place) : '–'}</dd>
        </div>
        <div>
          <dt>{t('chatDesk.state.talking')}</dt>
          <dd class="figures" id="figure-chats-talking">
            {talking}
          </dd>
        </div>
        <div>
          <dt>{t('chatDesk.board.messages')}</dt>
          <dd class="figures">{chats.messages.length}</dd>
        </div>
      </dl>
      <ByTopic visit={visit} chats={chats} />
      {isWall ? null : <Waiting visit={visit} chats={chats} />}
    </section>
  );
}

/** What is offered to a desk or answered there. */
const liveOf = ({ own, others }: DeskChats) => [...own, ...others];

function ByTopic({ visit, chats }: Omit<OnBoardProps, 'isWall'>) {
  const { t, office } = visit;
  const rows = office.settings.chat.topics.map(({ code }) => {
    const isIts = (each: { topic: string }) => each.topic === code;
    const live = liveOf(chats).filter(isIts);
    const waiting = [
      ...chats.waiting.filter(isIts),
      ...live.filter(({ state }) => state === 'offered'),
    ].toSorted((a, b) => compare(a.place, b.place));
    const talking = live.filter(({ state }) => state === 'talking').length;
    return { code, waiting: waiting.length, since: waiting[0]?.place ?? null, talking };
  });
  return (
    <Table
      caption={t('chatDesk.board.topics')}
      wide="chats-topics"
      rows={rows}
      keyOf={({ code }) => code}
      columns={[
        { head: t('chatDesk.board.topic'), cell: ({ code }) => topicName(t, office, code) },
        {
          head: t('liveBoard.figure.waiting'),
          number: true,
          cell: ({ waiting }) => waiting,
        },
        {
          head: t('liveBoard.figure.longest'),
          cell: ({ since }) => (since ? lastsIn(visit, since) : '–'),
        },
        { head: t('chatDesk.state.talking'), number: true, cell: ({ talking }) => talking },
      ]}
    />
  );
}

/** Who waits, and to which desk each can be given. */
function Waiting({ visit, chats }: Omit<OnBoardProps, 'isWall'>) {
  const { t, office } = visit;
  if (chats.waiting.length === 0) return null;
  return (
    <ol class="entries">
      {chats.waiting.map((each) => (
        <li key={each.id} class="wait">
          <strong class="figures how-long">{lastsIn(visit, each.place)}</strong>
          <div>
            <p>
              <b>{topicName(t, office, each.topic)}</b>{' '}
              {each.returnedAt ? <Tag kind="warn">{t('chatDesk.returned')}</Tag> : null}
            </p>
            <p class="small soft">
              {t('chatDesk.number', { number: each.number })} ·{' '}
              <span lang={each.language}>{LANGUAGE_NAMES[each.language]}</span>
            </p>
            <Assign visit={visit} chats={chats} chat={each} back={`${visit.base}/now`} />
          </div>
        </li>
      ))}
    </ol>
  );
}

/** How many wait and are answered, in a line that leads to all of them: on the board of the day. */
export function ChatsLine({ visit, chats }: Omit<OnBoardProps, 'isWall'>) {
  const { t } = visit;
  const talking = liveOf(chats).filter(({ state }) => state === 'talking').length;
  const waiting = chats.waiting.length + liveOf(chats).length - talking;
  return (
    <p class="small">
      <a href={chatsBase(visit)}>{t('chatDesk.board.line', { waiting, talking })}</a>
    </p>
  );
}
