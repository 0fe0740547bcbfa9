import { randomUUID } from 'node:crypto';
import {
  CHAT_LENGTHS,
  isAnswered,
  isLive,
  MOST_FILES,
  maySurvey,
  topicNameIn,
} from '../../../features/service/chat/rules.ts';
import { Button, ButtonLink, LinkButton } from '../../../ui/buttons.tsx';
import { FileInput, TextArea } from '../../../ui/forms.tsx';
import { BackLink, Notice, Say } from '../../../ui/parts.tsx';
import { choose } from '../../embed/times.ts';
import { readForm } from '../../form.ts';
import { problem } from '../problem.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { ChatVisit } from './find.ts';
import { Fresh } from './fresh.tsx';
import { Lines, readShown, type Shown, standing } from './lines.tsx';

/** What is shown of the text that somebody writes, and what went wrong with a file. */
interface Typed {
  text?: string;
  error?: string | undefined;
  fileError?: string;
}

/** `/{language}/chat/{secret}`: a conversation, with a field to write in. Without scripts one loads it again. */
export function talkPage(deps: CitizenDeps) {
  return {
    get: (visit: ChatVisit): Promise<Response> => showTalk(deps, visit),

    post: async (visit: ChatVisit): Promise<Response> => {
      const { viewer, office, to, secret, t, c } = visit;
      const form = await readForm(c);
      const text = form.lines('text');
      const { language } = visit;
      const done = await deps.chats.write(viewer, office, {
        key: form.text('key'),
        text,
        language,
      });
      // The island sends lines one by one, and fetches what is new by itself.
      const isIsland = c.req.header('X-Refresh') === '1';
      if (done.ok) return isIsland ? c.body(null, 204) : visit.redirect(`${to.chat(secret)}#last`);
      if (done.reason === 'not_found') return problem(visit, 'no_chat');
      if (isIsland) return c.json({ reason: done.reason }, 422);
      const most = CHAT_LENGTHS.text;
      return showTalk(deps, visit, { text, error: t(`chat.write.${done.reason}`, { most }) });
    },
  };
}

/** What was done on the page before. */
const DONE = ['message', 'mailed'] as const;

/** Shows the page of a conversation. */
export async function showTalk(
  deps: CitizenDeps,
  visit: ChatVisit,
  typed: Typed = {},
): Promise<Response> {
  const shown = await readShown(deps, visit);
  if (!shown) return problem(visit, 'no_chat');
  const { t, office, to, c } = visit;
  const { chat } = shown;
  const topic = topicNameIn(office.settings.chat, chat.topic, t);
  const title = t('chat.title');
  const problems = [
    ...(typed.error ? [{ href: '#text', text: typed.error }] : []),
    ...(typed.fileError ? [{ href: '#file', text: typed.fileError }] : []),
  ];
  const done = DONE.find((each) => each === c.req.query('done'));
  return visit.show(
    {
      ...formPage(title, problems),
      parts: 'around',
      islands: ['chat'],
    },
    <>
      <BackLink href={to.office(office.code)}>
        <Say of={office.name} t={t} />
      </BackLink>
      <Problems t={t} problems={problems} />
      {done ? (
        <Notice kind="good">
          <p>{t(`chat.done.${done}`)}</p>
        </Notice>
      ) : null}
      <p class="place">
        {topic} · {t('chat.number', { number: chat.number })}
      </p>
      <h1>{title}</h1>
      <Talk shown={shown} typed={typed} />
      {chat.endedAt === null ? null : <Over shown={shown} now={visit.now} />}
    </>,
  );
}

/** What the island of the page says by itself. */
const wordsOf = ({ t }: ChatVisit) => ({
  typing: t('chat.typing'),
  sent: t('chat.sent'),
  sending: t('chat.sending'),
  offline: t('chat.offline'),
  again: t('chat.again'),
  news: t('chat.news'),
  notSent: t('chat.notSent'),
  many: t('chat.write.many'),
  tooLong: t('chat.write.long', { most: CHAT_LENGTHS.text }),
});

