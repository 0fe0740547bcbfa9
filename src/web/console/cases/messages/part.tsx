import type { Conversation } from '../../../../features/service/cases/service.ts';
import { MESSAGE_LENGTH } from '../../../../features/service/cases/service.ts';
import { LANGUAGE_NAMES } from '../../../../lib/i18n/languages.ts';
import { TextArea } from '../../../../ui/forms.tsx';
import type { CaseProps, Shown } from '../case.tsx';
import { actorIn, whenIn } from '../words.ts';

/** Whether what its person wrote last has no answer yet. */
export const awaitsAnswer = ({ messages }: Conversation): boolean =>
  messages.at(-1)?.side === 'person';

/** What the office and whoever handed the case in wrote to each other, and a way to write more. */
export function MessagesPart(
  props: CaseProps & { conversation: Conversation; typed: Shown['message'] },
) {
  const { visit, work, at, conversation, typed } = props;
  const { t } = visit;
  const { messages, older, obstacle } = conversation;
  return (
    <section class="stack" aria-labelledby="messages">
      <h2 id="messages" tabindex={-1}>
        {t('message.title')}
      </h2>
      {older > 0 ? (
        <p>
          <a href={`${at}?messages=all#messages`}>{t('message.older', { count: older })}</a>
        </p>
      ) : null}
      {messages.length > 0 ? <Messages {...props} /> : <p class="soft">{t('message.none')}</p>}
      {obstacle ? (
        <p class="small soft">{t('message.untaken')}</p>
      ) : (
        <form method="post" action={`${at}/message`}>
          <TextArea
            name="message"
            label={t('message.toPerson')}
            hint={t(conversation.isTold ? 'message.toPerson.hint' : 'message.toPerson.untold', {
              language: LANGUAGE_NAMES[work.opened.case.language],
            })}
            value={typed?.text}
            error={typed?.error}
            rows={4}
            maxLength={MESSAGE_LENGTH}
          />
          <button type="submit" class="button quiet small">
            {t('message.send')}
          </button>
        </form>
      )}
    </section>
  );
}

function Messages(props: CaseProps & { conversation: Conversation }) {
  const { visit, names, conversation } = props;
  const { t } = visit;
  return (
    <ol class="plain stack">
      {conversation.messages.map(({ id, side, by, at, text }) => (
        <li key={id} class={`case-note${side === 'person' ? ' theirs' : ''}`}>
          <p class="small soft">
            {t('caseDesk.by', {
              name: side === 'person' ? t('message.person') : actorIn(visit, names, by),
              when: whenIn(visit, at),
            })}
          </p>
          <p class="said">{text}</p>
        </li>
      ))}
    </ol>
  );
}
