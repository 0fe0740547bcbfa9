import { sql } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import { afterLastIfAny, type DueSql, earliest, NOW } from '../../../lib/jobs/due.ts';

const select = (tx: Tx) => tx.selectFrom('case_receipt').selectAll();
export type ReceiptRow = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

/** Returns the receipt of an entry as its row has it; undefined: none was issued. `about`: what the registry calls it. */
export const readReceipt = (
  tx: Tx,
  office: number,
  about: string,
): Promise<ReceiptRow | undefined> =>
  select(tx).where('office_id', '=', office).where('about', '=', about).executeTakeFirst();

/** Returns the receipt that a verification code opens; undefined: it is gone. */
export const readReceiptById = (tx: Tx, id: string): Promise<ReceiptRow | undefined> =>
  select(tx).where('id', '=', id).executeTakeFirst();

/** Returns the entries of cases of all offices, made between two instants, that have no receipt, the newest first. Runs for the installation. */
export const readUnissued = (
  tx: Tx,
  { from, until, most }: { from: Temporal.Instant; until: Temporal.Instant; most: number },
): Promise<{ office: number; about: string }[]> =>
  tx
    .selectFrom('registry_entry as e')
    .select(['e.office_id as office', 'e.about'])
    .where('e.direction', '=', 'entry')
    .where('e.at', '>=', moment(from))
    .where('e.at', '<=', moment(until))
    .where('e.about', 'like', 'case %')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('case_receipt as r')
            .select('r.id')
            .whereRef('r.office_id', '=', 'e.office_id')
            .whereRef('r.about', '=', 'e.about'),
        ),
      ),
    )
    .orderBy('e.at', 'desc')
    .limit(most)
    .execute();

/** A minute after the first entry of the last hour that has no receipt; each three hours for older ones. */
export const receiptsDue = (what: string): DueSql =>
  earliest(
    sql`select min(e.at) + interval '1 minute' from registry_entry e where e.at > ${NOW} - interval '1 hour' and e.direction = 'entry'
      and e.about like 'case %' and not exists (select from case_receipt r where r.office_id = e.office_id and r.about = e.about)`,
    afterLastIfAny(
      '3 hours',
      sql`select from registry_entry where at > ${NOW} - interval '30 days' and direction = 'entry' and about like 'case %'`,
    )(what),
  );
