import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Choice } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import type { Slots } from '../slots/service.ts';
import type { Appointments } from './service.ts';
import { sameReferenceTwice } from './testing/references.ts';
import { testAppointments } from './testing.ts';

/** A Monday, before anybody's shift: the first start is 09:00. */
const MONDAY = '2026-11-30T07:00:00+01:00';
const NINE = Temporal.Instant.from('2026-11-30T09:00:00+01:00');
const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);

const clock = handClock(MONDAY);
let database: TestDatabase;
let offices: Offices;
let slots: Slots;
let appointments: Appointments;
let office: Office;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ offices, slots, appointments } = testAppointments(database, clock));
});
afterAll(() => database.close());

/** An office of its own for each test. */
beforeEach(async () => {
  clock.set(MONDAY);
  office = await offices.byId(await testOffice(database.kysely, { code: `oac-${++nth}` }));
});

async function officeWith(options: Parameters<typeof testOffice>[1]): Promise<Office> {
  return offices.byId(await testOffice(database.kysely, { code: `oac-${++nth}`, ...options }));
}

const choice = (start = NINE, more: Partial<Choice> = {}): Choice => ({
  procedure: 'volant-padro',
  channel: 'phone',
  language: 'ca',
  start,
  ...more,
});

const details: Details = {
  citizen: { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' },
  onBehalfOf: null,
  needs: [],
  comment: '',
};

const request = (start = NINE, more: Partial<Choice> = {}) => ({
  ...choice(start, more),
  ...details,
  noticeLanguage: 'ca' as const,
});

const citizen = { kind: 'citizen' } as const;
const book = (start = NINE, more: Partial<Choice> = {}) =>
  appointments.book(citizen, office, request(start, more));

async function booked(start = NINE, more: Partial<Choice> = {}) {
  const result = await book(start, more);
  if (!result.ok) throw new Error(result.reason);
  return result.appointment;
}

async function offered(channel = 'phone', except?: string): Promise<string[]> {
  const found = await slots.search(
    office,
    { procedure: 'volant-padro', channel, language: 'ca' },
    { from: '2026-11-30', to: '2026-11-30' },
    except,
  );
  if (!found.ok) throw new Error(found.reason);
  return found.slots.map((slot) =>
    slot.start.toZonedDateTimeISO('Europe/Madrid').toPlainTime().toString().slice(0, 5),
  );
}

/** Returns the content of the tables, of all offices. */
const rows = async <T>(query: RawBuilder<T>): Promise<T[]> =>
  (await within(database.kysely, '*', (tx) => query.execute(tx))).rows;

const notices = (id: string) =>
  rows(
    sql<{ kind: string; channel: string; recipient: string; dropped: boolean }>`
      select kind, channel, recipient, dropped_at is not null as dropped from notice
      where appointment_id = ${id} and kind not in ('reminder', 'soon') order by created_at, kind`,
  );

describe('booking', () => {
  test('takes the time from everybody else, with the buffer after it', async () => {
    expect((await offered()).slice(0, 3)).toEqual(['09:00', '09:20', '09:40']);
    await booked();
    expect((await offered())[0]).toBe('09:20');
    expect(await book()).toEqual({ ok: false, reason: 'slot_taken' });
    // A video call takes 25 minutes: 09:00 is taken, 09:25 is not.
    expect((await offered('video')).slice(0, 2)).toEqual(['09:25', '09:50']);
  });

  test('offers nothing that is off the grid, in the past or beyond the horizon', async () => {
    for (const start of [
      at('09:07'),
      at('07:40'),
      NINE.subtract({ hours: 24 * 7 }),
      NINE.add({ hours: 24 * 63 }),
    ]) {
      expect(await book(start)).toEqual({ ok: false, reason: 'slot_taken' });
    }
    expect(await book(NINE.add({ seconds: 1 }))).toEqual({ ok: false, reason: 'slot_taken' });
  });

  test('offers no time beyond what a database can hold', async () => {
    const far = Temporal.Instant.from('+012000-01-03T09:00:00Z');
    expect(await appointments.book(citizen, office, request(far), { externalId: 'far' })).toEqual({
      ok: false,
      reason: 'slot_taken',
    });
    expect(await appointments.hold(office, choice(far))).toEqual({
      ok: false,
      reason: 'slot_taken',
    });
  });

  test('refuses what the office does not offer', async () => {
    expect(await book(NINE, { channel: 'constructor' as never })).toMatchObject({ ok: false });
    expect(await book(NINE, { procedure: 'res' })).toEqual({
      ok: false,
      reason: 'unknown_procedure',
    });
    expect(await book(NINE, { channel: 'in_person' as never })).toEqual({
      ok: false,
      reason: 'channel_not_offered',
    });
    expect(await book(NINE, { language: 'fr' as never })).toEqual({
      ok: false,
      reason: 'language_not_offered',
    });
  });

  test('goes to who has the fewest minutes that day, then to who waits longest, then by code', async () => {
    office = await officeWith({ desks: { 'taula-2': {}, 'taula-1': {} } });
    const desk = async (start: string, channel: 'phone' | 'video' = 'phone') => {
      clock.advance({ minutes: 1 });
      return office.desk((await booked(at(start), { channel })).desk)?.code;
    };
    expect(await desk('09:00', 'video')).toBe('taula-1'); // neither has any: by code
    expect(await desk('10:00')).toBe('taula-2'); // 20 minutes against none
    expect(await desk('11:00')).toBe('taula-2'); // 20 against 15
    expect(await desk('11:20')).toBe('taula-1'); // 20 against 30
    // The next day nobody has any: taula-2 was assigned longer ago.
    clock.advance({ minutes: 1 });
    const next = await booked(at('09:00').add({ hours: 24 }));
    expect(office.desk(next.desk)?.code).toBe('taula-2');
  });

  test('owes the confirmation by mail, or by SMS to who has no address', async () => {
    const byMail = await booked();
    expect(await notices(byMail.id)).toEqual([
      { kind: 'confirmation', channel: 'email', recipient: 'rosa@example.cat', dropped: false },
    ]);
    const withoutMail = { ...request(at('09:20')), citizen: { ...details.citizen, email: null } };
    const bySms = await appointments.book(citizen, office, withoutMail);
    expect(bySms.ok && (await notices(bySms.appointment.id))[0]).toMatchObject({
      channel: 'sms',
      recipient: '+34600000001',
    });
  });

  test("draws another reference when the first is somebody's already", async () => {
    using drawn = sameReferenceTwice();
    expect((await booked()).reference).toBe(drawn.reference);
    expect((await booked(at('09:20'))).reference).not.toBe(drawn.reference);
  });

  test('is found by its link and by no other', async () => {
    const result = await book();
    if (!result.ok) throw new Error();
    expect((await appointments.bySecret(result.secret))?.id).toBe(result.appointment.id);
    expect(await appointments.bySecret(`${result.secret}x`)).toBeNull();
    expect(appointments.manageUrl(result.appointment)).toBe(
      `http://localhost:3000/ca/appointment/${result.secret}`,
    );
  });

  test('is not seen by another office', async () => {
    const appointment = await booked();
    const other = await officeWith({});
    expect(await appointments.byId(other, appointment.id)).toBeNull();
    expect(
      await appointments.cancel({ kind: 'system', why: '' }, other, appointment.id, ''),
    ).toEqual({
      ok: false,
      reason: 'not_found',
    });
  });

  test('meets a town file applied meanwhile: it is decided on the new rota', async () => {
    const stale = office;
    await rows(sql`update shift set starts = '10:00' where office_id = ${office.id}`);
    await rows(sql`update office set revision = 2 where id = ${office.id}`);
    expect(await appointments.book(citizen, stale, request(NINE))).toEqual({
      ok: false,
      reason: 'slot_taken',
    });
    expect((await appointments.book(citizen, stale, request(at('10:00')))).ok).toBe(true);
  });
});

describe('the same request again', () => {
  test('is the same appointment, also much later', async () => {
    const first = await appointments.book(citizen, office, request(), { externalId: 'x-1' });
    clock.advance({ hours: 50 });
    const again = await appointments.book(citizen, office, request(), { externalId: 'x-1' });
    expect(
      first.ok && again.ok && again.appointment.id === first.appointment.id && !again.created,
    ).toBe(true);
  });

  test('is the same appointment even when what it asked for is no longer offered', async () => {
    const first = await appointments.book(citizen, office, request(), { externalId: 'x-2' });
    await rows(sql`update procedure set retired_at = now() where office_id = ${office.id}`);
    await rows(sql`update office set revision = 2 where id = ${office.id}`);
    const current = await offices.byId(office.id);
    const again = await appointments.book(citizen, current, request(), { externalId: 'x-2' });
    expect(first.ok && again.ok && again.appointment.id === first.appointment.id).toBe(true);
    const other = await appointments.book(citizen, current, request(), { externalId: 'x-3' });
    expect(other).toEqual({ ok: false, reason: 'unknown_procedure' });
  });

  test('with other content is a conflict that names what it was', async () => {
    const first = await appointments.book(citizen, office, request(), { idempotencyKey: 'k' });
    const other = await appointments.book(citizen, office, request(at('09:20')), {
      idempotencyKey: 'k',
    });
    expect(other).toMatchObject({ ok: false, reason: 'idempotency_conflict' });
    expect(
      first.ok &&
        !other.ok &&
        'appointment' in other &&
        other.appointment.id === first.appointment.id,
    ).toBe(true);
  });

  test('sent twenty times at once makes one', async () => {
    office = await officeWith({
      desks: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`taula-${i}`, {}])),
    });
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        appointments.book(citizen, office, request(), { idempotencyKey: 'once' }),
      ),
    );
    expect(new Set(results.map((each) => each.ok && each.appointment.id)).size).toBe(1);
    expect(results.filter((each) => each.ok && each.created)).toHaveLength(1);
  });
});

