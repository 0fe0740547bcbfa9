import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { QualityWord } from '../../service/softphone/rules.ts';
import type { QualityReport, Reporter } from './types.ts';

/** Stores a report in place of an earlier one of its reporter; an outdated one changes nothing. */
export async function keepReport(
  tx: Tx,
  by: Pick<Reporter, 'office' | 'side'> & { encounter: string; call: string },
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
  const { office, encounter, call, side } = by;
  await tx
    .insertInto('call_quality')
    .values({
      id,
      office_id: office,
      encounter_id: encounter,
      call_id: call,
      side,
      whom: from,
      ...row,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['office_id', 'id'])
        .doUpdateSet(row)
        .where('call_quality.encounter_id', '=', encounter)
        .where('call_quality.side', '=', side)
        .where('call_quality.seconds', '<=', report.seconds),
    )
    .execute();
}

/** Destroys the quality of video calls that ended before the bound of notes: it is only kept for finding network problems. */
export async function forgetQuality(pass: RetentionPass): Promise<Partial<Forgotten>> {
  const { tx, office, ended } = pass;
  await tx
    .deleteFrom('call_quality')
    .where('office_id', '=', office)
    .where('ended_at', '<', moment(ended.notes))
    .execute();
  return {};
}

/** Destroys the link between these people's encounters and their calls. */
export async function forgetWhoseQuality(
  { tx }: RetentionPass,
  { contacts, people }: Forgotten,
): Promise<void> {
  if (contacts.length + people.length === 0) return;
  await tx
    .updateTable('call_quality')
    .set({ encounter_id: null })
    .where('encounter_id', 'in', (eb) =>
      eb
        .selectFrom('encounter')
        .select('id')
        .where(
          sql<boolean>`appointment_id = any (${[...contacts]}::uuid[]) or id = any (${[...people]}::uuid[])`,
        ),
    )
    .execute();
}
