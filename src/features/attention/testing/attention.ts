import type { Clock } from '../../../lib/clock.ts';
import type { Database } from '../../../lib/db/database.ts';
import { type AttentionService, createAttention } from '../service.ts';

/** Attention for tests: on this database, by this clock, where everybody is called by their id. */
export function testAttention(
  { kysely: db }: Pick<Database, 'kysely'>,
  clock: Clock,
  wake: (office: number) => void = () => {},
): AttentionService {
  const namesOf = async (ids: readonly number[]) =>
    new Map(ids.map((id) => [id, `Persona ${id}`] as const));
  return createAttention({ db, clock, staff: { namesOf }, wake });
}
