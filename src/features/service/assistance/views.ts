import { sql } from 'kysely';
import type { Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { patternOf } from './rules.ts';
import type { Found, Sought } from './types.ts';

/**
 * The office's appointments that fit any of what is sought: those to come, the next first; then those that are over, the
 * last first. It reads all of an office's appointments: retention keeps them few (docs/performance.md).
 */
export async function findAppointments(
  tx: Tx,
  office: number,
  sought: Sought,
  most: number,
): Promise<Found[]> {
  const { name, phone, email, reference } = sought;
  const rows = await tx
    .selectFrom('appointment as a')
    .innerJoin('procedure as p', 'p.id', 'a.procedure_id')
    .select([
      'a.id',
      'a.reference',
      'a.starts as start',
      'a.status',
      'a.channel',
      'a.desk_id as desk',
      'a.name',
      'a.on_behalf_of as onBehalfOf',
      'p.code as procedure',
      'a.further',
    ])
    .where('a.office_id', '=', office)
    .where('a.name', '<>', '') // nothing is kept of whom it was for
    .where((eb) =>
      eb.or([
        ...(reference ? [eb('a.reference', '=', reference)] : []),
        ...(email ? [sql<boolean>`strpos(lower(a.email), ${email}) > 0`] : []),
        ...(phone?.whole ? [eb('a.phone', '=', `+${phone.digits}`)] : []),
        ...(phone && !phone.whole ? [sql<boolean>`strpos(a.phone, ${phone.digits}) > 0`] : []),
        ...(name ? [eb.and(name.map((part) => named(patternOf(part))))] : []),
      ]),
    )
    // What is over has none here, and nulls come last.
    .orderBy(sql`case when a.status in ('booked', 'arrived', 'in_progress') then a.starts end`)
    .orderBy('a.starts', 'desc')
    .orderBy('a.id')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    ...row,
    status: row.status as Status,
    channel: row.channel as Channel,
  }));
}

const named = (pattern: string) =>
  sql<boolean>`(a.name ~* ${pattern} or coalesce(a.on_behalf_of, '') ~* ${pattern})`;
