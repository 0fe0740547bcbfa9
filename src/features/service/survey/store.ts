import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Forgotten, RetentionPass } from '../../feature.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { SurveyAnswer } from './types.ts';

/** Lets an answer's comment be shown, or not. Returns false where there is none, or where it is no longer what was read. */
export async function judgeComment(
  { tx }: Pick<Unit, 'tx'>,
  answer: number,
  comment: string,
  passed: boolean,
): Promise<boolean> {
  const done = await tx
    .updateTable('survey_answer')
    .set({ passed })
    .where('id', '=', answer)
    .where('comment', '=', comment)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Keeps the answer; a later one takes its place, and nobody has let its comment be shown. */
export async function keepAnswer(
  tx: Tx,
  on: { office: number; appointment: string; encounter: string | null },
  answer: SurveyAnswer,
  now: Temporal.Instant,
): Promise<void> {
  const row = { ...answer, encounter_id: on.encounter, at: now.toString(), passed: null };
  await tx
    .insertInto('survey_answer')
    .values({ appointment_id: on.appointment, office_id: on.office, ...row })
    .onConflict((conflict) => conflict.column('appointment_id').doUpdateSet(row))
    .execute();
}

/** Keeps the answer about an encounter without an appointment; a later one takes its place. */
export const keepEncounterAnswer = (
  unit: Pick<Unit, 'tx' | 'office' | 'now'>,
  encounter: string,
  answer: SurveyAnswer,
): Promise<void> => keepAbout(unit, 'encounter_id', encounter, answer);

/** Keeps what whoever sent a request says of it; a later answer takes its place. */
export const keepAnswerOfRequest = (
  unit: Pick<Unit, 'tx' | 'office' | 'now'>,
  request: string,
  answer: SurveyAnswer,
): Promise<void> => keepAbout(unit, 'request_id', request, answer);

async function keepAbout(
  { tx, office, now }: Pick<Unit, 'tx' | 'office' | 'now'>,
  column: 'encounter_id' | 'request_id',
  id: string,
  answer: SurveyAnswer,
): Promise<void> {
  const row = { ...answer, at: now.toString(), passed: null };
  await tx
    .insertInto('survey_answer')
    .values({ [column]: id, office_id: office, ...row })
    .onConflict((conflict) => conflict.column(column).doUpdateSet(row))
    .execute();
}

/**
 * Destroys what surveys say in words, of all appointments, encounters and requests that began before the bound of words. The beginning of a
 * month: what vanished by itself would tell whose it was (docs/adr/0032), and so would an event of it.
 */
export async function forgetWords({
  tx,
  office,
  ended,
}: RetentionPass): Promise<Partial<Forgotten>> {
  await tx
    .updateTable('survey_answer')
    .set({ comment: '' })
    .where('office_id', '=', office)
    .where('comment', '<>', '')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('survey_answer as s')
        .leftJoin('appointment as a', 'a.id', 's.appointment_id')
        .leftJoin('encounter as t', 't.id', 's.encounter_id')
        .leftJoin('request as r', 'r.id', 's.request_id')
        .select('s.id')
        .where('s.office_id', '=', office)
        .where('s.comment', '<>', '')
        .where(sql<boolean>`coalesce(a.starts, t.started_at, r.sent_at) < ${moment(ended.words)}`),
    )
    .execute();
  return {};
}
