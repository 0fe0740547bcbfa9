import { isLate, messageEnd } from '../../../features/service/chat/rules.ts';
import type { AtDesk, DeskChats } from '../../../features/service/chat/service.ts';
import type { Chat } from '../../../features/service/chat/types.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { ableDesks, mayAssign } from './desks.ts';
import { Offer } from './offer.tsx';
import { chatsBase, lastsIn, personName, topicName } from './words.ts';

export interface ListProps {
  visit: DeskVisit;
  chats: DeskChats;
  /** Null: the viewer has no desk. */
  own: AtDesk | null;
  /** The conversation that is open on the page; null: none. */
  current: string | null;
}

/** The left region: what is offered, one's own conversations, who waits, what colleagues answer, messages. */
export function ChatList(props: ListProps) {
  const { visit, chats, own, current } = props;
  const { t } = visit;
  return (
    <section
      class="region day-region stack chat-list"
      id="chat-list"
      aria-labelledby="chats-title"
      data-from={`${chatsBase(visit)}/list${current ? `?chat=${encodeURIComponent(current)}` : ''}`}
    >
      <h1 id="chats-title">{t('chatDesk.title')}</h1>
      {own?.offer && own.offer.id !== current ? <Offer visit={visit} offer={own.offer} /> : null}
      <OwnChats {...props} />
      <Line visit={visit} chats={chats} />
      <Others {...props} />
      <Messages {...props} />
    </section>
  );
}

