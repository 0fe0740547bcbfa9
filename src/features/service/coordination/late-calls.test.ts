import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createEncounter, type EncounterService } from '../encounter/service.ts';
import { createPresence, type Presence } from '../presence/service.ts';
import { at, type CoordinationWorld, coordinationWorld, type TestOffice } from './testing.ts';

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

/** The agent of a desk. The third has another person than the first two. */
const agent = (code: string) => setting.viewer('agent', code, code === 'taula-3' ? 1 : 0);
const come = (code: string) => presence.visit(agent(code), setting.office, { isIdle: false });
const offer = async (code: string) =>
  (await world.coordination.lateCall(agent(code), setting.office))?.call.id ?? null;
const take = (code: string, id: string) =>
  world.coordination.takeLate(agent(code), setting.office, id);
const coordinator = () => setting.viewer('coordinator');
const choices = async (id: string) => {
  const found = await world.coordination.desksFor(coordinator(), setting.office, id);
  return found!.desks.map(({ desk, ineligibility, outlook }) => [
    desk.code,
    ineligibility ?? 'can',
    outlook?.standing?.state ?? 'nobody',
  ]);
};
const give = (id: string, from: string, to: string, time: string, override = false) =>
  world.coordination.reassign(coordinator(), setting.office, id, {
    desk: setting.desk(to),
    seen: { desk: setting.desk(from), start: at(time) },
    override,
  });

describe('a call that runs late', () => {
  test('is offered to a free agent, once its desk is in a call, and not to its own desk', async () => {
    const first = await setting.book('09:00', 'taula-1');
    const late = await setting.book('09:20', 'taula-1');
    world.clock.set(at('09:18').toString());
    await come('taula-1');
    await encounter.start(agent('taula-1'), setting.office, first.id);
    world.clock.set(at('09:24').toString());
    await come('taula-1');
    await come('taula-2');
    expect(await offer('taula-2')).toBeNull();
    world.clock.set(at('09:26').toString());
    expect(await offer('taula-2')).toBe(late.id);
    expect(await offer('taula-1')).toBeNull();
    // Nobody has come to this desk.
    expect(await offer('taula-3')).toBeNull();
  });

  test('is offered to a free agent who was called once, when the next try is due and its desk is gone', async () => {
    const called = await setting.book('09:00', 'taula-1');
    const attempt = { number: 1, outcome: 'no_answer', note: '' } as const;
    const log = (code: string, number: number) =>
      encounter.logAttempt(agent(code), setting.office, called.id, { ...attempt, number });
    world.clock.set(at('09:00').toString());
    await come('taula-1');
    expect(await log('taula-1', 1)).toMatchObject({ ok: true, next: 'retry' });
    await presence.leave(agent('taula-1'), setting.office);
    world.clock.set(at('09:14').toString());
    await come('taula-2');
    expect(await offer('taula-2')).toBeNull();
    world.clock.set(at('09:15').toString());
    expect(await offer('taula-2')).toBe(called.id);
    expect(await take('taula-2', called.id)).toEqual({ ok: true });
    const next = await encounter.next(agent('taula-2'), setting.office);
    expect(next).toMatchObject({ id: called.id, failedAttempts: 1 });
    expect(await log('taula-2', 2)).toMatchObject({ ok: true, next: 'retry' });
    expect(await setting.wrongs()).toEqual([]);
  });

  test('is its own desk’s to try again while somebody is free there', async () => {
    const called = await setting.book('09:00', 'taula-1');
    world.clock.set(at('09:00').toString());
    await come('taula-1');
    const attempt = { number: 1, outcome: 'busy', note: '' } as const;
    await encounter.logAttempt(agent('taula-1'), setting.office, called.id, attempt);
    world.clock.set(at('09:17').toString());
    await come('taula-1');
    await come('taula-2');
    expect(await offer('taula-2')).toBeNull();
  });

  test('is taken by one of two who press at once, and the other is told where it is', async () => {
    const late = await setting.book('09:20', 'taula-1');
    world.clock.set(at('09:30').toString());
    await come('taula-2');
    await come('taula-3');
    const results = await Promise.all([take('taula-2', late.id), take('taula-3', late.id)]);
    expect(results.filter((each) => each.ok)).toHaveLength(1);
    const winner = results[0]?.ok ? 'taula-2' : 'taula-3';
    const lost = results.find((each) => !each.ok);
    expect(lost).toEqual({ ok: false, reason: 'gone', desk: setting.desk(winner) });
    expect(await setting.stands(late.id)).toBe(winner);
    expect(await setting.wrongs()).toEqual([]);
    const audit = (await setting.audit()).filter((each) => each.action === 'reassigned');
    expect(audit).toMatchObject([
      { actor: actorOf(agent(winner)), data: { taken: true, to: setting.desk(winner) } },
    ]);
    // Pressed again, it is still theirs.
    expect(await take(winner, late.id)).toEqual({ ok: true });
  });

  test('is not offered again to whoever declined it, which is on record', async () => {
    const late = await setting.book('09:20', 'taula-1');
    world.clock.set(at('09:30').toString());
    await come('taula-2');
    await come('taula-3');
    await world.coordination.declineLate(agent('taula-2'), setting.office, late.id);
    expect(await offer('taula-2')).toBeNull();
    expect(await offer('taula-3')).toBe(late.id);
    expect(await take('taula-2', late.id)).toMatchObject({ ok: false });
    expect(await setting.stands(late.id)).toBe('taula-1');
    const events = await within(world.db, setting.id, (tx) =>
      tx
        .selectFrom('event')
        .select(['kind', 'actor'])
        .where('kind', '=', 'late_declined')
        .execute(),
    );
    expect(events).toEqual([{ kind: 'late_declined', actor: actorOf(agent('taula-2')) }]);
  });

  test('is nobody’s to take who isn’t offered it: another office, no desk, an appointment to come', async () => {
    const late = await setting.book('09:20', 'taula-1');
    const later = await setting.book('11:00', 'taula-1');
    world.clock.set(at('09:30').toString());
    await come('taula-2');
    const other = await world.open();
    const stranger = other.viewer('agent', 'taula-2');
    const { coordination } = world;
    expect(await coordination.lateCall(stranger, setting.office)).toBeNull();
    expect(await coordination.takeLate(stranger, setting.office, late.id)).toEqual({
      ok: false,
      reason: 'not_offered',
    });
    const deskless = setting.viewer('coordinator');
    expect(await coordination.takeLate(deskless, setting.office, late.id)).toMatchObject({
      ok: false,
    });
    expect(await take('taula-2', later.id)).toMatchObject({ ok: false });
    expect(await setting.stands(late.id)).toBe('taula-1');
    expect(await setting.stands(later.id)).toBe('taula-1');
  });
});

