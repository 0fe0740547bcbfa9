import type { Tx } from '../../../../lib/db/database.ts';
import type { ReportEnding, ReportRow } from './types.ts';

/** A request as its row has it. */
export interface SealedReport extends ReportRow {
  sealedRequest: Buffer;
  sealedAnswer: Buffer | null;
  hash: string | null;
}

const select = (tx: Tx) => tx.selectFrom('case_report').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): SealedReport => ({
  id: row.id,
  office: row.office_id,
  case: row.case_id,
  reference: row.reference,
  procedure: row.procedure_id,
  askedAt: row.asked_at,
  askedBy: row.asked_by,
  to: { office: row.to_office, staff: row.to_staff },
  until: Temporal.PlainDate.from(row.until),
  suspends: row.suspends,
  ended:
    row.ended_at && row.ended_by !== null
      ? { at: row.ended_at, by: row.ended_by, how: row.ending as ReportEnding }
      : null,
  sealedRequest: row.request,
  sealedAnswer: row.answer,
  hash: row.answer_hash?.toString('hex') ?? null,
});

/** Returns a request, in a transaction of the office that asks or of the one that is asked; null: there is none. */
export async function readReport(tx: Tx, id: string): Promise<SealedReport | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the requests about a case, the newest first. */
export async function readReports(tx: Tx, id: string): Promise<SealedReport[]> {
  const rows = await select(tx)
    .where('case_id', '=', id)
    .orderBy('asked_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Whose requests are listed: of an office, and of one member of staff besides those for anybody; null: all. */
interface Whose {
  office: number;
  only: number | null;
}

const ofThem = (tx: Tx, { office, only }: Whose) =>
  select(tx)
    .where('to_office', '=', office)
    .$if(only !== null, (q) =>
      q.where((eb) => eb.or([eb('to_staff', 'is', null), eb('to_staff', '=', only)])),
    );

/** Returns the open requests, what is due first, and those that ended last. At most `most` of each. */
export async function readAsked(
  tx: Tx,
  whose: Whose,
  most: number,
): Promise<{ open: ReportRow[]; ended: ReportRow[] }> {
  const open = await ofThem(tx, whose)
    .where('ended_at', 'is', null)
    .orderBy('until')
    .orderBy('id')
    .limit(most)
    .execute();
  const ended = await ofThem(tx, whose)
    .where('ended_at', 'is not', null)
    .orderBy('ended_at', 'desc')
    .orderBy('id')
    .limit(most)
    .execute();
  return { open: open.map(fromRow), ended: ended.map(fromRow) };
}

/** Returns how many requests are open. */
export async function countAsked(tx: Tx, whose: Whose): Promise<number> {
  const { count } = await ofThem(tx, whose)
    .where('ended_at', 'is', null)
    .clearSelect()
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