function Talk({ shown, typed }: { shown: Shown; typed: Typed }) {
  const { visit, chat, entries } = shown;
  const { t, to, secret } = visit;
  const isOpen = isLive(chat);
  return (
    <div
      id="chat"
      class="chat stack"
      data-state={chat.state}
      data-last={entries.at(-1)?.number ?? 0}
      data-stream={to.chat(secret, 'stream')}
      data-lines={to.chat(secret, 'lines')}
      data-typing={to.chat(secret, 'typing')}
      data-words={JSON.stringify(wordsOf(visit))}
    >
      <p id="chat-status" class="standing" role="status">
        {standing(shown)}
      </p>
      <div id="chat-log" role="log" aria-live="polite" aria-label={t('chat.log')}>
        <Lines shown={shown} />
      </div>
      {chat.endedAt === null ? <Fresh shown={shown} /> : null}
      <p id="chat-typing" class="hint" role="status" />
      {chat.endedAt === null ? (
        <p id="last" class="no-print">
          <a href={to.chat(secret)}>{t('chat.reload')}</a>
        </p>
      ) : null}
      {isOpen ? null : <Unsent visit={visit} />}
      {isOpen ? <Writing shown={shown} typed={typed} /> : null}
      {isOpen ? <Ways shown={shown} typed={typed} /> : null}
    </div>
  );
}

/** What was written here and came too late, which the island puts in. */
function Unsent({ visit: { t, to, office } }: { visit: ChatVisit }) {
  return (
    <div id="chat-unsent" hidden>
      <section class="stack no-print" aria-labelledby="unsent">
        <h2 id="unsent">{t('chat.unsent')}</h2>
        <p>
          {t('chat.unsent.text')}{' '}
          <a href={`${to.startChat(office.code)}?message=1`}>{t('chat.message.title')}</a>
        </p>
        <div class="field">
          <label for="unsent-text">{t('chat.unsent.words')}</label>
          <textarea id="unsent-text" rows={4} readOnly />
        </div>
      </section>
    </div>
  );
}

function Writing({ shown: { visit }, typed }: { shown: Shown; typed: Typed }) {
  const { t, to, secret } = visit;
  return (
    <form id="chat-form" class="form" action={to.chat(secret)} method="post" novalidate>
      <input type="hidden" name="key" value={randomUUID()} />
      <TextArea
        name="text"
        label={t('chat.write')}
        value={typed.text}
        error={typed.error}
        rows={3}
        maxLength={CHAT_LENGTHS.text}
      />
      <p id="chat-sent" class="hint" role="status" />
      <Button>{t('chat.send')}</Button>
    </form>
  );
}

/** A file, and what else one can do than wait or write. */
function Ways({ shown, typed }: { shown: Shown; typed: Typed }) {
  const { visit, chat } = shown;
  const { t, to, secret } = visit;
  const isWaiting = chat.state !== 'talking';
  const { silentMinutes } = visit.office.settings.chat;
  return (
    <>
      <div data-talking hidden={isWaiting}>
        <Sending shown={shown} typed={typed} />
      </div>
      <p class="no-print" id="chat-sound" hidden>
        <label>
          <input type="checkbox" /> {t('chat.sound')}
        </label>
      </p>
      <section class="stack no-print" aria-labelledby="ways">
        <h2 id="ways">{t('chat.ways')}</h2>
        <ul>
          {isWaiting ? (
            <li data-waiting>
              <a href={to.chat(secret, 'message')}>{t('chat.message.rather')}</a>
            </li>
          ) : null}
          {isWaiting ? (
            <li data-waiting>
              <form action={to.chat(secret, 'call')} method="post">
                <LinkButton>{t('chat.call')}</LinkButton>
              </form>
            </li>
          ) : null}
          <Transcript shown={shown} isLater={isWaiting} />
          {isWaiting ? (
            <li data-waiting>
              <a href={to.chat(secret, 'end')}>{t('chat.leave')}</a>
            </li>
          ) : null}
          <li data-talking hidden={isWaiting}>
            <a href={to.chat(secret, 'end')}>{t('chat.end')}</a>
          </li>
        </ul>
      </section>
      {isWaiting ? (
        <p class="hint" data-waiting>
          {t('chat.keep', { minutes: 3 * silentMinutes })}
        </p>
      ) : null}
      <p class="hint" data-talking hidden={isWaiting}>
        {t('chat.keep.talking')}
      </p>
    </>
  );
}

