import { sql } from 'kysely';
import { MORNING } from '../../../../domain/office/calendar/morning.ts';
import { can } from '../../../../domain/roles.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';
import { hourlyIfAny } from '../../../../lib/jobs/due.ts';
import type { StaffRole } from '../../../../lib/viewer.ts';

/** Returns the offices that have messages which nobody has answered. */
export const readOfficesWithMessages = (db: Db): Promise<number[]> =>
  within(db, INSTALLATION, async (tx) => {
    const rows = await tx
      .selectFrom('chat')
      .select('office_id as office')
      .distinct()
      .where('state', '=', 'message')
      .execute();
    return rows.map(({ office }) => office);
  });

/** Returns whether a recipient was owed news of a message that ends, since a time. */
export async function isToldOfEnd(
  tx: Tx,
  { office, recipient, since }: { office: number; recipient: string; since: Temporal.Instant },
): Promise<boolean> {
  const row = await tx
    .selectFrom('notice')
    .select('id')
    .where('chat_id', 'is not', null)
    .where('office_id', '=', office)
    .where('recipient', '=', recipient)
    .where('created_at', '>=', moment(since))
    .where(sql<boolean>`facts ->> 'wrote' = 'ending'`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns the accounts of those who coordinate an office. */
export async function readCoordinators(tx: Tx, office: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('staff_role')
    .innerJoin('staff', 'staff.id', 'staff_role.staff_id')
    .select(['staff.id', 'staff_role.role'])
    .where('staff_role.office_id', '=', office)
    .where('staff.retired_at', 'is', null)
    .orderBy('staff.id')
    .execute();
  const may = rows.filter(({ role }) => can({ role: role as StaffRole }, 'coordinate'));
  return [...new Set(may.map(({ id }) => id))];
}

/** Each hour of a morning while there are messages. */
export const chatMessagesDue = hourlyIfAny(sql`select from chat where state = 'message'`, MORNING);
