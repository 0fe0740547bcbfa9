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

/** Runs one of the statements. `given`: the rows to write, or an id. Returns what it returns. @throws when there is no such statement */
export async function run<Row = unknown>(
  tx: Tx,
  name: string,
  given: readonly object[] | number,
): Promise<Row[]> {
  if (typeof given !== 'number' && given.length === 0) return [];
  const text = statements().get(name);
  if (text === undefined) throw new Error(`${DEMO_HISTORY} has no statement ${name}`);
  const value = typeof given === 'number' ? given : JSON.stringify(given);
  const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(text, [value]));
  return rows;
}
