import type { Chat, ChatEntry, ChatFile } from '../../../features/service/chat/types.ts';
import { languageOfText, WithOwnLinks } from '../../../ui/own-links.tsx';
import type { DeskVisit } from '../visit.tsx';
import { chatsBase, writerOf } from './words.ts';

interface LogProps {
  visit: DeskVisit;
  chat: Chat;
  entries: readonly ChatEntry[];
  /** Where the town's pages are: only their addresses are links, since anybody may have written the others. */
  baseUrl: string;
}

/**
 * What was said in a conversation: a log, in which a screen reader speaks what is added and nothing again. The `chats` island adds the lines
 * that come.
 */
export function Log({ visit, chat, entries, baseUrl }: LogProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keyboard
    <section class="chat-log" tabIndex={0} aria-label={visit.t('chatDesk.log')}>
      <div
        id="chat-log"
        role="log"
        aria-label={visit.t('chatDesk.log')}
        aria-relevant="additions"
        data-last={entries.at(-1)?.number ?? 0}
      >
        <Lines visit={visit} chat={chat} entries={entries} baseUrl={baseUrl} />
      </div>
    </section>
  );
}

/** Lines of a conversation. */
export function Lines({ visit, chat, entries, baseUrl }: LogProps) {
  return (
    <>
      {entries.map((entry) => (
        <Line key={entry.id} visit={visit} chat={chat} entry={entry} baseUrl={baseUrl} />
      ))}
    </>
  );
}

function Line(props: Omit<LogProps, 'entries'> & { entry: ChatEntry }) {
  const { visit, chat, entry, baseUrl } = props;
  const { t, dates } = visit;
  const at = dates.time(entry.at);
  if (entry.kind === 'system')
    return (
      <div class="chat-line system" data-number={entry.number} id={`line-${entry.id}`}>
        <span class="small soft">
          {entry.what ? t(`chatDesk.line.${entry.what}`) : null} · {at}
        </span>
      </div>
    );
  const isNote = entry.kind === 'note';
  return (
    <div
      class={`chat-line ${isNote ? 'note' : entry.side}`}
      data-number={entry.number}
      id={`line-${entry.id}`}
    >
      <p class="small soft chat-who">
        <b>{isNote ? t('chatDesk.note') : writerOf(t, entry, chat)}</b> <span>{at}</span>
      </p>
      {entry.file ? <File visit={visit} chat={chat} file={entry.file} /> : null}
      {entry.text ? (
        <div class="chat-words said" dir="auto" lang={languageOfText(entry.text, entry.language)}>
          <WithOwnLinks text={entry.text} base={baseUrl} />
        </div>
      ) : null}
    </div>
  );
}

/** A file: a link once its check has found nothing, else what became of it. */
function File({ visit, chat, file }: { visit: DeskVisit; chat: Chat; file: ChatFile }) {
  const { t } = visit;
  return (
    <p class="chat-file">
      {file.state === 'clean' ? (
        <a href={`${chatsBase(visit)}/${chat.id}/files/${file.id}`} download dir="auto">
          {file.name}
        </a>
      ) : (
        <span dir="auto">{file.name}</span>
      )}{' '}
      <span class="small soft">{t(`chatDesk.file.${file.state}`)}</span>
    </p>
  );
}
