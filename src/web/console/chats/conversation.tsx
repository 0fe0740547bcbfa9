import { randomUUID } from 'node:crypto';
import { CHAT_LENGTHS } from '../../../features/service/chat/rules.ts';
import type { DeskChats, DeskLook } from '../../../features/service/chat/service.ts';
import type { Chat } from '../../../features/service/chat/types.ts';
import { LanguageName, Tag } from '../../../ui/parts.tsx';
import { Kept, type KeptWords } from '../cases/kept.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';
import { type AnswersProps, CannedAnswers } from './answers.tsx';
import { Log } from './log.tsx';
import { Tools, type ToolsProps } from './tools.tsx';
import { chatsBase, lastsIn, personName, topicName } from './words.ts';

/** What is being written, as it was sent by a form that is shown again. */
export interface TypedWords {
  text: string;
  /** The language of the words. */
  language: string;
  /** What is sought among the prepared answers. */
  find: string;
  /** The key of what is written: sent twice it is kept once. */
  key: string;
}

export interface ConversationProps
  extends Pick<AnswersProps, 'answers' | 'baseUrl'>,
    Pick<ToolsProps, 'forms' | 'wrong'> {
  visit: DeskVisit;
  look: DeskLook;
  chats: DeskChats;
  typed: TypedWords;
  /** Why what was written was not sent. */
  refused?: string | undefined;
  /** What was typed and has no field any more. */
  kept?: readonly KeptWords[] | undefined;
}

export const nothingTyped = ({ language }: Pick<Chat, 'language'>): TypedWords => ({
  text: '',
  find: '',
  language,
  key: randomUUID(),
});

/** The conversation, and beside it what the agent can do with it. */
export function Conversation(props: ConversationProps) {
  const { visit, look } = props;
  const { t } = visit;
  const { chat, entries, isOwn } = look;
  return (
    <>
      <section class="region chat-talk" aria-labelledby="chat-title">
        <Head visit={visit} look={look} />
        <Kept words={props.kept ?? []} t={t} />
        <Log visit={visit} chat={chat} entries={entries} baseUrl={props.baseUrl} />
        <p
          class="small soft"
          id="chat-state"
          role="status"
          data-typing={t('chatDesk.typing', { who: personName(t, chat) })}
          data-failed={t('chatDesk.failed')}
          data-sent={t('chatDesk.sent')}
          data-new={t('chatDesk.new')}
        />
        {isOwn || chat.state === 'message' ? <Write {...props} /> : null}
      </section>
      <section class="region work stack" aria-label={t('chatDesk.tools')}>
        <Tools {...props} />
      </section>
    </>
  );
}

/** Who it is, about what, in which language, and how it stands. */
function Head({ visit, look }: Pick<ConversationProps, 'visit' | 'look'>) {
  const { t, office } = visit;
  const { chat, contact } = look;
  return (
    <div class="chat-head">
      <h2 id="chat-title" tabIndex={-1}>
        {personName(t, chat)}
      </h2>
      <p class="marks">
        <Tag kind={chat.state === 'talking' ? 'now' : 'plain'}>
          {t(`chatDesk.state.${chat.state}`)}
        </Tag>
        <span>{topicName(t, office, chat.topic)}</span>
        <b>
          <LanguageName of={chat.language} t={t} />
        </b>
        <span class="small soft">
          {t('chatDesk.number', { number: chat.number })}
          {chat.heldSince ? ` · ${lastsIn(visit, chat.heldSince)}` : ''}
        </span>
      </p>
      {contact ? (
        <p class="small">
          {t('chatDesk.contact')} {[contact.email, contact.phone].filter(Boolean).join(' · ')}.{' '}
          {t(`chatDesk.told.${contact.by}`)}
        </p>
      ) : null}
    </div>
  );
}

/** What the agent writes, with the prepared answers. Without a script the buttons put them in and show the page again. */
function Write(props: ConversationProps) {
  const { visit, look, typed, refused } = props;
  const { t } = visit;
  const { chat } = look;
  const at = `${chatsBase(visit)}/${chat.id}`;
  const isMessage = chat.state === 'message';
  return (
    <form
      method="post"
      action={`${at}/write`}
      class="chat-write stack"
      id="chat-write"
      data-chat={chat.id}
      data-at={at}
      data-language={chat.language}
      data-message={isMessage ? 'yes' : 'no'}
    >
      {/* Enter in the finder finds; without this it would send what is written. */}
      <input type="hidden" name="key" value={typed.key} />
      <input type="hidden" name="language" value={typed.language} />
      <div class={refused ? 'field wrong' : 'field'}>
        <label for="text">
          {t(isMessage ? 'chatDesk.answer' : 'chatDesk.words')} <Key action="writeChat" />
        </label>
        {refused ? (
          <p class="mend" id="text-error">
            {refused}
          </p>
        ) : null}
        <textarea
          id="text"
          name="text"
          rows={3}
          maxLength={CHAT_LENGTHS.text}
          dir="auto"
          lang={typed.language}
          data-action="writeChat"
          aria-invalid={refused ? 'true' : undefined}
          aria-describedby={refused ? 'text-error' : 'chat-hint'}
        >
          {typed.text}
        </textarea>
        <p class="small soft" id="chat-hint">
          {t('chatDesk.hint')}
        </p>
      </div>
      <p class="row">
        <button type="submit" name="action" value="send" class="button" id="action">
          {t(isMessage ? 'chatDesk.answer.send' : 'chatDesk.send')}
        </button>
      </p>
      <CannedAnswers {...props} chat={chat} />
    </form>
  );
}
