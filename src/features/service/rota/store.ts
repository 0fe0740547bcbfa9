import type { Tx } from '../../../lib/db/database.ts';
import type { RotaEditor } from '../../foundation/offices/types.ts';
import type { KeptResolution, RotaEdit } from './types.ts';

/** Inserts a change, with the resolutions of the appointments that lose their desk by it. Returns its id. */
export async function insertChange(
  tx: Tx,
  office: number,
  { kind, resolutions }: { kind: RotaEdit['kind']; resolutions: readonly KeptResolution[] },
  by: RotaEditor,
): Promise<number> {
  const { id } = await tx
    .insertInto('rota_change')
    .values({
      office_id: office,
      made_at: by.now.toString(),
      made_by: by.staff,
      kind,
      resolutions: JSON.stringify(resolutions),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Marks a change as settled: all appointments that lost their desk by it have been handled. */
export async function markSettled(tx: Tx, id: number, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('rota_change')
    .set({ settled_at: now.toString() })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .execute();
}
