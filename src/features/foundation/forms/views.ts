import { formSchema } from '../../../domain/form/schema.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import type { OfferedForm, PublishedForm } from './types.ts';

const select = (tx: Tx) => tx.selectFrom('form_version').selectAll('form_version');
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const fromRow = (row: Row): PublishedForm => ({
  id: row.id,
  procedure: row.procedure_id,
  number: row.number,
  sha256: row.sha256.toString('hex'),
  publishedAt: row.published_at,
  // A later version of the service may have more settings, each with a default.
  form: formSchema.parse(JSON.parse(row.content)),
});

/** Returns the number of the newest version of a procedure's form, offered or not; 0: it has none. */
export async function readNewestNumber(tx: Tx, procedure: number): Promise<number> {
  const row = await tx
    .selectFrom('form_version')
    .select(({ fn }) => fn.max('number').as('number'))
    .where('procedure_id', '=', procedure)
    .executeTakeFirst();
  return row?.number ?? 0;
}

/** Returns the id of the version of a procedure's form with which new cases begin: the newest; null: it has none, or it has ended. */
export async function readOfferedId(tx: Tx, procedure: number): Promise<number | null> {
  const row = await tx
    .selectFrom('form_version')
    .leftJoin('form_ending', 'form_ending.form_id', 'form_version.id')
    .select(['form_version.id', 'form_ending.ended_at'])
    .modifyFront(FREQUENT)
    .where('procedure_id', '=', procedure)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && row.ended_at === null ? row.id : null;
}

/** Returns that version; null: it has none, or it has ended. */
export async function readOffered(tx: Tx, procedure: number): Promise<PublishedForm | null> {
  const id = await readOfferedId(tx, procedure);
  return id === null ? null : readVersion(tx, id);
}

/** Returns the codes of the procedures of the transaction's office that new cases begin with. */
export async function readOfferedCodes(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('form_version')
    .innerJoin('procedure', 'procedure.id', 'form_version.procedure_id')
    .leftJoin('form_ending', 'form_ending.form_id', 'form_version.id')
    .select(['procedure.code', 'form_ending.ended_at'])
    .distinctOn('form_version.procedure_id')
    .orderBy('form_version.procedure_id')
    .orderBy('form_version.number', 'desc')
    .execute();
  return rows.filter((row) => row.ended_at === null).map(({ code }) => code);
}

/** Returns the forms that new cases begin with, of all offices that the transaction sees. */
export async function readAllOffered(tx: Tx): Promise<OfferedForm[]> {
  const rows = await select(tx)
    .innerJoin('procedure', 'procedure.id', 'form_version.procedure_id')
    .innerJoin('office', 'office.id', 'form_version.office_id')
    .leftJoin('form_ending', 'form_ending.form_id', 'form_version.id')
    .select(['procedure.code as code', 'office.code as office', 'form_ending.ended_at'])
    .distinctOn('form_version.procedure_id')
    .orderBy('form_version.procedure_id')
    .orderBy('form_version.number', 'desc')
    .execute();
  return rows
    .filter((row) => row.ended_at === null)
    .map((row) => ({ office: row.office, procedure: row.code, published: fromRow(row) }));
}

/** Returns the ids of a procedure and its office, by their codes. @throws when there is none */
export async function readIds(
  tx: Tx,
  { office, procedure }: { office: string; procedure: string },
): Promise<{ office: number; procedure: number }> {
  const row = await tx
    .selectFrom('procedure')
    .innerJoin('office', 'office.id', 'procedure.office_id')
    .select(['procedure.id as procedure', 'office.id as office'])
    .where('office.code', '=', office)
    .where('procedure.code', '=', procedure)
    .executeTakeFirst();
  if (!row) throw new Error(`No procedure ${procedure} in ${office}`);
  return row;
}

/** Returns a version by its id; null: there is none. */
export async function readVersion(tx: Tx, id: number): Promise<PublishedForm | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}
