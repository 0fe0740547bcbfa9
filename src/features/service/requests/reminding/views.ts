import { sql } from 'kysely';
import { MORNING } from '../../../../domain/office/calendar/morning.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import { hourlyIfAny } from '../../../../lib/jobs/due.ts';
import type { Colleague, WaitingRequest } from './rules.ts';

/** Returns the ids of the offices that have open requests, or somebody to call. Runs for the installation. */
export async function readOfficesAtWork(tx: Tx): Promise<number[]> {
  const rows = await tx
    .selectFrom('request')
    .select('office_id as office')
    .distinct()
    .where('sent_at', 'is not', null)
    .where((eb) => eb.or([eb('closed_at', 'is', null), eb('call_owed_at', 'is not', null)]))
    .orderBy('office')
    .execute();
  return rows.map(({ office }) => office);
}

/** Returns the ids of the requests whose person was asked something before a moment, and was not told for the last time; those asked first come first. */
export async function readLongAsked(
  tx: Tx,
  office: number,
  before: Temporal.Instant,
  most: number,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('request')
    .select('id')
    .where('office_id', '=', office)
    .where('state', '=', 'asked')
    .where('state_at', '<', moment(before))
    .where('last_call_at', 'is', null)
    .orderBy('state_at')
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

/** Returns who works in an office. Runs for the installation. */
export const readColleagues = (tx: Tx, office: number): Promise<Colleague[]> =>
  tx
    .selectFrom('staff_role as r')
    .innerJoin('staff as s', 's.id', 'r.staff_id')
    .select(['s.id as staff', 's.email', 'r.role'])
    .where('r.office_id', '=', office)
    .where('s.retired_at', 'is', null)
    .execute();

/**
 * Returns what is late in an office, was asked in vain, or is to be told by a call since before today, and was not told to its officials, locked; a request
 * of which two hold, twice. `today`: the first moment of the day, and the day. Runs for the installation.
 */
export async function readUntold(
  tx: Tx,
  office: number,
  { day, from }: { day: Temporal.PlainDate; from: Temporal.Instant },
): Promise<(WaitingRequest & { id: string })[]> {
  const { rows } = await sql<Untold>`
    select * from (
      select id, team, assignee, state,
        closed_at is null and officials_told_at is null
          and (due < ${day.toString()}::date or (state = 'asked' and last_call_at is not null)) is true as waits,
        call_owed_at < ${from.toString()}::timestamptz
          and (officials_told_at is null or officials_told_at < call_owed_at) is true as calls
      from request
      where office_id = ${office} and sent_at is not null and (closed_at is null or call_owed_at is not null)
      order by id for update
    ) untold where waits or calls`.execute(tx);
  return rows.flatMap(({ state, waits, calls, ...of }): (WaitingRequest & { id: string })[] => [
    ...(waits ? [{ ...of, why: state === 'asked' ? ('asked' as const) : ('late' as const) }] : []),
    ...(calls ? [{ ...of, why: 'call' as const }] : []),
  ]);
}

interface Untold extends Pick<WaitingRequest, 'team' | 'assignee'> {
  id: string;
  state: string;
  waits: boolean;
  calls: boolean | null;
}

/** Each hour of a morning while requests are open. */
export const remindersDue = hourlyIfAny(
  sql`select from request where sent_at is not null and (closed_at is null or call_owed_at is not null)`,
  MORNING,
);