/** The ways to keep the conversation. `isLater`: the page shows that by e-mail once somebody answers. */
function Transcript(props: { shown: Shown; isLater?: boolean }) {
  const { shown, isLater = false } = props;
  const { visit, chat } = shown;
  const { t, to, secret } = visit;
  return (
    <>
      <li>
        <a href={to.chat(secret, 'transcript')}>{t('chat.transcript')}</a>
      </li>
      {isAnswered(chat) || isLater ? (
        <li data-talking={isLater || undefined} hidden={!isAnswered(chat)}>
          <a href={to.chat(secret, 'mail')}>{t('chat.mail')}</a>
        </li>
      ) : null}
    </>
  );
}

function Sending({ shown: { visit }, typed }: { shown: Shown; typed: Typed }) {
  const { t, to, secret } = visit;
  const megabytes = MOST_FILES.bytes / 1_000_000;
  return (
    <details class="no-print" open={typed.fileError !== undefined}>
      <summary>{t('chat.file')}</summary>
      <form
        class="form"
        action={to.chat(secret, 'file')}
        method="post"
        enctype="multipart/form-data"
      >
        <input type="hidden" name="key" value={randomUUID()} />
        <FileInput
          name="file"
          label={t('chat.file.label')}
          hint={t('chat.file.hint', { megabytes })}
          error={typed.fileError}
        />
        <Button kind="quiet">{t('chat.file.send')}</Button>
      </form>
    </details>
  );
}

/** What follows a conversation that is over. */
function Over({ shown, now }: { shown: Shown; now: Temporal.Instant }) {
  const { visit, chat } = shown;
  const { t, to, secret, office } = visit;
  return (
    <div class="stack no-print">
      {maySurvey(chat, now) ? (
        <ButtonLink href={to.chat(secret, 'survey')}>{t('chat.survey')}</ButtonLink>
      ) : null}
      <ul>
        {chat.isForgotten ? null : <Transcript shown={shown} />}
        <li>
          <a href={to.startChat(office.code)}>{t('chat.another')}</a>
        </li>
      </ul>
    </div>
  );
}

/** Days in which the next call is looked for. */
const DAYS = 14;

/** `…/call`: begins to book the next call about the topic, with what was written as its comment. The place in the line stays. */
export function callInstead(deps: CitizenDeps) {
  return async (visit: ChatVisit): Promise<Response> => {
    const { c, office, language, to, viewer, now } = visit;
    const look = await deps.chats.look(viewer, office);
    if (!look) return problem(visit, 'no_chat');
    const { chat, entries } = look;
    const topic = office.settings.chat.topics.find(({ code }) => code === chat.topic);
    const comment = entries
      .filter(({ side, text }) => side === 'person' && text !== '')
      .map(({ text }) => text)
      .join('\n')
      .slice(0, MOST_COMMENT);
    const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
    const span = { from: today.toString(), to: today.add({ days: DAYS }).toString() };
    for (const code of topic?.procedures ?? []) {
      const procedure = office.procedure(code);
      const choice =
        procedure && !procedure.retired
          ? choose(office, procedure, { language, channel: 'phone', spoken: chat.language })
          : null;
      if (!procedure || !choice) continue;
      const ask = { procedure: code, ...choice };
      const found = await deps.slots.search(office, ask, span);
      const start = found.ok ? found.slots[0]?.start : undefined;
      if (!start) continue;
      const answers = { comment, ...(chat.name && { name: chat.name }) };
      const how = { sender: deps.senderOf(c), answers };
      const journey = await deps.journeys.start(office, { ...ask, start }, language, how);
      if (journey.ok) return visit.redirect(to.booking(office.code, journey.id, 'details'));
    }
    return visit.redirect(to.office(office.code));
  };
}

/** The most characters of what was written that a booking carries. */
const MOST_COMMENT = 900;
