import { randomUUID } from 'node:crypto';
import type { StaffUnit } from './locking.ts';
import { aboutEncounter, stampOf } from './locking.ts';
import { changeAttendantOf, insertEncounter } from './store.ts';
import type { NewEncounter } from './types.ts';

/**
 * Begins an encounter without an appointment at the viewer's desk, or goes on with an open one that another desk had. Returns its id.
 * `known`: the id of the one that there was; null: none.
 */
export async function attend(
  unit: StaffUnit,
  known: string | null,
  person: Pick<NewEncounter, 'channel' | 'language' | 'name'>,
): Promise<string> {
  const { desk } = unit.viewer;
  const stamp = stampOf(unit);
  if (known && (await changeAttendantOf(unit, known, { desk, actor: stamp.actor }))) return known;
  const begun = { ...person, id: randomUUID(), office: unit.office, appointment: null, desk };
  await insertEncounter(unit.tx, begun, stamp);
  await unit.record('started', aboutEncounter(null, begun));
  return begun.id;
}
