import type { Tx } from '../../../lib/db/database.ts';
import type { Heard, Solved, SurveyAnswer } from './types.ts';

export const readAnswer = (tx: Tx, appointment: string): Promise<SurveyAnswer | null> =>
  readAbout(tx, 'appointment_id', appointment);

/** Returns what was answered about an encounter without an appointment; null: nothing. */
export const readEncounterAnswer = (tx: Tx, encounter: string): Promise<SurveyAnswer | null> =>
  readAbout(tx, 'encounter_id', encounter);

/** Returns what whoever sent a request said of it; null: nothing. */
export const readAnswerOfRequest = (tx: Tx, request: string): Promise<SurveyAnswer | null> =>
  readAbout(tx, 'request_id', request);

async function readAbout(
  tx: Tx,
  column: 'appointment_id' | 'encounter_id' | 'request_id',
  id: string,
): Promise<SurveyAnswer | null> {
  const row = await tx
    .selectFrom('survey_answer')
    .select(['score', 'solved', 'heard', 'comment'])
    .where(column, '=', id)
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
