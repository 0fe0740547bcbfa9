import type { Unit } from '../../../foundation/audit/service.ts';
import type { PhotoSides, ShownOfRequest } from './types.ts';

/** Keeps what everybody may see of a locked request. */
export async function setShown(
  { tx }: Pick<Unit, 'tx'>,
  id: string,
  { text, words, photos, sides }: ShownOfRequest & { sides: Readonly<Record<string, PhotoSides>> },
): Promise<void> {
  await tx
    .updateTable('request')
    .set({
      shown_text: text,
      shown_words: words,
      shown_photos: [...photos],
      shown_sides: JSON.stringify(sides),
    })
    .where('id', '=', id)
    .execute();
}