/** One's own conversations, each with what waits for an answer; those that have ended and aren't written down. */
function OwnChats({ visit, own, current }: ListProps) {
  const { t } = visit;
  if (!own) return <p class="soft">{t('chatDesk.noDesk')}</p>;
  const { talking, unwritten } = own;
  const next = talking.find((each) => each.id !== current && each.unanswered > 0);
  const following = next ?? nextOf(talking, current);
  return (
    <section aria-labelledby="chats-own">
      <h2 id="chats-own">{t('chatDesk.own', { count: talking.length })}</h2>
      {talking.length + unwritten.length === 0 ? (
        <p class="soft">{t('chatDesk.own.none')}</p>
      ) : null}
      {talking.length + unwritten.length > 0 ? (
        <ul class="unmarked entries">
          {talking.map((each) => (
            <OwnLine
              key={each.id}
              visit={visit}
              chat={each}
              isHere={each.id === current}
              isNext={each.id === following?.id}
              tag={
                each.unanswered > 0 ? (
                  <Tag kind="now">{t('chatDesk.unanswered', { count: each.unanswered })}</Tag>
                ) : null
              }
            />
          ))}
          {unwritten.map((each) => (
            <OwnLine
              key={each.id}
              visit={visit}
              chat={each}
              isHere={each.id === current}
              isNext={false}
              tag={<Tag kind="warn">{t('chatDesk.unwritten')}</Tag>}
            />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

/** Returns the conversation after the open one, around. */
function nextOf(talking: readonly Chat[], current: string | null): Chat | undefined {
  const at = talking.findIndex(({ id }) => id === current);
  const next = talking[(at + 1) % Math.max(1, talking.length)];
  return next?.id === current ? undefined : next;
}

function OwnLine(props: {
  visit: DeskVisit;
  chat: Chat;
  isHere: boolean;
  isNext: boolean;
  tag: preact.ComponentChildren;
}) {
  const { visit, chat, isHere, isNext, tag } = props;
  const { t, office } = visit;
  return (
    <li class="wait">
      <div>
        <p>
          <a
            href={`${chatsBase(visit)}/${chat.id}`}
            class="who"
            aria-current={isHere ? 'page' : undefined}
            data-action={isNext ? 'nextChat' : undefined}
          >
            {personName(t, chat)}
          </a>{' '}
          {tag}
        </p>
        <p class="small soft">
          {topicName(t, office, chat.topic)} ·{' '}
          <span lang={chat.language}>{LANGUAGE_NAMES[chat.language]}</span>
          {chat.heldSince ? ` · ${lastsIn(visit, chat.heldSince)}` : ''}
        </p>
      </div>
    </li>
  );
}

/** Who waits: topic, language and since when. What they wrote is read by whoever it is offered to. */
function Line({ visit, chats }: Pick<ListProps, 'visit' | 'chats'>) {
  const { t, office } = visit;
  const { waiting } = chats;
  return (
    <section aria-labelledby="chats-line">
      <h2 id="chats-line">{t('chatDesk.line', { count: waiting.length })}</h2>
      {waiting.length === 0 ? <p class="soft">{t('chatDesk.line.none')}</p> : null}
      {waiting.length > 0 ? (
        <ol class="unmarked entries">
          {waiting.map((each) => (
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
                <Assign visit={visit} chats={chats} chat={each} />
              </div>
            </li>
          ))}
        </ol>
      ) : null}
    </section>
  );
}

/** What colleagues answer, for those who coordinate. */
function Others({ visit, chats, current }: ListProps) {
  const { t, office } = visit;
  if (chats.others.length === 0) return null;
  return (
    <section aria-labelledby="chats-others">
      <h2 id="chats-others">{t('chatDesk.others', { count: chats.others.length })}</h2>
      <ul class="unmarked entries">
        {chats.others.map((each) => (
          <li key={each.id} class="wait">
            <div>
              <p>
                <a
                  href={`${chatsBase(visit)}/${each.id}`}
                  class="who"
                  aria-current={each.id === current ? 'page' : undefined}
                >
                  {t('chatDesk.number', { number: each.number })}
                </a>{' '}
                {each.unansweredAt ? (
                  <Tag kind="warn">
                    {t('chatDesk.waits', { span: lastsIn(visit, each.unansweredAt) })}
                  </Tag>
                ) : null}
              </p>
              <p class="small soft">
                {topicName(t, office, each.topic)} ·{' '}
                {each.desk === null ? '' : office.desk(each.desk)?.name}
              </p>
              <Assign visit={visit} chats={chats} chat={each} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Gives a conversation to a desk that can answer it: for those who coordinate, in the list and on the board. */
export function Assign(props: {
  visit: DeskVisit;
  chats: DeskChats;
  chat: { id: string; number: number; topic: string; language: string; desk?: number | null };
  /** The page to return to; absent: the list of conversations. */
  back?: string;
}) {
  const { visit, chats, chat, back } = props;
  const { t } = visit;
  const able = ableDesks(visit, chats, chat);
  if (!mayAssign(visit) || able.length === 0) return null;
  const id = `to-${chat.id}`;
  return (
    <form method="post" action={`${chatsBase(visit)}/${chat.id}/assign`} class="row small">
      {back ? <input type="hidden" name="back" value={back} /> : null}
      <div class="field">
        <label for={id}>
          {t('chatDesk.assign')}
          <span class="hide"> {t('chatDesk.number', { number: chat.number })}</span>
        </label>
        <select id={id} name="desk">
          {able.map((each) => (
            <option key={each.id} value={each.id}>
              {each.words}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="button quiet small">
        {t('chatDesk.assign.submit')}
        <span class="hide"> {t('chatDesk.number', { number: chat.number })}</span>
      </button>
    </form>
  );
}

function Messages({ visit, chats, current }: ListProps) {
  const { t, office } = visit;
  const { keepDays } = office.settings.chat;
  if (chats.messages.length === 0) return null;
  return (
    <section aria-labelledby="chats-messages">
      <h2 id="chats-messages">{t('chatDesk.messages', { count: chats.messages.length })}</h2>
      <ul class="unmarked entries">
        {chats.messages.map((each) => (
          <li key={each.id} class="wait">
            <div>
              <p>
                <a
                  href={`${chatsBase(visit)}/${each.id}`}
                  class="who"
                  aria-current={each.id === current ? 'page' : undefined}
                >
                  {personName(t, each)}
                </a>
              </p>
              <p class="small soft">
                {topicName(t, office, each.topic)} · {visit.dates.briefDay(each.place)}{' '}
                {visit.dates.time(each.place)}
              </p>
              {isLate(each, keepDays, visit.now) ? (
                <p>
                  <Tag kind="warn">
                    {t('chatDesk.messages.until', {
                      day: visit.dates.briefDay(messageEnd(each, keepDays)),
                    })}
                  </Tag>
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
