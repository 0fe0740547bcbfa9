import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { OutboxWorker } from '../../../lib/jobs/outbox.ts';
import { readBounces } from '../notices/service.ts';
import type { Transport } from '../notices/types.ts';
import { createSender } from '../outbox/service.ts';
import type { Failure, Taken, WorkerLog } from '../outbox/types.ts';
import type { StaffMailbox } from './service.ts';
import { forget, markStaffBounce, outbox } from './store.ts';

export interface StaffMailWorkerDeps {
  db: Db;
  clock: Clock;
  staffMail: StaffMailbox;
  /** Absent: mails stay in the outbox. */
  transport: Transport | undefined;
  log: WorkerLog;
  /** In [0, 1). */
  random?(): number;
}

const AT_ONCE = 2;
/** How long the result of a mail is kept. */
const KEPT: Temporal.DurationLike = { hours: 30 * 24 };

/** Sends the pending mails to staff. */
export function createStaffMailWorker(deps: StaffMailWorkerDeps): OutboxWorker {
  const { db, clock, transport } = deps;
  const worker = createSender<TakenMail>({
    ...deps,
    table: outbox,
    atOnce: AT_ONCE,
    called: { one: 'A mail to staff', all: 'The mails to staff' },
    about: ({ id }) => ({ mail: id }),
    server: () => 'The mail server',
    since: ({ created_at }) => created_at,
    take: async (room) => (transport ? outbox.take<TakenMail>(db, room, clock.now()) : []),
    send: (taken) => send(deps, taken),
  });
  return {
    ...worker,
    stop: async () => {
      await worker.stop();
      transport?.close();
    },
  };
}

interface TakenMail extends Taken {
  created_at: Temporal.Instant;
}

/** Sends one mail; an obsolete mail is dropped. */
async function send(
  { db, clock, staffMail, transport }: StaffMailWorkerDeps,
  taken: TakenMail,
): Promise<'sent' | 'over' | Failure> {
  const mail = await staffMail.toSend(taken.id);
  if (!mail) {
    await outbox.drop(db, taken, clock.now());
    return 'over';
  }
  const { id, to, sender, language, at, ...message } = mail;
  const outgoing = { id, to, sender, language, at, message, replyTo: null };
  const delivery = await transport?.send(outgoing);
  return delivery?.ok === false ? delivery : 'sent';
}

/** The dependencies of the mailbox jobs. */
export interface MailboxServices {
  database: { kysely: Db };
  clock: Clock;
  config: { bouncesUrl: string | null };
  log: WorkerLog;
}

/** Deletes old mails. Returns how many. */
export const sweepMails = ({
  database,
  clock,
}: Pick<MailboxServices, 'database' | 'clock'>): Promise<number> =>
  forget(database.kysely, clock.now().subtract(KEPT));

/** Reads the reports of returned mails, to citizens and to staff, when a mailbox is configured for them. */
export async function readReports({ config, ...deps }: MailboxServices): Promise<void> {
  const { bouncesUrl: url } = config;
  if (url) await readBounces({ ...deps, url, also: markStaffBounce });
}
