import type { Tx } from '../../../lib/db/database.ts';
import type { KeptResolution, RotaEdit } from './types.ts';

/** The author and the time of a change. */
export interface RotaEditor {
  readonly staff: number;
  readonly now: Temporal.Instant;
}

/** Inserts a change, with the resolutions of the appointments that lose their desk by it. Returns its id. */
export async function insertChange(
  tx: Tx,
  office: number,
  change: {
    kind: RotaEdit['kind'];
    resolutions: readonly KeptResolution[];
    /** Not before; null: at once. */
    settlesAt: Temporal.Instant | null;
  },
  by: RotaEditor,
): Promise<number> {
  const { id } = await tx
    .insertInto('rota_change')
    .values({
      office_id: office,
      made_at: by.now.toString(),
      made_by: by.staff,
      kind: change.kind,
      resolutions: JSON.stringify(change.resolutions),
      settles_at: change.settlesAt?.toString() ?? null,
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

/**
 * Marks as settled the change that entered this absence alone, before the absence ends: what is not handled by then stays at the desk,
 * which is back.
 */
export async function stopSettling(tx: Tx, absence: number, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable('rota_change')
    .set({ settled_at: now.toString() })
    .where('id', '=', (eb) =>
      eb.selectFrom('absence').select('change_id').where('absence.id', '=', absence),
    )
    .where('kind', '=', 'absence')
    .where('settled_at', 'is', null)
    .execute();
}

/** Marks the closing that entered these absences as settled: who was not told yet keeps their hour. */
export async function stopClosing(
  tx: Tx,
  absences: readonly number[],
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('rota_change')
    .set({ settled_at: now.toString() })
    .where('id', 'in', (eb) =>
      eb.selectFrom('absence').select('change_id').where('absence.id', 'in', absences),
    )
    .where('kind', '=', 'close')
    .where('settled_at', 'is', null)
    .execute();
}
