import { CHAT_LENGTHS, MOST_FILES } from '../../../features/service/chat/rules.ts';
import type { DeskLook, FoundChat, HandTo } from '../../../features/service/chat/service.ts';
import { answerIn } from '../../../features/service/chat/service.ts';
import type { WriteResult } from '../../../features/service/chat/types.ts';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { isLanguage } from '../../../lib/i18n/languages.ts';
import { withAnswer } from '../../../ui/put-words.ts';
import { readFileForm } from '../../files/upload.ts';
import { type Form, readForm } from '../../form.ts';
import { keptIn, keptPage } from '../cases/kept.tsx';
import { isIsland } from '../encounter/save-island.tsx';
import { senderAt } from '../sender.ts';
import { type DeskVisit, localPath, type StaffDeps } from '../visit.tsx';
import { addressOf, STEPS, sourceOf } from './answers.tsx';
import type { TypedWords } from './conversation.tsx';
import { ableDesks } from './desks.ts';
import { MOVES_NOW, moveNow, sendForm } from './moving.ts';
import { type ShownAgain, showChats } from './page.tsx';
import { chatsBase } from './words.ts';

/** So much of what was too long is shown again. */
const MOST_TYPED = 2 * CHAT_LENGTHS.text;

const idIn = ({ c }: DeskVisit): string => c.req.param('chat') ?? '';
const at = (visit: DeskVisit): string => `${chatsBase(visit)}/${idIn(visit)}`;
const all = (visit: DeskVisit, done: string) => visit.redirect(`${chatsBase(visit)}?done=${done}`);

/** What an agent does with a conversation. */
export function chatActs(deps: StaffDeps) {
  const { chatDesk, chatWork } = deps;
  return {
    take: async (visit: DeskVisit): Promise<Response> => {
      const done = await chatDesk.take(visit.viewer, visit.office, idIn(visit));
      if (done.ok) return visit.redirect(at(visit));
      return done.reason === 'gone' ? all(visit, 'gone') : visit.c.notFound();
    },

    decline: async (visit: DeskVisit): Promise<Response> => {
      const form = await readForm(visit.c);
      const done = await chatDesk.decline(visit.viewer, visit.office, idIn(visit));
      if (!done.ok && done.reason === 'not_found') return visit.c.notFound();
      const back = form.text('back');
      return back ? visit.redirect(localPath(back)) : all(visit, done.ok ? 'declined' : 'gone');
    },

    back: async (visit: DeskVisit): Promise<Response> => {
      if (!mayAssist(visit.viewer)) return visit.c.notFound();
      await chatDesk.comeBack(visit.viewer, visit.office);
      return visit.redirect(chatsBase(visit));
    },

    write: writing(deps),
    file: sendingFile(deps),

    sign: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      if (!(await find(deps, visit))) return c.notFound();
      await chatDesk.sign(viewer, office, idIn(visit));
      return c.body(null, 204);
    },

    note: noting(deps),
    handOver: handingOver(deps),

    assign: async (visit: DeskVisit): Promise<Response> => {
      const form = await readForm(visit.c);
      const desk = Number(form.text('desk'));
      const done = await chatWork.assign(visit.viewer, visit.office, idIn(visit), desk);
      if (!done.ok && done.reason === 'not_found') return visit.c.notFound();
      const back = form.text('back');
      if (back) return visit.redirect(localPath(back));
      return all(visit, done.ok ? 'assigned' : 'gone');
    },

    move: moving(deps),
  };
}

/** Keeps a note for colleagues. */
function noting(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const form = await readForm(visit.c);
    const written = { key: form.text('key'), text: form.lines('note') };
    const done = await deps.chatWork.note(visit.viewer, visit.office, idIn(visit), written);
    if (done.ok) return visit.redirect(at(visit));
    if (done.reason === 'not_found') return notFound(visit, { note: written.text });
    return again(deps, visit, {
      wrong: noteWrong(visit, done.reason, written.text),
      status: done.reason === 'over' ? 409 : 422,
    });
  };
}

/** What is wrong with a note, with its words. */
const noteWrong = (
  { t }: DeskVisit,
  reason: 'over' | 'empty' | 'long' | 'many',
  typed: string,
): NonNullable<ShownAgain['wrong']> => ({
  of: 'note',
  text: t(`chatDesk.wrong.${reason === 'many' ? 'notes' : reason}`),
  typed: typed.slice(0, MOST_TYPED),
});

