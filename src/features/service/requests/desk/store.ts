import type { Unit } from '../../../foundation/audit/service.ts';
import type { ShownOfRequest } from './types.ts';

/** Keeps what everybody may see of a locked request. */
export async function setShown(
  { tx }: Pick<Unit, 'tx'>,
  id: string,
  { text, photos }: ShownOfRequest,
): Promise<void> {
  await tx
    .updateTable('request')
    .set({ shown_text: text, shown_photos: [...photos] })
    .where('id', '=', id)
    .execute();
}
