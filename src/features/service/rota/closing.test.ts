import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testUnit } from '../../foundation/audit/testing.ts';
import {
  at,
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from '../coordination/testing.ts';
import { createRota, type RotaService } from './service.ts';
import type { RotaEdit } from './types.ts';

let world: CoordinationWorld;
let setting: TestOffice;
let rota: RotaService;
beforeAll(async () => {
  world = await coordinationWorld();
  rota = createRota({ ...world, unit: testUnit(world.db, world.clock) });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.set(at('07:00').toString());
  setting = await world.open();
});

const viewer = () => setting.viewer('coordinator');
const MORNING: RotaEdit = {
  kind: 'close',
  from: `${MONDAY}T10:00`,
  to: `${MONDAY}T12:00`,
  why: 'Tempesta',
};
const plan = async (edit: RotaEdit) => {
  const result = await rota.plan(viewer(), await setting.fresh(), edit);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.plan;
};
const make = async (edit: RotaEdit, digest?: string) =>
  rota.save(viewer(), await setting.fresh(), edit, {
    digest: digest ?? (await plan(edit)).digest,
    resolutions: new Map(),
  });
const close = async () => {
  const made = await make(MORNING);
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.change;
};
const closing = async (id: number) => (await rota.closing(viewer(), await setting.fresh(), id))!;
const reopen = async (id: number) => {
  const { absences } = (await closing(id)).closing;
  return make({ kind: 'reopen', absences: absences.map((each) => each.id) });
};

describe('closing the whole office', () => {
  test('shows who loses their hour at every desk, and changes nothing before', async () => {
    const hit = [await setting.book('10:00', 'taula-1'), await setting.book('11:00', 'taula-2')];
    await setting.book('09:00', 'taula-1');
    const { affected } = await plan(MORNING);
    expect(affected.map((each) => [each.appointment.id, each.to])).toEqual(
      hit.map((each) => [each.id, null]),
    );
    expect(await setting.stands(hit[0]!.id)).toBe('taula-1');
  });

  test('stops bookings at once, and tells nobody for two minutes; undone by then, it never was', async () => {
    const one = await setting.book('10:00', 'taula-1');
    const id = await close();
    expect((await rota.absences(viewer(), await setting.fresh())).length).toBe(3);
    await expect(setting.book('10:20', 'taula-2')).rejects.toThrow('slot_taken');
    world.clock.set(at('07:01').toString());
    await rota.settleAll();
    expect(await setting.stands(one.id)).toBe('taula-1');
    expect(await setting.told(one.id)).not.toContain('displaced');
    expect(await reopen(id)).toMatchObject({ ok: true });
    world.clock.set(at('07:05').toString());
    await rota.settleAll();
    expect(await setting.stands(one.id)).toBe('taula-1');
    expect(await setting.told(one.id)).not.toContain('displaced');
    await setting.book('10:20', 'taula-2');
    expect(await setting.wrongs()).toEqual([]);
  });

  test('tells everybody once the two minutes are over, each with another hour kept', async () => {
    const one = await setting.book('10:00', 'taula-1');
    const two = await setting.book('11:00', 'taula-2');
    const later = await setting.book('12:40', 'taula-1');
    const id = await close();
    expect((await closing(id)).closing.settledAt).toBeNull();
    world.clock.set(at('07:02').toString());
    await rota.settleAll();
    await rota.settleAll();
    for (const each of [one, two]) {
      expect(await setting.stands(each.id)).toBe('displaced');
      expect((await setting.told(each.id)).filter((kind) => kind === 'displaced')).toHaveLength(1);
    }
    expect(await setting.stands(later.id)).toBe('taula-1');
    const { outcomes, closing: kept } = await closing(id);
    expect(outcomes.map((each) => each.now)).toEqual(['waits', 'waits']);
    expect(kept.settledAt).not.toBeNull();
    expect(await setting.wrongs()).toEqual([]);
  });

  test('sent twice is made once', async () => {
    await setting.book('10:00', 'taula-1');
    const { digest } = await plan(MORNING);
    const [a, b] = [await make(MORNING, digest), await make(MORNING, digest)];
    expect(a).toMatchObject({ ok: true });
    expect(b).toEqual(a.ok ? { ...a, absence: null } : a);
    expect((await rota.absences(viewer(), await setting.fresh())).length).toBe(3);
  });

  test('ended early, the hours that nobody replaced are given back, and those people are told', async () => {
    const one = await setting.book('11:00', 'taula-1');
    const two = await setting.book('11:20', 'taula-2');
    const id = await close();
    world.clock.set(at('07:02').toString());
    await rota.settleAll();
    // One has chosen another hour meanwhile.
    const moved = await world.appointments.move(
      { kind: 'citizen', appointment: two.id } as never,
      await setting.fresh(),
      two.id,
      { start: at('13:00') },
    );
    expect(moved).toMatchObject({ ok: true });
    await reopen(id);
    expect(await rota.giveBack(viewer(), await setting.fresh(), id)).toBe(1);
    const now = await world.appointments.byId(setting.office, one.id);
    expect(now).toMatchObject({ start: at('11:00'), displacedAt: null });
    expect(await setting.told(one.id)).toContain('change');
    const other = await world.appointments.byId(setting.office, two.id);
    expect(other).toMatchObject({ start: at('13:00') });
    expect(await rota.giveBack(viewer(), await setting.fresh(), id)).toBe(0);
    expect(await setting.wrongs()).toEqual([]);
  });

  test('is not an agent’s to do, nor another office’s coordinator’s to see', async () => {
    const agent = setting.viewer('agent', 'taula-1');
    expect(await rota.plan(agent, setting.office, MORNING)).toEqual({
      ok: false,
      reason: 'not_allowed',
    });
    const id = await close();
    const other = await world.open();
    expect(await rota.closing(other.viewer('coordinator'), setting.office, id)).toBeNull();
    expect(await rota.closing(other.viewer('coordinator'), other.office, id)).toBeNull();
    expect(await rota.giveBack(agent, setting.office, id)).toBe(0);
  });
});
