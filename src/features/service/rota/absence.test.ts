import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { within } from '../../../lib/db/database.ts';
import {
  at,
  type CoordinationWorld,
  coordinationWorld,
  MONDAY,
  type TestOffice,
} from '../coordination/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createRota, type RotaPlan, type RotaService } from './service.ts';
import type { Resolution, RotaEdit } from './types.ts';

let world: CoordinationWorld;
let rota: RotaService;
let setting: TestOffice;
beforeAll(async () => {
  world = await coordinationWorld();
  rota = createRota(world);
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.set(`${MONDAY}T07:00:00+01:00`);
  setting = await world.open();
});

const away = (code: string, from = '09:00', to = '14:00') =>
  ({
    kind: 'absence',
    desk: setting.desk(code),
    from: `${MONDAY}T${from}`,
    to: `${MONDAY}T${to}`,
    why: 'ill',
  }) as const;
const laia = () => setting.viewer('coordinator');
const joan = () => setting.viewer('coordinator', null, 1);

async function planned(edit: RotaEdit): Promise<RotaPlan> {
  const result = await rota.plan(laia(), await setting.fresh(), edit);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.plan;
}

const save = async (edit: RotaEdit, { digest }: RotaPlan, by = laia(), service = rota) =>
  service.save(by, await setting.fresh(), edit, { digest, resolutions: new Map() });

/** Plans and confirms. */
const send = async (edit: RotaEdit) => save(edit, await planned(edit));

/** Plans and confirms with a service that dies once the absence is written. */
async function dying(edit: RotaEdit): Promise<void> {
  const settle = () => Promise.reject(new Error('killed'));
  const service = createRota({ ...world, coordination: { ...world.coordination, settle } });
  await expect(save(edit, await planned(edit), laia(), service)).rejects.toThrow('killed');
}

