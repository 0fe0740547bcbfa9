import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Act, type Life, live, type Presence, STEP } from './testing/lived-day.ts';
import { DESKS, type Replay, type ReplayWorld, replayWorld } from './testing/replay.ts';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from './types.ts';

let world: ReplayWorld;
beforeAll(async () => {
  world = await replayWorld();
});
afterAll(() => world.close());

const clock = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
};
const TUESDAY = -6 * 24 * 60 + clock('12:00');
const SUNDAY = -12 * 60;
const MORNING = clock('07:00');

/** Reached at the first call, attended for ten minutes, and no more than that. */
const life = (name: string, start: string, more: Partial<Life> = {}): Life => ({
  ...{ name, start: clock(start), books: TUESDAY, calls: ['answered'], lasts: 10, acts: [] },
  ...more,
});
const act = (at: string, rest: { does: Act['does']; to?: number; desk?: string }) =>
  ({ at: clock(at), ...rest }) as Act;

const [ONE, TWO, THREE] = ['taula-1', 'taula-2', 'taula-3'] as const;
const no = (...calls: AttemptOutcome[]): Partial<Life> => ({ calls });

/** Three at each hour from nine on, and one at the last. */
const FORTY: Life[] = [
  life('Anna', '09:00', { acts: [act('09:00', { does: 'answer the survey' })] }),
  life('Bru', '09:00', no('no_answer', 'answered')),
  life('Carla', '09:00', no('busy', 'voicemail', 'no_answer')), // a no-show
  life('Dídac', '09:20', { lasts: 40 }), // runs late: who comes after is told
  life('Elna', '09:20', {
    ...no('wrong_number', 'rejected', 'answered'),
    acts: [act('09:35', { does: 'say their number' })],
  }),
  life('Fèlix', '09:20', { acts: [act('08:30', { does: 'cancel' })] }),
  life('Gal·la', '09:40', { books: SUNDAY }),
  life('Hug', '09:40', { acts: [act('08:00', { does: 'move', to: clock('11:20') })] }),
  life('Ivet', '09:40', { acts: [act('09:45', { does: 'cancel' })] }), // too late to cancel by oneself
  life('Jan', '10:00', {
    ...no('no_answer', 'no_answer', 'no_answer'),
    acts: [act('11:05', { does: 'ring back', desk: THREE })],
  }),
  life('Kira', '10:00', { acts: [act('09:50', { does: 'be cancelled', desk: TWO })] }),
  life('Lluc', '10:00', {
    acts: [act('08:50', { does: 'be moved', to: clock('12:00'), desk: ONE })],
  }),
  life('Mar', '10:20', { acts: [act('10:30', { does: 'ring back', desk: TWO })] }),
  life('Nil', '10:20', {
    acts: [act('11:00', { does: 'have another booked', to: clock('13:00'), desk: ONE })],
  }),
  life('Ona', '10:20', { books: MORNING }),
  life('Pau', '10:40', no('busy', 'answered')),
  life('Queralt', '10:40', no('no_answer')),
  life('Roc', '10:40', { lasts: 5 }),
  life('Sira', '11:00', { acts: [act('07:30', { does: 'move', to: clock('09:00') })] }), // no place there
  life('Teo', '11:00', { books: MORNING, acts: [act('11:30', { does: 'answer the survey' })] }),
  life('Urà', '11:00', {
    acts: [act('09:00', { does: 'move', to: clock('13:40') }), act('10:00', { does: 'cancel' })],
  }),
  life('Vera', '11:20', no('rejected', 'rejected', 'rejected')),
  life('Xènia', '11:20', { lasts: 30 }),
  life('Yago', '11:40'),
  life('Zoe', '11:40', no('voicemail', 'answered')),
  life('Arnau', '11:40', { acts: [act('12:40', { does: 'ring back', desk: ONE })], calls: [] }),
  life('Berta', '12:00', { books: SUNDAY }),
  life('Cesc', '12:00', { lasts: 25 }),
  life('Dolça', '12:20', no('wrong_number')),
  life('Enric', '12:20', {
    ...no('wrong_number', 'answered'),
    acts: [act('12:35', { does: 'have their number mended', desk: ONE })],
  }),
  life('Fina', '12:20', {
    acts: [act('11:40', { does: 'be moved', to: clock('13:20'), desk: THREE })],
  }),
  life('Guiu', '12:40', no('busy', 'busy', 'answered')),
  life('Haizea', '12:40', { acts: [act('12:45', { does: 'be cancelled', desk: THREE })] }),
  life('Iker', '12:40', { lasts: 20, acts: [act('15:00', { does: 'answer the survey' })] }),
  life('Joana', '13:00'),
  life('Kike', '13:00', no('no_answer', 'no_answer', 'no_answer')),
  life('Lia', '13:20', { acts: [act('13:00', { does: 'cancel' })] }),
  life('Mauro', '13:20', {
    ...no('no_answer', 'busy', 'busy'),
    acts: [act('15:00', { does: 'answer the survey' })],
  }),
  life('Nora', '13:40', { lasts: 20 }),
  life('Oriol', '13:40', { books: clock('12:20') }), // on the day itself
];

