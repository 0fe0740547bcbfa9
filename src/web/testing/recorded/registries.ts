import type { Scenario } from './world.ts';

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
      const about = { case: '00000000-0000-4000-8000-000000000001' };
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
} satisfies Record<string, Record<string, Scenario>>;
