import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Citizen } from '../../../domain/person.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { NoticeFacts } from '../../foundation/notices/types.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { type Appointments, lockAppointment } from './service.ts';
import { changeStatus } from './status.ts';
import { testAppointments } from './testing.ts';

/** A Monday. */
const MONDAY = '2026-11-30T07:00:00+01:00';
const at = (text: string) => Temporal.Instant.from(`${text}:00+01:00`);
const THURSDAY = at('2026-12-03T09:00');
const ROSA: Citizen = { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' };

const clock = handClock(MONDAY);
let database: TestDatabase;
let offices: Offices;
let appointments: Appointments;
let office: Office;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ offices, appointments } = testAppointments(database, clock));
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MONDAY);
  office = await offices.byId(await testOffice(database.kysely, { code: `oac-${++nth}` }));
});

async function booked(start = THURSDAY, citizen = ROSA): Promise<Appointment> {
  const request = {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    start,
    citizen,
    onBehalfOf: null,
    needs: [],
    comment: '',
    noticeLanguage: 'ca',
  } as const;
  const result = await appointments.book({ kind: 'citizen' }, office, { ...request, needs: [] });
  if (!result.ok) throw new Error(result.reason);
  return result.appointment;
}

const citizen = ({ id }: Appointment): Viewer => ({ kind: 'citizen', appointment: id });

/** Returns the content of the tables, of all offices. */
const rows = async <T>(query: RawBuilder<T>): Promise<T[]> =>
  (await within(database.kysely, '*', (tx) => query.execute(tx))).rows;

interface Row {
  id: string;
  kind: string;
  channel: string;
  recipient: string;
  facts: NoticeFacts;
  not_before: Temporal.Instant;
  dropped_at: Temporal.Instant | null;
}
const allOf = ({ id }: Appointment) =>
  rows(sql<Row>`select * from notice where appointment_id = ${id} order by created_at, not_before`);
const pendingOf = async (appointment: Appointment) =>
  (await allOf(appointment)).filter((each) => each.dropped_at === null);
const said = (row: Row) =>
  `${row.kind} ${row.not_before.toZonedDateTimeISO('Europe/Madrid').toPlainDateTime().toString().slice(0, 16)}`;

describe('a booking', () => {
  test('owes its confirmation now and its reminders when their time comes', async () => {
    expect((await pendingOf(await booked())).map(said)).toEqual([
      'confirmation 2026-11-30T07:00',
      'reminder 2026-12-01T10:00',
      'soon 2026-12-03T08:00',
    ]);
  });

  test('that ends, however it does, owes no reminder any more', async () => {
    const [cancelled, missed, kept] = [
      await booked(),
      await booked(at('2026-12-03T09:20')),
      await booked(at('2026-12-03T09:40')),
    ];
    await appointments.cancel(citizen(cancelled), office, cancelled.id, '');
    for (const [appointment, status] of [
      [missed, 'noshow'],
      [kept, 'in_progress'],
    ] as const) {
      const viewer = { kind: 'system', why: 'test' } as const;
      await testUnit(database.kysely, clock)(viewer, office.id, async (unit) => {
        const old = await lockAppointment(unit.tx, appointment.id);
        if (old) await changeStatus(unit, old, status);
      });
    }
    expect((await pendingOf(cancelled)).map((each) => each.kind)).toEqual(['cancellation']);
    expect(await pendingOf(missed)).toEqual([]);
    expect(await pendingOf(kept)).toEqual([]);
  });
});

