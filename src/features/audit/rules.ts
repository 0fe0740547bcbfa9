import { createHmac, timingSafeEqual } from 'node:crypto';

/** A row of the audit trail as PostgreSQL writes it, all its columns in one line. */
export interface SealedRow {
  id: number;
  line: string;
}

/** What closes a body's trail up to a row. */
export interface Seal {
  number: number;
  /** Id of the last row that it covers. */
  lastId: number;
  /** How many rows it covers that the seal before doesn't. */
  rows: number;
  seal: Buffer;
}

/** The seal that follows `before` over these rows, in the order of their ids. `key` is not in the database. */
export function sealOver(
  key: string,
  body: number,
  before: Pick<Seal, 'number' | 'seal'> | null,
  rows: readonly SealedRow[],
): Seal {
  const number = (before?.number ?? 0) + 1;
  const hmac = createHmac('sha256', key);
  hmac.update(`${body} ${number} ${rows.length}\n`);
  hmac.update(before?.seal ?? Buffer.alloc(32));
  for (const { line } of rows) hmac.update(`${Buffer.byteLength(line)}:${line}\n`);
  return { number, lastId: rows.at(-1)?.id ?? 0, rows: rows.length, seal: hmac.digest() };
}

export type Verdict =
  | { ok: true; seals: number; rows: number }
  /** The first seal that its rows don't fit, and how: something is missing, too much, or not what it was. */
  | { ok: false; seal: number; what: 'removed' | 'added' | 'changed' };

/** Checks one seal against the rows that stand there now. */
export function checkSeal(
  key: string,
  body: number,
  before: Pick<Seal, 'number' | 'seal'> | null,
  seal: Seal,
  rows: readonly SealedRow[],
): 'removed' | 'added' | 'changed' | null {
  if (seal.number !== (before?.number ?? 0) + 1 || rows.length < seal.rows) return 'removed';
  if (rows.length > seal.rows) return 'added';
  const made = sealOver(key, body, before, rows);
  return timingSafeEqual(made.seal, seal.seal) ? null : 'changed';
}
