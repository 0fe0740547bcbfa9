import type { Tx } from '../../../lib/db/database.ts';
import type { Heard, Solved, SurveyAnswer } from './types.ts';

/** Returns what was answered about an encounter without an appointment; null: nothing. */
export async function readEncounterAnswer(tx: Tx, encounter: string): Promise<SurveyAnswer | null> {
  const row = await tx
    .selectFrom('survey_answer')
    .select(['score', 'solved', 'heard', 'comment'])
    .where('encounter_id', '=', encounter)
    .executeTakeFirst();
  return row ? toAnswer(row) : null;
}

export async function readAnswer(tx: Tx, appointment: string): Promise<SurveyAnswer | null> {
  const row = await tx
    .selectFrom('survey_answer')
    .select(['score', 'solved', 'heard', 'comment'])
    .where('appointment_id', '=', appointment)
    .executeTakeFirst();
  return row ? toAnswer(row) : null;
}

const toAnswer = (row: {
  score: number | null;
  solved: string | null;
  heard: string | null;
  comment: string;
}): SurveyAnswer => ({
  ...row,
  solved: row.solved as Solved | null,
  heard: row.heard as Heard | null,
});
