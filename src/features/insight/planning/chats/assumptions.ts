import { type Field, type Mistake, readNumber } from '../assumptions.ts';

/** What is supposed of chats. Null: the measured value, or the office's. */
export interface ChatAssumptions {
  /** Chats that begin in an hour; null: those of each hour of the past weeks. */
  perHour: number | null;
  /** Chats at once at a desk. */
  atOnce: number | null;
  /** Minutes of a chat, from its answer to its end. */
  minutes: number | null;
  /** Percent of them in which the agent reads and writes. Nothing measures it. */
  share: number;
  /** The promise: so many percent … */
  answered: number;
  /** … within so many seconds. */
  seconds: number;
  /** Mean seconds before somebody gives up. */
  patience: number;
}

/** All assumptions, in the order of the form. */
export const CHAT_FIELDS = {
  perHour: { least: 0, most: 5_000, usual: null },
  atOnce: { least: 1, most: 10, usual: null, whole: true },
  minutes: { least: 0.5, most: 240, usual: null },
  share: { least: 5, most: 100, usual: 40 },
  seconds: { least: 1, most: 900, usual: 60, whole: true },
  answered: { least: 10, most: 99, usual: 80 },
  patience: { least: 5, most: 3_600, usual: 300, whole: true },
} as const satisfies Record<keyof ChatAssumptions, Field>;

export type ChatField = keyof ChatAssumptions;
export const CHAT_FIELD_NAMES = Object.keys(CHAT_FIELDS) as ChatField[];
export type ChatMistakes = Partial<Record<ChatField, Mistake>>;

/** Reads the typed values. @param typed by the field's name; '' for an empty field */
export function readChatAssumptions(
  typed: (name: ChatField) => string,
): { ok: true; assumptions: ChatAssumptions } | { ok: false; mistakes: ChatMistakes } {
  const read = CHAT_FIELD_NAMES.map((name) => ({
    name,
    ...readNumber(CHAT_FIELDS[name], typed(name)),
  }));
  const mistakes = read.flatMap(({ name, mistake }) => (mistake ? [[name, mistake]] : []));
  if (mistakes.length > 0) return { ok: false, mistakes: Object.fromEntries(mistakes) };
  const values = Object.fromEntries(read.map(({ name, value }) => [name, value]));
  return { ok: true, assumptions: values as unknown as ChatAssumptions };
}
