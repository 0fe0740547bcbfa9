import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSeating } from '../room/seating.ts';
import {
  at,
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from './testing.ts';

let world: CoordinationWorld;
let setting: TestOffice;
beforeAll(async () => {
  world = await coordinationWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.set(`${MONDAY}T07:00:00+01:00`);
  setting = await world.open();
});

const laia = () => setting.viewer('coordinator');
const joan = () => setting.viewer('coordinator', null, 1);

describe('another desk for one', () => {
  const give = async (id: string, to: string, from: string, override = false, start = '10:00') =>
    world.coordination.reassign(laia(), await setting.fresh(), id, {
      desk: setting.desk(to),
      seen: { desk: setting.desk(from), start: at(start) },
      override,
    });

  test('keeps its hour; the citizen isn’t told, and the reminders stay', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    const before = await setting.notices(id);
    expect(await give(id, 'taula-2', 'taula-1')).toEqual({
      ok: true,
      desk: setting.desk('taula-2'),
    });
    expect(await setting.stands(id)).toBe('taula-2');
    expect(await setting.notices(id)).toEqual(before);
    const events = await world.appointments.events({ id, office: setting.id } as never);
    expect(events.at(-1)).toMatchObject({
      kind: 'reassigned',
      data: { leftDesk: setting.desk('taula-1'), desk: setting.desk('taula-2') },
    });
    expect((await setting.audit()).at(-1)).toMatchObject({ action: 'reassigned' });
    expect(await setting.wrongs()).toEqual([]);
    // Its old time can be booked again.
    await setting.book('10:00', 'taula-1');
  });

  test('a desk that has somebody then can’t have two, whoever insists', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    expect(await give(id, 'taula-2', 'taula-1', true)).toEqual({ ok: false, reason: 'taken' });
    expect(await setting.stands(id)).toBe('taula-1');
  });

  test('what was seen no longer being so is said', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    await give(id, 'taula-2', 'taula-1');
    expect(await give(id, 'taula-3', 'taula-1')).toEqual({ ok: false, reason: 'changed' });
  });

  test('outside its hours only by who insists', async () => {
    setting = await world.open({
      desks: { 'taula-1': {}, 'taula-2': { shifts: [{ from: '12:00', to: '14:00' }] } },
    });
    const { id } = await setting.book('10:00', 'taula-1');
    expect(await give(id, 'taula-2', 'taula-1')).toEqual({ ok: false, reason: 'needs_override' });
    expect(await give(id, 'taula-2', 'taula-1', true)).toMatchObject({ ok: true });
  });

  test('one whose hour has come goes to a desk where nobody is only by who insists', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    await setting.book('10:20', 'taula-3');
    world.clock.set(`${MONDAY}T10:20:00+01:00`);
    expect(await give(id, 'taula-3', 'taula-1')).toEqual({ ok: false, reason: 'needs_override' });
    expect(await give(id, 'taula-3', 'taula-1', true)).toMatchObject({ ok: true });
    expect(await world.appointments.byId(setting.office, id)).toMatchObject({ start: at('10:00') });
  });

  test('twenty coordinators at once give it once, and no desk gets two', async () => {
    const ids = [await setting.book('10:00', 'taula-1'), await setting.book('10:00', 'taula-2')];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        give(ids[nth % 2]!.id, 'taula-3', nth % 2 === 0 ? 'taula-1' : 'taula-2'),
      ),
    );
    expect(results.filter((each) => each.ok)).toHaveLength(1);
    expect(await setting.wrongs()).toEqual([]);
  });

  test('calls whose hour has come are given to one desk at once: each gets a time of its own', async () => {
    const booked = [
      await setting.book('10:00', 'taula-1'),
      await setting.book('10:20', 'taula-1'),
      await setting.book('10:00', 'taula-2'),
      await setting.book('10:20', 'taula-2'),
    ];
    await setting.book('10:40', 'taula-3');
    world.clock.set(`${MONDAY}T10:25:00+01:00`);
    const results = await Promise.all(
      booked.map(({ id, desk, start }) =>
        world.coordination.reassign(laia(), setting.office, id, {
          desk: setting.desk('taula-3'),
          seen: { desk, start },
          override: true,
        }),
      ),
    );
    expect(results.map((each) => each.ok)).toEqual([true, true, true, true]);
    expect(await setting.wrongs()).toEqual([]);
  });
});

describe('the board', () => {
  test('a citizen in the room waits since they came, whichever desk they are given to', async () => {
    const { id } = await setting.book('09:50', 'taula-1', { channel: 'video' });
    world.clock.set(`${MONDAY}T09:45:00+01:00`);
    const citizen = { kind: 'citizen', appointment: id } as const;
    const seating = createSeating({ db: world.db, clock: world.clock, unit: world.unit });
    expect(await seating.enter(citizen, setting.id, id)).toMatchObject({ ok: true });
    world.clock.set(`${MONDAY}T09:55:00+01:00`);
    const given = await world.coordination.reassign(laia(), await setting.fresh(), id, {
      desk: setting.desk('taula-2'),
      seen: { desk: setting.desk('taula-1'), start: at('09:50') },
      // Nobody is at any desk.
      override: true,
    });
    expect(given).toMatchObject({ ok: true });
    const day = Temporal.PlainDate.from(MONDAY);
    const board = await world.coordination.board(laia(), await setting.fresh(), day);
    const entries = board!.desks.flatMap((each) => each.entries);
    expect(entries.map((each) => each.since)).toEqual([at('09:45')]);
  });
});

