import type { Office } from '../../../../domain/office/types.ts';
import { can } from '../../../../domain/roles.ts';
import { tidyText } from '../../../../domain/tidy-text.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../../foundation/audit/service.ts';
import { mayAssist } from '../../encounter/rules.ts';
import { readEncounter } from '../../encounter/views.ts';
import type { HandResult } from '../desk.ts';
import { settleLine } from '../line/keeping.ts';
import { canAnswer } from '../line/rules.ts';
import { lockLine } from '../line/store.ts';
import { readLine } from '../line/views.ts';
import { CHAT_LENGTHS, isAnswering, MOST_NOTES, mayRead } from '../rules.ts';
import { type ChatKeys, openChat } from '../sealing.ts';
import { FREE, insertChatEvent, insertSystemLine, updateChat } from '../store.ts';
import { CHATS, topicOf } from '../topics.ts';
import type { ChatRow, WriteResult } from '../types.ts';
import { countNotes, findEntry, readChat, readChatForUpdate } from '../views.ts';
import { keepWords, keyOf, readWritten, writeIn } from '../writing.ts';
import type { AtDesk, ChatRecord } from './types.ts';
import { countUnanswered, readAtDesk } from './views.ts';

/** What an agent does about conversations beside answering them, and what those who coordinate do (docs/adr/0122). */
export interface ChatWork {
  /** Returns what is offered to the viewer's desk and answered there; null: they have none, or the office has no chat. */
  atDesk(viewer: StaffViewer, office: Office): Promise<AtDesk | null>;
  /** Keeps a note for colleagues in a conversation that the viewer answers. `key`: made by the page; sent again it is kept once. */
  note(
    viewer: StaffViewer,
    office: Office,
    id: string,
    written: { key: string; text: string },
  ): Promise<WriteResult>;
  /** Gives a conversation that waits or is answered to a desk that can answer it, ahead of all others. For those who coordinate. */
  assign(viewer: StaffViewer, office: Office, id: string, desk: number): Promise<HandResult>;
  /**
   * Records that what the person of a conversation asks went on as a request, and tells them so, once for each request. The conversation goes
   * on too. Only for whoever answers it.
   */
  goOnAsRequest(
    viewer: StaffViewer,
    office: Office,
    id: string,
    as: { request: string; text: string },
  ): Promise<{ ok: true } | { ok: false; reason: 'not_found' | 'gone' }>;
  /** Returns what is written down about a conversation of the viewer's; null: it isn't theirs. */
  record(viewer: StaffViewer, office: Office, id: string): Promise<ChatRecord | null>;
}

export interface ChatWorkDeps {
  unit: RunUnit;
  keyring: ChatKeys;
}

export const createChatWork = ({ unit, keyring }: ChatWorkDeps): ChatWork => ({
  async atDesk(viewer, office) {
    const { desk } = viewer;
    const isTheirs = mayAssist(viewer) && viewer.office === office.id;
    if (desk === null || !isTheirs || office.settings.chat.topics.length === 0) return null;
    return unit(viewer, office.id, (each) => readAt(keyring, each, desk));
  },

  note: (viewer, office, id, { key, text }) =>
    onTheirs(unit, viewer, office, id, async (each, row): Promise<WriteResult> => {
      if (!mayRead(viewer, row)) return { ok: false, reason: 'not_found' };
      if (!isAnswering(viewer, row)) return { ok: false, reason: 'over' };
      const note = tidyText(text);
      if (note === '') return { ok: false, reason: 'empty' };
      if (note.length > CHAT_LENGTHS.note) return { ok: false, reason: 'long' };
      const there = await readWritten(each, row, key);
      if (there !== null) return { ok: true, number: there };
      if ((await countNotes(each.tx, row.id)) >= MOST_NOTES) return { ok: false, reason: 'many' };
      const number = await keepWords(keyring, each, row, {
        ...{ id: keyOf({ key }), side: 'office', text: note },
        ...{ language: row.language, kind: 'note' },
      });
      return { ok: true, number };
    }),

  assign: (viewer, office, id, desk) =>
    can(viewer, 'coordinate')
      ? onTheirs(unit, viewer, office, id, (each, row) => assign(each, office, row, desk), true)
      : Promise.resolve({ ok: false, reason: 'not_found' }),

  goOnAsRequest: (viewer, office, id, as) =>
    onTheirs(unit, viewer, office, id, (each, row) => goOnAsRequest(keyring, each, row, as)),

  async record(viewer, office, id) {
    if (!isUuid(id) || !mayAssist(viewer) || viewer.office !== office.id) return null;
    return unit(viewer, office.id, async (each) => {
      const row = await readChat(each.tx, id);
      const isTheirs = row && (isAnswering(viewer, row) || row.staff === viewer.staff);
      if (!row || !isTheirs) return null;
      const { encounter } = row;
      return {
        chat: await openChat(keyring, each.tx, row),
        encounter: encounter ? await readEncounter(each.tx, { encounter }) : null,
      };
    });
  },
});

