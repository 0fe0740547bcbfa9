import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { DbClient } from '../hosts/client.ts';

/**
 * Marks a frequent statement: `query.modifyFront(FREQUENT)`. Each connection plans it once and keeps the plan, which takes more than half
 * of the time of a small statement. Its text must always be the same, so it can have no list of parameters (`in`) that grows. It suits what
 * is found by an id. Statements whose best plan depends on the values, such as those of figures, are left alone.
 */
export const FREQUENT = sql`/* frequent */`;
/** How such a statement begins; also for one that is written by hand. */
const BEGINNING = 'select /* frequent */';

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

/** A connection that keeps the plans of the statements that are marked as frequent. */
export class PlanningClient extends DbClient {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const query = this.query.bind(this) as Query;
    let isKeeping = true;
    const planned: Query = (text, values, ...rest) => {
      const isMarked = typeof text === 'string' && text.trimStart().startsWith(BEGINNING);
      if (!isMarked || !isKeeping || !Array.isArray(values)) return query(text, values, ...rest);
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
