import { identified } from '../identification.ts';
import type { Scenario, World } from './world.ts';

/** An encounter in which the citizen was asked to identify. */
async function asked(world: World) {
  const of = await world.attend();
  const office = await world.office();
  await world.context.identifying.ask(world.staff(), office, of.id, 'low');
  return { of, office };
}

export const IDENTITIES = {
  identity_asked: {
    'by staff': async (world) => {
      const of = await world.attend();
      const office = await world.office();
      return () => world.context.identifying.ask(world.staff(), office, of.id, 'low');
    },
  },
  identified: {
    'in the encounter': async (world) => {
      const { of, office } = await asked(world);
      const id = await identified(world.context, '12345678Z');
      return () => world.context.identifying.settle(world.citizen(of), office, id);
    },
    'before it': async (world) => {
      const of = await world.book();
      const office = await world.office();
      const id = await identified(world.context, '12345678Z');
      return () => world.context.identifying.settle(world.citizen(of), office, id);
    },
  },
  identity_failed: {
    'by the citizen': async (world) => {
      const { of, office } = await asked(world);
      return () => world.context.identifying.fail(world.citizen(of), office, 'cancelled');
    },
  },
  identifier_shown: {
    'to staff': async (world) => {
      const { of, office } = await asked(world);
      const id = await identified(world.context, '12345678Z');
      await world.context.identifying.settle(world.citizen(of), office, id);
      const person = (await world.context.identifying.standing(of)).people[0]?.person ?? '';
      return () => world.context.identifying.reveal(world.staff(), office, of.id, person);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
