import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import { createOutboxWorker, insisting, type OutboxWorker } from '../../../lib/jobs/outbox.ts';
import { GIVES_UP_AFTER_HOURS, secondsToWait } from '../notices/rules.ts';
import { readBounces, type WorkerLog } from '../notices/service.ts';
import type { Failure, Transport } from '../notices/types.ts';
import type { StaffMailbox } from './service.ts';
import { drop, forget, giveUp, leaseDue, markSent, markStaffBounce, postpone } from './store.ts';
import type { StaffMessage } from './types.ts';

export interface StaffMailWorkerDeps {
  db: Db;
  clock: Clock;
  staffMail: StaffMailbox;
  /** None: mails stay in the outbox. */
  transport: Transport | undefined;
  /** Ids and codes only: nobody is named. */
  log: { warn(what: object, message: string): void; error(what: object, message: string): void };
  /** In [0, 1). */
  random?(): number;
}

const AT_ONCE = 2;
/** How long it can be told what became of a mail. */
const KEPT: Temporal.DurationLike = { hours: 30 * 24 };

/**
 * Sends people who work here what they are owed. At least once: a worker that dies between the server's yes and its own note
 * leaves a mail that is sent again, under the same Message-ID.
 */
export function createStaffMailWorker(deps: StaffMailWorkerDeps): OutboxWorker {
  const { db, clock, transport, log } = deps;
  const worker = createOutboxWorker({
    atOnce: AT_ONCE,
    lease: async (room) => (transport ? leaseDue(db, room, clock.now()) : []),
    carryOut: createDelivery(deps),
    onUnreadable: (error) => log.warn(formatError(error), 'The mails to staff could not be read'),
  });
  return {
    ...worker,
    stop: async () => {
      await worker.stop();
      transport?.close();
    },
  };
}

/** What the jobs of the mailbox take. */
export interface MailboxServices {
  database: { kysely: Db };
  clock: Clock;
  config: { bouncesUrl: string | null };
  log: WorkerLog;
}

/** Deletes mails that are long over. Returns how many. */
export const sweepMails = ({
  database,
  clock,
}: Pick<MailboxServices, 'database' | 'clock'>): Promise<number> =>
  forget(database.kysely, clock.now().subtract(KEPT));

/** Reads the reports of mails that came back, to citizens and to staff, where there is a mailbox for them. */
export async function readReports({ config, ...deps }: MailboxServices): Promise<void> {
  const { bouncesUrl: url } = config;
  if (url) await readBounces({ ...deps, url, also: markStaffBounce });
}

type Leased = Awaited<ReturnType<typeof leaseDue>>[number];

/** Sends one mail and notes what became of it. Never rejects. */
function createDelivery(deps: StaffMailWorkerDeps): (leased: Leased) => Promise<void> {
  const { db, clock, staffMail, transport, log, random = Math.random } = deps;

  const noteFailure = async (leased: Leased, mail: StaffMessage, failure: Failure) => {
    const now = clock.now();
    const hours = mail.at.until(now).total('hours');
    if (failure.permanent || hours >= GIVES_UP_AFTER_HOURS) {
      log.warn({ mail: leased.id, code: failure.code }, 'A mail to staff will not be delivered');
      return giveUp(db, leased, now, failure.reason);
    }
    const { answered, reason } = failure;
    const seconds = secondsToWait(leased.attempts, { hours, answered }, random());
    return postpone(db, leased, now.add({ milliseconds: Math.round(seconds * 1000) }), reason);
  };

  return async (leased) => {
    try {
      const mail = await staffMail.toSend(leased.id);
      if (!mail) return await drop(db, leased, clock.now());
      const { id, to, sender, language, at, ...message } = mail;
      const delivery = await transport?.send({
        ...{ id, to, sender, language, at, message },
        replyTo: null,
      });
      if (delivery?.ok === false) await noteFailure(leased, mail, delivery);
      else await insisting(() => markSent(db, id, clock.now()));
    } catch (error) {
      // A bug, or the database is away: it is due again when the lease ends.
      log.error({ ...formatError(error), mail: leased.id }, 'A mail to staff could not be handled');
    }
  };
}
