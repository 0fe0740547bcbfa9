import { readFileSync } from 'node:fs';
import { CompiledQuery } from 'kysely';
import type { Tx } from '../../lib/db/database.ts';
import { DEMO_HISTORY } from '../../paths.ts';

let read: ReadonlyMap<string, string> | null = null;

/** Returns the statements of `towns/vilaclara/history.sql`, by name. */
function statements(): ReadonlyMap<string, string> {
  read ??= new Map(
    readFileSync(DEMO_HISTORY, 'utf8')
      .split(/^-- name: /m)
      .slice(1)
      .map((section): [string, string] => {
        const end = section.indexOf('\n');
        return [section.slice(0, end).trim(), section.slice(end + 1).trim()];
      }),
  );
  return read;
}

const columnsRead = new Map<string, readonly string[]>();

/** Returns the columns that a statement reads of each row of `$1`. */
export function columnsOf(name: string): readonly string[] {
  const known = columnsRead.get(name);
  if (known) return known;
  const text = statements().get(name) ?? '';
  const [, declared] = /\bas r \(([^)]*)\)/.exec(text) ?? [];
  const [, selected] = /select ([^;]*?)\s+from jsonb_populate_recordset/.exec(text) ?? [];
  const names = (declared ?? selected ?? '').split(',').map((each) => each.trim().split(/\s+/)[0]);
  const columns = names.filter((each): each is string => /^[a-z_]\w*$/.test(each ?? ''));
  columnsRead.set(name, columns);
  return columns;
}

/** PostgreSQL reads a column that a row of JSON lacks as null, without a word. */
function refuseMissing(name: string, rows: readonly object[]): void {
  for (const column of columnsOf(name))
    for (const row of rows)
      if ((row as Record<string, unknown>)[column] === undefined)
        throw new Error(`A row for the statement ${name} of the demo’s past lacks ${column}`);
}

/** Runs one of the statements. `given`: the rows to write, or an id. Returns what it returns. @throws when there is no such statement, or a row lacks a column of it */
export async function run<Row = unknown>(
  tx: Tx,
  name: string,
  given: readonly object[] | number,
): Promise<Row[]> {
  if (typeof given !== 'number' && given.length === 0) return [];
  const text = statements().get(name);
  if (text === undefined) throw new Error(`${DEMO_HISTORY} has no statement ${name}`);
  if (typeof given !== 'number') refuseMissing(name, given);
  const value = typeof given === 'number' ? given : JSON.stringify(given);
  const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(text, [value]));
  return rows;
}
