import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { readDue } from '../../../lib/jobs/due.ts';
import { firstFails, STUCK, testUnit } from '../../foundation/audit/testing.ts';
import { createEncounter, createUnreached, type EncounterService } from '../encounter/service.ts';
import { createPresence, type Presence } from '../presence/service.ts';
import { createCoordination } from './service.ts';
import { at, type CoordinationWorld, coordinationWorld, type TestOffice } from './testing.ts';
import { uncalledDue } from './views.ts';

let world: CoordinationWorld;
let setting: TestOffice;
let presence: Presence;
let encounter: EncounterService;
beforeAll(async () => {
  world = await coordinationWorld();
  const { db, clock, offices } = world;
  const notifier = { listen: () => () => {}, listenToTopics: () => () => {} };
  const unit = testUnit(db, clock);
  presence = createPresence({ db, notifier, clock, offices, unit, log: console });
  const staff = { namesOf: async () => new Map<number, string>() };
  encounter = createEncounter({ db, clock, staff, unit });
});
afterAll(async () => {
  presence.close();
  await world.close();
});
beforeEach(async () => {
  world.clock.set(at('07:00').toString());
  setting = await world.open();
});

const agent = (code: string) => setting.viewer('agent', code);
const come = (code: string) => presence.visit(agent(code), setting.office, { isIdle: false });
/** How it stands once a time has come, and what is due by then is done. */
const standsAt = async (id: string, time: string) => {
  world.clock.set(at(time).toString());
  const { db, clock, offices, unit } = world;
  await Promise.all([
    createUnreached({ db, clock, offices, unit }).end(),
    world.coordination.endUncalled(),
    world.coordination.endUncalled(),
  ]);
  return setting.stands(id);
};
const call = (id: string, number: number, outcome: 'no_answer' | 'wrong_number') =>
  encounter.logAttempt(agent('taula-1'), setting.office, id, { number, outcome, note: '' });
/** Whether somebody has to be looked after now of whom nobody has called. */
const isDueAt = async (time: string): Promise<boolean> => {
  const now = at(time);
  const jobs = [{ what: 'to test', due: uncalledDue }];
  const [due] = await readDue(world.db, jobs, { now, ran: new Map() });
  return !!due && Temporal.Instant.compare(due, now) <= 0;
};
const events = (id: string) =>
  within(world.db, setting.id, (tx) =>
    tx
      .selectFrom('event')
      .select(['kind', 'data', 'actor'])
      .where('appointment_id', '=', id)
      .where('kind', '<>', 'booked')
      .orderBy('id')
      .execute(),
  );

