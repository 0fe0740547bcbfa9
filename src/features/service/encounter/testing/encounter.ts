import type { Clock } from '../../../../lib/clock.ts';
import type { Database } from '../../../../lib/db/database.ts';
import { testUnit } from '../../../foundation/audit/testing.ts';
import { createEncounter, type EncounterService } from '../service.ts';

/** Encounter for tests: on this database, by this clock, where everybody is called by their id. */
export function testEncounter(
  { kysely: db }: Pick<Database, 'kysely'>,
  clock: Clock,
  notify: (office: number) => void = () => {},
): EncounterService {
  const namesOf = async (ids: readonly number[]) =>
    new Map(ids.map((id) => [id, `Persona ${id}`] as const));
  return createEncounter({ db, clock, staff: { namesOf }, unit: testUnit(db, clock, notify) });
}
