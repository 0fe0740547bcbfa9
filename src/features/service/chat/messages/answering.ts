import { tidyText } from '../../../../domain/tidy-text.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { CHAT_LENGTHS } from '../rules.ts';
import { insertChatEvent, insertSystemLine, updateChat } from '../store.ts';
import { type TellingDeps, tellChat } from '../telling.ts';
import { CHATS, topicOf } from '../topics.ts';
import type { ChatRow, WriteResult } from '../types.ts';
import { keepWords, keyOf, readWritten, type Written } from '../writing.ts';

/** Answers a locked message in writing, and tells its person. */
export async function answer(
  deps: TellingDeps,
  unit: Unit<StaffViewer>,
  row: ChatRow,
  written: Written,
): Promise<WriteResult> {
  const there = await readWritten(unit, row, written.key);
  if (there !== null) return { ok: true, number: there };
  if (row.state !== 'message') return { ok: false, reason: 'over' };
  const text = tidyText(written.text);
  if (text === '') return { ok: false, reason: 'empty' };
  if (text.length > CHAT_LENGTHS.text) return { ok: false, reason: 'long' };
  const id = keyOf(written);
  const number = await keepWords(deps.keyring, unit, row, {
    ...{ id, side: 'office', text, language: written.language },
  });
  await tellChat(deps, unit, row, { wrote: 'answered', by: 'office' });
  await updateChat(unit, row.id, { deskAt: unit.now });
  await end(unit, row);
  return { ok: true, number };
}

/** Ends a locked message that was answered by telephone or in another way. */
export async function endMessage(unit: Unit<StaffViewer>, row: ChatRow): Promise<{ ok: true }> {
  await insertSystemLine(unit, row, 'ended.answered');
  await end(unit, row);
  return { ok: true };
}

async function end(unit: Unit<StaffViewer>, { id }: ChatRow): Promise<void> {
  const { viewer, now } = unit;
  const data = { why: 'answered' } as const;
  const ended = { at: now, ...data };
  await updateChat(unit, id, { state: 'ended', staff: viewer.staff, ended });
  await insertChatEvent(unit, { chat: id, kind: 'ended', desk: viewer.desk, data });
  await unit.record('chat_ended', { data: { chat: id, ...data }, topic: topicOf(id) });
  unit.tell(CHATS);
}
