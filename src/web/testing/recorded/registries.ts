import { createOutsideRegistering } from '../../../features/foundation/registry/service.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { Deed, Scenario, World } from './world.ts';

/** What is done with registries: the own book, and the register of inhabitants. */
export const REGISTRIES = {
  registered: {
    'by its feature': async (world) => {
      const office = await world.office();
      const { registry, unit } = world.context;
      const what = { direction: 'entry', about: 'case 1', content: '00'.repeat(32) } as const;
      return () => unit(world.staff(), office.id, (each) => registry.register(each, office, what));
    },
  },
  residents_read: {
    'for a case': async (world) => {
      const office = await world.office();
      const { residents } = world.context;
      const about = {
        case: '00000000-0000-4000-8000-000000000001',
        extent: 'person',
        isAsked: true,
      } as const;
      const rosa = { scheme: 'dni', country: 'ES', identifier: '12345678Z' } as const;
      return () => residents.find(world.staff(), office.id, about, rosa);
    },
  },
  registry_closed: {
    'by the job': async (world) => {
      const office = await world.office();
      const { registry, unit } = world.context;
      const what = { direction: 'entry', about: 'case 2', content: '00'.repeat(32) } as const;
      await unit(world.staff(), office.id, (each) => registry.register(each, office, what));
      world.clock.advance({ hours: 24 });
      return () => registry.closeDays(office);
    },
  },
  registered_outside: { 'by the job': (world) => owedOutside(world, null) },
  registry_reconciled: { 'by the job': (world) => owedOutside(world, 'E/1') },
} satisfies Record<string, Record<string, Scenario>>;

/** Owes an entry to a registry of the town, which has it in its auxiliary one. `number`: what we know of it already. */
async function owedOutside(world: World, number: string | null): Promise<Deed> {
  const { context, clock } = world;
  const { database, registry, unit } = context;
  const office = await world.office();
  const about = `case 3 ${number}`;
  const what = { direction: 'entry', about, content: '00'.repeat(32) } as const;
  const { id } = await unit(world.staff(), office.id, (each) =>
    registry.register(each, office, what),
  );
  const at = clock.now().toString();
  const owed = { id, office_id: office.id, owed_at: at, next_try_at: at, number };
  await within(database.kysely, INSTALLATION, (tx) =>
    tx.insertInto('registry_outside').values(owed).execute(),
  );
  const made = { number: 'E/1', at: null, subject: null, consolidated: null };
  const outside = createOutsideRegistering({
    ...context,
    db: database.kysely,
    describe: async () => null,
    adapt: () => ({
      enter: async (_, goAhead) => ((await goAhead()) ? { ok: true, value: made } : null),
      find: async () => ({ ok: true, value: [made] }),
      auxiliary: async () => ({ ok: true, value: [made] }),
    }),
  });
  return {
    act: () => outside.deliver(),
    again: () => {
      clock.advance({ minutes: 15 });
      return outside.deliver();
    },
    besides: { tables: ['public.registry_outside'], why: 'it is noted before it is sent' },
  };
}
