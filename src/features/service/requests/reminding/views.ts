import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Colleague } from './rules.ts';

/** Returns the ids of the offices that have open requests. Runs for the installation. */
export async function readOfficesAtWork(tx: Tx): Promise<number[]> {
  const rows = await tx
    .selectFrom('request')
    .select('office_id as office')
    .distinct()
    .where('sent_at', 'is not', null)
    .where('closed_at', 'is', null)
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
