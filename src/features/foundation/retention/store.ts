import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';

/** Every office, those too that are closed for good: what they keep of people ends all the same. */
export async function readEveryOffice(db: Db): Promise<number[]> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx.selectFrom('office').select('id').orderBy('id').execute(),
  );
  return rows.map((row) => row.id);
}

/** What a server said of a mail that didn't arrive names its reader; why a notice wasn't sent names nobody. */
const nobodyIn = sql<
  string | null
>`case when last_error in ('muted', 'capped', 'late', 'abroad', 'spent') then last_error end`;

/** Who somebody was, and what they said. That they sign or can't hear is about their health. */
const NOBODY = { name: '', email: null, phone: null, on_behalf_of: null, needs: [], comment: '' };

/** How many appointments one transaction forgets, so that none holds up a booking for long. */
const AT_ONCE = 500;

/**
 * Destroys who the appointments that ended before `ended` were for: names, addresses, what was typed, also in their
 * notices and events. What was done stays, for the figures. Answers the appointments.
 */
export async function forgetContacts(
  tx: Tx,
  office: number,
  ended: Temporal.Instant,
  now: Temporal.Instant,
): Promise<string[]> {
  const rows = await tx
    .updateTable('appointment')
    .set({ ...NOBODY, forgotten_at: now.toString() })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('appointment')
        .select('id')
        .where('office_id', '=', office)
        .where('ends', '<', moment(ended))
        .where('forgotten_at', 'is', null)
        .limit(AT_ONCE),
    )
    .returning('id')
    .execute();
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return ids;
  await forgetNotices(tx, 'appointment_id', ids, now);
  await sql`select forget_reasons(${ids}::uuid[])`.execute(tx);
  await sql`select forget_addresses(${ids}::uuid[])`.execute(tx);
  await tx.updateTable('attempt').set({ note: '' }).where('appointment_id', 'in', ids).execute();
  await tx.deleteFrom('one_time_code').where('appointment_id', 'in', ids).execute();
  await tx.deleteFrom('proved_browser').where('appointment_id', 'in', ids).execute();
  await tx.deleteFrom('device_test').where('appointment_id', 'in', ids).execute();
  await forgetCompanions(tx, ids, now);
  await tx
    .updateTable('call')
    .set({ appointment_id: null, attempt: null })
    .where('appointment_id', 'in', ids)
    .execute();
  await tx
    .updateTable('call_quality')
    .set({ appointment_id: null })
    .where('appointment_id', 'in', ids)
    .execute();
  // Else whoever came again would tell who that was.
  await tx
    .deleteFrom('follow_up')
    .where((eb) => eb.or([eb('appointment_id', 'in', ids), eb('follows', 'in', ids)]))
    .execute();
  return ids;
}

/** Who came along to these appointments, and as what, which may tell of somebody's health. Their links open nothing any more. */
async function forgetCompanions(
  tx: Tx,
  appointments: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('companion')
    .set({
      name: '',
      role: 'other',
      revoked_at: sql`coalesce(revoked_at, ${now.toString()}::timestamptz)`,
    })
    .where('appointment_id', 'in', appointments)
    .execute();
}

/**
 * Destroys who waited for a time, once they have no longer waited since before `ended`, also in the notices to them. Answers
 * how many.
 */
export async function forgetWaiting(
  tx: Tx,
  office: number,
  ended: Temporal.Instant,
  now: Temporal.Instant,
): Promise<number> {
  const rows = await tx
    .updateTable('wait_list')
    .set({ ...NOBODY, forgotten_at: now.toString() })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('wait_list')
        .select('id')
        .where('office_id', '=', office)
        .where('ended_at', '<', moment(ended))
        .where('forgotten_at', 'is', null)
        .limit(AT_ONCE),
    )
    .returning('id')
    .execute();
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return 0;
  await forgetNotices(tx, 'wait_list_id', ids, now);
  return ids.length;
}

/** Whom notices were for, and what somebody said in them. One that still waits has nobody to go to. */
async function forgetNotices(
  tx: Tx,
  about: 'appointment_id' | 'wait_list_id',
  ids: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('notice')
    .set({
      recipient: '',
      facts: sql`(facts - 'reason') || '{"name": "", "onBehalfOf": null}'`,
      last_error: nobodyIn,
      dropped_at: sql`coalesce(dropped_at, case when sent_at is null and failed_at is null then ${now.toString()}::timestamptz end)`,
    })
    .where(about, 'in', ids)
    .execute();
}

/** Destroys what was written about encounters that ended before `ended`, and in their calls. Answers the appointments. */
export async function forgetNotes(
  tx: Tx,
  office: number,
  ended: Temporal.Instant,
  now: Temporal.Instant,
): Promise<string[]> {
  const rows = await tx
    .updateTable('encounter')
    .set({ notes: '', forgotten_at: now.toString() })
    .where('appointment_id', 'in', (eb) =>
      eb
        .selectFrom('encounter')
        .innerJoin('appointment', 'appointment.id', 'encounter.appointment_id')
        .select('appointment.id')
        .where('encounter.office_id', '=', office)
        .where('appointment.ends', '<', moment(ended))
        .where('encounter.forgotten_at', 'is', null)
        .limit(AT_ONCE),
    )
    .returning('appointment_id')
    .execute();
  const ids = rows.map((row) => row.appointment_id);
  if (ids.length === 0) return ids;
  await tx
    .updateTable('encounter_item')
    .set({ label: '' })
    .where('appointment_id', 'in', ids)
    .execute();
  await tx.deleteFrom('message').where('appointment_id', 'in', ids).execute();
  return ids;
}

/**
 * Destroys what surveys say in words, of all appointments that began before `before`, attended or not. The beginning of a month: what
 * vanished by itself would tell whose it was (docs/adr/0032), and so would an event of it.
 */
export async function forgetWords(tx: Tx, office: number, before: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('survey_answer')
    .set({ comment: '' })
    .where('office_id', '=', office)
    .where('comment', '<>', '')
    .where('appointment_id', 'in', (eb) =>
      eb
        .selectFrom('appointment')
        .select('id')
        .where('office_id', '=', office)
        .where('starts', '<', moment(before)),
    )
    .execute();
}

/** Destroys what is known of calls that ended before `ended`: they are kept to find out why a network was bad. */
export async function forgetCalls(tx: Tx, office: number, ended: Temporal.Instant): Promise<void> {
  for (const table of ['call', 'call_quality'] as const)
    await tx
      .deleteFrom(table)
      .where('office_id', '=', office)
      .where('ended_at', '<', moment(ended))
      .execute();
}

/** Destroys why desks were away that were back before the local day `ended`: it may say something of somebody's health. */
export async function forgetReasons(tx: Tx, office: number, ended: string): Promise<void> {
  await tx
    .updateTable('absence')
    .set({ why: '' })
    .where('office_id', '=', office)
    .where('why', '<>', '')
    .where('ends', '<', ended)
    .execute();
}

/** Puts on record that something of these appointments was destroyed. */
export async function recordForgotten(
  tx: Tx,
  on: {
    office: number;
    appointments: readonly string[];
    what: 'contact' | 'notes' | 'documents' | 'acts';
  },
  now: Temporal.Instant,
): Promise<void> {
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
