import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createSeating } from '../room/seating.ts';
import { createCoordination } from './service.ts';
import {
  at,
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from './testing.ts';
import type { Away } from './types.ts';

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

const away = (code: string, from = '09:00', to = '14:00'): Away => ({
  desk: setting.desk(code),
  from: `${MONDAY}T${from}`,
  to: `${MONDAY}T${to}`,
  why: 'ill',
});
const laia = () => setting.viewer('coordinator');
const joan = () => setting.viewer('coordinator', null, 1);

/** Plans and confirms. */
async function send(wanted: Away, by = laia()) {
  const office = await setting.fresh();
  const plan = await world.coordination.planAway(by, office, wanted);
  if (!plan) throw new Error('no plan');
  return world.coordination.sendAway(by, office, wanted, plan.digest);
}

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

  test('the page says which desks can, and why others can’t', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await send(away('taula-3', '09:30', '11:00'));
    const choices = await world.coordination.desksFor(laia(), await setting.fresh(), id);
    expect(choices?.desks.map((each) => each.ineligibility)).toEqual(['here', 'taken', 'away']);
  });

  test('outside its hours only by who insists', async () => {
    setting = await world.open({
      desks: { 'taula-1': {}, 'taula-2': { shifts: [{ from: '12:00', to: '14:00' }] } },
    });
    const { id } = await setting.book('10:00', 'taula-1');
    expect(await give(id, 'taula-2', 'taula-1')).toEqual({ ok: false, reason: 'needs_override' });
    expect(await give(id, 'taula-2', 'taula-1', true)).toMatchObject({ ok: true });
  });

  test('one whose hour has come goes to who is free from now on', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await setting.book('10:20', 'taula-3');
    world.clock.set(`${MONDAY}T10:20:00+01:00`);
    expect(await give(id, 'taula-3', 'taula-1')).toEqual({ ok: false, reason: 'taken' });
    expect(await give(id, 'taula-2', 'taula-1')).toMatchObject({ ok: true });
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
});

