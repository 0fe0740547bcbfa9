import { randomUUID } from 'node:crypto';
import { tidyText } from '../../../domain/tidy-text.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { CHAT_LENGTHS, isLive, MOST_LINES } from './rules.ts';
import { type ChatKeys, lineOf, sealerOf } from './sealing.ts';
import { type ChatChange, insertEntry, updateChat } from './store.ts';
import { topicOf } from './topics.ts';
import type { ChatRow, ChatSide, WriteResult } from './types.ts';
import { countSent, findEntry } from './views.ts';

/** What somebody writes. `key`: made by the browser; sent again it is kept once. */
export interface Written {
  key: string;
  text: string;
  language: Language;
}

/** Returns what a conversation remembers of words, or of keys, of one side. `hasSpoken`: false of keys alone. */
export function signOf(
  row: Pick<ChatRow, 'state' | 'unansweredAt'>,
  side: Exclude<ChatSide, 'system'>,
  now: Temporal.Instant,
  hasSpoken: boolean,
): ChatChange {
  const owes = row.state === 'talking';
  if (side === 'office')
    return hasSpoken
      ? { deskAt: now, unansweredAt: null }
      : row.unansweredAt
        ? { unansweredAt: now }
        : {};
  const since = owes && hasSpoken && !row.unansweredAt ? { unansweredAt: now } : {};
  return { personAt: now, seenAt: now, ...since };
}

/** Keeps words of one side in a locked conversation, and tells the other. */
export async function writeIn(
  keys: ChatKeys,
  unit: Unit,
  row: ChatRow,
  side: Exclude<ChatSide, 'system'>,
  written: Written,
): Promise<WriteResult> {
  const text = tidyText(written.text);
  if (text === '') return { ok: false, reason: 'empty' };
  if (text.length > CHAT_LENGTHS.text) return { ok: false, reason: 'long' };
  if (!isLive(row)) return { ok: false, reason: 'over' };
  const there = await readWritten(unit, row, written.key);
  if (there !== null) return { ok: true, number: there };
  const id = keyOf(written);
  const sent = await countSent(unit.tx, row.id, unit.now.subtract({ minutes: MOST_LINES.minutes }));
  if (side === 'person' && sent.lines >= MOST_LINES.lines) return { ok: false, reason: 'many' };
  const number = await keepWords(keys, unit, row, { id, side, text, language: written.language });
  await updateChat(unit, row.id, signOf(row, side, unit.now, true));
  return { ok: true, number };
}

/** Returns the id of a line that is kept: the key with which it was sent, or a new one. */
export const keyOf = ({ key }: Pick<Written, 'key'>): string => (isUuid(key) ? key : randomUUID());

/** Returns the number of the line that was sent with a key before; null: it was not. */
export const readWritten = async (
  { tx }: Pick<Unit, 'tx'>,
  { id }: Pick<ChatRow, 'id'>,
  key: string,
): Promise<number | null> => (isUuid(key) ? findEntry(tx, id, key) : null);

/** Keeps words in a locked conversation, and their record. Returns their number. */
export async function keepWords(
  keys: ChatKeys,
  unit: Unit,
  row: Pick<ChatRow, 'id' | 'office'>,
  words: { id: string; side: ChatSide; text: string; language: Language; kind?: 'words' | 'note' },
): Promise<number> {
  const { id, side, text, language, kind = 'words' } = words;
  const seal = await sealerOf(keys, unit.tx, row);
  const sealed = seal(lineOf(id), text);
  const number = await insertEntry(unit, { id, chat: row.id, side, kind, language, sealed });
  const data = { chat: row.id, entry: id };
  await unit.record('chat_written', { data, topic: topicOf(row.id) });
  return number;
}
