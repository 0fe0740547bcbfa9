import { createHmac, timingSafeEqual } from 'node:crypto';
import { ACTIONS } from './actions.ts';

/** The actions that only show something. */
export const LOOKS: readonly string[] = Object.entries(ACTIONS).flatMap(([action, { kind }]) =>
  kind === 'look' ? [action] : [],
);

/** A row of the audit trail, with all its columns in one line of text from PostgreSQL. */
export interface SealedRow {
  id: number;
  line: string;
}

/** A seal over an office's trail up to a row. */
export interface Seal {
  number: number;
  /** Id of the last row that the seal covers. */
  lastId: number;
  /** Number of rows that it covers and the seal before doesn't. */
  rows: number;
  seal: Buffer;
}

/** Returns the seal that follows `before` over these rows, in the order of their ids. `key` is not in the database. */
export function sealOver(
  key: string,
  office: number,
  before: Pick<Seal, 'number' | 'seal'> | null,
  rows: readonly SealedRow[],
): Seal {
  const number = (before?.number ?? 0) + 1;
  const hmac = createHmac('sha256', key);
  hmac.update(`${office} ${number} ${rows.length}\n`);
  hmac.update(before?.seal ?? Buffer.alloc(32));
  for (const { line } of rows) hmac.update(`${Buffer.byteLength(line)}:${line}\n`);
  return { number, lastId: rows.at(-1)?.id ?? 0, rows: rows.length, seal: hmac.digest() };
}

/** Why a seal is not valid. */
export type Damage =
  /** A row that it covers is missing, was added, or was changed. */
  | 'removed'
  | 'added'
  | 'changed'
  /** It differs from the seal of this number that was kept elsewhere. */
  | 'replaced'
  /** It was kept elsewhere, and the trail ends before it. */
  | 'cut';

export type Verdict =
  /** `last`: the newest seal; null: there is none yet. */
  | { ok: true; seals: number; rows: number; last: Seal | null }
  /** The first seal that is not valid. */
  | { ok: false; seal: number; what: Damage };

/** Seals of one office by number, as they were kept outside the database: hexadecimal values. */
export type KeptSeals = ReadonlyMap<number, string>;

/** Returns whether a seal differs from the kept one with its number; null when it doesn't, or when none was kept. */
export function compareKept(kept: KeptSeals, { number, seal }: Seal): 'replaced' | null {
  const value = kept.get(number);
  return value === undefined || value === seal.toString('hex') ? null : 'replaced';
}

/** Returns the first kept seal with a number after the trail's last one; null: there is none. */
export function firstCut(kept: KeptSeals, last: number): number | null {
  const beyond = [...kept.keys()].filter((number) => number > last);
  return beyond.length > 0 ? Math.min(...beyond) : null;
}

/** Returns a seal in the form of the log and of `audit check`: `oac:128:<64 hexadecimal digits>`. */
export const sealText = (office: string, { number, seal }: Pick<Seal, 'number' | 'seal'>): string =>
  `${office}:${number}:${seal.toString('hex')}`;

const SEAL = /(?<![\w-])([a-z][a-z0-9-]*):([1-9]\d{0,8}):([0-9a-f]{64})(?!\w)/g;

/** Returns every seal in a text, such as the lines of a log: office, number and value. */
export function readSealTexts(text: string): { office: string; number: number; value: string }[] {
  return [...text.matchAll(SEAL)].map(([, office = '', number = '', value = '']) => ({
    office,
    number: Number(number),
    value,
  }));
}

/** Checks one seal against the rows that it covers. */
export function checkSeal(
  key: string,
  office: number,
  before: Pick<Seal, 'number' | 'seal'> | null,
  seal: Seal,
  rows: readonly SealedRow[],
): Damage | null {
  if (seal.number !== (before?.number ?? 0) + 1 || rows.length < seal.rows) return 'removed';
  if (rows.length > seal.rows) return 'added';
  const made = sealOver(key, office, before, rows);
  return timingSafeEqual(made.seal, seal.seal) ? null : 'changed';
}
