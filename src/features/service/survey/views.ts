import type { Tx } from '../../../lib/db/database.ts';
import type { Heard, Solved, SurveyAnswer } from './types.ts';

export async function readAnswer(tx: Tx, appointment: string): Promise<SurveyAnswer | null> {
  const row = await tx
    .selectFrom('survey_answer')
    .select(['score', 'solved', 'heard', 'comment'])
    .where('appointment_id', '=', appointment)
    .executeTakeFirst();
  return row
    ? { ...row, solved: row.solved as Solved | null, heard: row.heard as Heard | null }
    : null;
}
