import type { Clock } from '../../lib/clock.ts';
import type { Db } from '../../lib/db/database.ts';
import { readBounce } from './bounce-report.ts';
import type { WorkerLog } from './jobs.ts';
import { markBounced } from './store.ts';
import { bounceMailbox } from './transports/bounce-mailbox.ts';

/** Notes the bounce that a mail tells of. Answers whether it was one of ours. */
export async function noteBounce(
  db: Db,
  raw: Uint8Array | string,
  now: Temporal.Instant,
): Promise<boolean> {
  const bounce = await readBounce(raw);
  if (!bounce) return false;
  const reason = `${bounce.status} ${bounce.reason}`.trim();
  return markBounced(db, bounce.notice, now, reason);
}

export interface BounceWatchDeps {
  database: { kysely: Db };
  clock: Clock;
  log: WorkerLog;
  /** BOUNCES_URL. */
  url: string;
}

const EVERY_MS = 60_000;

/** Reads the mailbox of reports now and every minute, until it is told to stop. */
export function watchBounces({ database, clock, log, url }: BounceWatchDeps) {
  const take = (raw: Uint8Array) => noteBounce(database.kysely, raw, clock.now());
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