/** Returns what was typed for the person and for colleagues, as far as there is any. */
const keptOf = ({ t }: DeskVisit, { text = '', note = '' }: { text?: string; note?: string }) =>
  keptIn([
    { label: t('chatDesk.words'), text },
    { label: t('chatDesk.note'), text: note },
  ]);

/** Answers for a conversation that isn't found, with what was typed. */
function notFound(visit: DeskVisit, typed: { text?: string; note?: string }): Response {
  const kept = keptOf(visit, typed);
  return kept.length > 0 ? keptPage(visit, kept, 'chat') : (visit.c.notFound() as Response);
}

/** Shows the conversation again, with what was sent. A conversation that isn't theirs any more answers with that alone, or with the list. */
async function again(deps: StaffDeps, visit: DeskVisit, how: ShownAgain): Promise<Response> {
  const look = await lookAgain(deps, visit);
  const { typed: { text = '' } = {}, wrong: { typed: note = '' } = {} } = how;
  if (!look) return text || note ? notFound(visit, { text, note }) : all(visit, 'gone');
  const { isOwn, chat } = look;
  const hasNotes = isOwn && !['message', 'ended', 'left'].includes(chat.state);
  const kept = keptOf(visit, {
    text: isOwn || chat.state === 'message' ? '' : text,
    note: hasNotes ? '' : note,
  });
  return showChats(deps, visit, look, { ...how, kept });
}

/** Opens a conversation in which its agent did something, or would have. */
async function lookAgain({ chatDesk }: StaffDeps, visit: DeskVisit): Promise<DeskLook | null> {
  return chatDesk.look(visit.viewer, visit.office, idIn(visit));
}

const find = ({ chatDesk }: StaffDeps, visit: DeskVisit): Promise<FoundChat | null> =>
  chatDesk.find(visit.viewer, visit.office, idIn(visit));

/** Sends what was written, or puts a prepared answer or a link into it. */
function writing(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const form = await readForm(c);
    const typed = typedIn(form);
    const action = form.text('action');
    if (action !== 'send' && action !== '') return insert(deps, visit, typed, { form, action });
    const language = isLanguage(typed.language) ? typed.language : 'ca';
    const written = { key: typed.key, text: typed.text, language };
    const found = await find(deps, visit);
    if (!found) return isIsland(visit) ? c.notFound() : notFound(visit, typed);
    const isMessage = found.state === 'message';
    const to = isMessage ? deps.chatDesk.answerMessage : deps.chatDesk.write;
    const done = await to(viewer, office, idIn(visit), written);
    if (isIsland(visit)) return c.json(done, done.ok ? 200 : 409);
    if (done.ok) return isMessage ? all(visit, 'ended') : visit.redirect(`${at(visit)}#text`);
    if (done.reason === 'not_found') return notFound(visit, typed);
    return again(deps, visit, {
      typed,
      refused: wrongIn(visit, done),
      status: done.reason === 'over' ? 409 : 422,
    });
  };
}

const wrongIn = ({ t }: DeskVisit, { reason }: Extract<WriteResult, { ok: false }>): string =>
  t(`chatDesk.wrong.${reason === 'not_found' ? 'over' : reason}`);

function typedIn(form: Form): TypedWords {
  return {
    text: form.lines('text').slice(0, MOST_TYPED),
    language: form.text('language'),
    find: form.line('find').slice(0, 100),
    key: form.text('key'),
  };
}

/** Returns whether somebody writes in a conversation, or did: whoever only reads it has nothing to put into it. */
const mayWrite = ({ viewer }: DeskVisit, { chat, isOwn }: DeskLook): boolean =>
  isOwn || chat.state === 'message' || chat.staff === viewer.staff;

