import type { Written } from '../writing.ts';
import type { Shown } from './controls.tsx';
import { Panel } from './panel.tsx';

/** The others' text while they type, and their last lines, for people who read the conversation: with the messages, or below the pictures. */
export function Captions({ page, words }: Shown) {
  const { pairs, writing } = page;
  const lines = pairs.flatMap(({ person, line }) => {
    const ended = writing.ended.get(`${person.side} ${person.name}`) ?? '';
    const text = [ended, line].filter((each) => each !== '').join(' ');
    return text ? [{ key: person.seat, name: person.name, text }] : [];
  });
  if (lines.length === 0) return null;
  return (
    <div class="room-captions">
      {lines.map(({ key, name, text }) => (
        <p key={key}>
          <b>{name}</b> <span class="small">({words('write.typing')})</span> {text}
        </p>
      ))}
    </div>
  );
}

/** The messages beside the call: stored, and shown while they are typed if the writer chooses so. */
export function WritingPanel(shown: Shown) {
  const { page, act, words } = shown;
  const { messages, draft, isLive } = page.writing;
  return (
    <Panel {...shown} name="write" title={words('write.title')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
      <div class="room-log" role="log" aria-labelledby="room-write" tabIndex={0} ref={toEnd}>
        <ol class="unmarked">
          {messages.map((each) => (
            <Line key={each.id} written={each} words={words} />
          ))}
        </ol>
        <Captions {...shown} />
      </div>
      <form
        class="room-draft"
        onSubmit={(event) => {
          event.preventDefault();
          act.send();
        }}
      >
        <label for="room-draft">{words('write.label')}</label>
        <textarea
          id="room-draft"
          data-first
          rows={2}
          maxLength={2000}
          value={draft}
          onInput={({ currentTarget }) => act.type(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            act.send();
          }}
        />
        <button type="submit" class="button quiet">
          {words('write.send')}
        </button>
        <label class="room-live">
          <input
            type="checkbox"
            checked={isLive}
            onChange={({ currentTarget }) => act.setLive(currentTarget.checked)}
          />{' '}
          {words('write.live')}
        </label>
        <p class="soft small room-kept">{words('write.kept')}</p>
      </form>
    </Panel>
  );
}

function Line({ written, words }: { written: Written; words: Shown['words'] }) {
  const { isMine, name, text, state } = written;
  return (
    <li class={isMine ? 'mine' : undefined}>
      <b>{isMine ? words('me') : name}</b> <span class="room-text">{text}</span>
      {state === 'sent' ? null : <span class="soft small"> ({words(`write.${state}`)})</span>}
    </li>
  );
}

/** Scrolls to the last line, unless the reader has scrolled up. */
function toEnd(log: HTMLElement | null): void {
  if (!log) return;
  const { scrollTop, clientHeight, scrollHeight } = log;
  if (scrollHeight - scrollTop - clientHeight < 120) log.scrollTop = scrollHeight;
}
