import type { Tx } from '../../../lib/db/database.ts';
import type { SurveyAnswer } from './types.ts';

/** Keeps the answer; a later one takes its place, and nobody has let its comment be shown. */
export async function keepAnswer(
  tx: Tx,
  on: { office: number; appointment: string },
  answer: SurveyAnswer,
  now: Temporal.Instant,
): Promise<void> {
  const row = { ...answer, at: now.toString(), passed: null };
  await tx
    .insertInto('survey_answer')
    .values({ appointment_id: on.appointment, office_id: on.office, ...row })
    .onConflict((conflict) => conflict.column('appointment_id').doUpdateSet(row))
    .execute();
}
