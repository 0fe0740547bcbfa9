import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { unitOf } from '../../foundation/audit/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import {
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from '../../service/coordination/testing.ts';
import { testEncounter } from '../../service/encounter/testing/encounter.ts';
import { createPresence, type Presence } from '../../service/presence/service.ts';
import { createLiveBoards, type LiveBoards } from './service.ts';
import type { LiveBoard } from './types.ts';

let world: CoordinationWorld;
let setting: TestOffice;
let presence: Presence;
let now: LiveBoards;
beforeAll(async () => {
  world = await coordinationWorld();
  const { db, clock, offices } = world;
  const notifier = {
    notifyTopic: () => {},
    listen: () => () => {},
    listenToTopics: () => () => {},
  };
  presence = createPresence({
    db,
    notifier,
    clock,
    offices,
    unit: unitOf({ db, clock, notifier: { ...notifier, notify: () => {} } }),
    log: console,
  });
  const namesOf = async (ids: readonly number[]) => new Map(ids.map((id) => [id, `Persona ${id}`]));
  now = createLiveBoards({ clock, staff: { namesOf }, unit: testUnit(db, clock) });
});
afterAll(async () => {
  presence.close();
  await world.close();
});
beforeEach(async () => {
  world.clock.set(`${MONDAY}T09:00:00+01:00`);
  setting = await world.open();
});

const nuria = () => setting.viewer('coordinator');
const at = (code: string) => setting.viewer('agent', code);
const come = (code: string) => presence.visit(at(code), setting.office, { isIdle: false });
const look = async (filter = {}): Promise<LiveBoard> =>
  (await now.board(nuria(), setting.office, { procedure: null, channel: null, ...filter }))!;
const states = ({ desks }: LiveBoard) =>
  desks.map(({ desk, standing, isUnresponsive }) =>
    [desk.code, standing?.state ?? 'nobody', ...(isUnresponsive ? ['silent'] : [])].join(' '),
  );

test('a morning: who waits and for how long, who is in call, who doesn’t answer, who is free', async () => {
  const encounter = testEncounter(world.database, world.clock);
  // Booked beforehand.
  world.clock.set(`${MONDAY}T07:00:00+01:00`);
  const one = await setting.book('09:00', 'taula-1');
  const two = await setting.book('09:20', 'taula-2');
  world.clock.set(`${MONDAY}T08:57:00+01:00`);
  await come('taula-1');
  await come('taula-2');
  expect((await look()).figures).toEqual({
    ...{
      waiting: 0,
      longest: null,
      inCall: 0,
      late: 0,
      noshow: 0,
      uncalled: 0,
      unresponsive: 0,
      free: 2,
    },
  });

  world.clock.set(`${MONDAY}T09:00:00+01:00`);
  await come('taula-1');
  await encounter.start(at('taula-1'), setting.office, one.id);
  let board = await look();
  expect(board.figures).toMatchObject({ waiting: 0, inCall: 1, free: 1 });
  expect(states(board)).toEqual(['taula-1 in_call', 'taula-2 available', 'taula-3 nobody']);
  expect(board.desks[1]?.next?.id).toBe(two.id);

  world.clock.set(`${MONDAY}T09:26:00+01:00`);
  board = await look();
  expect(board.waits.map(({ entry, isLate }) => [entry.id, isLate])).toEqual([[two.id, true]]);
  expect(board.figures).toEqual({
    ...{
      waiting: 1,
      longest: 6,
      inCall: 1,
      late: 1,
      noshow: 0,
      uncalled: 0,
      unresponsive: 1,
      free: 0,
    },
  });
  expect(states(board)).toEqual(['taula-2 away silent', 'taula-1 in_call', 'taula-3 nobody']);

  // Somebody looks at the page: that is a sign.
  await come('taula-2');
  board = await look();
  expect(board.figures).toMatchObject({ unresponsive: 0, free: 1, waiting: 1 });
  for (const number of [1, 2, 3])
    await encounter.logAttempt(at('taula-2'), setting.office, two.id, {
      ...{ number, outcome: 'no_answer' as const, note: '', anyway: true },
    });
  // It ends by itself when the promised window is over.
  expect((await look()).figures).toMatchObject({ waiting: 0, noshow: 0, late: 0 });
});