/** Runs something on a conversation of the viewer's office, which is locked. `ofLine`: it changes the line, whose lock comes first. */
async function onTheirs<T>(
  unit: RunUnit,
  viewer: StaffViewer,
  office: Office,
  id: string,
  work: (each: Unit<StaffViewer>, row: ChatRow) => Promise<T>,
  ofLine = false,
): Promise<T | { ok: false; reason: 'not_found' }> {
  const may = isUuid(id) && mayAssist(viewer) && viewer.office === office.id;
  if (!may) return { ok: false, reason: 'not_found' };
  return unit(viewer, office.id, async (each) => {
    if (ofLine) await lockLine(each);
    const row = await readChatForUpdate(each.tx, id);
    return row ? work(each, row) : { ok: false, reason: 'not_found' };
  });
}

async function readAt(keys: ChatKeys, unit: Unit<StaffViewer>, desk: number): Promise<AtDesk> {
  const { tx, viewer, now } = unit;
  const rows = await readAtDesk(tx, { desk, staff: viewer.staff, now });
  const talking = rows.filter(({ state }) => state === 'talking');
  const counts = await countUnanswered(
    tx,
    talking.map(({ id }) => id),
  );
  const opened = await Promise.all(rows.map((row) => openChat(keys, tx, row)));
  return {
    offer: opened.find(({ state }) => state === 'offered') ?? null,
    talking: opened
      .filter(({ state }) => state === 'talking')
      .map((each) => ({ ...each, unanswered: counts.get(each.id) ?? 0 })),
    unwritten: opened.filter(({ state }) => state === 'ended'),
  };
}

async function goOnAsRequest(
  keys: ChatKeys,
  unit: Unit<StaffViewer>,
  row: ChatRow,
  { request, text }: { request: string; text: string },
): Promise<{ ok: true } | { ok: false; reason: 'not_found' | 'gone' }> {
  if (!mayRead(unit.viewer, row)) return { ok: false, reason: 'not_found' };
  if (!isAnswering(unit.viewer, row)) return { ok: false, reason: 'gone' };
  if ((await findEntry(unit.tx, row.id, request)) !== null) return { ok: true };
  const words = { key: request, text, language: row.language };
  const written = await writeIn(keys, unit, row, 'office', words);
  if (!written.ok) throw new Error('A line of a conversation that is answered can be written');
  const data = { to: 'request', request };
  await insertChatEvent(unit, { chat: row.id, kind: 'moved', desk: row.desk, data });
  await unit.record('chat_moved', { data: { chat: row.id, ...data }, topic: topicOf(row.id) });
  return { ok: true };
}

async function assign(
  unit: Unit<StaffViewer>,
  office: Office,
  row: ChatRow,
  desk: number,
): Promise<HandResult> {
  const { state } = row;
  if (state !== 'waiting' && state !== 'offered' && state !== 'talking')
    return { ok: false, reason: 'gone' };
  const { chats, desks } = await readLine(unit.tx, office, unit.now);
  const chat = chats.find(({ id }) => id === row.id);
  const to = desks.find(({ id }) => id === desk);
  const fits = chat && to && !to.isGone && canAnswer(to, { ...chat, target: null });
  if (!fits || desk === row.desk) return { ok: false, reason: 'target' };
  const back = { state: 'waiting', target: desk, returnedAt: unit.now, askedAt: null } as const;
  await updateChat(unit, row.id, { ...FREE, ...back });
  if (state === 'talking') await insertSystemLine(unit, row, 'handed');
  const data = { target: desk };
  await insertChatEvent(unit, { chat: row.id, kind: 'handed', desk: row.desk, data });
  // The desk that has it now is not the next to get it.
  if (row.desk !== null)
    await insertChatEvent(unit, { chat: row.id, kind: 'declined', desk: row.desk });
  await unit.record('chat_handed', { data: { chat: row.id, ...data }, topic: topicOf(row.id) });
  unit.tell(CHATS);
  await settleLine(unit, office);
  return { ok: true };
}
