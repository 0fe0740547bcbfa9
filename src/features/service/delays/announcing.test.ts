import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testUnit } from '../../foundation/audit/testing.ts';
import {
  at,
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from '../coordination/testing.ts';
import { createDelays, type Delays } from './service.ts';

let world: CoordinationWorld;
let setting: TestOffice;
let delays: Delays;
beforeAll(async () => {
  world = await coordinationWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.set(`${MONDAY}T07:00:00+01:00`);
  setting = await world.open();
  delays = createDelays({
    db: world.db,
    offices: { list: async () => [setting.office] },
    clock: world.clock,
    unit: testUnit(world.db, world.clock),
  });
});

const laia = () => setting.viewer('coordinator');
const lateNotices = async (id: string) =>
  (await setting.notices(id)).filter((each) => each.kind === 'late').map((each) => each.facts);
const say = (minutes: number, desk: string | null = 'taula-1', hours: number | null = null) =>
  delays.announce(laia(), setting.office, {
    desk: desk === null ? null : setting.desk(desk),
    minutes,
    hours,
  });

test('those who are still to be attended are told, and their page says it', async () => {
  const over = await setting.book('09:00', 'taula-1');
  const next = await setting.book('10:00', 'taula-1');
  const other = await setting.book('10:00', 'taula-2');
  world.clock.set(`${MONDAY}T09:50:00+01:00`);
  const reached = await delays.reach(laia(), setting.office, {
    desk: setting.desk('taula-1'),
    hours: null,
  });
  expect(reached).toEqual([
    {
      id: next.id,
      desk: setting.desk('taula-1'),
      start: at('10:00'),
      name: 'Rosa 10:00',
      by: 'email',
      told: 0,
    },
  ]);
  expect(await say(30)).toBe(1);
  expect(await lateNotices(next.id)).toMatchObject([{ minutes: 30 }]);
  expect([await lateNotices(over.id), await lateNotices(other.id)]).toEqual([[], []]);
  expect(await delays.delay(setting.office, next)).toEqual({ minutes: 30, at: at('10:30') });
  expect(await delays.delay(setting.office, other)).toBe(null);
  expect((await setting.audit()).at(-1)).toMatchObject({
    action: 'late_said',
    data: { desk: setting.desk('taula-1'), minutes: 30, count: 1 },
  });
});

test('nobody is told twice, unless it has become worse', async () => {
  const { id } = await setting.book('10:00', 'taula-1');
  world.clock.set(`${MONDAY}T09:50:00+01:00`);
  const said = await Promise.all([say(20), say(20), say(20)]);
  expect(said.toSorted()).toEqual([0, 0, 1]);
  expect([await say(20), await say(15), await say(24)]).toEqual([0, 0, 0]);
  expect(await say(45)).toBe(1);
  expect(await lateNotices(id)).toMatchObject([{ minutes: 20 }, { minutes: 45 }]);
  expect(
    await delays.delay(setting.office, {
      ...(await world.appointments.byId(setting.office, id))!,
    }),
  ).toEqual({
    minutes: 45,
    at: at('10:45'),
  });
});

test('the whole office, or the next hours alone', async () => {
  const near = await setting.book('09:20', 'taula-1');
  const far = await setting.book('13:20', 'taula-2');
  world.clock.set(`${MONDAY}T09:00:00+01:00`);
  expect(await say(20, null, 2)).toBe(1);
  expect(await say(20, null)).toBe(1);
  expect([await lateNotices(near.id), await lateNotices(far.id)]).toMatchObject([
    [{ minutes: 20 }],
    [{ minutes: 20 }],
  ]);
});

test('what is over before it would begin isn’t said, nor more than anybody would wait', async () => {
  await setting.book('10:00', 'taula-1');
  world.clock.set(`${MONDAY}T10:15:00+01:00`);
  expect(await say(10)).toBe(0);
  expect([await say(181), await say(4), await say(-20)]).toEqual([null, null, null]);
});

test('an agent says nothing for others, nor does another office’s coordinator', async () => {
  await setting.book('10:00', 'taula-1');
  const other = await world.open();
  const about = { desk: null, hours: null };
  for (const viewer of [setting.viewer('agent', 'taula-1'), other.viewer('coordinator')]) {
    expect(await delays.reach(viewer, setting.office, about)).toBe(null);
    expect(await delays.announce(viewer, setting.office, { ...about, minutes: 20 })).toBe(null);
  }
});