describe('holding', () => {
  test("keeps the time for ten minutes, then it is anybody's", async () => {
    const held = await appointments.hold(office, choice());
    expect(held).toMatchObject({ ok: true, expiresAt: clock.now().add({ minutes: 10 }) });
    expect((await offered())[0]).toBe('09:20');
    expect(await book()).toEqual({ ok: false, reason: 'slot_taken' });
    clock.advance({ minutes: 10 });
    expect((await offered())[0]).toBe('09:00');
    expect((await book()).ok).toBe(true);
  });

  test('becomes the appointment of who has it', async () => {
    const held = await appointments.hold(office, choice());
    if (!held.ok) throw new Error();
    const result = await appointments.book(citizen, office, request(), { hold: held.hold });
    expect(result.ok).toBe(true);
    clock.advance({ minutes: 30 });
    expect(await appointments.sweep()).toBe(0);
    expect(await offered()).not.toContain('09:00');
  });

  test('that ended still books when nobody took the time', async () => {
    const held = await appointments.hold(office, choice());
    clock.advance({ minutes: 11 });
    expect(
      (await appointments.book(citizen, office, request(), { hold: held.ok ? held.hold : '' })).ok,
    ).toBe(true);
  });

  test('is extended once', async () => {
    const held = await appointments.hold(office, choice());
    if (!held.ok) throw new Error();
    clock.advance({ minutes: 9 });
    expect(await appointments.extendHold(office, held.hold)).toEqual(
      clock.now().add({ minutes: 10 }),
    );
    expect(await appointments.extendHold(office, held.hold)).toBeNull();
    clock.advance({ minutes: 9 });
    expect(await offered()).not.toContain('09:00');
  });

  test('booking another time with it gives the held one back', async () => {
    const held = await appointments.hold(office, choice());
    if (!held.ok) throw new Error();
    await appointments.book(citizen, office, request(at('10:00')), { hold: held.hold });
    expect((await offered())[0]).toBe('09:00');
  });

  test('that ended is swept', async () => {
    await appointments.hold(office, choice());
    clock.advance({ minutes: 11 });
    expect(await appointments.sweep()).toBe(1);
  });
});

