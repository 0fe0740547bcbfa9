import type { Tx } from '../../../lib/db/database.ts';
import type { AlertChoice, DayView, ShortcutsChoice } from './types.ts';

export async function saveKeys(
  tx: Tx,
  staff: number,
  { isOff, own }: ShortcutsChoice,
): Promise<void> {
  const chosen = { keys_off: isOff, keys: JSON.stringify(own) };
  await tx
    .insertInto('staff_preference')
    .values({ staff_id: staff, ...chosen })
    .onConflict((conflict) => conflict.column('staff_id').doUpdateSet(chosen))
    .execute();
}

export async function saveView(tx: Tx, staff: number, view: DayView): Promise<void> {
  await tx
    .insertInto('staff_preference')
    .values({ staff_id: staff, day_view: view })
    .onConflict((conflict) => conflict.column('staff_id').doUpdateSet({ day_view: view }))
    .execute();
}

export async function saveAlerts(
  tx: Tx,
  staff: number,
  alerts: readonly AlertChoice[],
): Promise<void> {
  const chosen = { alerts: [...alerts] };
  await tx
    .insertInto('staff_preference')
    .values({ staff_id: staff, ...chosen })
    .onConflict((conflict) => conflict.column('staff_id').doUpdateSet(chosen))
    .execute();
}
