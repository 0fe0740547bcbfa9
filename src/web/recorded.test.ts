import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTIONS } from '../features/foundation/audit/actions.ts';
import {
  type BreakableTrail,
  breakableTrail,
  NO_TRAIL,
} from '../features/foundation/audit/testing.ts';
import { INSTALLATION, within } from '../lib/db/database.ts';
import { snapshot } from '../lib/db/testing/snapshot.ts';
import { ACCOUNTS } from './testing/recorded/accounts.ts';
import { DECLARATIONS } from './testing/recorded/declarations.ts';
import { SERVICES } from './testing/recorded/services.ts';
import {
  type Deed,
  MONDAY,
  openWorld,
  type Scenario,
  type World,
} from './testing/recorded/world.ts';

/*
 * An action without its record isn't done. Each action of the trail is tried while its record can't be
 * written: it must fail,
 * and leave the database unchanged. Then it is tried again with a working trail, and must be done and
 * recorded.
 */

const SCENARIOS: Record<string, Record<string, Scenario>> = {
  ...SERVICES,
  ...DECLARATIONS,
  ...ACCOUNTS,
};

/** Tables that change by themselves, or only record reads. */
const RESTLESS = ['public.presence', 'public.presence_event', 'public.broken_trail'];

let world: World;
let trail: BreakableTrail;

beforeAll(async () => {
  world = await openWorld();
  trail = await breakableTrail(world.house.database);
}, 60_000);
afterAll(async () => {
  await trail?.close();
  await world?.close();
});

const everything = () => snapshot(world.house.database, RESTLESS);
const without = (sums: Map<string, string>, tables: readonly string[] = []) =>
  Object.fromEntries([...sums].filter(([name]) => !tables.includes(name)));

test('each action of the trail is tried', () => {
  expect(Object.keys(SCENARIOS).toSorted()).toEqual(Object.keys(ACTIONS).toSorted());
});

const cases = Object.entries(SCENARIOS).flatMap(([action, ways]) =>
  Object.entries(ways).map(([way, scenario]) => ({ action, way, scenario })),
);

/** Returns the errors that an outcome is made of. */
const errorsIn = (outcome: unknown): unknown[] =>
  outcome instanceof AggregateError ? outcome.errors.flatMap(errorsIn) : [outcome];

describe('without its record', () => {
  test.each(cases)(
    '$action isn’t done: $way',
    async ({ action, scenario }) => {
      world.clock.set(MONDAY);
      const made = await scenario(world);
      const deed: Deed = typeof made === 'function' ? { act: made } : made;

      const before = await everything();
      const was = await deed.as?.();
      await trail.break(action);
      const outcome = await deed.act().catch((error: unknown) => error);
      await trail.mend();
      const after = await everything();
      // A job goes on with the others, and says at its end what it could not do.
      if (!deed.silent)
        expect(errorsIn(outcome)).toContainEqual(expect.objectContaining({ message: NO_TRAIL }));
      const tables = deed.besides?.tables;
      expect(without(after, tables)).toEqual(without(before, tables));
      expect(await deed.as?.()).toEqual(was);

      const count = () => countOf(action);
      const recorded = await count();
      await (deed.again ?? deed.act)();
      expect(await count()).toBeGreaterThan(recorded);
    },
    60_000,
  );
});

const countOf = (action: string): Promise<number> =>
  within(world.house.database.kysely, INSTALLATION, async (tx) => {
    const rows = await tx.selectFrom('audit').select('id').where('action', '=', action).execute();
    return rows.length;
  });