describe('moving', () => {
  const mover = (appointment: { id: string }) => ({
    kind: 'citizen' as const,
    appointment: appointment.id,
  });

  test('frees the old time, takes the new one, and tells', async () => {
    const appointment = await booked();
    const moved = await appointments.move(mover(appointment), office, appointment.id, {
      start: at('10:00'),
    });
    expect(moved).toMatchObject({ ok: true, appointment: { start: at('10:00'), sequence: 1 } });
    expect(await offered()).toContain('09:00');
    expect(await offered()).not.toContain('10:00');
    expect((await notices(appointment.id)).map((each) => each.kind)).toContain('change');
    expect((await appointments.events(appointment)).map((each) => each.kind)).toEqual([
      'booked',
      'moved',
    ]);
  });

  test('what still waited to be told of the old time is not told any more', async () => {
    const appointment = await booked();
    for (const [minute, time] of [
      [1, '10:00'],
      [2, '11:00'],
    ] as const) {
      clock.set(MONDAY);
      clock.advance({ minutes: minute });
      const to = { start: at(time) };
      await appointments.move(mover(appointment), office, appointment.id, to);
    }
    expect(await notices(appointment.id)).toMatchObject([
      { kind: 'confirmation', dropped: true },
      { kind: 'change', dropped: true },
      { kind: 'change', dropped: false },
    ]);
  });

  test('to a time that is taken leaves everything as it was', async () => {
    const appointment = await booked();
    await booked(at('10:00'));
    expect(
      await appointments.move(mover(appointment), office, appointment.id, { start: at('10:00') }),
    ).toEqual({
      ok: false,
      reason: 'slot_taken',
    });
    expect((await appointments.byId(office, appointment.id))?.start).toEqual(NINE);
    expect(await offered()).not.toContain('09:00');
  });

  test('may overlap its own time: to video at the same hour', async () => {
    const appointment = await booked();
    const moved = await appointments.move(mover(appointment), office, appointment.id, {
      start: NINE,
      channel: 'video',
    });
    expect(moved).toMatchObject({ ok: true, appointment: { channel: 'video', end: at('09:20') } });
  });

  test('its own time is on offer to it alone', async () => {
    const appointment = await booked();
    expect((await offered('phone', appointment.id))[0]).toBe('09:00');
    expect((await offered())[0]).toBe('09:20');
  });

  test('is over once it has begun', async () => {
    const appointment = await booked();
    clock.set('2026-11-30T09:00:00+01:00');
    expect(
      await appointments.move(mover(appointment), office, appointment.id, { start: at('11:00') }),
    ).toEqual({
      ok: false,
      reason: 'not_open',
    });
  });

  test('two that swap times at once never end up with one desk at one time', async () => {
    const one = await booked();
    const two = await booked(at('09:20'));
    await Promise.all([
      appointments.move(mover(one), office, one.id, { start: at('09:20') }),
      appointments.move(mover(two), office, two.id, { start: NINE }),
    ]);
    const starts = await Promise.all(
      [one, two].map(async ({ id }) => (await appointments.byId(office, id))?.start.toString()),
    );
    expect(new Set(starts).size).toBe(2);
  });
});

