import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import {
  at,
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from '../coordination/testing.ts';
import { createRota, type RotaPlan, type RotaService } from './service.ts';
import type { Resolution, RotaEdit } from './types.ts';

let world: CoordinationWorld;
let rota: RotaService;
let notified: number[] = [];
beforeAll(async () => {
  world = await coordinationWorld();
  rota = createRota({
    ...world,
    unit: testUnit(world.db, world.clock, (office) => notified.push(office)),
  });
});
afterAll(() => world.close());

const awayAllDay = (setting: TestOffice, code = 'taula-1'): RotaEdit => ({
  ...{ kind: 'absence', desk: setting.desk(code), why: 'Curs' },
  ...{ from: `${MONDAY}T00:00`, to: `${MONDAY}T23:00` },
});
const planned = async (setting: TestOffice, edit: RotaEdit): Promise<RotaPlan> => {
  const result = await rota.plan(setting.viewer('coordinator'), await setting.fresh(), edit);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.plan;
};
const save = async (
  setting: TestOffice,
  edit: RotaEdit,
  plan: RotaPlan,
  resolutions: [string, Resolution][] = [],
) =>
  rota.save(setting.viewer('coordinator'), await setting.fresh(), edit, {
    digest: plan.digest,
    resolutions: new Map(resolutions),
  });
const full = async (setting: TestOffice, time: string) => {
  for (const code of ['taula-2', 'taula-3']) await setting.book(time, code);
};

describe('a plan', () => {
  test('shows who loses their desk and who could take over, and changes nothing', async () => {
    const setting = await world.open();
    const [kept, lost] = [
      await setting.book('09:00', 'taula-1'),
      await setting.book('10:00', 'taula-1'),
    ];
    await full(setting, '10:00');
    const plan = await planned(setting, awayAllDay(setting));
    expect(plan.affected.map((each) => [each.appointment.id, each.to])).toEqual([
      [kept.id, setting.desk('taula-2')],
      [lost.id, null],
    ]);
    expect(plan.differences.map((each) => [each.desk, each.after.absences.length])).toEqual([
      [setting.desk('taula-1'), 1],
    ]);
    expect(await setting.stands(kept.id)).toBe('taula-1');
    expect((await setting.audit()).at(-1)).toMatchObject({
      ...{ action: 'rota_planned', data: { kind: 'absence', appointments: [kept.id, lost.id] } },
    });
  });

  test('of a shorter shift affects only the appointments outside it', async () => {
    const setting = await world.open();
    const early = await setting.book('09:00', 'taula-1');
    const late = await setting.book('13:40', 'taula-1');
    const { shifts } = (await rota.rows(setting.viewer('coordinator'), setting.office))!;
    const shift = shifts.find((each) => each.desk === setting.desk('taula-1'))!.id!;
    const alter = (to: string): RotaEdit => ({
      ...{ kind: 'alter', shift, day: MONDAY, from: '09:00', to, weekdays: null },
      until: null,
    });
    const of = async (to: string) =>
      (await planned(setting, alter(to))).affected.map((each) => each.appointment.id);
    expect(await of('13:00')).toEqual([late.id]);
    expect(await of('13:55')).toEqual([]);
    expect(await of('09:10')).toEqual([early.id, late.id]);
  });
});

describe('a change', () => {
  test('moves one appointment to another desk, offers other hours to the next and leaves the third, as decided', async () => {
    const setting = await world.open();
    const [given, offered, left] = [
      await setting.book('09:00', 'taula-1'),
      await setting.book('10:00', 'taula-1'),
      await setting.book('11:00', 'taula-1'),
    ];
    const edit = awayAllDay(setting);
    notified = [];
    const saved = await save(setting, edit, await planned(setting, edit), [
      [offered.id, 'offer'],
      [left.id, 'leave'],
    ]);
    if (!saved.ok) throw new Error(saved.reason);
    expect(notified).toContain(setting.id);
    expect(await setting.stands(given.id)).toBe('taula-2');
    expect(await setting.stands(offered.id)).toBe('displaced');
    expect(await setting.told(offered.id)).toContain('displaced');
    expect(await setting.stands(left.id)).toBe('taula-1');
    expect(await setting.wrongs()).toEqual([]);

    const viewer = setting.viewer('coordinator');
    const made = await rota.change(viewer, setting.office, saved.change);
    expect(made?.outcomes.map((each) => each.now)).toEqual(['reassigned', 'waits', 'left']);
    // The appointment that was left is still listed: the week says that its desk doesn't work then.
    const monday = Temporal.PlainDate.from(MONDAY);
    const week = await rota.week(viewer, await setting.fresh(), monday, [setting.desk('taula-1')]);
    expect(week?.outside.map((each) => each.id)).toEqual([left.id]);
    const actions = (await setting.audit()).map((each) => each.action);
    for (const each of ['rota_changed', 'reassigned', 'displaced', 'rota_read'])
      expect(actions).toContain(each);
  });

  test('is not made when somebody booked meanwhile; the new plan includes that booking', async () => {
    const setting = await world.open();
    const edit = awayAllDay(setting);
    const plan = await planned(setting, edit);
    const late = await setting.book('12:00', 'taula-1');
    const saved = await save(setting, edit, plan);
    expect(saved).toMatchObject({ ok: false, reason: 'changed' });
    if (saved.ok || saved.reason !== 'changed') throw new Error('saved');
    expect(saved.plan.affected.map((each) => each.appointment.id)).toEqual([late.id]);
    const { absences } = (await rota.rows(setting.viewer('coordinator'), setting.office))!;
    expect(absences).toEqual([]);
    expect((await save(setting, edit, saved.plan)).ok).toBe(true);
    expect(await setting.stands(late.id)).not.toBe('taula-1');
  });

  test('that was interrupted by a crash is finished by a worker', async () => {
    const setting = await world.open();
    const [moved, offered] = [
      await setting.book('09:00', 'taula-1'),
      await setting.book('10:00', 'taula-1'),
    ];
    await full(setting, '10:00');
    const dies = createRota({
      ...world,
      coordination: {
        ...world.coordination,
        settle: () => Promise.reject(new Error('killed')),
      },
    });
    const edit = awayAllDay(setting);
    const { digest } = await planned(setting, edit);
    const saving = dies.save(setting.viewer('coordinator'), await setting.fresh(), edit, {
      digest,
      resolutions: new Map(),
    });
    await expect(saving).rejects.toThrow('killed');
    expect(await setting.stands(moved.id)).toBe('taula-1');
    expect(await rota.settleAll()).toBe(1);
    expect(await setting.stands(moved.id)).toBe('taula-2');
    expect(await setting.stands(offered.id)).toBe('displaced');
    expect(await rota.settleAll()).toBe(0);
  });

  test('that fails in one office does not stop the changes of other offices', async () => {
    const offices = [await world.open(), await world.open()];
    const failing: RotaService = createRota({
      ...world,
      coordination: {
        ...world.coordination,
        settle: () => Promise.reject(new Error('killed')),
      },
    });
    for (const setting of offices) {
      const edit = awayAllDay(setting);
      const { digest } = await planned(setting, edit);
      const saving = failing.save(setting.viewer('coordinator'), await setting.fresh(), edit, {
        ...{ digest, resolutions: new Map() },
      });
      await expect(saving).rejects.toThrow('killed');
    }
    const seen: number[] = [];
    const once = createRota({
      ...world,
      coordination: {
        ...world.coordination,
        settle: (_, office) => {
          seen.push(office.id);
          return Promise.reject(new Error('killed'));
        },
      },
    });
    await expect(once.settleAll()).rejects.toThrow('killed');
    expect(seen.toSorted()).toEqual(offices.map((each) => each.id).toSorted());
    expect(await rota.settleAll()).toBe(2);
  });

  test('that ends an absence now is made even if the minute has changed meanwhile', async () => {
    const setting = await world.open();
    const away = { ...awayAllDay(setting), from: `${MONDAY}T06:00` } as RotaEdit;
    expect((await save(setting, away, await planned(setting, away))).ok).toBe(true);
    const { absences } = (await rota.rows(setting.viewer('coordinator'), setting.office))!;
    const back: RotaEdit = { kind: 'back', absence: absences[0]!.id!, at: null };
    const plan = await planned(setting, back);
    world.clock.advance({ minutes: 1 });
    expect((await save(setting, back, plan)).ok).toBe(true);
  });

  test('far ahead is shown and made: an absence in summer ends, and a file without it removes it', async () => {
    const setting = await world.open();
    const desk = setting.desk('taula-1');
    const far = { from: '2027-07-12T00:00', to: '2027-07-26T00:00' };
    const absence: RotaEdit = { kind: 'absence', desk, why: '', ...far };
    expect((await save(setting, absence, await planned(setting, absence))).ok).toBe(true);
    const of = async () =>
      (await rota.rows(setting.viewer('coordinator'), setting.office))!.absences;
    const back: RotaEdit = { kind: 'back', absence: (await of())[0]!.id!, at: null };
    const plan = await planned(setting, back);
    expect(plan.isNothing).toBe(false);
    // Two weeks, with the weekends.
    expect(plan.differences.map((each) => each.after.day)).toHaveLength(14);
    expect((await save(setting, back, plan)).ok).toBe(true);
    expect(await of()).toEqual([]);

    const file = (as: 'absence' | 'shift', ...uids: string[]): RotaEdit => ({
      ...{ kind: 'import', desk, as, why: '', uids, replaces: true },
      entries: uids.map((uid) => ({ uid, from: '2027-07-12T16:00', to: '2027-07-12T18:00' })),
    });
    for (const as of ['absence', 'shift'] as const) {
      const brought = file(as, 'a');
      expect((await save(setting, brought, await planned(setting, brought))).ok).toBe(true);
      expect((await planned(setting, brought)).isNothing).toBe(true);
      const without = await planned(setting, file(as));
      expect(without.isNothing).toBe(false);
      expect(without.differences.map((each) => each.after.day)).toEqual(['2027-07-12']);
    }
  });

  test('of only the end of a pattern, years ahead, is a change', async () => {
    const setting = await world.open();
    const { shifts } = (await rota.rows(setting.viewer('coordinator'), setting.office))!;
    const { id, from, to, weekdays } = shifts[0]!;
    const alter = (until: string | null): RotaEdit => ({
      ...{ kind: 'alter', shift: id!, day: MONDAY, from, to, weekdays, until },
    });
    expect((await planned(setting, alter(null))).isNothing).toBe(true);
    expect((await planned(setting, alter('2031-12-31'))).isNothing).toBe(false);
  });

  test('made during bookings leaves no appointment at a desk that does not work', async () => {
    const setting = await world.open();
    const edit = awayAllDay(setting);
    const plan = await planned(setting, edit);
    const book = (time: string) =>
      world.appointments.book({ kind: 'citizen' }, setting.office, {
        ...{ procedure: 'volant-padro', channel: 'phone', language: 'ca', noticeLanguage: 'ca' },
        ...{ start: at(time), onBehalfOf: null, needs: [], comment: '' },
        citizen: {
          name: 'Rosa',
          email: `${time.replace(':', '')}@example.cat`,
          phone: '+34600000001',
        },
      });
    const times = ['09:00', '09:20', '09:40', '10:00', '10:20', '10:40'];
    const [saved, ...booked] = await Promise.all([
      save(setting, edit, plan),
      ...times.flatMap((time) => [book(time), book(time)]),
    ]);
    // A plan that is shown again can be older than the last booking. When all bookings are made, the change is saved.
    let last = saved;
    while (!last.ok && last.reason === 'changed') last = await save(setting, edit, last.plan);
    expect(last.ok).toBe(true);
    const ids = booked.flatMap((each) => (each.ok ? [each.appointment.id] : []));
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(await setting.stands(id)).toMatch(/^(taula-[23]|displaced)$/);
    expect(await setting.wrongs()).toEqual([]);
  });

  test('of the pattern is used by the engine from then on, and the town file no longer decides about the desk', async () => {
    const setting = await world.open();
    const desk = setting.desk('taula-3');
    const edit: RotaEdit = {
      ...{ kind: 'add', desk, day: '2026-12-01', from: '16:00', to: '18:00' },
      ...{ weekdays: [2], until: null },
    };
    expect((await save(setting, edit, await planned(setting, edit))).ok).toBe(true);
    const ask = { procedure: 'volant-padro', channel: 'phone', language: 'ca' };
    const span = { from: '2026-12-08', to: '2026-12-08' };
    const found = await world.slots.search(await setting.fresh(), ask, span);
    if (!found.ok) throw new Error(found.reason);
    expect(found.slots.map((each) => each.start.toString())).toContain('2026-12-08T15:00:00Z');
    const rows = await within(world.db, setting.id, (tx) =>
      tx.selectFrom('desk').select(['code', 'rota_here']).orderBy('code').execute(),
    );
    expect(rows.map((each) => each.rota_here)).toEqual([false, false, true]);
  });

  test('swaps the hours of two desks, and copies a week to others', async () => {
    const setting = await world.open({
      desks: { 'taula-1': {}, 'taula-2': { shifts: [{ from: '15:00', to: '19:00' }] } },
    });
    const theirs = await setting.book('09:00', 'taula-1');
    const desks = [setting.desk('taula-1'), setting.desk('taula-2')] as const;
    const swap: RotaEdit = { kind: 'swap', day: MONDAY, desks };
    expect((await save(setting, swap, await planned(setting, swap))).ok).toBe(true);
    expect(await setting.stands(theirs.id)).toBe('taula-2');
    const copy: RotaEdit = { kind: 'copy', from: MONDAY, to: '2026-12-07', count: 2 };
    expect((await save(setting, copy, await planned(setting, copy))).ok).toBe(true);
    const viewer = setting.viewer('agent', 'taula-1');
    const own = await rota.own(viewer, setting.office, Temporal.PlainDate.from('2026-12-14'), 1);
    expect(own?.slice(0, 2).map((each) => each.shifts[0]?.from)).toEqual(['15:00', '09:00']);
  });
});

test('an agent can’t change the rota, and no office can change another’s', async () => {
  const [setting, other] = [await world.open(), await world.open()];
  const edit = awayAllDay(setting);
  const { digest } = await planned(setting, edit);
  const decision = { digest, resolutions: new Map() };
  for (const viewer of [setting.viewer('agent', 'taula-1'), other.viewer('administrator')]) {
    expect(await rota.week(viewer, setting.office, Temporal.PlainDate.from(MONDAY), [])).toBeNull();
    expect(await rota.plan(viewer, setting.office, edit)).toMatchObject({ reason: 'not_allowed' });
    expect(await rota.save(viewer, setting.office, edit, decision)).toMatchObject({
      reason: 'not_allowed',
    });
    expect(await rota.change(viewer, setting.office, 1)).toBeNull();
  }
  const saved = await save(setting, edit, await planned(setting, edit));
  if (!saved.ok) throw new Error(saved.reason);
  expect(await rota.change(other.viewer('coordinator'), other.office, saved.change)).toBeNull();
  expect(
    await rota.own(
      setting.viewer('coordinator'),
      setting.office,
      Temporal.PlainDate.from(MONDAY),
      1,
    ),
  ).toBeNull();
});
