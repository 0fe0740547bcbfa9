import { type RawBuilder, sql } from 'kysely';
import { CLOCKS_APART } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { LONGEST_PATIENT_WAIT } from './rules.ts';
import type { Taken } from './types.ts';

/**
 * How long a message is leased to the worker that took it, unless the worker renews the lease: for so long nobody sends what a dead worker had taken. A lease is renewed
 * each third of it. No shorter: where the clocks of two machines differ by more than the other two thirds (40 seconds), what one is sending is taken by the other too.
 */
export const LEASE_SECONDS = 60;

const PENDING = sql<boolean>`sent_at is null and dropped_at is null and failed_at is null`;
const EACH = sql<boolean>`true`;

/** A feature's pending messages, as stored in its table. */
export interface OutboxTable {
  /**
   * Takes up to `most` due messages for this worker only. Other workers skip rows that are being taken, and rows that
   * were taken are not due for them. If the worker dies, they are due again when the lease ends. Returns the rows.
   */
  take<Row>(
    db: Db,
    most: number,
    now: Temporal.Instant,
    which?: RawBuilder<boolean>,
  ): Promise<Row[]>;
  /**
   * Makes due soon, after a lease, what was written or failed by a clock that showed `before` and was set back since: it would wait until the clock
   * is there again. What is being sent is leased for so long again. `before` null: it isn't known whether the clock was set back; then what failed and would
   * wait for longer than anything does.
   */
  catchUp(db: Db, now: Temporal.Instant, before: Temporal.Instant | null): Promise<void>;
  /** Renews the lease of a message while it is still being sent. */
  renew(db: Db, taken: Taken, now: Temporal.Instant): Promise<void>;
  /** Records that it will be tried again at `at`. */
  postpone(db: Db, taken: Taken, at: Temporal.Instant, reason: string): Promise<void>;
  /** Records that it won't be tried again. */
  giveUp(db: Db, taken: Taken, now: Temporal.Instant, reason: string): Promise<void>;
  /** Records that it is obsolete. */
  drop(db: Db, taken: Taken, now: Temporal.Instant): Promise<void>;
  /** Records that it was sent, regardless of the present lease, so that it isn't sent again. */
  markSent(db: Db, id: string, now: Temporal.Instant): Promise<void>;
  /** Records that it was sent and came back permanently. Returns whether there is such a message. */
  markBounced(
    db: Db,
    id: string,
    now: Temporal.Instant,
    reason: string,
    which?: RawBuilder<boolean>,
  ): Promise<boolean>;
}

/**
 * Returns the outbox of a table. The table has the columns id, created_at, attempts, next_try_at, sent_at, dropped_at, failed_at, bounced_at
 * and last_error, and an index on next_try_at of pending rows.
 */
export function outboxTable(name: 'notice' | 'staff_mail'): OutboxTable {
  const table = sql.table(name);
  const run = (db: Db, statement: RawBuilder<unknown>) =>
    within(db, INSTALLATION, async (tx) => {
      const { numAffectedRows = 0n } = await statement.execute(tx);
      return numAffectedRows > 0n;
    });
  /** Records a try, unless the message has since been taken by another worker, sent or dropped. */
  const note = async (db: Db, { id, attempts }: Taken, what: RawBuilder<unknown>) => {
    await run(
      db,
      sql`update ${table} set ${what} where id = ${id} and attempts = ${attempts} and ${PENDING}`,
    );
  };

  return {
    take: <Row>(db: Db, most: number, now: Temporal.Instant, which = EACH) =>
      within(db, INSTALLATION, async (tx) => {
        // Materialised, since a plan that ran the selection twice would take more than `most`.
        const { rows } = await sql<Row>`
          with due as materialized (
            select id from ${table} where ${PENDING} and next_try_at <= ${moment(now)} and ${which}
            order by next_try_at limit ${most} for update skip locked
          )
          update ${table} t set attempts = attempts + 1, next_try_at = ${leaseEnd(now)}
          from due where t.id = due.id returning t.*`.execute(tx);
        return rows;
      }),
    async catchUp(db, now, before) {
      await run(
        db,
        sql`update ${table} set next_try_at = ${leaseEnd(now)}
          where ${PENDING} and next_try_at > ${leaseEnd(now)} and (${writtenAhead(now)} or ${failedAhead(now, before)})`,
      );
    },
    renew: (db, taken, now) => note(db, taken, sql`next_try_at = ${leaseEnd(now)}`),
    postpone: (db, taken, at, reason) =>
      note(db, taken, sql`next_try_at = ${moment(at)}, last_error = ${reason}`),
    giveUp: (db, taken, now, reason) =>
      note(db, taken, sql`failed_at = ${moment(now)}, last_error = ${reason}`),
    drop: (db, taken, now) => note(db, taken, sql`dropped_at = ${moment(now)}`),
    async markSent(db, id, now) {
      await run(
        db,
        sql`update ${table} set sent_at = ${moment(now)}, last_error = null where id = ${id} and sent_at is null`,
      );
    },
    markBounced: (db, id, now, reason, which = EACH) =>
      run(
        db,
        sql`update ${table} set bounced_at = ${moment(now)}, last_error = ${reason}
          where id = ${id} and sent_at is not null and ${which}`,
      ),
  };
}

/**
 * Whether a message that was to go at once was written by a clock ahead of `now`. One that was planned for later, such as a reminder, goes by the
 * clock as it is now.
 */
const writtenAhead = (now: Temporal.Instant) =>
  sql`(created_at > ${moment(now.add(CLOCKS_APART))} and next_try_at <= created_at)`;

/** Whether a message failed by a clock that showed `before`; null: by one that was so far ahead that nothing waits for so long. */
const failedAhead = (now: Temporal.Instant, before: Temporal.Instant | null) =>
  before
    ? sql`(attempts > 0 and next_try_at <= ${longestWaitFrom(before)})`
    : sql`(attempts > 0 and next_try_at > ${longestWaitFrom(now.add(CLOCKS_APART))})`;

const longestWaitFrom = (at: Temporal.Instant) => moment(at.add({ seconds: LONGEST_PATIENT_WAIT }));
const leaseEnd = (now: Temporal.Instant) => moment(now.add({ seconds: LEASE_SECONDS }));
