import type { Tx } from '../../../lib/db/database.ts';
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