describe('another address', () => {
  test('is told what was booked; what waited for the old one is dropped', async () => {
    const appointment = await booked();
    const viewer = { kind: 'citizen' as const, appointment: appointment.id };
    clock.advance({ minutes: 1 });
    const mended = { ...details.citizen, email: 'rosa@exemple.cat' };
    expect((await appointments.changeContact(viewer, office, appointment.id, mended)).ok).toBe(
      true,
    );
    expect(await notices(appointment.id)).toMatchObject([
      { kind: 'confirmation', recipient: 'rosa@example.cat', dropped: true },
      { kind: 'confirmation', recipient: 'rosa@exemple.cat', dropped: false },
      { kind: 'contact', recipient: 'rosa@example.cat', dropped: false },
    ]);
    await appointments.changeContact(viewer, office, appointment.id, {
      ...mended,
      name: 'Rosa S.',
    });
    expect(await notices(appointment.id)).toHaveLength(3);
  });
});

describe('cancelling', () => {
  test('frees the time at once, drops what was still owed, and tells', async () => {
    const appointment = await booked();
    const viewer = { kind: 'citizen' as const, appointment: appointment.id };
    clock.advance({ minutes: 1 });
    const cancelled = await appointments.cancel(viewer, office, appointment.id, 'Ja no cal');
    expect(cancelled).toMatchObject({
      ok: true,
      appointment: { status: 'cancelled', sequence: 1 },
    });
    expect((await offered())[0]).toBe('09:00');
    expect(await notices(appointment.id)).toMatchObject([
      { kind: 'confirmation', dropped: true },
      { kind: 'cancellation', dropped: false },
    ]);
    expect(await appointments.cancel(viewer, office, appointment.id, '')).toEqual({
      ok: false,
      reason: 'not_open',
    });
  });
});

