import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ask } from '../../../domain/appointment.ts';
import type { Extent } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testAppointments } from './testing.ts';
import { searchAppointments } from './views.ts';

const MONDAY = '2026-11-30T07:00:00+01:00';
const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);
const clock = handClock(MONDAY);
const LIMITS = { openPerPerson: 50, holdsPerAddress: 3, challenge: 'never' } as const;

type Made = ReturnType<typeof testAppointments>;

let database: TestDatabase;
let made: Made;
let office: Office;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  made = testAppointments(database, clock);
});
afterAll(() => database.close());

/** Three desks, of which the second alone attends all procedures: the first knows no tax, the third nothing else. */
beforeEach(async () => {
  const settings = {
    booking: LIMITS,
    combining: { procedures: 3, people: 4, minutes: 90, roundTo: 5 },
  };
  office = await made.offices.byId(
    await testOffice(database.kysely, {
      code: `oac-${++nth}`,
      settings,
      procedures: {
        alta: {
          channels: { phone: 30, video: 40 },
          combining: { alone: false, with: [], further: 10, perPerson: 5 },
        },
        volant: {
          channels: { phone: 15 },
          combining: { alone: false, with: [], further: 5, perPerson: 0 },
        },
        ibi: { channels: { phone: 20 } },
        sola: { channels: { phone: 20 }, combining: { alone: true, with: [] } },
      },
      desks: {
        'taula-1': { skills: ['alta', 'volant'] },
        'taula-2': { skills: null },
        'taula-3': { skills: ['ibi'] },
      },
    }),
  );
});

const BOTH: Extent = { further: ['ibi'], people: 2 };
const ask = (extent: Extent = {}, procedure = 'alta'): Ask => ({
  ...{ procedure, channel: 'phone', language: 'ca' },
  ...extent,
});
const starts = async (extent: Extent, except?: string) => {
  const day = '2026-11-30';
  const found = await made.slots.search(office, ask(extent), { from: day, to: day }, except);
  return found.ok ? found.slots : found.reason;
};
const who = (name: string) => ({
  citizen: { name, email: `${name}@example.cat`, phone: null },
  ...{ onBehalfOf: null, needs: [], comment: '', noticeLanguage: 'ca' as const },
});
const book = (extent: Extent, time = '09:00', more: object = {}) =>
  made.appointments.book({ kind: 'citizen' }, office, {
    ...{ ...ask(extent), ...who('rosa'), start: at(time) },
    ...more,
  });
const booked = async (...args: Parameters<typeof book>) => {
  const result = await book(...args);
  if (!result.ok) throw new Error(result.reason);
  return result.appointment;
};

describe('an appointment for several procedures and people', () => {
  test('takes the minutes of all at a desk that attends all', async () => {
    const appointment = await booked(BOTH);
    expect(appointment).toMatchObject({ procedure: 'alta', further: ['ibi'], people: 2 });
    expect(appointment.start.until(appointment.end).total('minutes')).toBe(75);
    expect(office.desk(appointment.desk)?.code).toBe('taula-2');
    expect(await made.appointments.byId(office, appointment.id)).toEqual(appointment);
    // The only desk that attends both is taken, though the two others are free.
    expect(await book(BOTH)).toEqual({ ok: false, reason: 'slot_taken' });
    expect(await book({ further: ['volant'] })).toMatchObject({ ok: true });
  });

  test('is offered only where a desk attends all of it', async () => {
    const both = await starts(BOTH);
    expect(both).not.toHaveLength(0);
    for (const slot of both as Exclude<typeof both, string>) expect(slot.capacity).toBe(1);
    expect(await starts({ further: ['volant'] })).toContainEqual(
      expect.objectContaining({ capacity: 2 }),
    );
  });

  test('starts where its shortest procedure could', async () => {
    const found = (await starts({ further: ['volant'] })) as Exclude<
      Awaited<ReturnType<typeof starts>>,
      string
    >;
    expect(found.slice(0, 3).map((each) => each.start.toString())).toEqual(
      ['09:00', '09:20', '09:40'].map((each) => at(each).toString()),
    );
  });

  test('keeps everything when it is moved, and what the office allowed then is not asked again', async () => {
    const appointment = await booked(BOTH);
    await within(database.kysely, office.id, (tx) =>
      tx
        .updateTable('office')
        .set({
          revision: office.revision + 1,
          settings: JSON.stringify({ ...office.settings, combining: undefined }),
        })
        .where('id', '=', office.id)
        .execute(),
    );
    made.offices.forget(office.id);
    office = await made.offices.byId(office.id);
    expect(await book(BOTH, '11:00')).toEqual({ ok: false, reason: 'not_combinable' });
    expect(await starts(BOTH)).toBe('not_combinable');
    const [first] = (await starts(BOTH, appointment.id)) as { start: Temporal.Instant }[];
    expect(first?.start).toEqual(at('09:00'));
    const moved = await made.appointments.move(
      { kind: 'system', why: 'test' },
      office,
      appointment.id,
      {
        start: at('10:15'),
      },
    );
    expect(moved).toMatchObject({ ok: true, appointment: { further: ['ibi'], people: 2 } });
    expect(moved.ok && moved.appointment.end).toEqual(at('11:30'));
  });

  test('is found by each of its procedures', async () => {
    const { id } = await booked(BOTH);
    const found = (procedure: string) =>
      within(database.kysely, office.id, (tx) =>
        searchAppointments(tx, { office: office.id, procedure, limit: 5 }),
      );
    expect((await found('ibi')).map((each) => each.id)).toEqual([id]);
    expect((await found('alta')).map((each) => each.id)).toEqual([id]);
    expect(await found('volant')).toEqual([]);
  });

  test('is another request than the same with fewer procedures or people', async () => {
    const key = { idempotencyKey: 'one' };
    const again = (extent: Extent) =>
      made.appointments.book(
        { kind: 'citizen' },
        office,
        {
          ...{ ...ask(extent), ...who('pere'), start: at('09:00') },
        },
        key,
      );
    expect(await again(BOTH)).toMatchObject({ ok: true, created: true });
    expect(await again(BOTH)).toMatchObject({ ok: true, created: false });
    for (const other of [{}, { further: ['ibi'] }, { people: 2 }, { ...BOTH, people: 3 }])
      expect(await again(other)).toMatchObject({ reason: 'idempotency_conflict' });
  });
});

