import type { Scenario } from './world.ts';

/** What is done with the registry. */
export const REGISTRIES = {
  registered: {
    'by its feature': async (world) => {
      const office = await world.office();
      const { registry, unit } = world.context;
      const what = { direction: 'entry', about: 'case 1', content: '00'.repeat(32) } as const;
      return () => unit(world.staff(), office.id, (each) => registry.register(each, office, what));
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