describe('starts that are packed', () => {
  test('are booked from the free intervals that there are', async () => {
    office = await officeWith({ slots: { starts: 'packed' } });
    await booked(NINE, { channel: 'video' });
    expect((await offered()).slice(0, 2)).toEqual(['09:25', '09:45']);
    expect((await book(at('09:25'))).ok).toBe(true);
    expect((await book(at('09:40'))).ok).toBe(false);
  });

  test('what is kept is booked by whom it is kept for, whatever became free beside it; not by another', async () => {
    office = await officeWith({ slots: { starts: 'packed' } });
    const before = await booked(NINE, { channel: 'video' });
    const wanted = request(at('09:25'));
    const held = await appointments.hold(office, wanted);
    if (!held.ok) throw new Error(held.reason);
    // Now starts are counted from nine again, and 9:25 is none of them.
    await appointments.cancel({ kind: 'system', why: '' }, office, before.id, '');
    expect((await appointments.book(citizen, office, wanted, { hold: 'guessed' })).ok).toBe(false);
    expect((await appointments.book(citizen, office, wanted, { hold: held.hold })).ok).toBe(true);
  });
});

test('what is kept per day says the same as the rows that it sums up', async () => {
  office = await officeWith({ desks: { 'taula-1': {}, 'taula-2': {}, 'taula-3': {} } });
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      book(at('09:00').add({ minutes: 20 * (i % 12) }), i % 3 ? {} : { channel: 'video' }),
    ),
  );
  for (const [i, each] of made.entries()) {
    if (each.ok && i % 4 === 0)
      await appointments.cancel({ kind: 'system', why: '' }, office, each.appointment.id, '');
    if (each.ok && i % 4 === 1)
      await appointments.move({ kind: 'system', why: '' }, office, each.appointment.id, {
        start: at('13:00'),
      });
  }
  const days = await rows(
    sql<{ plain: string; kept: string; stale: number }>`select
      coalesce((select range_agg(epoch_minutes(during)) from desk_time t where t.desk_id = a.id), '{}')::text as plain,
      coalesce((select range_agg(busy) from desk_day d where d.desk_id = a.id), '{}')::text as kept,
      (select count(*)::int from desk_day d where d.desk_id = a.id and d.spans is distinct from d.busy::text) as stale
      from desk a where a.office_id = ${office.id}`,
  );
  expect(days).toHaveLength(3);
  for (const day of days) expect(day).toEqual({ ...day, kept: day.plain, stale: 0 });
});
