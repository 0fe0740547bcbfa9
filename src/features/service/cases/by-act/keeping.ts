import type { Office } from '../../../../domain/office/types.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { mayAttend } from '../../encounter/rules.ts';
import { readEncounter } from '../../encounter/views.ts';
import { isTheirs } from '../access.ts';
import type { CaseRow } from '../types.ts';
import { readCase } from '../views.ts';

/** Returns whether a member of staff may serve whoever a case was begun with, in its encounter. */
export async function mayServe(
  tx: Tx,
  viewer: StaffViewer,
  row: CaseRow,
): Promise<{ appointment: string | null } | null> {
  if (!row.encounter || !isTheirs(viewer, row)) return null;
  const found = await readEncounter(tx, { encounter: row.encounter });
  return found && mayAttend(viewer, found) ? { appointment: found.appointment } : null;
}

/** Returns the appointment in whose encounter a case was begun; null: there was none; undefined: the case is not the viewer's. */
export async function appointmentOfCase(
  tx: Tx,
  viewer: StaffViewer,
  office: Office,
  id: string,
): Promise<string | null | undefined> {
  const row = isUuid(id) ? await readCase(tx, id) : null;
  const found = row?.office === office.id ? await mayServe(tx, viewer, row) : null;
  return found ? found.appointment : undefined;
}
