import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { DbClient } from '../hosts/client.ts';

/**
 * Marks a frequent statement: `query.modifyFront(FREQUENT)`. Each connection plans it once and keeps the plan, which takes more than half
 * of the time of a small statement. Its text must always be the same, so it can have no list of parameters (`in`) that grows. It suits what
 * is found by an id. Statements whose best plan depends on the values, such as those of figures, are left alone.
 */
export const FREQUENT = sql`/* frequent */`;
/** How such a statement begins; also for one that is written by hand. */
const BEGINNING = 'select /* frequent */';

/** Statements of a library that finds who is signed in, at each request of the console; written otherwise they are only planned anew. */
const OF_LIBRARIES: ReadonlySet<unknown> = new Set([
  'select "primary".* from (select * from "session" where "session"."token" = $1) as "primary"',
  'select "primary".* from (select * from "user" where "user"."id" = $1) as "primary"',
]);

const isFrequent = (text: unknown): text is string =>
  typeof text === 'string' && (text.trimStart().startsWith(BEGINNING) || OF_LIBRARIES.has(text));

const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 32);
  names.set(text, name);
  return name;
}

/** "cached plan must not change result type": a table got another column since. */
const OUTDATED = '0A000';

type Query = (...given: unknown[]) => unknown;

/** How each transaction begins (`within`): what row-level security lets it see. */
const SCOPE = 'select set_config($1, $2, true)';

/** Sets the scope of a transaction: its first statement. */
export const setScope = (name: string, value: string) =>
  sql`select set_config(${name}, ${value}, true)`;

/** What a connection says of a transaction that hasn't reached the database. */
const NOTHING = { command: 'BEGIN', rowCount: null, rows: [], fields: [] };

/**
 * Returns the same with `begin` held back until the next statement, for which one message is enough where it sets the scope: each transaction then asks the
 * database once less.
 */
function holdingBegin(query: Query): Query {
  let isHeld = false;
  return (text, values, ...rest) => {
    if (text === 'begin' && rest.length === 0 && typeof values !== 'function') {
      isHeld = true;
      return Promise.resolve(NOTHING);
    }
    if (!isHeld) return query(text, values, ...rest);
    isHeld = false;
    if (text === 'commit' || text === 'rollback') return Promise.resolve(NOTHING);
    if (text === SCOPE && Array.isArray(values)) return beginIn(query, values.map(String));
    return (query('begin') as Promise<unknown>).then(() => query(text, values, ...rest));
  };
}

/** Begins a transaction with its scope, in one message. Returns the answer to the last statement, as the caller sent only that. */
async function beginIn(query: Query, values: string[]): Promise<unknown> {
  const [name = '', value = ''] = values.map(pg.escapeLiteral);
  const answers = (await query(`begin; select set_config(${name}, ${value}, true)`)) as unknown[];
  return answers.at(-1);
}

/** A connection that keeps the plans of the statements that are marked as frequent, and begins a transaction together with its scope. */
export class PlanningClient extends DbClient {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const query = holdingBegin(this.query.bind(this) as Query);
    let isKeeping = true;
    const planned: Query = (text, values, ...rest) => {
      if (!isFrequent(text) || !isKeeping || !Array.isArray(values))
        return query(text, values, ...rest);
      const done = query({ name: nameOf(text), text, values }, ...rest);
      // From then on this connection plans each statement anew; a transaction that failed is run again (`isRetryable`).
      if (done instanceof Promise)
        done.catch((error: { code?: string }) => {
          if (error.code === OUTDATED) isKeeping = false;
        });
      return done;
    };
    this.query = planned as pg.Client['query'];
  }
}