describe('a citizen whom nobody called in the promised time', () => {
  test('gets an apology and a time that is kept, once, and is no no-show', async () => {
    const { id, start } = await setting.book('09:00', 'taula-1');
    expect(await standsAt(id, '09:29')).toBe('taula-1');
    expect(await standsAt(id, '09:30')).toBe('displaced');
    expect(await setting.told(id)).toEqual(['uncalled']);
    const [notice] = (await setting.notices(id)).filter((each) => each.kind === 'uncalled');
    expect(notice?.facts).toMatchObject({ by: 'office', offer: { start: expect.any(String) } });
    expect(await events(id)).toMatchObject([
      { kind: 'displaced', actor: 'system', data: { uncalled: true, start: start.toString() } },
    ]);
    expect(await setting.audit()).toContainEqual(
      expect.objectContaining({ action: 'displaced', actor: 'system' }),
    );
    const board = await world.coordination.board(
      setting.viewer('coordinator'),
      setting.office,
      start.toZonedDateTimeISO('Europe/Madrid').toPlainDate(),
    );
    expect(board?.displaced.map((each) => each.id)).toEqual([id]);
    expect(await setting.wrongs()).toEqual([]);
  });

  test('is still called by an agent who is there and runs late', async () => {
    const { id } = await setting.book('09:00', 'taula-1');
    for (const time of ['09:20', '09:25', '09:30', '09:35']) {
      world.clock.set(at(time).toString());
      await come('taula-1');
    }
    expect(await standsAt(id, '09:36')).toBe('taula-1');
    expect(await call(id, 1, 'no_answer')).toMatchObject({ ok: true });
    expect(await standsAt(id, '09:50')).toBe('taula-1');
    expect(await standsAt(id, '09:51')).toBe('noshow');
  });

  test('gets it as well when only another person’s number was called, and nobody called theirs', async () => {
    const { id } = await setting.book('09:00', 'taula-1');
    world.clock.set(at('09:00').toString());
    expect(await isDueAt('09:01')).toBe(true);
    await call(id, 1, 'wrong_number');
    // Nothing can be done without a number.
    expect(await isDueAt('09:01')).toBe(false);
    const citizen = { name: 'Rosa', email: 'rosa@example.cat', phone: '+34600000009' };
    const itself = { kind: 'citizen', appointment: id } as const;
    expect((await world.appointments.changeContact(itself, setting.office, id, citizen)).ok).toBe(
      true,
    );
    expect(await isDueAt('09:39')).toBe(true);
    expect(await standsAt(id, '09:40')).toBe('displaced');
    expect(await isDueAt('09:41')).toBe(false);
  });

  test('who was called or has cancelled is left alone', async () => {
    const called = await setting.book('09:00', 'taula-1');
    const cancelled = await setting.book('09:20', 'taula-3');
    const itself = { kind: 'citizen', appointment: cancelled.id } as const;
    await world.appointments.cancel(itself, setting.office, cancelled.id, '');
    world.clock.set(at('09:00').toString());
    await call(called.id, 1, 'no_answer');
    expect(await isDueAt('09:21')).toBe(false);
    expect(await standsAt(called.id, '10:30')).toBe('noshow');
    expect(await setting.stands(cancelled.id)).toBe('cancelled');
  });

  test('and who gets another hour is called at that one', async () => {
    const { id } = await setting.book('09:00', 'taula-1');
    expect(await standsAt(id, '09:30')).toBe('displaced');
    const itself = { kind: 'citizen', appointment: id } as const;
    const moved = await world.appointments.move(itself, setting.office, id, { start: at('12:00') });
    expect(moved.ok).toBe(true);
    expect(await standsAt(id, '12:29')).toMatch(/^taula/);
    expect(await standsAt(id, '12:30')).toBe('displaced');
    expect((await setting.told(id)).filter((kind) => kind === 'uncalled')).toHaveLength(1);
  });
});

test('one that can’t be told doesn’t hold up others of its office, nor other offices', async () => {
  const here = [await setting.book('09:00', 'taula-1'), await setting.book('09:00', 'taula-3')];
  const other = await world.open();
  const elsewhere = await other.book('09:00', 'taula-1');
  world.clock.set(at('09:40').toString());
  const unit = firstFails(world.unit);
  await expect(createCoordination({ ...world, unit }).endUncalled()).rejects.toThrow(STUCK);
  const stand = [
    ...(await Promise.all(here.map(({ id }) => setting.stands(id)))),
    await other.stands(elsewhere.id),
  ];
  expect(stand.filter((each) => each === 'displaced')).toHaveLength(2);
});

test('one that can’t be ended as missed doesn’t hold up the others', async () => {
  const here = [await setting.book('09:00', 'taula-1'), await setting.book('09:00', 'taula-3')];
  world.clock.set(at('09:00').toString());
  for (const [nth, code] of [
    [0, 'taula-1'],
    [1, 'taula-3'],
  ] as const) {
    const draft = { number: 1, outcome: 'no_answer', note: '' } as const;
    await encounter.logAttempt(agent(code), setting.office, here[nth]!.id, draft);
  }
  world.clock.set(at('09:50').toString());
  const { db, clock, offices } = world;
  const unreached = createUnreached({ db, clock, offices, unit: firstFails(world.unit) });
  await expect(unreached.end()).rejects.toThrow(STUCK);
  const stand = await Promise.all(here.map(({ id }) => setting.stands(id)));
  expect(stand.filter((each) => each === 'noshow')).toHaveLength(1);
});
