import { sql } from 'kysely';
import type { Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { strongestRole } from '../../../domain/roles.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import { type DueSql, ifAny } from '../../../lib/jobs/due.ts';
import type { Colleague, ColleagueRequest, RequestAnswer, RequestKind, Waiting } from './types.ts';

const selectRequests = (tx: Tx) =>
  tx.selectFrom('colleague_request').selectAll('colleague_request');
type Row = Awaited<ReturnType<ReturnType<typeof selectRequests>['executeTakeFirstOrThrow']>>;

const toRequest = (row: Row): ColleagueRequest => ({
  id: row.id,
  office: row.office_id,
  appointment: row.appointment_id,
  kind: row.kind as RequestKind,
  from: { staff: row.from_staff, name: row.from_name },
  to: { staff: row.to_staff, name: row.to_name, desk: row.to_desk },
  note: row.note,
  askedAt: row.asked_at,
  answer: row.answer as RequestAnswer | null,
  answeredAt: row.answered_at,
  endedAt: row.ended_at,
});

/** Returns the requests about an appointment's encounter, in the order in which they were made. */
export async function readRequests(tx: Tx, appointment: string): Promise<ColleagueRequest[]> {
  const rows = await selectRequests(tx)
    .where('appointment_id', '=', appointment)
    .orderBy('asked_at')
    .orderBy('id')
    .execute();
  return rows.map(toRequest);
}

export async function readRequest(tx: Tx, id: string): Promise<ColleagueRequest | null> {
  const row = await selectRequests(tx).where('id', '=', id).executeTakeFirst();
  return row ? toRequest(row) : null;
}

/** Returns the requests to somebody that have no answer, and the appointments' statuses. */
export async function readWaiting(
  tx: Tx,
  office: number,
  staff: number,
): Promise<(Waiting & { status: Status })[]> {
  const rows = await selectRequests(tx)
    .innerJoin('appointment as a', 'a.id', 'colleague_request.appointment_id')
    .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
    .select(['p.code as procedure', 'a.channel', 'a.language', 'a.status'])
    .modifyFront(FREQUENT)
    .where('colleague_request.office_id', '=', office)
    .where('to_staff', '=', staff)
    .where('answer', 'is', null)
    .orderBy('asked_at')
    .execute();
  return rows.map((row) => ({
    ...toRequest(row),
    procedure: row.procedure,
    channel: row.channel as Channel,
    language: row.language,
    status: row.status as Status,
  }));
}

/** Returns requests without an answer that are too old, or whose encounter has ended, in every office. */
export async function readUnsettled(
  db: Db,
  before: Temporal.Instant,
): Promise<Pick<ColleagueRequest, 'id' | 'office' | 'appointment'>[]> {
  return within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('colleague_request as r')
      .innerJoin('appointment as a', 'a.id', 'r.appointment_id')
      .select(['r.id', 'r.office_id as office', 'r.appointment_id as appointment'])
      .where('r.answer', 'is', null)
      .where((eb) =>
        eb.or([eb('r.asked_at', '<=', moment(before)), eb('a.status', '<>', 'in_progress')]),
      )
      .orderBy('r.asked_at')
      .execute(),
  );
}

/**
 * Returns who works in an office now, with their strongest role there. The names of staff belong to no single office, so this read
 * acts for the installation, of one office.
 */
export async function readColleagues(db: Db, office: number): Promise<Colleague[]> {
  const { rows } = await within(db, INSTALLATION, (tx) =>
    sql<{ staff: number; name: string; roles: string[]; desk: number | null }>`
      select s.id as staff, s.name, array_agg(r.role) as roles, max(r.desk_id) as desk
      from staff_role r join staff s on s.id = r.staff_id
      where r.office_id = ${office} and s.retired_at is null
      group by s.id order by s.id`.execute(tx),
  );
  return rows.map(({ roles, ...row }) => ({ ...row, role: strongestRole(roles) ?? '' }));
}

/** At once while a request has no answer. */
export const unansweredDue: DueSql = ifAny(sql`select from colleague_request where answer is null`);
