import type { Appointment } from '../../../domain/appointment.ts';
import { browserHash } from '../../../features/service/identifying/service.ts';
import { identified } from '../identification.ts';
import type { Scenario, World } from './world.ts';

/** An encounter in which the citizen was asked to identify. */
async function asked(world: World) {
  const of = await world.attend();
  const office = await world.office();
  await world.context.identifying.ask(world.staff(), office, of.id, 'low');
  return { of, office };
}

/** Returns a code that somebody asked for, and typed in another browser. */
async function typed({ context }: World, of: Appointment) {
  const { identityCodes: codes, config } = context;
  const from = { family: 'other', system: 'other', sender: Buffer.of(0) } as const;
  const desk = await codes.make(of, '', from);
  const entered = await codes.enter((await codes.shown(of, desk))?.code ?? '', '');
  if (!entered.ok) throw new Error(entered.reason);
  const found = await codes.typed(entered.cookie);
  await codes.answer(found?.id ?? '', entered.cookie, true);
  const browser = browserHash(entered.cookie, config.baseUrl) ?? Buffer.of(0);
  return { id: found?.id ?? '', browser };
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
    'on another device': async (world) => {
      const of = await world.book();
      const office = await world.office();
      const id = await identified(world.context, '12345678Z');
      const by = await typed(world, of);
      return () => world.context.identifying.settle(world.citizen(of), office, id, by);
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
