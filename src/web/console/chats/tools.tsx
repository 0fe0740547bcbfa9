import { randomUUID } from 'node:crypto';
import { CHAT_LENGTHS, MOST_FILES } from '../../../features/service/chat/rules.ts';
import type { DeskChats, DeskLook } from '../../../features/service/chat/service.ts';
import { mayHandleRequests, takesRequests } from '../../../features/service/requests/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';
import { ableDesks } from './desks.ts';
import { Assign } from './list.tsx';
import { MOVES_NOW, writtenIn } from './moving.ts';
import { Offer } from './offer.tsx';
import { chatsBase, topicName } from './words.ts';

export interface ToolsProps {
  visit: DeskVisit;
  look: DeskLook;
  chats: DeskChats;
  /** The procedures with a form that can be filled in. */
  forms: { readonly size: number };
  /** What is wrong in one of the forms here. */
  wrong?: { of: 'hand' | 'move' | 'file' | 'note'; text: string; typed?: string } | undefined;
}

/** What can be done with a conversation. */
export function Tools(props: ToolsProps) {
  const { visit, look, chats, wrong } = props;
  const { t } = visit;
  const { chat, isOwn } = look;
  const at = `${chatsBase(visit)}/${chat.id}`;
  if (chat.state === 'message') return <MessageTools {...props} />;
  if (chat.state === 'ended' || chat.state === 'left') return <EndedTools {...props} />;
  if (!isOwn)
    return (
      <>
        {chat.state === 'offered' && chat.desk === visit.viewer.desk ? (
          <Offer visit={visit} offer={chat} />
        ) : (
          <p class="soft">{t('chatDesk.notYours')}</p>
        )}
        <Assign visit={visit} chats={chats} chat={chat} />
      </>
    );
  return (
    <>
      {wrong ? (
        <Notice kind="warn">
          <p id="wrong" tabIndex={-1} autofocus>
            {wrong.text}
          </p>
        </Notice>
      ) : null}
      <FileForm visit={visit} at={at} />
      <Moving {...props} at={at} />
      <Hand {...props} at={at} />
      <Note visit={visit} at={at} wrong={wrong} />
      <p class="action">
        <a class="button" href={`${at}/end`} data-action="endChat">
          {t('chatDesk.end')} <Key action="endChat" />
        </a>
      </p>
    </>
  );
}

/** Sends a file, through the checks of all documents. */
function FileForm({ visit: { t }, at }: { visit: DeskVisit; at: string }) {
  const most = Math.floor(MOST_FILES.bytes / 1_000_000);
  return (
    <details class="aside">
      <summary>{t('chatDesk.file')}</summary>
      <form method="post" action={`${at}/file`} encType="multipart/form-data" class="stack">
        <input type="hidden" name="key" value={randomUUID()} />
        <div class="field">
          <label for="file">{t('chatDesk.file.label', { most })}</label>
          <input type="file" id="file" name="file" />
        </div>
        <button type="submit" class="button quiet">
          {t('chatDesk.file.send')}
        </button>
      </form>
    </details>
  );
}

