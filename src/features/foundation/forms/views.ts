import { formSchema } from '../../../domain/form/schema.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { PublishedForm } from './types.ts';

const select = (tx: Tx) => tx.selectFrom('form_version').selectAll();
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

/** Returns the newest version of a procedure's form; null: it has none. */
export async function readNewest(tx: Tx, procedure: number): Promise<PublishedForm | null> {
  const row = await select(tx)
    .where('procedure_id', '=', procedure)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns a version by its id; null: there is none. */
export async function readVersion(tx: Tx, id: number): Promise<PublishedForm | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}
