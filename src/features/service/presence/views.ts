import { sql } from 'kysely';
import type { Channel } from '../../../domain/channel.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import { afterDeeds, type DueSql, earliest, ifAny } from '../../../lib/jobs/due.ts';
import { LONGEST_WORK_HOURS } from './rules.ts';
import type { DeskPresence, Said, Signs, State, Work } from './types.ts';

const selectDesks = (tx: Tx) => tx.selectFrom('presence').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof selectDesks>['executeTakeFirstOrThrow']>>;

/** What is known of each desk where somebody has been; of these alone, or of all that the transaction sees. */
export async function readDesks(tx: Tx, desks?: readonly number[]): Promise<DeskPresence[]> {
  let query = selectDesks(tx);
  if (desks) query = query.where('desk_id', 'in', desks);
  return withWork(tx, await query.orderBy('desk_id').execute());
}

/** What is known of a desk; null: nobody has been there. */
export async function readDesk(tx: Tx, desk: number): Promise<DeskPresence | null> {
  const query = selectDesks(tx).modifyFront(FREQUENT).where('desk_id', '=', desk);
  const [found] = await withWork(tx, await query.execute());
  return found ?? null;
}

/** The same of one desk, which stays as it is until the transaction ends; null: nobody has been there. */
export async function lockDesk(tx: Tx, desk: number): Promise<DeskPresence | null> {
  const rows = await selectDesks(tx).where('desk_id', '=', desk).forUpdate().execute();
  const [found] = await withWork(tx, rows);
  return found ?? null;
}

/** The same of several desks, without those that somebody else has locked: whoever holds many locks must not wait for one more. */
export async function lockFreeDesks(tx: Tx, desks: readonly number[]): Promise<DeskPresence[]> {
  const query = selectDesks(tx).where('desk_id', 'in', desks).orderBy('desk_id');
  return withWork(tx, await query.forUpdate().skipLocked().execute());
}

async function withWork(tx: Tx, rows: readonly Row[]): Promise<DeskPresence[]> {
  if (rows.length === 0) return [];
  const work = Map.groupBy(await readWork(tx, rows), (each) => each.desk);
  return rows.map((row) => ({
    desk: row.desk_id,
    staff: row.staff_id,
    signs: {
      said: {
        state: row.said as Said,
        at: row.said_at,
        why: row.said_why as Signs['said']['why'],
      },
      seenAt: row.seen_at,
      work: work.get(row.desk_id) ?? [],
    },
    actedAt: row.acted_at,
    recorded: { state: row.state as State, since: row.since },
  }));
}

/** What was begun at these desks since they said something, and what went on at some time since their state was written down. */
async function readWork(tx: Tx, rows: readonly Row[]): Promise<(Work & { desk: number })[]> {
  const found = await selectWork(tx)
    .innerJoin('presence as p', 'p.desk_id', 't.desk_id')
    .select('p.desk_id as desk')
    .where(
      'p.desk_id',
      'in',
      rows.map((each) => each.desk_id),
    )
    .where((eb) =>
      eb.or([
        eb('t.started_at', '>=', eb.ref('p.said_at')),
        sql<boolean>`t.started_at > p.since - ${LONGEST_WORK_HOURS} * interval '1 hour'`,
      ]),
    )
    .where((eb) =>
      eb.or([eb('t.ended_at', 'is', null), eb('t.ended_at', '>=', eb.ref('p.said_at'))]),
    )
    .orderBy('t.started_at')
    .orderBy('a.id')
    .$if(rows.length === 1, (query) => query.modifyFront(FREQUENT))
    .execute();
  const own = found.map(({ desk, ...row }) => ({ desk, ...toWork(row) }));
  return [...own, ...(await readJoined(tx, rows))];
}

/** What desks do in the video calls of colleagues, from their yes until they are let go, or until the encounter ends. */
async function readJoined(tx: Tx, rows: readonly Row[]): Promise<(Work & { desk: number })[]> {
  const desks = rows.map((each) => each.desk_id);
  const found = await tx
    .selectFrom('colleague_request as r')
    .innerJoin('presence as p', 'p.desk_id', 'r.to_desk')
    .innerJoin('appointment as a', 'a.id', 'r.appointment_id')
    .innerJoin('procedure as c', 'c.id', 'a.procedure_id')
    .leftJoin('encounter as t', 't.appointment_id', 'a.id')
    .select(['p.desk_id as desk', 'a.id as appointment', 'c.code as procedure', 'a.channel'])
    .select(['r.answered_at as startedAt', 'r.ended_at', 't.ended_at as closed_at'])
    .where('p.desk_id', 'in', desks)
    .where('r.kind', '=', 'join')
    .where('r.answer', '=', 'accepted')
    .where(
      sql<boolean>`r.answered_at > least(p.said_at, p.since) - ${LONGEST_WORK_HOURS} * interval '1 hour'`,
    )
    .$if(rows.length === 1, (query) => query.modifyFront(FREQUENT))
    .execute();
  return found.flatMap(({ startedAt, ended_at, closed_at, channel, ...row }) => {
    const endedAt = ended_at ?? closed_at;
    // They have nothing to write afterwards.
    const ended = { callEndedAt: endedAt, endedAt };
    return startedAt ? [{ ...row, channel: channel as Channel, startedAt, ...ended }] : [];
  });
}