/** Goes on elsewhere, in one press: by telephone or video now, at an hour, or with a form. */
function Moving({ visit, look, forms, at, wrong }: ToolsProps & { at: string }) {
  const { t, office, base } = visit;
  const { chat } = look;
  const topic = office.settings.chat.topics.find(({ code }) => code === chat.topic);
  const procedures = office.procedures.toSorted(
    (a, b) => Number(isOf(topic, b.code)) - Number(isOf(topic, a.code)),
  );
  return (
    <details class="aside" open={wrong?.of === 'move'}>
      <summary data-action="moveChat">
        {t('chatDesk.move')} <Key action="moveChat" />
      </summary>
      <form method="post" action={`${at}/move`} class="stack">
        <div class="field">
          <label for="move-procedure">{t('chatDesk.move.procedure')}</label>
          <select id="move-procedure" name="procedure">
            {procedures.map(({ code, name }) => (
              <option key={code} value={code}>
                {textIn(name, t.language)}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="move-name">{t('desk.field.name')}</label>
          <input type="text" id="move-name" name="name" value={chat.name} autocomplete="off" />
        </div>
        <div class="field">
          <label for="move-phone">{t('chatDesk.move.number')}</label>
          <input type="tel" id="move-phone" name="phone" autocomplete="off" />
        </div>
        <p class="row">
          {MOVES_NOW.map((each) => (
            <button key={each} type="submit" name="to" value={each} class="button quiet">
              {t(`chatDesk.move.${each}`)}
            </button>
          ))}
          {forms.size > 0 ? (
            <button type="submit" name="to" value="case" class="button quiet">
              {t('chatDesk.move.case')}
            </button>
          ) : null}
        </p>
        {/* The page of a booking gets what is known, and what was written. */}
        <input type="hidden" name="language" value={chat.language} />
        <input type="hidden" name="noticeLanguage" value={chat.language} />
        <input type="hidden" name="comment" value={writtenIn(look)} />
        <p>
          <button type="submit" formaction={`${base}/book`} class="button quiet">
            {t('chatDesk.move.appointment')}
          </button>
        </p>
        <AsRequest visit={visit} chat={chat.id} />
      </form>
    </details>
  );
}

/** The way to write a request down from a conversation. */
function AsRequest({ visit, chat }: { visit: DeskVisit; chat: string }) {
  const { t, office, base, viewer } = visit;
  if (!takesRequests(office) || !mayHandleRequests(viewer)) return null;
  return (
    <p>
      <a href={`${base}/requests/new?chat=${chat}`}>{t('requestDesk.new')}</a>
    </p>
  );
}

const isOf = (topic: { procedures: readonly string[] } | undefined, procedure: string): boolean =>
  topic?.procedures.includes(procedure) ?? false;

/** Hands it over to a colleague who can answer, to those of another topic, or gives it back. */
function Hand({ visit, look, chats, at, wrong }: ToolsProps & { at: string }) {
  const { t, office } = visit;
  const { chat } = look;
  const desks = ableDesks(visit, chats, chat);
  const topics = office.settings.chat.topics.filter(({ code }) => code !== chat.topic);
  return (
    <details class="aside" open={wrong?.of === 'hand'}>
      <summary data-action="handChat">
        {t('chatDesk.hand')} <Key action="handChat" />
      </summary>
      <form method="post" action={`${at}/hand-over`} class="stack">
        <div class="field">
          <label for="hand-to">{t('chatDesk.hand.to')}</label>
          <select id="hand-to" name="to">
            {desks.map(({ id, words }) => (
              <option key={id} value={`desk:${id}`}>
                {words}
              </option>
            ))}
            {topics.map(({ code }) => (
              <option key={code} value={`topic:${code}`}>
                {t('chatDesk.hand.topic', { topic: topicName(t, office, code) })}
              </option>
            ))}
            <option value="line">{t('chatDesk.hand.line')}</option>
          </select>
        </div>
        <div class="field">
          <label for="hand-note">{t('chatDesk.hand.note')}</label>
          <textarea id="hand-note" name="note" rows={2} maxLength={CHAT_LENGTHS.note}>
            {wrong?.of === 'hand' ? wrong.typed : null}
          </textarea>
        </div>
        <p class="row">
          <button type="submit" class="button quiet">
            {t('chatDesk.hand.submit')}
          </button>
          <button type="submit" name="to-line" value="1" class="link" data-action="returnChat">
            {t('chatDesk.hand.back')} <Key action="returnChat" />
          </button>
        </p>
      </form>
    </details>
  );
}

/** A note for colleagues: the person never sees it. */
function Note({ visit: { t }, at, wrong }: Pick<ToolsProps, 'visit' | 'wrong'> & { at: string }) {
  return (
    <details class="aside" open={wrong?.of === 'note'}>
      <summary>{t('chatDesk.note.write')}</summary>
      <form method="post" action={`${at}/note`} class="stack">
        <input type="hidden" name="key" value={randomUUID()} />
        <div class="field">
          <label for="note">{t('chatDesk.note.label')}</label>
          <textarea id="note" name="note" rows={2} maxLength={CHAT_LENGTHS.note}>
            {wrong?.of === 'note' ? wrong.typed : null}
          </textarea>
        </div>
        <button type="submit" class="button quiet">
          {t('chatDesk.note.keep')}
        </button>
      </form>
    </details>
  );
}

function MessageTools({ visit, look }: ToolsProps) {
  const { t } = visit;
  return (
    <>
      <p>{t('chatDesk.message.text')}</p>
      <form method="post" action={`${chatsBase(visit)}/${look.chat.id}/end`}>
        <input type="hidden" name="action" value="answered" />
        <button type="submit" class="button quiet">
          {t('chatDesk.message.done')}
        </button>
      </form>
    </>
  );
}

function EndedTools({ visit, look }: ToolsProps) {
  const { t, base, viewer } = visit;
  const { chat } = look;
  const isOwn = chat.staff === viewer.staff && chat.encounter !== null;
  return (
    <>
      <p>{chat.endedWhy ? t(`chatDesk.ended.${chat.endedWhy}`) : null}</p>
      {isOwn ? (
        <ButtonLink href={`${chatsBase(visit)}/${chat.id}/end`}>{t('chatDesk.writeUp')}</ButtonLink>
      ) : null}
      <p>
        <a href={base}>{t('staff.day.title')}</a>
      </p>
    </>
  );
}