/** Shows the page again with a prepared answer, or a link to a procedure, in what is being written. */
async function insert(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedWords,
  { form, action }: { form: Form; action: string },
): Promise<Response> {
  const look = await lookAgain(deps, visit);
  if (!look || !mayWrite(visit, look)) return visit.c.notFound();
  const { office, t } = visit;
  const { chat } = look;
  const place = { office, baseUrl: deps.config.baseUrl };
  if (action === 'link') {
    const step = STEPS.find((each) => each === form.text('step')) ?? 'page';
    const procedure = office.procedure(form.text('procedure'))?.code;
    if (!procedure) return showChats(deps, visit, look, { typed });
    const link = addressOf(place, { procedure, language: chat.language, step });
    return showChats(deps, visit, look, {
      typed: { ...typed, text: withAnswer(typed.text, link, null) },
    });
  }
  const [kind, code = ''] = action.split(':');
  const ask = { topic: chat.topic, language: chat.language, reader: t.language };
  const answer = kind === 'answer' ? answerIn(office.settings.chat, code, ask) : null;
  if (!answer) return showChats(deps, visit, look, { typed });
  const source = sourceOf(place, answer, answer.language);
  const text = withAnswer(typed.text, answer.text, source);
  return showChats(deps, visit, look, { typed: { ...typed, text, language: answer.language } });
}

/** Sends a file into the conversation. */
function sendingFile(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    // Before the file is read: nobody learns of a conversation by what is said of its files.
    if (!(await find(deps, visit))) return c.notFound();
    using read = await readFileForm(c, MOST_FILES.bytes, senderAt(visit));
    const refuse = (reason: 'large' | 'busy' | 'empty' | 'many' | 'over') =>
      again(deps, visit, {
        wrong: { of: 'file', text: t(`chatDesk.wrong.${reason}`) },
        status: reason === 'over' ? 409 : 422,
      });
    if (!read.ok) return refuse(read.reason === 'too_large' ? 'large' : 'busy');
    const [file] = read.form.files;
    if (!file) return refuse('empty');
    const { name, type, bytes } = file;
    const key = read.form.text('key');
    const sent = { key, name, type, bytes };
    const done = await deps.chatFiles.send(viewer, office, idIn(visit), sent);
    if (done.ok) return visit.redirect(at(visit));
    return done.reason === 'not_found' ? c.notFound() : refuse(done.reason);
  };
}

/** Hands a conversation over to a colleague who can answer, to another topic or to the line. */
function handingOver(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office } = visit;
    const form = await readForm(c);
    const look = await lookAgain(deps, visit);
    const chats = await deps.chatDesk.list(viewer, office);
    const note = form.lines('note');
    if (!look || !chats) return notFound(visit, { note });
    const to = form.has('to-line') ? 'line' : toIn(form.text('to'));
    const able = ableDesks(visit, chats, look.chat);
    const isAble =
      to !== null && (to === 'line' || 'topic' in to || able.some(({ id }) => id === to.desk));
    const done = isAble
      ? await deps.chatDesk.handOver(viewer, office, idIn(visit), to, note)
      : ({ ok: false, reason: 'target' } as const);
    if (done.ok) return all(visit, to === 'line' ? 'returned' : 'handed');
    if (done.reason === 'not_found') return notFound(visit, { note });
    if (done.reason === 'gone') return all(visit, 'gone');
    return again(deps, visit, {
      wrong: {
        of: 'hand',
        text: t(`chatDesk.wrong.${done.reason === 'many' ? 'notes' : done.reason}`),
        typed: note.slice(0, MOST_TYPED),
      },
      status: 422,
    });
  };
}

function toIn(text: string): HandTo | null {
  if (text === 'line') return 'line';
  const [kind, value = ''] = text.split(':');
  if (kind === 'desk' && /^\d{1,9}$/.test(value)) return { desk: Number(value) };
  return kind === 'topic' && value !== '' ? { topic: value } : null;
}

/** Goes on with the person elsewhere. */
function moving(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t } = visit;
    const form = await readForm(c);
    const look = await lookAgain(deps, visit);
    if (!look) return c.notFound();
    if (!look.isOwn) return all(visit, 'gone');
    const to = MOVES_NOW.find((each) => each === form.text('to'));
    const done = to
      ? await moveNow(deps, visit, look, { form, to })
      : await sendForm(deps, visit, look, form.text('procedure'));
    if (done.ok) return visit.redirect(done.to || at(visit));
    return again(deps, visit, {
      wrong: { of: 'move', text: t(`chatDesk.wrong.${done.reason}`) },
      status: 422,
    });
  };
}