test('the next two hours count desks that are there; what is away now is not counted on', async () => {
  world.clock.set(`${MONDAY}T07:00:00+01:00`);
  for (const code of ['taula-1', 'taula-2', 'taula-3']) await setting.book('10:00', code);
  world.clock.set(`${MONDAY}T09:40:00+01:00`);
  await come('taula-1');
  await come('taula-2');
  let half = (await look()).ahead[1];
  expect(half).toMatchObject({ appointments: 3, atOnce: 3, desks: 2, missing: 1 });
  await come('taula-3');
  half = (await look()).ahead[1];
  expect(half).toMatchObject({ appointments: 3, atOnce: 3, desks: 3, missing: 0 });
  half = (await look({ channel: 'video' })).ahead[1];
  expect(half).toMatchObject({ appointments: 0, atOnce: 0, missing: 0 });
});

test('who is in the room waits since they came; a part of the work is looked at alone', async () => {
  world.clock.set(`${MONDAY}T07:00:00+01:00`);
  const { id } = await setting.book('09:25', 'taula-1', { channel: 'video' });
  await within(world.db, setting.id, async (tx) => {
    await tx.updateTable('appointment').set({ status: 'arrived' }).where('id', '=', id).execute();
    await tx
      .insertInto('event')
      .values({
        ...{ office_id: setting.id, appointment_id: id, kind: 'arrived', actor: 'citizen' },
        ...{ at: `${MONDAY}T09:15:00+01:00`, data: '{}' },
      })
      .execute();
  });
  world.clock.set(`${MONDAY}T09:21:00+01:00`);
  expect((await look()).figures).toMatchObject({
    waiting: 1,
    longest: 6,
    late: 0,
    unresponsive: 0,
  });
  expect((await look({ channel: 'phone' })).waits).toEqual([]);
  expect((await look({ procedure: 'volant-padro', channel: 'video' })).waits).toHaveLength(1);
  world.clock.set(`${MONDAY}T09:30:00+01:00`);
  expect((await look()).figures).toMatchObject({ late: 1, unresponsive: 1 });
});

test('who coordinates and takes over has no desk, and is in a call all the same, until it is written', async () => {
  const encounter = testEncounter(world.database, world.clock);
  const { id } = await setting.book('10:20', 'taula-1');
  world.clock.set(`${MONDAY}T10:20:00+01:00`);
  await come('taula-1');
  await encounter.start(at('taula-1'), setting.office, id);
  expect((await look()).withoutDesk).toEqual([]);
  world.clock.set(`${MONDAY}T10:24:00+01:00`);
  const laia = setting.viewer('coordinator', null, 1);
  const { coordination } = world;
  const taken = await coordination.takeOver(laia, setting.office, id, actorOf(at('taula-1')));
  expect(taken).toEqual({ ok: true });
  let board = await look();
  expect(states(board)).toContain('taula-1 available');
  expect(board.withoutDesk).toMatchObject([
    { who: `Persona ${laia.staff}`, standing: { state: 'in_call', work: { appointment: id } } },
  ]);
  expect(board.figures).toMatchObject({ inCall: 1, waiting: 0 });
  expect((await look({ channel: 'video' })).figures.inCall).toBe(0);
  // The office next door has nothing of it.
  const other = await world.open();
  const all = { procedure: null, channel: null };
  const elsewhere = await now.board(other.viewer('coordinator'), other.office, all);
  expect(elsewhere?.withoutDesk).toEqual([]);

  // No event ends the call: after some time it no longer counts as one.
  world.clock.set(`${MONDAY}T13:24:00+01:00`);
  board = await look();
  expect(board.withoutDesk.map(({ standing }) => standing.state)).toEqual(['wrap_up']);
  world.clock.set(`${MONDAY}T13:40:00+01:00`);
  expect((await look()).withoutDesk).toEqual([]);
});

test('is theirs to see who coordinate, in their own office, and is on the audit trail once in a while', async () => {
  const all = { procedure: null, channel: null };
  expect(await now.board(at('taula-1'), setting.office, all)).toBeNull();
  const other = await world.open();
  expect(await now.board(nuria(), other.office, all)).toBeNull();
  await look();
  await look();
  expect((await setting.audit()).filter((each) => each.action === 'now')).toHaveLength(1);
});
