import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { isAnswering } from './rules.ts';
import { openChat, openContact, openEntries } from './sealing.ts';
import { insertChatEvent } from './store.ts';
import { type TellingDeps, toldBy } from './telling.ts';
import type { Chat, ChatContact, ChatEntry, ChatRow, ToldBy } from './types.ts';
import { isOpened, readEntries } from './views.ts';

/** A conversation as an agent sees it. */
export interface DeskLook {
  chat: Chat;
  entries: ChatEntry[];
  /** Where a message is answered, and how its person is told; null: it is none. */
  contact: (ChatContact & { by: ToldBy }) | null;
  /** Whether the viewer answers it. */
  isOwn: boolean;
}

/** A conversation without its words, its name and its address. */
export type FoundChat = Pick<Chat, 'id' | 'topic' | 'language' | 'state'>;

/** For so long what is read of a conversation is one reading, in minutes. */
const READING_MINUTES = 30;

/** Records that somebody reads a conversation which they don't answer: once for each reading. */
async function recordLook(unit: Unit<StaffViewer>, { id }: ChatRow): Promise<void> {
  const since = unit.now.subtract({ minutes: READING_MINUTES });
  if (await isOpened(unit.tx, { chat: id, actor: actorOf(unit.viewer), since })) return;
  await insertChatEvent(unit, { chat: id, kind: 'opened' });
  await unit.record('chat_opened', { data: { chat: id } });
}

/** Opens a conversation with its lines after a number, and records it: see `ChatDesk.look`. */
export async function lookAt(
  deps: TellingDeps,
  unit: Unit<StaffViewer>,
  row: ChatRow,
  after: number,
): Promise<DeskLook> {
  const { keyring: keys } = deps;
  const { tx, viewer } = unit;
  if (!isAnswering(viewer, row)) await recordLook(unit, row);
  const rows = await readEntries(tx, row.id, { after, withNotes: true });
  const isMessage = row.state === 'message' || row.endedWhy === 'answered';
  const contact = isMessage ? await openContact(keys, tx, row) : null;
  return {
    chat: await openChat(keys, tx, row),
    entries: await openEntries(keys, tx, row, rows),
    contact: contact && { ...contact, by: toldBy(deps, contact) },
    isOwn: isAnswering(viewer, row),
  };
}
