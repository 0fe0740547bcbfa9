import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { moment } from '../../../../lib/db/moment.ts';

/** A comment with its appointment, for the service only. */
export interface CommentRow {
  /** Id of the survey's answer. */
  answer: number;
  comment: string;
  /** Null: not decided yet. */
  passed: boolean | null;
}

/**
 * Returns the open comments of whole months before a day, a month's first; or only those that may be shown. A month with fewer
 * than `fewest` comments is left out, since their authors would be recognisable.
 */
export async function readComments(
  tx: Tx,
  on: { office: number; timeZone: string; before: Temporal.PlainDate; fewest: number },
  which: 'passed' | 'all',
): Promise<CommentRow[]> {
  const { office, timeZone, before, fewest } = on;
  const { rows } = await sql<CommentRow>`
    select answer, comment, passed from (
      select s.id as answer, s.comment, s.passed,
        count(*) over (partition by date_trunc('month', coalesce(a.starts, t.started_at) at time zone ${timeZone})) as said
      from survey_answer s
      left join appointment a on a.id = s.appointment_id
      left join encounter t on t.id = s.encounter_id
      where s.office_id = ${office} and s.comment <> ''
        and coalesce(a.starts, t.started_at) < ${moment(before.toZonedDateTime(timeZone).toInstant())}
    ) month where said >= ${fewest} and (passed or ${which === 'all'})`.execute(tx);
  return rows;
}
