import { run, type Scenario, type World } from './world.ts';

/** An appointment in person at Marta's desk, whose hour has begun. */
async function visitOf(world: World) {
  const { id, start, office } = await world.book();
  await run(world, `update appointment set channel = 'in_person' where id = '${id}'`);
  world.until(start);
  return { id, office };
}

/** What is done with appointments in person. */
export const VISITS = {
  checked_in: {
    'by the citizen': async (world) => {
      const { id, office } = await visitOf(world);
      return () => world.context.checkIns.arrive({ kind: 'citizen', appointment: id }, office, id);
    },
    'by staff': async (world) => {
      const { id, office } = await visitOf(world);
      return () => world.context.checkIns.arrive(world.staff(), office, id);
    },
  },
  not_checked_in: {
    'by staff': async (world) => {
      const { id, office } = await visitOf(world);
      await world.context.checkIns.arrive(world.staff(), office, id);
      return () => world.context.checkIns.leave(world.staff(), office, id);
    },
  },
  missed: {
    'by staff': async (world) => {
      const { id, office } = await visitOf(world);
      return () => world.context.checkIns.miss(world.staff(), office, id);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
