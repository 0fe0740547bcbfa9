import { sql } from 'kysely';
import type { Tx } from '../../../../lib/db/database.ts';
import { type DueSql, ifAny } from '../../../../lib/jobs/due.ts';
import type { CaseRow } from '../types.ts';

/** Returns cases of all offices that are to be answered at once, the longest waiting first. Runs for the installation. */
export const readAtOnceDue = (
  tx: Tx,
  most: number,
): Promise<(Pick<CaseRow, 'id' | 'office'> & { handedInAt: Temporal.Instant })[]> =>
  tx
    .selectFrom('case_file')
    .select(['id', 'office_id as office'])
    .select(({ ref }) => ref('handed_in_at').$notNull().as('handedInAt'))
    .where('at_once', '=', 'due')
    .orderBy('handed_in_at')
    .limit(most)
    .execute();

/** At once while a case is due an answer. */
export const atOnceDue: DueSql = ifAny(sql`select from case_file where at_once = 'due'`);