describe('a desk that is away', () => {
  test('its appointments keep their hour where a desk is free, and the rest is told', async () => {
    const kept = await setting.book('09:00', 'taula-1');
    const lost = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await setting.book('10:00', 'taula-3');
    const office = await setting.fresh();
    const plan = await world.coordination.planAway(laia(), office, away('taula-1'));
    expect(plan?.resolutions.map((each) => [each.appointment.id, each.to])).toEqual([
      [kept.id, setting.desk('taula-2')],
      [lost.id, null],
    ]);
    expect(await setting.stands(kept.id), 'a plan changes nothing').toBe('taula-1');

    expect(await send(away('taula-1'))).toMatchObject({ ok: true });
    expect([await setting.stands(kept.id), await setting.stands(lost.id)]).toEqual([
      'taula-2',
      'displaced',
    ]);
    expect(await setting.told(kept.id)).toEqual(['confirmation']);
    expect(await setting.told(lost.id)).toEqual(['displaced']);
    expect(await setting.wrongs()).toEqual([]);
    await expect(setting.book('11:00', 'taula-1')).rejects.toThrow('slot_taken');
  });

  test('who loses their hour is offered one at once, and takes it with one press', async () => {
    world.clock.set(`${MONDAY}T08:30:00+01:00`);
    setting = await world.open({ desks: { 'taula-1': {}, 'taula-2': {} } });
    const lost = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await send(away('taula-1'));
    const [notice] = (await setting.notices(lost.id)).filter((each) => each.kind === 'displaced');
    expect(notice?.facts).toMatchObject({ by: 'office', offer: { start: at('09:40').toString() } });
    const entry = await world.waitList.ofAppointment(lost);
    const [offer] = await world.waitList.offers(entry!);
    const accepted = await world.waitList.accept(await setting.fresh(), entry!, offer!.id);
    expect(accepted).toMatchObject({ ok: true, isNew: false });
    expect(await setting.stands(lost.id)).toBe('taula-2');
    expect(await setting.told(lost.id)).toEqual(['change']);
    expect(await world.waitList.ofAppointment(lost)).toBe(null);
    expect(await setting.wrongs()).toEqual([]);
  });

  test('who chooses another hour by themselves no longer waits, and what was kept is free', async () => {
    const lost = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await setting.book('10:00', 'taula-3');
    world.clock.set(`${MONDAY}T08:10:00+01:00`);
    await send(away('taula-1'));
    const citizen = { kind: 'citizen', appointment: lost.id } as const;
    const moved = await world.appointments.move(citizen, await setting.fresh(), lost.id, {
      start: at('12:20'),
    });
    expect(moved).toMatchObject({ ok: true, appointment: { displacedAt: null } });
    await world.offering.pass();
    expect(await world.waitList.ofAppointment(lost)).toBe(null);
    expect(await setting.wrongs()).toEqual([]);
  });

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
      override: false,
    });
    expect(given).toMatchObject({ ok: true });
    const day = Temporal.PlainDate.from(MONDAY);
    const board = await world.coordination.board(laia(), await setting.fresh(), day);
    const entries = board!.desks.flatMap((each) => each.entries);
    expect(entries.map((each) => each.since)).toEqual([at('09:45')]);
  });

  test('who rings and is attended there and then is on the board, and isn’t cancelled later', async () => {
    setting = await world.open({ desks: { 'taula-1': {}, 'taula-2': {} } });
    const lost = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await send(away('taula-1'));
    const encounter = testEncounter({ kysely: world.db }, world.clock);
    const day = Temporal.PlainDate.from(MONDAY);
    const office = await setting.fresh();
    const shown = async () =>
      (await world.coordination.board(laia(), office, day))!.desks.flatMap((each) =>
        each.entries.map((entry) => entry.id),
      );
    expect(await shown()).not.toContain(lost.id);
    expect(await encounter.start(laia(), office, lost.id)).toEqual({ ok: true });
    expect(await shown()).toContain(lost.id);
    world.clock.set(`${MONDAY}T13:00:00+01:00`);
    await world.coordination.lookAfter();
    expect(await setting.stands(lost.id)).toBe('in_progress');
  });

  test('in the end it is cancelled, no sooner than they had time to choose', async () => {
    setting = await world.open({ desks: { 'taula-1': {} } });
    const lost = await setting.book('10:00', 'taula-1');
    world.clock.set(`${MONDAY}T09:55:00+01:00`);
    await send({ ...away('taula-1', '09:55'), to: '2026-12-20T00:00' });
    world.clock.set(`${MONDAY}T10:30:00+01:00`);
    await world.coordination.lookAfter();
    expect(await setting.stands(lost.id)).toBe('displaced');
    world.clock.set(`${MONDAY}T11:56:00+01:00`);
    await world.coordination.lookAfter();
    expect(await setting.stands(lost.id)).toBe('cancelled');
    expect(await setting.told(lost.id)).toEqual(['cancellation']);
    expect((await setting.notices(lost.id)).at(-1)?.facts).toMatchObject({ by: 'office' });
  });

  test('of a desk that falls ill at ten what it didn’t get to goes to others too', async () => {
    const overdue = await setting.book('09:00', 'taula-1');
    const next = await setting.book('10:20', 'taula-1');
    await setting.book('10:20', 'taula-2');
    world.clock.set(`${MONDAY}T10:00:00+01:00`);
    await send(away('taula-1', '10:00'));
    // From ten on, and at twenty past: the one desk has room for both.
    expect([await setting.stands(overdue.id), await setting.stands(next.id)]).toEqual([
      'taula-3',
      'taula-3',
    ]);
  });

  test('a plan that no longer holds is shown anew, and nothing is done', async () => {
    await setting.book('09:00', 'taula-1');
    const office = await setting.fresh();
    const plan = await world.coordination.planAway(laia(), office, away('taula-1'));
    const late = await setting.book('09:20', 'taula-1');
    const result = await world.coordination.sendAway(laia(), office, away('taula-1'), plan!.digest);
    expect(result).toMatchObject({ ok: false, reason: 'changed' });
    expect(await setting.stands(late.id)).toBe('taula-1');
  });

  test('an appointment that is booked after the plan was compared is not overlooked', async () => {
    await setting.book('09:00', 'taula-1');
    const office = await setting.fresh();
    const plan = await world.coordination.planAway(laia(), office, away('taula-1'));
    let late: { id: string } | null = null;
    const unit: typeof world.unit = Object.assign(
      async (...[viewer, at, work]: Parameters<typeof world.unit>) => {
        late ??= await setting.book('09:20', 'taula-1');
        return world.unit(viewer, at, work);
      },
      world.unit,
    ) as typeof world.unit;
    const slow = createCoordination({ ...world, unit });
    const result = await slow.sendAway(laia(), office, away('taula-1'), plan!.digest);
    expect(result).toMatchObject({ ok: false, reason: 'changed' });
    expect(!result.ok && 'plan' in result && result.plan.resolutions).toHaveLength(2);
    expect(await setting.stands(late!.id)).toBe('taula-1');
  });

  test('pressed twice, or by two at once, it is done once', async () => {
    const ids = [];
    for (const time of ['09:00', '09:20', '09:40', '10:00'])
      ids.push((await setting.book(time, 'taula-1')).id);
    const office = await setting.fresh();
    const plan = await world.coordination.planAway(laia(), office, away('taula-1'));
    const results = await Promise.all(
      [laia(), joan(), laia(), joan()].map((by) =>
        world.coordination.sendAway(by, office, away('taula-1'), plan!.digest),
      ),
    );
    const absences = results.map((each) => (each.ok ? each.absence : null));
    expect(new Set(absences).size).toBe(1);
    expect((await world.coordination.absences(laia(), office)).length).toBe(1);
    for (const id of ids) expect(await setting.stands(id)).toMatch(/taula-[23]/);
    for (const id of ids) {
      const events = await world.appointments.events({ id, office: setting.id } as never);
      expect(events.filter((each) => each.kind === 'reassigned')).toHaveLength(1);
    }
  });

  test('what a crash left undone the worker ends', async () => {
    const one = await setting.book('09:00', 'taula-1');
    const two = await setting.book('09:20', 'taula-1');
    const result = await send(away('taula-1', '12:00'));
    if (!result.ok) throw new Error(result.reason);
    // As if it had died after the absence was written.
    await world.database.pool.query(
      "begin; select set_config('app.office', '*', true); update absence set settled_at = null, starts = '2026-11-30T09:00'; update office set revision = revision + 1; commit;",
    );
    await world.coordination.lookAfter();
    expect([await setting.stands(one.id), await setting.stands(two.id)]).toEqual([
      'taula-2',
      'taula-3',
    ]);
  });

  test('while citizens book, move and cancel, nobody is lost and nobody is promised twice', async () => {
    const all = [];
    for (const time of ['09:00', '09:20', '09:40', '10:00', '10:20', '10:40'])
      for (const code of ['taula-1', 'taula-2']) all.push(await setting.book(time, code));
    const office = await setting.fresh();
    const plan = await world.coordination.planAway(laia(), office, away('taula-1'));
    const citizen = (id: string) => ({ kind: 'citizen', appointment: id }) as const;
    const asks = Array.from({ length: 8 }, (_, nth) =>
      world.appointments.book({ kind: 'citizen' }, office, {
        ...{ procedure: 'volant-padro', channel: 'phone', language: 'ca', noticeLanguage: 'ca' },
        start: at(['09:00', '10:20', '11:00', '11:20'][nth % 4]!),
        citizen: { name: `N ${nth}`, email: `n${nth}@example.cat`, phone: '+34600000002' },
        ...{ onBehalfOf: null, needs: [], comment: '' },
      }),
    );
    const [sent] = await Promise.all([
      world.coordination.sendAway(laia(), office, away('taula-1'), plan!.digest),
      world.appointments.move(citizen(all[0]!.id), office, all[0]!.id, { start: at('12:00') }),
      world.appointments.cancel(citizen(all[2]!.id), office, all[2]!.id, ''),
      world.appointments.move(citizen(all[4]!.id), office, all[4]!.id, { start: at('12:20') }),
      ...asks,
    ]);
    if (!sent.ok) await send(away('taula-1'));
    expect(await setting.wrongs()).toEqual([]);
    const stand = await Promise.all(all.map((each) => setting.stands(each.id)));
    expect(stand).not.toContain('taula-1');
    expect(stand).not.toContain('gone');
    expect(stand.filter((each) => each === 'cancelled')).toHaveLength(1);
  });

  test('when it is back it can be booked again; what was given away stays away', async () => {
    const { id } = await setting.book('09:00', 'taula-1');
    const sent = await send(away('taula-1'));
    if (!sent.ok) throw new Error(sent.reason);
    expect(await world.coordination.comeBack(laia(), setting.office, sent.absence)).toBe(true);
    expect(await world.coordination.comeBack(laia(), setting.office, sent.absence)).toBe(false);
    expect(await setting.stands(id)).toBe('taula-2');
    await setting.book('09:00', 'taula-1');
    expect((await setting.audit()).map((each) => each.action)).toEqual(
      expect.arrayContaining(['desk_away', 'desk_back', 'reassigned']),
    );
  });
});

describe('who may', () => {
  test('an agent coordinates nothing, nor does another office’s coordinator', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    const other = await world.open();
    const plan = await world.coordination.planAway(laia(), setting.office, away('taula-1'));
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
      expect(await world.coordination.planAway(viewer, office, away('taula-1'))).toBe(null);
      expect(
        await world.coordination.sendAway(viewer, office, away('taula-1'), plan!.digest),
      ).toEqual({ ok: false, reason: 'not_allowed' });
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
