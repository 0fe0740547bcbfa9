import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { readBounce } from './bounce-report.ts';
import type { WorkerLog } from './jobs.ts';
import { markBounced } from './store.ts';
import { bounceMailbox } from './transports/bounce-mailbox.ts';

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

export interface BounceWatchDeps {
  database: { kysely: Db };
  clock: Clock;
  log: WorkerLog;
  /** BOUNCES_URL. */
  url: string;
  also?: MarkBounced;
}

const EVERY_MS = 60_000;

/** Reads the mailbox of reports now and every minute, until it is told to stop. */
export function watchBounces({ database, clock, log, url, also }: BounceWatchDeps) {
  const take = (raw: Uint8Array) => noteBounce(database.kysely, raw, clock.now(), also);
  const mailbox = bounceMailbox({ url, take });
  let reading: Promise<void> | null = null;
  const read = () => {
    reading ??= mailbox
      .read()
      .then((count) => {
        if (count > 0) log.info({ count }, 'Mails came back');
      })
      .catch((error: Error & { code?: string }) => {
        log.warn({ code: error.code ?? error.name }, 'The mailbox of reports could not be read');
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  const timer = setInterval(() => void read(), EVERY_MS);
  timer.unref();
  void read();
  return {
    async stop(): Promise<void> {
      clearInterval(timer);
      await reading;
    },
  };
}
