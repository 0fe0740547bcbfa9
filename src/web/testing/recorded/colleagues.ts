import { ANSWER_MINUTES } from '../../../features/service/colleagues/rules.ts';
import type { RequestKind } from '../../../features/service/colleagues/types.ts';
import { run, type Scenario, staffOf, type World } from './world.ts';

const JORDI = 'jordi.puig@vilaclara.example';

/** Marta serves a citizen, and Jordi, who can do what she does, is at his desk. */
async function two(world: World) {
  const { context, house } = world;
  // Jordi is in no call of an earlier scenario.
  await run(world, 'update encounter set ended_at = started_at where ended_at is null');
  const of = await world.attend();
  const office = await world.office();
  const desk = office.desks.find((each) => each.code === 'taula-2')!.id;
  const jordi = world.staff('agent', { staff: await staffOf(house, JORDI), name: 'Jordi', desk });
  await context.presence.visit(jordi, office, { isIdle: false });
  // Only Marta's desk has competences here (see `openWorld`).
  const able = office.rota.desks.map((each) => ({ ...each, skills: 'all' as const }));
  return { of, office: { ...office, rota: { ...office.rota, desks: able } }, jordi };
}

/** Marta has asked Jordi. */
async function asked(world: World, kind: RequestKind) {
  const known = await two(world);
  const { of, office, jordi } = known;
  const wish = { kind, to: jordi.staff, note: '' };
  const ask = () => world.context.colleagues.ask(world.staff(), office, of.id, wish);
  const made = await ask();
  if (!made.ok) throw new Error(made.reason);
  const [request] = await world.context.colleagues.waiting(jordi);
  const answer = (what: 'accepted' | 'declined') =>
    world.context.colleagues.answer(jordi, office.settings.board, request!.id, what);
  return { ...known, request: request!, answer };
}

const asks =
  (kind: RequestKind): Scenario =>
  async (world) => {
    const { of, office, jordi } = await two(world);
    const wish = { kind, to: jordi.staff, note: '' };
    return () => world.context.colleagues.ask(world.staff(), office, of.id, wish);
  };

const answers =
  (kind: RequestKind, what: 'accepted' | 'declined'): Scenario =>
  async (world) => {
    const { answer } = await asked(world, kind);
    return () => answer(what);
  };

const lapses =
  (kind: RequestKind): Scenario =>
  async (world) => {
    await asked(world, kind);
    return () => {
      world.clock.advance({ minutes: ANSWER_MINUTES });
      return world.context.colleagues.settle();
    };
  };

export const COLLEAGUES = {
  colleague_asked: { 'by the agent': asks('join') },
  colleague_joined: { 'by the colleague': answers('join', 'accepted') },
  colleague_declined: {
    'by the colleague': answers('join', 'declined'),
    'after some minutes': lapses('join'),
  },
  colleague_left: {
    'let go by the agent': async (world) => {
      const { request, answer } = await asked(world, 'join');
      await answer('accepted');
      return () => world.context.colleagues.end(world.staff(), request.id);
    },
  },
  hand_over_asked: { 'by the agent': asks('hand_over') },
  hand_over_declined: {
    'by the colleague': answers('hand_over', 'declined'),
    'after some minutes': lapses('hand_over'),
  },
  handed_over: { 'by the colleague': answers('hand_over', 'accepted') },
} satisfies Record<string, Record<string, Scenario>>;
