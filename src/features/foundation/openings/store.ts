import type { Tx } from '../../../lib/db/database.ts';
import type { Opened, Opening } from './types.ts';

/** Adds an opening. `hash`: of the secret, by `hashSecret`. */
export async function insertOpening(tx: Tx, opening: Opening, hash: Buffer): Promise<void> {
  await tx
    .insertInto('opening')
    .values({
      hash,
      office_id: opening.office,
      opens: opening.opens,
      subject: opening.subject,
    })
    .execute();
}

/** Puts another secret in the place of the one that opens this; the one before opens nothing. Returns false where it is the same one. */
export async function replaceOpening(
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

/** Takes away the opening of something that is deleted. */
export async function removeOpening(tx: Tx, opens: Opened, subject: string): Promise<void> {
  await tx
    .deleteFrom('opening')
    .where('opens', '=', opens)
    .where('subject', '=', subject)
    .execute();
}