describe('is refused, however it is asked for,', () => {
  test.each<[string, Extent, string]>([
    ['for 999 people', { people: 999 }, 'too_many_people'],
    ['for no people', { people: 0 }, 'unknown_procedure'],
    ['with a procedure twice', { further: ['alta'] }, 'not_combinable'],
    ['with one that is booked alone', { further: ['sola'] }, 'not_combinable'],
    ['with one of no office', { further: ['other'] }, 'unknown_procedure'],
    ['when it takes too long', { further: ['ibi', 'volant'], people: 4 }, 'too_long'],
  ])('%s', async (_, extent, reason) => {
    expect(await starts(extent)).toBe(reason);
    expect(await book(extent)).toEqual({ ok: false, reason });
    const choice = { ...ask(extent), start: at('09:00') };
    expect(await made.appointments.hold(office, choice)).toEqual({ ok: false, reason });
  });

  test('on a channel that one of its procedures lacks', async () => {
    const start = at('09:00');
    const choice = { ...ask({ further: ['ibi'] }), channel: 'video', start } as const;
    expect(await made.appointments.hold(office, choice)).toEqual({
      ...{ ok: false, reason: 'channel_not_offered' },
    });
  });
});

describe('a hold', () => {
  const HOME = Buffer.from('home');
  const hold = (extent: Extent, time: string) =>
    made.appointments.hold(office, { ...ask(extent), start: at(time) }, undefined, {
      sender: HOME,
    });
  const LONG = { further: ['ibi', 'volant'], people: 3 };

  test('counts as often as its minutes are those of a longest procedure', async () => {
    // 30 + 20 + 5 and two people more with 5 + 20 + 0 each: 85 minutes, where the longest procedure alone takes 40.
    expect(await starts({ ...LONG, people: 2 })).not.toHaveLength(0);
    expect(await hold({ ...LONG, people: 2 }, '09:00')).toMatchObject({ ok: true });
    expect(await hold({}, '09:00')).toMatchObject({ ok: true });
    expect(await hold({}, '10:10')).toMatchObject({ ok: false, reason: 'too_many' });
  });

  test('of more minutes than its holder books gives the others back', async () => {
    const held = await hold(BOTH, '09:00');
    if (!held.ok) throw new Error(held.reason);
    const result = await made.appointments.book(
      { kind: 'citizen' },
      office,
      {
        ...{ ...ask({}, 'ibi'), ...who('rosa'), start: at('09:00') },
      },
      { hold: held.hold },
    );
    expect(result).toMatchObject({ ok: true });
    // The desk that attends both is free again from 9:25 on, or was never taken.
    const free = (await starts({ further: ['ibi'] })) as { start: Temporal.Instant }[];
    expect(free.some((each) => each.start.equals(at('09:25')))).toBe(true);
  });

  test('of fewer minutes than its holder books is no claim on the others', async () => {
    const held = await hold({}, '09:00');
    if (!held.ok) throw new Error(held.reason);
    await booked({ further: ['ibi'] }, '09:00');
    const result = await made.appointments.book(
      { kind: 'citizen' },
      office,
      {
        ...{ ...ask(BOTH), ...who('pere'), start: at('09:00') },
      },
      { hold: held.hold },
    );
    expect(result).toEqual({ ok: false, reason: 'slot_taken' });
  });

  test('wins or loses as a whole when many ask at once', async () => {
    const extents = Array.from({ length: 24 }, (_, index): Extent => (index % 2 ? BOTH : {}));
    const results = await Promise.all(
      extents.map((extent, index) =>
        made.appointments.book({ kind: 'citizen' }, office, {
          ...{ ...ask(extent), ...who(`p${index}`), start: at('09:00') },
        }),
      ),
    );
    const won = results.flatMap((each) => (each.ok ? [each.appointment] : []));
    // Two desks attend the first procedure, and one of them all.
    expect(won.length).toBe(2);
    expect(new Set(won.map((each) => each.desk)).size).toBe(2);
    for (const { desk, further } of won)
      if (further) expect(office.desk(desk)?.code).toBe('taula-2');
  });
});