describe('a move', () => {
  test('says that it was the office, where it was', async () => {
    const appointment = await booked();
    const staff: Viewer = { kind: 'system', why: 'a test' };
    const by = async () =>
      (await pendingOf(appointment)).find((each) => each.kind === 'change')?.facts.by;
    await appointments.move(citizen(appointment), office, appointment.id, {
      start: at('2026-12-03T09:20'),
    });
    expect(await by()).toBeUndefined();
    await appointments.move(staff, office, appointment.id, { start: at('2026-12-03T09:40') });
    expect(await by()).toBe('office');
  });

  test('tells of it, and reminds of the new time only', async () => {
    const appointment = await booked();
    clock.advance({ hours: 1 });
    await appointments.move(citizen(appointment), office, appointment.id, {
      start: at('2026-12-09T10:00'),
    });
    const pending = await pendingOf(appointment);
    expect(pending.map(said)).toEqual([
      'change 2026-11-30T08:00',
      'reminder 2026-12-07T10:00',
      'soon 2026-12-09T09:00',
    ]);
    expect(pending.map((each) => each.facts.start)).toEqual(Array(3).fill('2026-12-09T09:00:00Z'));
    expect(pending.map((each) => each.facts.sequence)).toEqual([1, 1, 1]);
    expect(pending[0]?.facts.before).toEqual({ start: THURSDAY.toString(), channel: 'phone' });
    const events = await appointments.events(appointment);
    expect(events.at(-1)?.data).toMatchObject({
      from: { start: THURSDAY.toString(), channel: 'phone' },
      to: { start: '2026-12-09T09:00:00Z', channel: 'phone' },
    });
  });

  test('keeps what tells of no hour', async () => {
    const appointment = await booked();
    await testUnit(database.kysely, clock)(citizen(appointment), office.id, async (unit) => {
      const on = { office: office.id, appointment: appointment.id };
      for (const kind of ['result', 'refused', 'late'] as const)
        await oweNotices(unit, on, noticesOwed(kind, appointment, clock.now(), { minutes: 20 }));
    });
    const start = at('2026-12-03T09:20');
    await appointments.move(citizen(appointment), office, appointment.id, { start });
    const kinds = (await pendingOf(appointment)).map((each) => each.kind);
    expect(kinds.sort()).toEqual(['change', 'refused', 'reminder', 'result', 'soon']);
  });

  test('made by several at once tells each time of where it really was', async () => {
    const appointment = await booked();
    const times = ['10:00', '10:20', '10:40', '11:00', '11:20', '11:40'];
    const results = await Promise.all(
      times.map((time) =>
        appointments.move(citizen(appointment), office, appointment.id, {
          start: at(`2026-12-04T${time}`),
        }),
      ),
    );
    const moved = results.filter((each) => each.ok).length;
    expect(moved).toBeGreaterThan(1);
    const changes = (await allOf(appointment))
      .filter((each) => each.kind === 'change')
      .map((each) => each.facts)
      .sort((a, b) => a.sequence - b.sequence);
    expect(changes.map((each) => each.sequence)).toEqual(changes.map((_, index) => index + 1));
    expect(changes).toHaveLength(moved);
    expect(changes.map((each) => each.before?.start)).toEqual([
      THURSDAY.toString(),
      ...changes.slice(0, -1).map((each) => each.start),
    ]);
    const now = await appointments.byId(office, appointment.id);
    expect(now?.sequence).toBe(moved);
    expect(now?.start.toString()).toBe(changes.at(-1)?.start);
    expect((await pendingOf(appointment)).map((each) => each.facts.start)).toEqual(
      Array(3).fill(now?.start.toString()),
    );
  });
});

describe('a change of contact', () => {
  const change = async (appointment: Appointment, to: Citizen) => {
    clock.advance({ minutes: 1 });
    await appointments.changeContact(citizen(appointment), office, appointment.id, to);
    return (await aboutTheTime(appointment)).map(
      (each) => `${each.kind} ${each.channel} ${each.recipient} ${each.facts.name}`,
    );
  };

  /** Returns the pending notices, except those to the former addresses about the change itself. */
  const aboutTheTime = async (appointment: Appointment) =>
    (await pendingOf(appointment)).filter((each) => each.kind !== 'contact');

  test('sends what is still to be told to the new address, and the confirmation first', async () => {
    const to = { ...ROSA, email: 'nova@example.cat' };
    expect((await change(await booked(), to)).sort()).toEqual([
      'confirmation email nova@example.cat Rosa Soler',
      'reminder email nova@example.cat Rosa Soler',
      'soon email nova@example.cat Rosa Soler',
    ]);
  });

  test('of the name alone greets by the new one and tells nothing twice', async () => {
    const appointment = await booked();
    expect(await change(appointment, { ...ROSA, name: 'Rosa Soler i Mas' })).toEqual([
      'confirmation email rosa@example.cat Rosa Soler i Mas',
      'reminder email rosa@example.cat Rosa Soler i Mas',
      'soon email rosa@example.cat Rosa Soler i Mas',
    ]);
    expect(await allOf(appointment)).toHaveLength(3);
  });

  test('makes other notices of them, since an id that one reader has seen stops those of the next', async () => {
    const appointment = await booked();
    const idsOf = async () => (await aboutTheTime(appointment)).map((each) => each.id);
    const before = await idsOf();
    const change = (citizen: Citizen) =>
      appointments.changeContact(
        { kind: 'citizen', appointment: appointment.id },
        office,
        appointment.id,
        citizen,
      );
    await change({ ...ROSA, name: 'Roser Soler' });
    expect(await idsOf()).toEqual(before);
    await change({ ...ROSA, email: 'roser@example.cat' });
    const after = await idsOf();
    expect(after).toHaveLength(before.length);
    expect(before.filter((each) => after.includes(each))).toEqual([]);
  });

  test('from no e-mail to one goes on by e-mail', async () => {
    const appointment = await booked(THURSDAY, { ...ROSA, email: null });
    expect(await change(appointment, ROSA)).toContain('soon email rosa@example.cat Rosa Soler');
  });

  test('of the telephone re-addresses the last reminder where that goes by SMS', async () => {
    const notices = { ...office.settings.notices, sms: 'reminders-too' as const };
    const id = await testOffice(database.kysely, { code: `oac-${++nth}`, settings: { notices } });
    office = await offices.byId(id);
    const appointment = await booked();
    expect((await pendingOf(appointment)).map((each) => `${each.kind} ${each.channel}`)).toEqual([
      'confirmation email',
      'reminder email',
      'soon sms',
    ]);
    expect(await change(appointment, { ...ROSA, phone: '+34600000002' })).toEqual([
      'confirmation email rosa@example.cat Rosa Soler',
      'reminder email rosa@example.cat Rosa Soler',
      'soon sms +34600000002 Rosa Soler',
    ]);
  });
});