const WHOLE: Presence = Object.fromEntries(
  DESKS.map((desk) => [desk, { from: 0, to: clock('16:30') }]),
);

async function expectAgreement(day: Replay): Promise<void> {
  const { found, expected } = await day.outcomes();
  expect(day.differences).toEqual([]);
  expect(found).toEqual(expected);
}

test('a day of forty appointments ends as it does on paper', async () => {
  const day = await world.begin(TUESDAY);
  expect(FORTY).toHaveLength(40);
  await live(day, FORTY, { ...WHOLE, [TWO]: { from: clock('09:50'), to: clock('16:30') } });
  await expectAgreement(day);
  const { found } = await day.outcomes();
  const ended = Object.values(found).map((each) => each.status);
  const count = (status: string) => ended.filter((each) => each === status).length;
  // What the day was written for did happen in it.
  expect(count('booked') + count('in_progress')).toBe(0);
  expect(count('fulfilled')).toBeGreaterThan(20);
  expect(count('noshow')).toBeGreaterThan(3);
  expect(count('cancelled')).toBeGreaterThan(3);
  const mails = Object.values(found).flatMap((each) =>
    each.mails.map((mail) => mail.split(' ')[0]),
  );
  for (const kind of [
    'confirmation',
    'reminder',
    'soon',
    'late',
    'change',
    'cancellation',
    'noshow',
    'number',
    'survey',
  ])
    expect(mails).toContain(kind);
}, 120_000);

/** Any day: some book early or on the day itself, and whatever happens to them happens at any time, to desks that come and go. */
const anyDay = () => {
  const grid = fc.integer({ min: 0, max: 14 }).map((nth) => clock('09:00') + nth * 20);
  const moment = fc.integer({ min: 0, max: 100 }).map((nth) => MORNING + nth * STEP);
  const desk = fc.constantFrom(...DESKS);
  const anyAct: fc.Arbitrary<Act> = fc.oneof(
    fc.record({ does: fc.constant('move' as const), at: moment, to: grid }),
    fc.record({ does: fc.constant('cancel' as const), at: moment }),
    fc.record({ does: fc.constant('ring back' as const), at: moment, desk }),
    fc.record({ does: fc.constant('be moved' as const), at: moment, to: grid, desk }),
    fc.record({ does: fc.constant('be cancelled' as const), at: moment, desk }),
    fc.record({ does: fc.constant('say their number' as const), at: moment }),
    fc.record({ does: fc.constant('have their number mended' as const), at: moment, desk }),
    fc.record({ does: fc.constant('answer the survey' as const), at: moment }),
  );
  const anyLife = fc.record({
    start: grid,
    books: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(TUESDAY, SUNDAY) },
      { weight: 1, arbitrary: moment },
    ),
    calls: fc.array(fc.constantFrom(...ATTEMPT_OUTCOMES), { maxLength: 3 }),
    lasts: fc.integer({ min: 1, max: 9 }).map((nth) => nth * STEP),
    acts: fc.array(anyAct, { maxLength: 2 }).map((acts) => acts.toSorted((a, b) => a.at - b.at)),
  });
  const presence = fc.record({ from: moment, to: fc.constant(clock('16:30')) });
  return fc.record({
    lives: fc
      .array(anyLife, { minLength: 1, maxLength: 40 })
      .map((lives) => lives.map((each, nth): Life => ({ ...each, name: `P${nth}x` }))),
    presence: fc.record(Object.fromEntries(DESKS.map((each) => [each, presence]))),
  });
};

test('any day ends as it does on paper', async () => {
  const seed = Number(process.env.SEED ?? fc.sample(fc.nat(), 1)[0]);
  console.info(`any day: SEED=${seed}`);
  await fc.assert(
    fc.asyncProperty(anyDay(), async ({ lives, presence }) => {
      const day = await world.begin(Math.min(...lives.map((each) => each.books)));
      await live(day, lives, presence);
      await expectAgreement(day);
    }),
    { seed, numRuns: Number(process.env.DAYS ?? 3), endOnFailure: !process.env.SEED },
  );
}, 300_000);
