import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import { LANGUAGE_NAMES } from '../../../../lib/i18n/languages.ts';
import { TextArea } from '../../../../ui/forms.tsx';
import { whenIn } from '../../cases/words.ts';
import { NoteForm, Notes } from '../../handling/parts.tsx';
import { requestActor, requestEventIn } from '../words.ts';
import type { RequestProps, RequestShown } from './request.tsx';

/** What the office and the person wrote to each other, and a way to write more. */
export function TalkPart(props: RequestProps & { typed: RequestShown['message'] }) {
  const { visit, work, at, typed } = props;
  const { t } = visit;
  const { messages, names, row, mayHandle } = work;
  return (
    <section class="stack" aria-labelledby="messages">
      <h2 id="messages" tabindex={-1}>
        {t('message.title')}
      </h2>
      {messages.length === 0 ? (
        <p class="soft">{t('message.none')}</p>
      ) : (
        <ol class="plain stack">
          {messages.map(({ id, side, by, at: when, text }) => (
            <li key={id} class={`case-note${side === 'person' ? ' theirs' : ''}`}>
              <p class="small soft">
                {t('caseDesk.by', {
                  name: side === 'person' ? t('message.person') : requestActor(visit, names, by),
                  when: whenIn(visit, when),
                })}
              </p>
              <p class="said">{text}</p>
            </li>
          ))}
        </ol>
      )}
      {mayHandle && row.anonymisedAt === null ? (
        <form method="post" action={`${at}/message`}>
          <TextArea
            name="message"
            label={t('message.toPerson')}
            hint={t('requestDesk.message.hint', { language: LANGUAGE_NAMES[row.language] })}
            value={typed?.text}
            error={typed?.error}
            rows={3}
            maxLength={REQUEST_LENGTH}
          />
          <button type="submit" class="button quiet small">
            {t('message.send')}
          </button>
        </form>
      ) : null}
    </section>
  );
}

/** What officials write for each other. */
export function NotesPart(props: RequestProps & { typed: RequestShown['note'] }) {
  const { visit, work, at, typed } = props;
  return (
    <Notes visit={visit} notes={work.notes} nameOf={(by) => requestActor(visit, work.names, by)}>
      {work.mayHandle && work.row.anonymisedAt === null ? (
        <NoteForm visit={visit} at={at} typed={typed} most={REQUEST_LENGTH} />
      ) : null}
    </Notes>
  );
}

/** What happened, the newest first. */
export function HistoryPart({ visit, work }: RequestProps) {
  const { t } = visit;
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t('caseDesk.history')}</h2>
      <ol class="plain small case-history">
        {work.events.toReversed().map((event) => (
          <li key={event.id}>
            {requestEventIn(visit, work.names, event)}{' '}
            <span class="soft">
              {t('caseDesk.by', {
                name: requestActor(visit, work.names, event.actor),
                when: whenIn(visit, event.at),
              })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
