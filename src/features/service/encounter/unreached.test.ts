import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
import { createUnreached, type EncounterService } from './service.ts';
import { testEncounter } from './testing/encounter.ts';
import type { AttemptOutcome } from './types.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);
const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let offices: Offices;
let appointments: Appointments;
let encounter: EncounterService;
let office: Office;
let agent: StaffViewer;
let nth = 0;

beforeAll(async () => {
  database = await testDatabase();
  ({ offices, appointments } = testAppointments(database, clock));
  encounter = testEncounter(database, clock, () => {});
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set('2026-11-30T07:00:00+01:00');
  office = await offices.byId(await testOffice(database.kysely, { code: `oac-${++nth}` }));
  const desk = office.desks[0]!.id;
  const who = { staff: 7, name: 'Marta', office: office.id, desk };
  agent = { kind: 'staff', role: 'agent', ...who };
});

async function booked(time: string): Promise<string> {
  const result = await appointments.book({ kind: 'citizen' }, office, {
    ...{ procedure: 'volant-padro', channel: 'phone', language: 'ca', noticeLanguage: 'ca' },
    start: at(time),
    citizen: { name: 'Rosa Pons', email: 'rosa@example.cat', phone: '+34600000001' },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!result.ok) throw new Error(result.reason);
  return result.appointment.id;
}
const call = async (id: string, time: string, number: number, outcome: AttemptOutcome) => {
  clock.set(at(time).toString());
  const attempt = { number, outcome, note: '', anyway: true };
  expect(await encounter.logAttempt(agent, office, id, attempt)).toMatchObject({ ok: true });
};
/** How it stands once a time has come. */
const standsAt = async (id: string, time: string) => {
  clock.set(at(time).toString());
  const { kysely: db } = database;
  await createUnreached({ db, clock, offices, unit: testUnit(db, clock) }).end();
  return (await appointments.byId(office, id))?.status;
};
/** How many calls the citizen is told of; nothing: they weren't written to. */
const toldOf = async (id: string) => {
  const rows = await within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('notice')
      .select('facts')
      .where('appointment_id', '=', id)
      .where('kind', '=', 'noshow')
      .execute(),
  );
  return rows.map(({ facts }) => (facts as { calls?: number }).calls);
};

describe('an appointment whose calls stopped early', () => {
  test('ends as missed when the window is over, and its citizen is told how often they were called', async () => {
    const id = await booked('09:00');
    await call(id, '09:00', 1, 'no_answer');
    expect(await standsAt(id, '09:29')).toBe('booked');
    expect(await standsAt(id, '09:30')).toBe('noshow');
    expect(await toldOf(id)).toEqual([1]);
  });

  test('does not end while the next call can be made in time', async () => {
    const id = await booked('09:00');
    await call(id, '09:26', 1, 'busy');
    expect(await standsAt(id, '09:40')).toBe('booked');
    await call(id, '09:40', 2, 'busy');
    expect(await standsAt(id, '09:54')).toBe('booked');
    expect(await standsAt(id, '09:55')).toBe('noshow');
    expect(await toldOf(id)).toEqual([2]);
  });

  test('is not missed by a citizen who moved it after an early call', async () => {
    const id = await booked('09:00');
    await call(id, '08:50', 1, 'no_answer');
    const moved = await appointments.move({ kind: 'citizen', appointment: id }, office, id, {
      start: at('10:00'),
    });
    expect(moved.ok).toBe(true);
    expect(await standsAt(id, '10:40')).toBe('booked');
    await call(id, '10:40', 2, 'no_answer');
    expect(await standsAt(id, '10:55')).toBe('noshow');
    expect(await toldOf(id)).toEqual([1]);
  });

  test('ends without a number to call, some minutes after the agent could have', async () => {
    const id = await booked('09:00');
    await call(id, '09:00', 1, 'wrong_number');
    expect(await standsAt(id, '09:34')).toBe('booked');
    expect(await standsAt(id, '09:35')).toBe('noshow');
  });

  test('is not missed by a citizen who gave another number that nobody called', async () => {
    const id = await booked('09:00');
    await call(id, '09:00', 1, 'wrong_number');
    const citizen = { name: 'Rosa Pons', email: 'rosa@example.cat', phone: '+34600000002' };
    const viewer = { kind: 'citizen', appointment: id } as const;
    expect((await appointments.changeContact(viewer, office, id, citizen)).ok).toBe(true);
    expect(await standsAt(id, '09:50')).toBe('booked');
  });
});
