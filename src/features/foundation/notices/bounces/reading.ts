import type { Clock } from '../../../../lib/clock.ts';
import type { Db } from '../../../../lib/db/database.ts';
import type { WorkerLog } from '../../outbox/types.ts';
import { markBounced } from '../store.ts';
import { bounceMailbox } from '../transports/bounce-mailbox.ts';
import { readBounce } from './report.ts';

/** Notes that the mail with this id came back. Answers whether there is such a mail. */
export type MarkBounced = typeof markBounced;

/**
 * Notes the bounce that a mail tells of. Answers whether it was one of ours. `also`: where the mail is looked for when it is no
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
  /** BOUNCES_URL. */
  url: string;
  also?: MarkBounced;
}

/** Reads the mailbox of reports. When it can't be read, that is logged, and the next time will do. */
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
