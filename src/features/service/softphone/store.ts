import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { CallReport } from './types.ts';

/** Keeps how a call went; one that is told again stays as it is. */
export async function insertCall(
  tx: Tx,
  office: number,
  desk: number | null,
  report: CallReport,
  now: Temporal.Instant,
): Promise<void> {
  const { quality } = report;
  await tx
    .insertInto('call')
    .values({
      id: report.id,
      office_id: office,
      desk_id: desk,
      appointment_id: report.appointment,
      attempt: report.attempt,
      direction: report.direction,
      ended_at: now.toString(),
      rang_seconds: report.rangSeconds,
      talked_seconds: report.talkedSeconds,
      status: report.status,
      ended_by: report.endedBy,
      codec: report.codec,
      loss_percent: quality?.loss ?? null,
      rtt_ms: quality?.rtt ?? null,
      jitter_ms: quality?.jitter ?? null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Destroys what is known of calls that ended before the bound of notes: they are kept to find out why a network was bad. */
export async function forgetCalls({
  tx,
  office,
  ended,
}: RetentionPass): Promise<Partial<Forgotten>> {
  await tx
    .deleteFrom('call')
    .where('office_id', '=', office)
    .where('ended_at', '<', moment(ended.notes))
    .execute();
  return {};
}

/** Destroys which of the forgotten appointments calls were for. */
export async function forgetWhoseCalls(
  { tx }: RetentionPass,
  { contacts }: Forgotten,
): Promise<void> {
  if (contacts.length === 0) return;
  await tx
    .updateTable('call')
    .set({ appointment_id: null, attempt: null })
    .where('appointment_id', 'in', contacts)
    .execute();
}
