import { randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import { tidyText } from '../../../domain/tidy-text.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { mayAssist } from '../encounter/rules.ts';
import { attend } from '../encounter/service.ts';
import { endChat } from './ending.ts';
import { settleLine } from './line/keeping.ts';
import { lockLine } from './line/store.ts';
import type { Line } from './line/types.ts';
import { readLine } from './line/views.ts';
import { type DeskLook, type FoundChat, lookAt } from './looking.ts';
import { answer, endMessage } from './messages/answering.ts';
import { CHAT_LENGTHS, isAnswering, MOST_NOTES, mayRead } from './rules.ts';
import { type ChatKeys, openChat } from './sealing.ts';
import { type ChatChange, FREE, insertChatEvent, insertSystemLine, updateChat } from './store.ts';
import type { TellingDeps } from './telling.ts';
import { CHATS, topicOf, typingOf } from './topics.ts';
import type { Chat, ChatRow, WriteResult } from './types.ts';
import { countNotes, readChat, readChatForUpdate, readLive, readMessages } from './views.ts';
import { keepWords, signOf, type Written, writeIn } from './writing.ts';

/** What an agent sees of the conversations of the office. */
export interface DeskChats {
  /** Offered to the viewer's desk, or answered there, in the order in which they came. */
  own: Chat[];
  /** Who waits, without their words: in the order of the line. */
  waiting: Pick<Chat, 'id' | 'number' | 'topic' | 'language' | 'place' | 'returnedAt' | 'target'>[];
  /** Answered by other desks; empty for viewers who see their own desk alone. */
  others: Pick<
    Chat,
    | 'id'
    | 'state'
    | 'place'
    | 'number'
    | 'topic'
    | 'language'
    | 'desk'
    | 'staff'
    | 'heldSince'
    | 'unansweredAt'
  >[];
  /** Messages that nobody has answered. */
  messages: Chat[];
  /** Desks as far as conversations are concerned: with how many each may have. */
  desks: Line['desks'];
}

type NotFound = { ok: false; reason: 'not_found' };
/** `gone`: a colleague has it, it was given back, or its person left. */
type Gone = { ok: false; reason: 'gone' };
export type TakeResult = { ok: true; encounter: string | null } | NotFound | Gone;
export type HandResult =
  | { ok: true }
  | NotFound
  | Gone
  | { ok: false; reason: 'target' | 'long' | 'many' };

/** Whom a conversation is handed over to: a desk, whoever else serves a topic, or the line. */
export type HandTo = { desk: number } | { topic: string } | 'line';

/** Where a conversation goes on. */
export const MOVES = ['phone', 'video', 'appointment', 'case', 'request'] as const;
export type Move = (typeof MOVES)[number];

/** Conversations in writing, as the office answers them (docs/adr/0121). */
export interface ChatDesk {
  /** Returns the conversations of the office; null: the viewer answers none. */
  list(viewer: StaffViewer, office: Office): Promise<DeskChats | null>;
  /**
   * Opens a conversation; null: it isn't theirs to read. Unless the viewer answers it, it is recorded: once for what they read within half an hour,
   * whichever lines they ask for. `after`: the number of the last line that they have.
   */
  look(viewer: StaffViewer, office: Office, id: string, after?: number): Promise<DeskLook | null>;
  /** Returns what a conversation is and nothing that was written; null: it isn't theirs to read. */
  find(viewer: StaffViewer, office: Office, id: string): Promise<FoundChat | null>;
  /** Answers what is offered to the viewer's desk, or what waits there. Begins its encounter. Whoever has it already goes on. */
  take(viewer: StaffViewer, office: Office, id: string): Promise<TakeResult>;
  /** Leaves to colleagues what is offered to the viewer's desk. */
  decline(viewer: StaffViewer, office: Office, id: string): Promise<{ ok: true } | NotFound | Gone>;
  /** Hands over what the viewer's desk answers, or gives it back to the head of the line. The note is for colleagues alone. */
  handOver(
    viewer: StaffViewer,
    office: Office,
    id: string,
    to: HandTo,
    note: string,
  ): Promise<HandResult>;
  write(viewer: StaffViewer, office: Office, id: string, written: Written): Promise<WriteResult>;
  /** Notes keys: whoever writes a long answer is not silent. */
  sign(viewer: StaffViewer, office: Office, id: string): Promise<void>;
  /** Ends what the viewer's desk answers; a message: it was answered. `moved`: where it goes on. */
  end(
    viewer: StaffViewer,
    office: Office,
    id: string,
    moved?: Move,
  ): Promise<{ ok: true } | NotFound | Gone>;
  /** Answers a message in writing: it is read on its own page, of which its person is told, and ends. */
  answerMessage(
    viewer: StaffViewer,
    office: Office,
    id: string,
    written: Written,
  ): Promise<WriteResult>;
  /** Says that somebody is at the desk, which was left in peace since it let an offer pass. */
  comeBack(viewer: StaffViewer, office: Office): Promise<void>;
}

export interface ChatDeskDeps extends TellingDeps {
  unit: RunUnit;
}

const NOT_FOUND: NotFound = { ok: false, reason: 'not_found' };
const GONE: Gone = { ok: false, reason: 'gone' };

export function createChatDesk(deps: ChatDeskDeps): ChatDesk {
  const { unit, keyring } = deps;
  const onChat = onChatOf(unit);
  return {
    list: (viewer, office) =>
      unit(viewer, office.id, async (each) =>
        mayAssist(viewer) && viewer.office === office.id ? list(keyring, each, office) : null,
      ),

    look: (viewer, office, id, after) =>
      unit(viewer, office.id, async (each) => {
        const row = isUuid(id) ? await readChat(each.tx, id) : null;
        if (!row || !mayRead(viewer, row)) return null;
        return lookAt(deps, each, row, after ?? 0);
      }),

    find: (viewer, office, id) =>
      unit(viewer, office.id, async ({ tx }) => {
        const row = isUuid(id) ? await readChat(tx, id) : null;
        if (!row || !mayRead(viewer, row)) return null;
        const { topic, language, state } = row;
        return { id, topic, language, state };
      }),

    take: (viewer, office, id) =>
      onChat(viewer, office, id, true, async (each, row) => take(each, office, row)),

    decline: (viewer, office, id) =>
      onChat(viewer, office, id, true, (each, row) => decline(each, office, row)),

    handOver: (viewer, office, id, to, note) =>
      onChat(viewer, office, id, true, (each, row) =>
        handOver(keyring, each, { office, row, to, note: tidyText(note) }),
      ),

    write: (viewer, office, id, written) =>
      onChat(viewer, office, id, false, async (each, row) =>
        isAnswering(viewer, row)
          ? writeIn(keyring, each, row, 'office', written)
          : { ok: false, reason: isTheirs(viewer, row) ? 'over' : 'not_found' },
      ),

    async sign(viewer, office, id) {
      await onChat(viewer, office, id, false, async (each, row) => {
        if (isAnswering(viewer, row)) each.tell(typingOf(id, 'office'));
        const isDue = row.unansweredAt && each.now.since(row.unansweredAt).total('seconds') > 30;
        if (isAnswering(viewer, row) && isDue)
          await updateChat(each, id, signOf(row, 'office', each.now, false));
      });
    },

    end: (viewer, office, id, moved) =>
      onChat(viewer, office, id, true, async (each, row) => end(each, office, row, moved)),

    answerMessage: (viewer, office, id, written) =>
      onChat(viewer, office, id, true, async (each, row) => answer(deps, each, row, written)),

    comeBack: (viewer, office) => comeBack(unit, viewer, office),
  };
}

async function comeBack(run: RunUnit, viewer: StaffViewer, office: Office): Promise<void> {
  const { desk } = viewer;
  if (desk === null || viewer.office !== office.id) return;
  await run(viewer, office.id, async (each) => {
    await lockLine(each);
    await insertChatEvent(each, { chat: null, kind: 'back', desk });
    await settleLine(each, office);
  });
}

/** Returns whether a conversation was or is offered to a viewer's desk, or answered by them: others learn nothing of how it stands. */
const isTheirs = (viewer: StaffViewer, { desk, staff }: ChatRow): boolean =>
  staff === viewer.staff || (desk !== null && desk === viewer.desk);

/** Runs something on a conversation of the office, which is locked; whatever changes the line takes its lock first. */
const onChatOf =
  (unit: RunUnit) =>
  <T>(
    viewer: StaffViewer,
    office: Office,
    id: string,
    isOfLine: boolean,
    work: (each: Unit<StaffViewer>, row: ChatRow) => Promise<T>,
  ): Promise<T | NotFound> => {
    const may = isUuid(id) && mayAssist(viewer) && viewer.office === office.id;
    if (!may) return Promise.resolve(NOT_FOUND);
    return unit(viewer, office.id, async (each) => {
      if (isOfLine) await lockLine(each);
      const row = await readChatForUpdate(each.tx, id);
      return row ? work(each, row) : NOT_FOUND;
    });
  };

async function list(keys: ChatKeys, unit: Unit<StaffViewer>, office: Office): Promise<DeskChats> {
  const { tx, viewer, now } = unit;
  const live = await readLive(tx, office.id);
  const messages = await readMessages(tx, office.id);
  const own = live.filter(({ desk }) => desk !== null && desk === viewer.desk);
  const isElsewhere = (row: ChatRow) => row.desk !== null && row.desk !== viewer.desk;
  const open = (row: ChatRow) => openChat(keys, tx, row);
  return {
    own: await Promise.all(own.map(open)),
    waiting: live
      .filter(({ state }) => state === 'waiting')
      .map(({ sealedName: _, sealedContact: __, ...row }) => row),
    others: can(viewer, 'see_every_desk')
      ? live.filter(isElsewhere).map(({ sealedName: _, sealedContact: __, ...row }) => row)
      : [],
    messages: await Promise.all(messages.map(open)),
    desks: (await readLine(tx, office, now)).desks,
  };
}

async function take(unit: Unit<StaffViewer>, office: Office, row: ChatRow): Promise<TakeResult> {
  const { viewer, now } = unit;
  const { desk } = viewer;
  if (isAnswering(viewer, row)) return { ok: true, encounter: row.encounter };
  if (desk === null || row.state !== 'offered' || row.desk !== desk) return GONE;
  const encounter = await attend(unit, row.encounter, {
    channel: 'chat',
    language: row.language,
    name: null,
  });
  const change: ChatChange = {
    ...{ state: 'talking', desk, staff: viewer.staff, offeredUntil: null, target: null },
    ...{ heldSince: now, unansweredAt: now, askedAt: null, encounter },
    ...(row.takenAt === null && { takenAt: now }),
  };
  await updateChat(unit, row.id, change);
  await insertSystemLine(unit, row, 'taken');
  await insertChatEvent(unit, { chat: row.id, kind: 'taken', desk });
  await unit.record('chat_taken', {
    data: { chat: row.id, desk, encounter },
    topic: topicOf(row.id),
  });
  unit.tell(CHATS);
  await settleLine(unit, office);
  return { ok: true, encounter };
}

async function decline(
  unit: Unit<StaffViewer>,
  office: Office,
  row: ChatRow,
): Promise<{ ok: true } | Gone> {
  if (row.state !== 'offered' || row.desk !== unit.viewer.desk) return GONE;
  await updateChat(unit, row.id, { ...FREE, state: 'waiting', target: null });
  await insertChatEvent(unit, { chat: row.id, kind: 'declined', desk: row.desk });
  await unit.record('chat_declined', { data: { chat: row.id }, topic: topicOf(row.id) });
  unit.tell(CHATS);
  await settleLine(unit, office);
  return { ok: true };
}

async function handOver(
  keys: ChatKeys,
  unit: Unit<StaffViewer>,
  on: { office: Office; row: ChatRow; to: HandTo; note: string },
): Promise<HandResult> {
  const { office, row, to, note } = on;
  if (!isAnswering(unit.viewer, row)) return GONE;
  if (note.length > CHAT_LENGTHS.note) return { ok: false, reason: 'long' };
  const target = to !== 'line' && 'desk' in to ? to.desk : null;
  const topic = to !== 'line' && 'topic' in to ? to.topic : null;
  const isDesk =
    target === null || (target !== row.desk && office.rota.desks.some(({ id }) => id === target));
  const isTopic = topic === null || office.settings.chat.topics.some(({ code }) => code === topic);
  if (!isDesk || !isTopic) return { ok: false, reason: 'target' };
  if (note !== '' && (await countNotes(unit.tx, row.id)) >= MOST_NOTES)
    return { ok: false, reason: 'many' };
  if (note !== '')
    await keepWords(keys, unit, row, {
      ...{ id: randomUUID(), side: 'office', text: note, language: row.language, kind: 'note' },
    });
  const back = { state: 'waiting', target, returnedAt: unit.now, askedAt: null } as const;
  await updateChat(unit, row.id, { ...FREE, ...back, ...(topic !== null && { topic }) });
  await insertSystemLine(unit, row, 'handed');
  const data = { ...(target !== null && { target }), ...(topic !== null && { topic }) };
  await insertChatEvent(unit, { chat: row.id, kind: 'handed', desk: row.desk, data });
  // The desk that hands it over is not the next to get it.
  await insertChatEvent(unit, { chat: row.id, kind: 'declined', desk: row.desk });
  await unit.record('chat_handed', { data: { chat: row.id, ...data }, topic: topicOf(row.id) });
  unit.tell(CHATS);
  await settleLine(unit, office);
  return { ok: true };
}

async function end(
  unit: Unit<StaffViewer>,
  office: Office,
  row: ChatRow,
  moved: Move | undefined,
): Promise<{ ok: true } | Gone> {
  const { viewer } = unit;
  if (row.state === 'message') return endMessage(unit, row);
  if (!isAnswering(viewer, row)) return GONE;
  if (moved) {
    await insertChatEvent(unit, {
      chat: row.id,
      kind: 'moved',
      desk: row.desk,
      data: { to: moved },
    });
    await unit.record('chat_moved', { data: { chat: row.id, to: moved }, topic: topicOf(row.id) });
  }
  await endChat(unit, row, 'ended', moved ? 'moved' : 'desk');
  await updateChat(unit, row.id, { staff: viewer.staff });
  await settleLine(unit, office);
  return { ok: true };
}
