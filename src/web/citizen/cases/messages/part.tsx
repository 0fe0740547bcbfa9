import type { CaseMessage, Conversation } from '../../../../features/service/cases/service.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import type { CaseVisit } from '../../visit.tsx';

/** The end of the address of the messages about a case, and the name of the field. */
export const MESSAGES = 'messages';

/** What the office wrote last about a case, with the way to all messages; or the way to write the first one. */
export function MessagesOfCase({ visit, of }: { visit: CaseVisit; of: Conversation }) {
  const { t, to, secret } = visit;
  const last = of.messages.at(-1);
  if (!last && of.obstacle) return null;
  const more = last ? 'message.all' : 'message.first';
  return (
    <section class="stack" aria-labelledby="messages">
      <h2 id="messages">{t('message.title')}</h2>
      {last ? (
        <Messages visit={visit} of={[last]} />
      ) : (
        <p>{t(of.isTold ? 'message.about' : 'message.about.untold')}</p>
      )}
      <p class="no-print">
        <a href={to.case(secret, MESSAGES)}>{t(more)}</a>
      </p>
    </section>
  );
}

/** Messages as whoever handed the case in reads them. */
export function Messages({ visit, of }: { visit: CaseVisit; of: readonly CaseMessage[] }) {
  const { t, dates, office, found } = visit;
  const own = found.representation ? 'message.person' : 'message.you';
  return (
    <ol class="messages stack">
      {of.map(({ id, side, at, text }) => (
        <li key={id} class={side}>
          <p class="soft">
            <strong>{side === 'person' ? t(own) : textIn(office.name, t.language)}</strong>,{' '}
            {dates.longDay(at)}, {dates.time(at)}
          </p>
          <p class="said">{text}</p>
        </li>
      ))}
    </ol>
  );
}