describe('a desk that is away', () => {
  test('the page says which desks can, and why others can’t', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await send(away('taula-3', '09:30', '11:00'));
    const choices = await world.coordination.desksFor(laia(), await setting.fresh(), id);
    expect(choices?.desks.map((each) => each.ineligibility)).toEqual(['here', 'taken', 'away']);
  });

  test('its appointments keep their hour where a desk is free, and the rest is told', async () => {
    const kept = await setting.book('09:00', 'taula-1');
    const lost = await setting.book('10:00', 'taula-1');
    await setting.book('10:00', 'taula-2');
    await setting.book('10:00', 'taula-3');
    const plan = await planned(away('taula-1'));
    expect(plan.affected.map((each) => [each.appointment.id, each.to])).toEqual([
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
    await world.coordination.endGivenUp();
    expect(await setting.stands(lost.id)).toBe('in_progress');
  });

  test('in the end it is cancelled, no sooner than they had time to choose', async () => {
    setting = await world.open({ desks: { 'taula-1': {} } });
    const lost = await setting.book('10:00', 'taula-1');
    world.clock.set(`${MONDAY}T09:55:00+01:00`);
    await send({ ...away('taula-1', '09:55'), to: '2026-12-20T00:00' });
    world.clock.set(`${MONDAY}T10:30:00+01:00`);
    await world.coordination.endGivenUp();
    expect(await setting.stands(lost.id)).toBe('displaced');
    world.clock.set(`${MONDAY}T11:56:00+01:00`);
    await world.coordination.endGivenUp();
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
    const plan = await planned(away('taula-1'));
    const late = await setting.book('09:20', 'taula-1');
    const result = await save(away('taula-1'), plan);
    expect(result).toMatchObject({ ok: false, reason: 'changed' });
    expect(await setting.stands(late.id)).toBe('taula-1');
  });

  test('an appointment that is booked after the plan was compared is not overlooked', async () => {
    await setting.book('09:00', 'taula-1');
    const plan = await planned(away('taula-1'));
    let late: { id: string } | null = null;
    const unit: typeof world.unit = Object.assign(
      async (...[viewer, at, work]: Parameters<typeof world.unit>) => {
        late ??= await setting.book('09:20', 'taula-1');
        return world.unit(viewer, at, work);
      },
      world.unit,
    ) as typeof world.unit;
    const result = await save(away('taula-1'), plan, laia(), createRota({ ...world, unit }));
    expect(result).toMatchObject({ ok: false, reason: 'changed' });
    expect(!result.ok && 'plan' in result && result.plan.affected).toHaveLength(2);
    expect(await setting.stands(late!.id)).toBe('taula-1');
  });

  test('pressed twice, or by two at once, it is done once', async () => {
    const ids = [];
    for (const time of ['09:00', '09:20', '09:40', '10:00'])
      ids.push((await setting.book(time, 'taula-1')).id);
    const plan = await planned(away('taula-1'));
    const results = await Promise.all(
      [laia(), joan(), laia(), joan()].map((by) => save(away('taula-1'), plan, by)),
    );
    const made = results.map((each) => (each.ok ? `${each.change} ${each.absence}` : null));
    expect([...new Set(made)]).toEqual([expect.stringMatching(/^\d+ \d+$/)]);
    expect(await rota.absences(laia(), setting.office)).toHaveLength(1);
    const recorded = (await setting.audit()).filter((each) => each.action === 'rota_changed');
    expect(recorded).toHaveLength(1);
    for (const id of ids) expect(await setting.stands(id)).toMatch(/taula-[23]/);
    for (const id of ids) {
      const events = await world.appointments.events({ id, office: setting.id } as never);
      expect(events.filter((each) => each.kind === 'reassigned')).toHaveLength(1);
    }
  });

  test('what a crash left undone the worker ends', async () => {
    const one = await setting.book('09:00', 'taula-1');
    const two = await setting.book('09:20', 'taula-1');
    await dying(away('taula-1'));
    expect([await setting.stands(one.id), await setting.stands(two.id)]).toEqual([
      'taula-1',
      'taula-1',
    ]);
    expect(await rota.settleAll()).toBe(1);
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
    const plan = await planned(away('taula-1'));
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
      save(away('taula-1'), plan),
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
    const back = { kind: 'back', absence: sent.absence!, at: null } as const;
    expect(await send(back)).toMatchObject({ ok: true });
    expect(await rota.plan(laia(), await setting.fresh(), back)).toMatchObject({
      ok: false,
      mistakes: ['gone'],
    });
    expect(await setting.stands(id)).toBe('taula-2');
    await setting.book('09:00', 'taula-1');
    const { desk, from, to } = away('taula-1');
    const audit = await setting.audit();
    expect(audit.filter((each) => each.action === 'rota_changed')).toMatchObject([
      { data: { change: sent.change, kind: 'absence', desks: [desk], from, to } },
      { data: { kind: 'back', desks: [desk] } },
    ]);
    expect(audit.map((each) => each.action)).toContain('reassigned');
  });
});

describe('an absence', () => {
  const actions = async () => (await setting.audit()).map((each) => each.action);

  test('takes every appointment at its hours, also outside the shift; the hours before it stay', async () => {
    const early = await setting.book('09:00', 'taula-1');
    const late = await setting.book('13:40', 'taula-1');
    const { shifts } = (await rota.rows(laia(), setting.office))!;
    const { id } = shifts.find((each) => each.desk === setting.desk('taula-1'))!;
    const shorter: RotaEdit = {
      kind: 'alter',
      shift: id!,
      day: MONDAY,
      from: '09:00',
      to: '13:00',
      weekdays: null,
      until: null,
    };
    const { digest } = await planned(shorter);
    const resolutions = new Map<string, Resolution>([[late.id, 'leave']]);
    await rota.save(laia(), await setting.fresh(), shorter, { digest, resolutions });
    const edit = away('taula-1', '13:20', '18:00');
    expect((await planned(edit)).affected.map((each) => each.appointment.id)).toEqual([late.id]);
    expect(await send(edit)).toMatchObject({ ok: true });
    expect([await setting.stands(early.id), await setting.stands(late.id)]).toEqual([
      'taula-1',
      'taula-2',
    ]);
  });

  test('takes what the desk did not get to, also when its shift ends before it could', async () => {
    const overdue = await setting.book('13:00', 'taula-1');
    world.clock.set(`${MONDAY}T13:55:00+01:00`);
    const plan = await planned(away('taula-1', '13:55'));
    expect(plan.affected.map((each) => each.appointment.id)).toEqual([overdue.id]);
    // From a later hour on, the desk can still begin it.
    const later = await planned(away('taula-1', '15:00', '18:00'));
    expect(later.affected).toEqual([]);
  });

  test('from this minute on is made although the minute has changed meanwhile', async () => {
    const { id } = await setting.book('09:00', 'taula-1');
    const edit = away('taula-1', '07:00');
    const plan = await planned(edit);
    world.clock.advance({ minutes: 1 });
    expect(await save(edit, plan)).toMatchObject({ ok: true });
    expect(await setting.stands(id)).toBe('taula-2');
  });

  test('within another that is known already is the same; an appointment that was left at the desk is not overlooked', async () => {
    const given = await setting.book('09:00', 'taula-1');
    const left = await setting.book('10:00', 'taula-1');
    const long = away('taula-1');
    const { digest } = await planned(long);
    const resolutions = new Map<string, Resolution>([[left.id, 'leave']]);
    const first = await rota.save(laia(), await setting.fresh(), long, { digest, resolutions });
    expect(first).toMatchObject({ ok: true });
    expect(await setting.stands(given.id)).toBe('taula-2');
    expect(await send(away('taula-1', '09:00', '09:30'))).toEqual(first);
    // The same choices once more.
    const again = await planned(long);
    const repeated = { digest: again.digest, resolutions };
    expect(await rota.save(joan(), await setting.fresh(), long, repeated)).toEqual(first);
    expect(await setting.stands(left.id)).toBe('taula-1');
    // Another choice is another change.
    expect(await send(away('taula-1', '09:40', '10:40'))).not.toEqual(first);
    expect(await setting.stands(left.id)).toMatch(/taula-[23]/);
  });

  test('that ends before a crash is made good leaves what it did not get to at the desk', async () => {
    const { id } = await setting.book('09:00', 'taula-1');
    await dying(away('taula-1'));
    const [absence] = await rota.absences(laia(), setting.office);
    await send({ kind: 'back', absence: absence!.id, at: null });
    expect(await rota.settleAll()).toBe(0);
    expect(await setting.stands(id)).toBe('taula-1');
  });

  test('gives an hour that no desk had to one that is free after all', async () => {
    const { id } = await setting.book('10:00', 'taula-1');
    const others = [await setting.book('10:00', 'taula-2'), await setting.book('10:00', 'taula-3')];
    await dying(away('taula-1'));
    await world.appointments.cancel(laia(), setting.office, others[0]!.id, 'x');
    await rota.settleAll();
    expect(await setting.stands(id)).toBe('taula-2');
  });

  test('is listed until it is over, and read with what came of its appointments, on record', async () => {
    const { id } = await setting.book('09:00', 'taula-1');
    const edit = away('taula-1');
    const sent = await send(edit);
    if (!sent.ok) throw new Error(sent.reason);
    const { kind: _, ...span } = edit;
    const entered = { ...span, id: sent.absence, change: sent.change, isOfClosing: false };
    expect(await rota.absences(laia(), setting.office)).toEqual([entered]);
    const read = await rota.absence(laia(), setting.office, sent.absence!);
    expect(read).toMatchObject({
      absence: entered,
      outcomes: [{ appointment: { id }, desk: edit.desk, now: 'reassigned' }],
    });
    expect((await actions()).at(-1)).toBe('rota_read');
    world.clock.set(`${MONDAY}T14:00:00+01:00`);
    expect(await rota.absences(laia(), setting.office)).toEqual([]);
    for (const none of [0, -1, 1.5, 2 ** 31, sent.absence! + 1])
      expect(await rota.absence(laia(), setting.office, none)).toBe(null);
    const other = await world.open();
    for (const viewer of [setting.viewer('agent', 'taula-1'), other.viewer('administrator')]) {
      expect(await rota.absences(viewer, setting.office)).toEqual([]);
      expect(await rota.absence(viewer, setting.office, sent.absence!)).toBe(null);
    }
  });

  test('of the console leaves the rota of its desk to the town file; the end of one of the file does not', async () => {
    const [first, second] = [setting.desk('taula-1'), setting.desk('taula-2')];
    const declared = await within(world.db, setting.id, async (tx) => {
      await tx
        .updateTable('office')
        .set((eb) => ({ revision: eb('revision', '+', 1) }))
        .execute();
      return tx
        .insertInto('absence')
        .values({
          office_id: setting.id,
          desk_id: second,
          starts: `${MONDAY}T09:00`,
          ends: `${MONDAY}T12:00`,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    });
    const keptHere = () =>
      within(world.db, setting.id, (tx) =>
        tx.selectFrom('desk').select('id').where('rota_here', '=', true).execute(),
      );
    const sent = await send(away('taula-1'));
    await send({ kind: 'back', absence: sent.ok ? sent.absence! : 0, at: null });
    expect(await rota.absences(laia(), setting.office), 'of the console').toEqual([]);
    expect(await keptHere()).toEqual([]);
    await send({ kind: 'back', absence: declared.id, at: null });
    expect(await keptHere()).toEqual([{ id: second }]);
    expect(first).not.toBe(second);
  });
});
