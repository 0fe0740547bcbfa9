import type { Unit } from '../audit/service.ts';
import type { Opened, Opening } from './types.ts';

/** Adds an opening. `hash`: of the secret, by `hashSecret`. */
export async function insertOpening(
  { tx, office }: Unit,
  opening: Opening,
  hash: Buffer,
): Promise<void> {
  await tx
    .insertInto('opening')
    .values({ hash, office_id: office, ...opening })
    .execute();
}

/** Replaces the secret of a subject; the former secret is no longer valid. Returns false when the secret is the same. */
export async function replaceOpening(
  { tx }: Pick<Unit, 'tx'>,
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
