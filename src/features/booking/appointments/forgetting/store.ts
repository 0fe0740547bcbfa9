import { sql } from 'kysely';
import { IMPORTED } from '../../../../domain/appointment.ts';
import { moment } from '../../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../../feature.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { FORGOTTEN_AT_ONCE, NOBODY } from '../../../foundation/retention/rules.ts';

/**
 * Destroys the citizens' data of appointments that ended before the bound of contacts. Data for the figures stays. Returns the
 * appointments.
 */
export async function forgetContacts(pass: RetentionPass): Promise<Partial<Forgotten>> {
  const { tx, office, now, ended } = pass;
  const rows = await tx
    .updateTable('appointment')
    .set({
      ...NOBODY,
      forgotten_at: now.toString(),
      // What another tool called it leads to the person there, or was made of their data.
      external_id: sql`case when external_id like ${`${IMPORTED}%`} then null else external_id end`,
    })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('appointment')
        .select('id')
        .where('office_id', '=', office)
        .where('ends', '<', moment(ended.contacts))
        .where('forgotten_at', 'is', null)
        .limit(FORGOTTEN_AT_ONCE),
    )
    .returning('id')
    .execute();
  return { contacts: rows.map((row) => row.id) };
}

/** Destroys the reasons in the events of these appointments, and records the destruction. */
export async function forgetReasons(
  { tx, office, now }: RetentionPass,
  { contacts, notes }: Forgotten,
): Promise<void> {
  if (contacts.length > 0) {
    await sql`select forget_reasons(${[...contacts]}::uuid[])`.execute(tx);
    // Otherwise a later appointment of the same person would identify them.
    await tx
      .deleteFrom('follow_up')
      .where((eb) => eb.or([eb('appointment_id', 'in', contacts), eb('follows', 'in', contacts)]))
      .execute();
  }
  await recordForgotten({ tx }, { office, appointments: contacts, what: 'contact' }, now);
  await recordForgotten({ tx }, { office, appointments: notes, what: 'notes' }, now);
}

/** Records that data of these appointments was destroyed. */
export async function recordForgotten(
  { tx }: Pick<Unit, 'tx'>,
  on: {
    office: number;
    appointments: readonly string[];
    what: 'contact' | 'notes' | 'documents' | 'acts';
  },
  now: Temporal.Instant,
): Promise<void> {
  if (on.appointments.length === 0) return;
  await tx
    .insertInto('event')
    .values(
      on.appointments.map((appointment) => ({
        office_id: on.office,
        appointment_id: appointment,
        kind: 'forgotten',
        at: now.toString(),
        actor: 'system',
        data: JSON.stringify({ what: on.what }),
      })),
    )
    .execute();
}
