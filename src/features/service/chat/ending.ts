import type { Unit } from '../../foundation/audit/service.ts';
import { insertChatEvent, insertSystemLine, OVER, updateChat } from './store.ts';
import { CHATS, topicOf } from './topics.ts';
import type { ChatRow } from './types.ts';

/** Ends a conversation whose line the unit has locked. */
export async function endChat(
  unit: Unit,
  row: ChatRow,
  state: 'left' | 'ended',
  why: 'person' | 'desk' | 'moved',
): Promise<void> {
  const { now } = unit;
  await insertSystemLine(unit, row, state === 'left' ? 'ended.left' : `ended.${why}`);
  await updateChat(unit, row.id, { ...OVER, state, target: null, ended: { at: now, why } });
  await insertChatEvent(unit, { chat: row.id, kind: state, desk: row.desk, data: { why } });
  await unit.record('chat_ended', { data: { chat: row.id, why }, topic: topicOf(row.id) });
  unit.tell(CHATS);
}
