import { type Clock, isOfTheFuture } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import { createOutboxWorker, insisting, type OutboxWorker } from '../../../lib/jobs/outbox.ts';
import { type ServerWatch, watchServers } from './away.ts';
import { GIVES_UP_AFTER_HOURS, secondsToWait } from './rules.ts';
import { LEASE_SECONDS, type OutboxTable } from './store.ts';
import type { Failure, Taken, WorkerLog } from './types.ts';

/** The dependencies and settings for sending an outbox's messages. */
export interface Sending<T extends Taken> {
  table: OutboxTable;
  db: Db;
  clock: Clock;
  log: WorkerLog;
  /** In [0, 1). */
  random?(): number;
  /** Maximum messages that are sent in parallel. */
  atOnce: number;
  /** The name of one message in the log, such as `A notice`; and the name of all of them. */
  called: { one: string; all: string };
  /** Additional log fields of a message: its id. */
  about(taken: T): object;
  /** The server that takes it, in words, such as `The mail server`. */
  server(taken: T): string;
  /** Since when it is pending. */
  since(taken: T): Temporal.Instant;
  take(room: number): Promise<T[]>;
  /** Sends one message. Returns the failure; `over`: it was settled without being sent. */
  send(taken: T): Promise<'sent' | 'over' | Failure>;
}

/**
 * Returns a worker that sends an outbox's messages. Failed messages are tried again at growing intervals, and given up in the end. A
 * message is sent at least once: when a worker dies between the server's acceptance and its own record, the message is sent again, under
 * the same id.
 */
export function createSender<T extends Taken>(sending: Sending<T>): OutboxWorker {
  const { atOnce, called, log } = sending;
  const servers = watchServers(sending);
  return createOutboxWorker<T>({
    atOnce,
    lease: takingAfterSetBack(sending),
    carryOut: (taken) => carryOut(sending, servers, taken),
    onUnreadable: (error) => log.warn(formatError(error), `${called.all} could not be read`),
  });
}

/** Returns what takes messages, and notices when the clock was set back since it took some, or before it began. */
function takingAfterSetBack<T extends Taken>({ table, db, clock, take }: Sending<T>) {
  let last: Temporal.Instant | null = null;
  return async (room: number): Promise<T[]> => {
    const now = clock.now();
    if (!last || isOfTheFuture(last, now)) await table.catchUp(db, now, last);
    last = now;
    return take(room);
  };
}

/** Sends one message and records the result. Never rejects. */
async function carryOut<T extends Taken>(
  sending: Sending<T>,
  servers: ServerWatch,
  taken: T,
): Promise<void> {
  const { table, db, clock, log, called, send, about } = sending;
  const stopRenewing = renewing(() => table.renew(db, taken, clock.now()));
  try {
    const outcome = await send(taken);
    if (outcome === 'over') return;
    if (outcome === 'sent' || outcome.answered) servers.answered(sending.server(taken));
    if (outcome === 'sent') await insisting(() => table.markSent(db, taken.id, clock.now()));
    else await noteFailure(sending, servers, taken, outcome);
  } catch (error) {
    // A bug, or the database is unavailable: the message is due again when the lease ends.
    log.error({ ...formatError(error), ...about(taken) }, `${called.one} could not be handled`);
  } finally {
    stopRenewing();
  }
}

async function noteFailure<T extends Taken>(
  { table, db, clock, log, called, about, server, since, random = Math.random }: Sending<T>,
  servers: ServerWatch,
  taken: T,
  { permanent, answered, code, reason }: Failure,
): Promise<void> {
  const now = clock.now();
  const hours = since(taken).until(now).total('hours');
  const what = { ...about(taken), attempts: taken.attempts, code };
  if (permanent || hours >= GIVES_UP_AFTER_HOURS) {
    log.warn(what, `${called.one} will not be delivered`);
    return table.giveUp(db, taken, now, reason);
  }
  const seconds = secondsToWait(taken.attempts, { hours, answered }, random());
  if (answered) log.info(what, `${called.one} will be tried again`);
  else servers.isAway(server(taken), code);
  const at = now.add({ milliseconds: Math.round(seconds * 1000) });
  return table.postpone(db, taken, at, reason);
}

/** Renews a lease until it is stopped. A failed renewal is replaced by the next one. */
function renewing(renew: () => Promise<void>): () => void {
  const timer = setInterval(() => void renew().catch(() => {}), (LEASE_SECONDS * 1000) / 3);
  timer.unref();
  return () => clearInterval(timer);
}
