import type { Clock } from '../../../../lib/clock.ts';
import type { Db } from '../../../../lib/db/database.ts';
import type { WorkerLog } from '../../outbox/types.ts';
import { markBounced } from '../store.ts';
import { bounceMailbox } from '../transports/bounce-mailbox.ts';
import { readBounce } from './report.ts';

/** Records that the mail with this id came back. Returns whether there is such a mail. */
export type MarkBounced = typeof markBounced;

/**
 * Records the bounce that a report describes. Returns whether the report is about one of our mails. `also`: looks up a mail that is not a
 * notice.
 */
export async function noteBounce(
  db: Db,
  raw: Uint8Array | string,
  now: Temporal.Instant,
  also?: MarkBounced,
): Promise<boolean> {
  const bounce = await readBounce(raw);
  if (!bounce) return false;
  const reason = `${bounce.status} ${bounce.reason}`.trim();
  if (await markBounced(db, bounce.notice, now, reason)) return true;
  return also ? also(db, bounce.notice, now, reason) : false;
}

export interface BounceReading {
  database: { kysely: Db };
  clock: Clock;
  log: WorkerLog;
  /** The mailbox URL: BOUNCES_URL. */
  url: string;
  also?: MarkBounced;
}

/** Reads the mailbox of reports. An error is logged, and the next run tries again. */
export async function readBounces(deps: BounceReading): Promise<void> {
  const { database, clock, log, url, also } = deps;
  const take = (raw: Uint8Array) => noteBounce(database.kysely, raw, clock.now(), also);
  try {
    const count = await bounceMailbox({ url, take }).read();
    if (count > 0) log.info({ count }, 'Mails came back');
  } catch (error) {
    const { code, name } = error as Error & { code?: string };
    log.warn({ code: code ?? name }, 'The mailbox of reports could not be read');
  }
}
