import type { Tx } from '../../../lib/db/database.ts';
import type { QualityWord } from '../../service/softphone/rules.ts';
import type { QualityReport, Reporter } from './types.ts';

/** Keeps a report in place of an earlier one of its reporter; one that comes late, after a later one, changes nothing. */
export async function keepReport(
  tx: Tx,
  by: Reporter & { call: string },
  { id, from, ...report }: QualityReport,
  word: QualityWord,
  now: Temporal.Instant,
): Promise<void> {
  const row = {
    ended_at: now.toString(),
    seconds: report.seconds,
    path: report.path,
    first_frame_ms: report.firstFrameMs,
    loss_percent: report.lossPercent,
    rtt_ms: report.rttMs,
    fps: report.fps,
    freezes: report.freezes,
    frozen_seconds: report.frozenSeconds,
    reconnections: report.reconnections,
    audio_only_seconds: report.audioOnlySeconds,
    width: report.width,
    height: report.height,
    word,
  };
  const { office, appointment, call, side } = by;
  await tx
    .insertInto('call_quality')
    .values({
      id,
      office_id: office,
      appointment_id: appointment,
      call_id: call,
      side,
      whom: from,
      ...row,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['office_id', 'id'])
        .doUpdateSet(row)
        .where('call_quality.appointment_id', '=', appointment)
        .where('call_quality.side', '=', side)
        .where('call_quality.seconds', '<=', report.seconds),
    )
    .execute();
}
