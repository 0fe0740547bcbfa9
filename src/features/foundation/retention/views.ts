import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { afterDeclaring, afterLast, type DueSql, earliest } from '../../../lib/jobs/due.ts';
import { type Bounds, begunBefore } from './rules.ts';

/** Returns every office, including retired ones: their personal data ends too. */
export async function readEveryOffice(db: Db): Promise<number[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx.selectFrom('office').select('id').orderBy('id').execute(),
  );
  return rows.map((row) => row.id);
}

/** Amounts of data to destroy, by kind. */
export interface Forgettable {
  /** Appointments, and encounters without one, that still have their person's data. */
  contacts: number;
  /** Wait list entries that still have their person's data. */
  waiting: number;
  /** Encounters with notes. */
  notes: number;
  /** Comments of surveys. */
  words: number;
  /** Telephone and video calls with a stored quality. */
  calls: number;
  /** Absences with a reason. */
  reasons: number;
}

/** Returns the amounts that a sweep with these bounds would destroy in an office. */
export async function countForgettable(
  tx: Tx,
  office: number,
  ended: Bounds,
): Promise<Forgettable> {
  const { rows } = await sql<Forgettable>`select
    (select count(*)::int from appointment
       where office_id = ${office} and ends < ${moment(ended.contacts)} and forgotten_at is null)
      + (select count(*)::int from encounter
           where office_id = ${office} and name is not null
             and started_at < ${moment(begunBefore(ended.contacts))}
             and coalesce(ended_at, started_at) < ${moment(ended.contacts)}) as contacts,
    (select count(*)::int from wait_list
       where office_id = ${office} and ended_at < ${moment(ended.contacts)} and forgotten_at is null) as waiting,
    (select count(*)::int from encounter t left join appointment a on a.id = t.appointment_id
       where t.office_id = ${office} and t.forgotten_at is null
         and t.started_at < ${moment(begunBefore(ended.notes))}
         and coalesce(a.ends, t.ended_at, t.started_at) < ${moment(ended.notes)}) as notes,
    (select count(*)::int from survey_answer s
       left join appointment a on a.id = s.appointment_id left join encounter t on t.id = s.encounter_id
       left join request r on r.id = s.request_id
       where s.office_id = ${office} and s.comment <> '' and coalesce(a.starts, t.started_at, r.sent_at) < ${moment(ended.words)}) as words,
    (select count(*)::int from call where office_id = ${office} and ended_at < ${moment(ended.notes)})
      + (select count(distinct call_id)::int from call_quality
           where office_id = ${office} and ended_at < ${moment(ended.notes)}) as calls,
    (select count(*)::int from absence
       where office_id = ${office} and why <> '' and ends < ${ended.reasons}::date) as reasons`.execute(
    tx,
  );
  const [counted] = rows;
  if (!counted) throw new Error('A count has one row');
  return counted;
}

/** Each six hours, and after a change of what the town declares. */
export const retentionDue = (what: string): DueSql =>
  earliest(afterLast('6 hours')(what), afterDeclaring(what));