describe('giving an appointment whose hour has come', () => {
  test('recommends who is free now, not who has nothing booked', async () => {
    const late = await setting.book('09:20', 'taula-1');
    const over = await setting.book('09:20', 'taula-2');
    world.clock.set(at('09:20').toString());
    await come('taula-2');
    await encounter.start(agent('taula-2'), setting.office, over.id);
    const [first, ...others] = await choices(late.id);
    expect(first).toEqual(['taula-2', 'can', 'in_call']);
    expect(others.sort()).toEqual([
      ['taula-1', 'here', 'nobody'],
      ['taula-3', 'absent', 'nobody'],
    ]);
    expect(await give(late.id, 'taula-1', 'taula-3', '09:20')).toMatchObject({
      reason: 'needs_override',
    });
    expect(await give(late.id, 'taula-1', 'taula-2', '09:20')).toEqual({
      ok: true,
      desk: setting.desk('taula-2'),
    });
    expect(await setting.wrongs()).toEqual([]);
  });

  test('fills the gap before the next appointment, and never takes a time twice', async () => {
    const late = await setting.book('09:20', 'taula-1');
    await setting.book('09:40', 'taula-2');
    world.clock.set(at('09:32').toString());
    await come('taula-2');
    expect(await give(late.id, 'taula-1', 'taula-2', '09:20')).toMatchObject({ ok: true });
    const times = await within(world.db, setting.id, (tx) =>
      tx
        .selectFrom('desk_time')
        .select(['starts', 'ends'])
        .where('desk_id', '=', setting.desk('taula-2'))
        .orderBy('starts')
        .execute(),
    );
    expect(times.map((each) => each.starts.toString())).toEqual([
      at('09:32').toString(),
      at('09:40').toString(),
    ]);
    expect(times[0]!.ends.toString()).toBe(at('09:40').toString());
  });

  test('gives back the time of an appointment that nobody answered', async () => {
    const gone = await setting.book('09:20', 'taula-2');
    const late = await setting.book('09:20', 'taula-1');
    world.clock.set(at('09:22').toString());
    await come('taula-2');
    const wrong = { number: 1, outcome: 'wrong_number', note: '' } as const;
    await encounter.logAttempt(agent('taula-2'), setting.office, gone.id, wrong);
    await encounter.giveUp(agent('taula-2'), setting.office, gone.id);
    expect(await setting.stands(gone.id)).toBe('noshow');
    world.clock.set(world.clock.now().add({ minutes: 1 }).toString());
    await come('taula-2');
    expect(await give(late.id, 'taula-1', 'taula-2', '09:20')).toMatchObject({ ok: true });
    const { time_id } = await within(world.db, setting.id, (tx) =>
      tx
        .selectFrom('appointment')
        .select('time_id')
        .where('id', '=', gone.id)
        .executeTakeFirstOrThrow(),
    );
    expect(time_id).toBeNull();
    expect(await setting.wrongs()).toEqual([]);
  });
});
