import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Appointments } from '../../booking/appointments/service.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import type { EncounterService } from '../encounter/service.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createDelays, type Delays } from './service.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);
const comeTo = (time: string) => clock.set(at(time).toString());

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let offices: Offices;
let appointments: Appointments;
let encounter: EncounterService;
let delays: Delays;
let office: Office;
let coordinator: StaffViewer;
let woken = 0;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ offices, appointments } = testAppointments(database, clock));
  encounter = testEncounter(database, clock);
});
afterAll(() => database.close());

beforeEach(async () => {
  clock.set('2026-11-30T07:00:00+01:00');
  woken = 0;
  office = await offices.byId(await testOffice(database.kysely, { code: `oac-${++nth}` }));
  coordinator = {
    kind: 'staff',
    staff: 7,
    name: 'Marta',
    office: office.id,
    role: 'coordinator',
    desk: null,
  };
  delays = createDelays({
    db: database.kysely,
    offices: { list: async () => [office] },
    clock,
    unit: testUnit(database.kysely, clock, () => {
      woken++;
    }),
  });
});

async function booked(time: string): Promise<Appointment> {
  const result = await appointments.book({ kind: 'citizen' }, office, {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    noticeLanguage: 'ca',
    start: at(time),
    citizen: { name: 'Rosa', email: `rosa-${time}@example.cat`, phone: '+34600000001' },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!result.ok) throw new Error(result.reason);
  return result.appointment;
}

/** What was written about being late: minutes, and whether it still waits to be sent. */
const told = async (id: string) => {
  const found = await within(database.kysely, office.id, (tx) =>
    sql<{ minutes: number; dropped: boolean }>`
      select (facts->>'minutes')::int as minutes, dropped_at is not null as dropped
      from notice where appointment_id = ${id} and kind = 'late' order by created_at`.execute(tx),
  );
  return found.rows.map((each) => (each.dropped ? 'dropped' : each.minutes));
};

test('who comes after a long encounter is told before their hour, once, and again when it grows', async () => {
  const [first, second] = [await booked('09:00'), await booked('09:20')];
  comeTo('09:17');
  expect(await delays.tell()).toBe(2); // the first as well, whom nobody has called yet
  await encounter.start(coordinator, office, first.id);
  expect(await told(first.id)).toEqual(['dropped']); // never after the call began
  expect(await told(second.id)).toEqual([15]);
  expect((await delays.delay(office, second))?.minutes).toBe(15);
  expect([await delays.tell(), woken]).toEqual([0, 2]);

  comeTo('09:49');
  expect(await delays.tell()).toBe(0); // 30 is not much more than 15
  comeTo('09:51');
  expect(await delays.tell()).toBe(1);
  expect(await told(second.id)).toEqual([15, 35]);
  comeTo('10:30');
  expect(await delays.tell()).toBe(0);
});

test('nobody has pressed anything: who was promised a call is told all the same', async () => {
  const { id } = await booked('09:00');
  comeTo('09:09');
  expect(await delays.tell()).toBe(0);
  comeTo('09:10');
  expect(await delays.tell()).toBe(1);
  const events = await appointments.events((await appointments.byId(office, id))!);
  expect(events.at(-1)).toMatchObject({
    kind: 'delayed',
    actor: 'system',
    data: { minutes: 15, start: at('09:00').toString() },
  });
});

test('two workers tell once', async () => {
  const { id } = await booked('09:00');
  comeTo('09:12');
  await Promise.all(Array.from({ length: 6 }, () => delays.tell()));
  expect(await told(id)).toEqual([15]);
});

test('nobody is told who was called, has cancelled, or is of another day', async () => {
  const called = await booked('09:00');
  const cancelled = await booked('09:20');
  const another = await booked('09:40');
  comeTo('08:30');
  await appointments.cancel(
    { kind: 'citizen', appointment: cancelled.id },
    office,
    cancelled.id,
    '',
  );
  comeTo('09:01');
  const attempt = { number: 1, outcome: 'no_answer', note: '' } as const;
  await encounter.logAttempt(coordinator, office, called.id, attempt);
  comeTo('09:35');
  expect(await delays.tell()).toBe(0);
  clock.set('2026-12-01T09:05:00+01:00');
  expect(await delays.tell()).toBe(0);
  expect(await told(another.id)).toEqual([]);
});

test('who moved to another hour may be told of that one too', async () => {
  const { id } = await booked('09:00');
  comeTo('09:12');
  expect(await delays.tell()).toBe(1);
  const moved = await appointments.move(coordinator, office, id, { start: at('10:20') });
  expect(moved.ok).toBe(true);
  comeTo('10:32');
  expect(await delays.tell()).toBe(1);
  expect(await told(id)).toEqual(['dropped', 15]);
});

test('another desk’s encounter delays nobody, and what is far away is not foretold', async () => {
  await booked('09:00');
  const later = await booked('11:00');
  const second = await booked('09:20');
  comeTo('09:14');
  const elsewhere = { ...second, desk: second.desk + 1_000_000 };
  expect(await delays.delay(office, elsewhere)).toBeNull();
  expect(await delays.delay(office, later)).toBeNull();
  expect(await delays.delay(office, { ...second, status: 'cancelled' })).toBeNull();
  comeTo('09:16');
  expect((await delays.delay(office, second))?.at).toEqual(at('09:35'));
});
