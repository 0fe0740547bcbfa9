import { renderToString } from 'preact-render-to-string';
import {
  answersFor,
  type FoundChat,
  type ReadyAnswer,
} from '../../../features/service/chat/service.ts';
import type { Chat } from '../../../features/service/chat/types.ts';
import { LANGUAGE_NAMES, textIn } from '../../../lib/i18n/languages.ts';
import { Key } from '../key.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import type { TypedWords } from './conversation.tsx';
import { chatsBase } from './words.ts';

export interface AnswersProps {
  visit: DeskVisit;
  chat: Chat;
  typed: TypedWords;
  answers: readonly ReadyAnswer[];
  /** Where the town's pages are. */
  baseUrl: string;
}

/** The steps of a procedure to which a person can be led. */
export const STEPS = ['page', 'times', 'form'] as const;
export type Step = (typeof STEPS)[number];

const PATHS: Record<Step, string> = { page: '', times: '/times', form: '/apply' };

/** Returns the address of a procedure at a step, in the person's language. */
export const addressOf = (
  { office, baseUrl }: { office: { code: string }; baseUrl: string },
  { procedure, language, step = 'page' }: { procedure: string; language: string; step?: Step },
): string => `${baseUrl}/${language}/${office.code}/${procedure}${PATHS[step]}`;

/** Returns the address of the source of a prepared answer; null: it has none. */
export function sourceOf(
  at: Parameters<typeof addressOf>[0],
  { source }: Pick<ReadyAnswer, 'source'>,
  language: string,
): string | null {
  if (!source) return null;
  return 'url' in source ? source.url : addressOf(at, { ...source, language });
}

/** Returns the prepared answers for a conversation, as its agent reads them. */
export const answersIn = (
  { t, office }: Pick<DeskVisit, 't' | 'office'>,
  chat: Pick<Chat, 'topic' | 'language'>,
  find = '',
): ReadyAnswer[] =>
  answersFor(
    office.settings.chat,
    { topic: chat.topic, language: chat.language, reader: t.language },
    find,
  );

/** The prepared answers, found by words, and links to procedures. Each puts words into what is being written. */
export function CannedAnswers(props: AnswersProps) {
  const { visit, chat, typed } = props;
  const { t, office } = visit;
  return (
    <details class="chat-answers" open={typed.find !== ''}>
      <summary data-action="answersChat">
        {t('chatDesk.answers')} <Key action="answersChat" />
      </summary>
      {office.settings.chat.answers.length > 0 ? (
        <>
          <div class="row field">
            <label for="answer-find">{t('chatDesk.answers.find')}</label>
            <input
              id="answer-find"
              name="find"
              type="search"
              value={typed.find}
              autocomplete="off"
            />
            <button type="submit" name="action" value="find" class="button quiet small">
              {t('desk.search.submit')}
            </button>
          </div>
          <AnswerList {...props} />
        </>
      ) : null}
      <div class="row field">
        <label for="procedure">{t('chatDesk.link')}</label>
        <select id="procedure" name="procedure">
          {office.procedures.map(({ code, name }) => (
            <option key={code} value={code} selected={isOfTopic(visit, chat, code)}>
              {textIn(name, t.language)}
            </option>
          ))}
        </select>
        <select id="step" name="step" aria-label={t('chatDesk.link.step')}>
          {STEPS.map((each) => (
            <option key={each} value={each}>
              {t(`chatDesk.link.${each}`)}
            </option>
          ))}
        </select>
        <button type="submit" name="action" value="link" class="button quiet small">
          {t('chatDesk.link.put')}
        </button>
      </div>
    </details>
  );
}

const isOfTopic = ({ office }: DeskVisit, { topic }: Chat, procedure: string): boolean =>
  office.settings.chat.topics.find(({ code }) => code === topic)?.procedures[0] === procedure;

/** The list alone, which the island renews while somebody types. */
function AnswerList({
  visit,
  chat,
  answers,
  baseUrl,
}: Pick<AnswersProps, 'visit' | 'answers' | 'baseUrl'> & { chat: FoundChat }) {
  const { t, office } = visit;
  const place = { office, baseUrl };
  return (
    <div id="chat-answers" data-from={`${chatsBase(visit)}/${chat.id}/answers`} role="status">
      {answers.length === 0 ? <p class="soft">{t('chatDesk.answers.none')}</p> : null}
      <ul class="unmarked chat-answers-list">
        {answers.map((each) => (
          <li key={each.code}>
            <button
              type="submit"
              name="action"
              value={`answer:${each.code}`}
              class="link"
              data-put={each.text}
              data-source={sourceOf(place, each, each.language) ?? undefined}
              data-language={each.language}
            >
              {each.name}
            </button>{' '}
            {each.language === chat.language ? null : (
              <span class="small soft" lang={each.language}>
                {LANGUAGE_NAMES[each.language]}
              </span>
            )}
            <p class="small soft" lang={each.language}>
              {each.text}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** `…/chats/{chat}/answers?find=`: the list of prepared answers. */
export function answersPage({ chatDesk, config }: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const chat = await chatDesk.find(viewer, office, c.req.param('chat') ?? '');
    if (!chat) return c.notFound();
    const find = (c.req.query('find') ?? '').slice(0, 100);
    const answers = answersIn(visit, chat, find);
    c.header('Cache-Control', 'no-store');
    return c.html(
      renderToString(
        <AnswerList visit={visit} chat={chat} answers={answers} baseUrl={config.baseUrl} />,
      ),
    );
  };
}
