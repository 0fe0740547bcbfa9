import type { Tx } from '../../../lib/db/database.ts';
import type { Unit } from '../audit/service.ts';
import type { Opened, Opening } from './types.ts';

/** Adds an opening. `hash`: of the secret, by `hashSecret`. */
export async function insertOpening(
  { tx, office }: Unit,
  opening: Omit<Opening, 'office'>,
  hash: Buffer,
): Promise<void> {
  await tx
    .insertInto('opening')
    .values({
      hash,
      office_id: office,
      opens: opening.opens,
      subject: opening.subject,
    })
    .execute();
}

/** Replaces the secret of a subject; the former secret is no longer valid. Returns false when the secret is the same. */
export const replaceOpening = (
  { tx }: Unit,
  opens: Opened,
  subject: string,
  hash: Buffer,
): Promise<boolean> => replaceHash(tx, opens, subject, hash);

/** The same for a transaction of this feature. */
export async function replaceHash(
  tx: Tx,
  opens: Opened,
  subject: string,
  hash: Buffer,
): Promise<boolean> {
  const done = await tx
    .updateTable('opening')
    .set({ hash })
    .where('opens', '=', opens)
    .where('subject', '=', subject)
    .where('hash', '<>', hash)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Removes the opening of a deleted subject. */
export async function removeOpening({ tx }: Unit, opens: Opened, subject: string): Promise<void> {
  await tx
    .deleteFrom('opening')
    .where('opens', '=', opens)
    .where('subject', '=', subject)
    .execute();
}
