import type { Written } from '../writing.ts';
import { Captions } from './captions.tsx';
import type { Shown } from './controls.tsx';
import { Panel } from './panel.tsx';

/** The messages beside the call: stored, and shown while they are typed if the writer chooses so. */
export function WritingPanel(shown: Shown) {
  const { page, act, words } = shown;
  const { messages, draft, isLive, unsent } = page.writing;
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
        {unsent ? (
          <p class="mend" role="alert">
            {words('write.unsent')}
          </p>
        ) : null}
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
        {messages.length === 0 ? <p class="soft small room-kept">{words('write.kept')}</p> : null}
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