describe('who may', () => {
  test('an agent coordinates nothing, nor does another office’s coordinator', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    const other = await world.open();
    for (const viewer of [setting.viewer('agent', 'taula-2'), other.viewer('administrator')]) {
      const { office } = setting;
      const day = Temporal.PlainDate.from(MONDAY);
      const seen = { desk: setting.desk('taula-1'), start: at('10:00') };
      const to = { desk: setting.desk('taula-2'), seen, override: true };
      expect(await world.coordination.board(viewer, office, day)).toBe(null);
      expect(await world.coordination.desksFor(viewer, office, id)).toBe(null);
      expect(await world.coordination.reassign(viewer, office, id, to)).toMatchObject({
        ok: false,
      });
      expect(
        await world.coordination.doSeveral(viewer, office, [{ id, ...seen }], {
          kind: 'cancel',
          reason: 'x',
        }),
      ).toBe(null);
    }
    expect(await setting.stands(id)).toBe('taula-1');
  });
});

describe('several at once', () => {
  const chosen = (all: { id: string; desk: number; start: Temporal.Instant }[]) =>
    all.map(({ id, desk, start }) => ({ id, desk, start }));

  test('each goes by the rule to another desk; what can’t stays, and says why', async () => {
    const one = await setting.book('09:00', 'taula-1');
    const two = await setting.book('09:00', 'taula-2');
    const three = await setting.book('09:00', 'taula-3');
    const four = await setting.book('09:20', 'taula-1');
    const gone = await setting.book('09:40', 'taula-1');
    await world.appointments.cancel(laia(), setting.office, gone.id, 'x');
    const outcomes = await world.coordination.doSeveral(
      laia(),
      await setting.fresh(),
      chosen([one, four, gone]),
      { kind: 'reassign', desk: null },
    );
    expect(outcomes?.map((each) => [each.appointment.id, each.ok || each.why])).toEqual([
      [one.id, 'taken'],
      [four.id, true],
      [gone.id, 'not_open'],
    ]);
    expect(await setting.stands(two.id)).toBe('taula-2');
    expect(await setting.stands(three.id)).toBe('taula-3');
    expect(await setting.wrongs()).toEqual([]);
  });

  test('two coordinators at once: each is cancelled once, and told once', async () => {
    const all = [await setting.book('09:00', 'taula-1'), await setting.book('09:20', 'taula-2')];
    const office = await setting.fresh();
    const cancel = { kind: 'cancel', reason: 'Simulacre' } as const;
    const [one, two] = await Promise.all([
      world.coordination.doSeveral(laia(), office, chosen(all), cancel),
      world.coordination.doSeveral(joan(), office, chosen(all), cancel),
    ]);
    expect([...one!, ...two!].filter((each) => each.ok)).toHaveLength(2);
    for (const { id } of all) expect(await setting.told(id)).toEqual(['cancellation']);
  });

  test('their hours are taken, each is told once, and isn’t offered the hour they had', async () => {
    world.clock.set(`${MONDAY}T08:10:00+01:00`);
    const all = [await setting.book('10:00', 'taula-1'), await setting.book('10:20', 'taula-2')];
    const office = await setting.fresh();
    const displace = { kind: 'displace' } as const;
    await Promise.all([
      world.coordination.doSeveral(laia(), office, chosen(all), displace),
      world.coordination.doSeveral(joan(), office, chosen(all), displace),
    ]);
    for (const each of all) {
      expect(await setting.stands(each.id)).toBe('displaced');
      expect(await setting.told(each.id)).toEqual(['displaced']);
      const entry = await world.waitList.ofAppointment(each);
      const offers = await world.waitList.offers(entry!);
      expect(offers).toHaveLength(1);
      expect(offers[0]!.start.equals(each.start)).toBe(false);
    }
    expect(await setting.wrongs()).toEqual([]);
  });

  test('one that somebody moved meanwhile is left alone', async () => {
    const one = await setting.book('09:00', 'taula-1');
    const office = await setting.fresh();
    await world.appointments.move(laia(), office, one.id, { start: at('11:00') });
    const outcomes = await world.coordination.doSeveral(laia(), office, chosen([one]), {
      kind: 'cancel',
      reason: 'x',
    });
    expect(outcomes).toMatchObject([{ ok: false, why: 'changed' }]);
    expect(await setting.stands(one.id)).toMatch(/taula/);
  });
});