/** What goes on that somebody without a desk began or took over, with who they are (as in events), in order. */
export async function readWithoutDesk(
  tx: Tx,
  now: Temporal.Instant,
): Promise<(Work & { actor: string })[]> {
  const found = await selectWork(tx)
    .select('t.actor')
    .where('t.desk_id', 'is', null)
    .where('t.ended_at', 'is', null)
    .where('t.started_at', '>', moment(now.subtract({ hours: LONGEST_WORK_HOURS })))
    .orderBy('t.started_at')
    .orderBy('a.id')
    .execute();
  return found.map(({ actor, ...row }) => ({ actor, ...toWork(row) }));
}

/** A call's end is known where it was made from the console, or is a video call that nobody who attends is in any more. */
const selectWork = (tx: Tx) =>
  tx
    .selectFrom('encounter as t')
    .innerJoin('appointment as a', 'a.id', 't.appointment_id')
    .innerJoin('procedure as c', 'c.id', 'a.procedure_id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('seat as s')
          .select([
            sql<boolean>`bool_or(s.left_at is null)`.as('is_in'),
            sql<Temporal.Instant | null>`max(s.left_at) filter (where s.left_at >= t.started_at)`.as(
              'left_at',
            ),
          ])
          .whereRef('s.appointment_id', '=', 'a.id')
          .where('s.side', '=', 'agent')
          .as('room'),
      (join) => join.onTrue(),
    )
    .select([
      'a.id as appointment',
      'c.code as procedure',
      'a.channel',
      't.started_at as startedAt',
      't.ended_at as endedAt',
      'room.is_in',
      'room.left_at',
      (eb) =>
        eb
          .selectFrom('call as k')
          .select(({ fn }) => fn.max('k.ended_at').as('at'))
          .whereRef('k.appointment_id', '=', 'a.id')
          .whereRef('k.ended_at', '>=', 't.started_at')
          // The desk that had the encounter before may have hung up.
          .where(sql<boolean>`k.desk_id is not distinct from t.desk_id`)
          .where('k.talked_seconds', 'is not', null)
          .as('hung_up_at'),
    ]);

type WorkRow = Awaited<ReturnType<ReturnType<typeof selectWork>['executeTakeFirstOrThrow']>>;

function toWork({ is_in, left_at, hung_up_at, channel, ...row }: WorkRow): Work {
  const ends = [left_at, hung_up_at].filter((each) => each !== null);
  const last = ends.toSorted(Temporal.Instant.compare).at(-1) ?? null;
  return { ...row, channel: channel as Channel, callEndedAt: is_in ? null : last };
}

/** Every desk of the installation where somebody has been, by office. */
export async function readEverywhere(db: Db): Promise<{ office: number; desks: DeskPresence[] }[]> {
  return within(db, INSTALLATION, async (tx) => {
    const offices = await tx.selectFrom('presence').select(['desk_id', 'office_id']).execute();
    const officeOf = new Map(offices.map((each) => [each.desk_id, each.office_id]));
    const desks = await readDesks(tx);
    return [...Map.groupBy(desks, ({ desk }) => officeOf.get(desk) ?? 0)].map(([office, some]) => ({
      office,
      desks: some,
    }));
  });
}

/** The newest change of an office; 0 where there is none. */
export async function readNewestChange(db: Db, office: number): Promise<number> {
  const row = await within(db, office, (tx) =>
    tx
      .selectFrom('presence_event')
      .select((eb) => eb.fn.max('id').as('id'))
      .where('office_id', '=', office)
      .executeTakeFirst(),
  );
  return row?.id ?? 0;
}

/** At once while somebody is at a desk, and after each deed. */
export const presenceDue = (what: string): DueSql =>
  earliest(ifAny(sql`select from presence where state <> 'away'`), afterDeeds(what));
