import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Site } from '../../../domain/office/site.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { type CheckIns, createCheckIns } from './service.ts';

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
const SITES: Site[] = ['centre', 'eres'].map((code) => ({
  ...{ code, name: named(code), address: `Carrer ${code}, 1` },
}));
const NINE = Temporal.Instant.from('2026-12-09T08:00:00Z');
const ASK = { procedure: 'volant-padro', channel: 'in_person', language: 'ca' } as const;
const DAY = { from: '2026-12-09', to: '2026-12-09' };

let database: TestDatabase;
const clock = handClock('2026-12-01T09:00:00Z');
let world: ReturnType<typeof testAppointments>;
let checkIns: CheckIns;
let office: Office;
let other: Office;
let told: number[] = [];
let people = 0;

beforeAll(async () => {
  database = await testDatabase();
  const desk = (site: string) => ({ channels: ['in_person', 'phone'], site });
  const options = {
    settings: { sites: SITES },
    procedures: { 'volant-padro': { channels: { phone: 15, in_person: 15 } } },
    desks: {
      'taula-1': desk('centre'),
      'taula-2': desk('eres'),
      'taula-3': { channels: ['phone'] },
    },
  };
  await testOffice(database.kysely, options);
  await testOffice(database.kysely, { ...options, code: 'hisenda' });
  world = testAppointments(database, clock);
  checkIns = createCheckIns({ unit: testUnit(database.kysely, clock, (id) => told.push(id)) });
  office = (await world.offices.find('oac'))!;
  other = (await world.offices.find('hisenda'))!;
});
afterAll(() => database?.close());
beforeEach(() => {
  clock.set('2026-12-01T09:00:00Z');
  told = [];
});

const book = async (site?: string, start = NINE) => {
  const nth = ++people;
  return world.appointments.book({ kind: 'citizen' }, office, {
    ...{ ...ASK, site, noticeLanguage: 'ca', start },
    ...{ onBehalfOf: null, needs: [], comment: '' },
    citizen: { name: `Rosa ${nth}`, email: null, phone: `+346${String(nth).padStart(8, '0')}` },
  });
};
const booked = async (site?: string, start = NINE): Promise<Appointment> => {
  const result = await book(site, start);
  if (!result.ok) throw new Error(result.reason);
  return result.appointment;
};
const citizenOf = ({ id }: Appointment) => ({ kind: 'citizen', appointment: id }) as const;
const nuria = (of: Office = office): StaffViewer => ({
  ...{ kind: 'staff', staff: 7, name: 'Núria', office: of.id, role: 'coordinator', desk: null },
});
const now = async ({ id }: Appointment) => (await world.appointments.byId(office, id))!;
const codeOf = (id: number) => office.desk(id)?.code;
const starts = async (site?: string) => {
  const found = await world.slots.search(office, { ...ASK, site }, DAY);
  return found.ok ? found.slots.map(({ start, capacity }) => [start.toString(), capacity]) : [];
};

describe('a booking at a site', () => {
  test('offers the times of the desks that stand there, and of all sites where none is named', async () => {
    expect((await starts('centre'))[0]).toEqual([NINE.toString(), 1]);
    expect((await starts())[0]).toEqual([NINE.toString(), 2]);
    expect(await starts('elsewhere')).toEqual([]);
  });

  test('is at a desk of the site, without an e-mail address; the next one is refused there', async () => {
    const first = await booked('eres');
    expect(first).toMatchObject({ site: 'eres', channel: 'in_person' });
    expect(codeOf(first.desk)).toBe('taula-2');
    expect(await book('eres')).toEqual({ ok: false, reason: 'slot_taken' });
    const anywhere = await booked();
    expect(anywhere.site).toBe('centre');
    expect(codeOf(anywhere.desk)).toBe('taula-1');
  });

  test('stays at its site when its time is moved, goes to another one, and by telephone to none', async () => {
    const start = NINE.add({ hours: 24 });
    const appointment = await booked('eres', start);
    const move = async (to: Parameters<typeof world.appointments.move>[3]) => {
      const moved = await world.appointments.move(
        citizenOf(appointment),
        office,
        appointment.id,
        to,
      );
      return moved.ok ? moved.appointment : moved;
    };
    const later = start.add({ minutes: 20 });
    expect(await move({ start: later })).toMatchObject({ site: 'eres', sequence: 1 });
    expect(await move({ start: later, site: 'centre' })).toMatchObject({ site: 'centre' });
    expect(codeOf((await now(appointment)).desk)).toBe('taula-1');
    expect(await move({ start: later, channel: 'phone' })).toMatchObject({ site: null });
    expect(await move({ start: later, channel: 'in_person', site: 'eres' })).toMatchObject({
      ...{ site: 'eres', channel: 'in_person' },
    });
  });
});

describe('checking in', () => {
  let appointment: Appointment;
  let nth = 0;
  beforeEach(async () => {
    appointment = await booked('centre', NINE.add({ hours: 24 * 5, minutes: 20 * nth++ }));
  });
  const come = (minutes: number) => clock.set(appointment.start.add({ minutes }).toString());

  test('is too early before half an hour, then the desk knows since when; twice is once', async () => {
    come(-31);
    expect(await checkIns.arrive(citizenOf(appointment), office.id, appointment.id)).toEqual({
      ...{ ok: false, reason: 'not_open' },
    });
    come(-30);
    for (const _ of [1, 2])
      expect((await checkIns.arrive(citizenOf(appointment), office.id, appointment.id)).ok).toBe(
        true,
      );
    expect((await now(appointment)).status).toBe('arrived');
    expect(told).toContain(office.id);
    const events = await world.appointments.events(appointment);
    expect(events.filter(({ kind }) => kind === 'arrived')).toMatchObject([
      { actor: 'citizen', data: { site: 'centre' } },
    ]);
  });

  test('is done by staff for whoever has no telephone, and taken back; it is on record', async () => {
    come(-5);
    expect(await checkIns.arrive(nuria(), office.id, appointment.id)).toEqual({ ok: true });
    expect((await now(appointment)).status).toBe('arrived');
    expect(await checkIns.leave(nuria(), office.id, appointment.id)).toEqual({ ok: true });
    expect((await now(appointment)).status).toBe('booked');
    const trail = await within(database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('audit')
        .select(['actor', 'action'])
        .where('appointment_id', '=', appointment.id)
        .where('action', 'like', '%checked_in')
        .orderBy('id')
        .execute(),
    );
    expect(trail).toEqual([
      { actor: 'staff:7', action: 'checked_in' },
      { actor: 'staff:7', action: 'not_checked_in' },
    ]);
  });

  test('is recorded once, however often it is said', async () => {
    come(0);
    for (const viewer of [citizenOf(appointment), nuria(), citizenOf(appointment)])
      expect(await checkIns.arrive(viewer, office.id, appointment.id)).toEqual({ ok: true });
    const trail = await within(database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('audit')
        .select('actor')
        .where('appointment_id', '=', appointment.id)
        .where('action', '=', 'checked_in')
        .execute(),
    );
    expect(trail).toEqual([{ actor: 'citizen' }]);
  });

  test('is over the day after: nobody can say it, and staff can still write that nobody came', async () => {
    come(24 * 60);
    for (const viewer of [citizenOf(appointment), nuria()])
      expect(await checkIns.arrive(viewer, office.id, appointment.id)).toEqual({
        ...{ ok: false, reason: 'not_open' },
      });
    expect(await checkIns.miss(nuria(), office.id, appointment.id)).toEqual({ ok: true });
    expect((await now(appointment)).status).toBe('noshow');
  });

  test('belongs to its citizen and its office', async () => {
    come(0);
    const stranger = citizenOf({ ...appointment, id: '00000000-0000-4000-8000-000000000000' });
    const notFound = { ok: false, reason: 'not_found' };
    expect(await checkIns.arrive(stranger, office.id, appointment.id)).toEqual(notFound);
    expect(await checkIns.arrive(nuria(other), other.id, appointment.id)).toEqual(notFound);
    expect(await checkIns.arrive(nuria(), office.id, 'no id')).toEqual(notFound);
  });

  test('ends in the encounter: whoever is called is told to which desk, and nobody is telephoned', async () => {
    come(0);
    await checkIns.arrive(nuria(), office.id, appointment.id);
    const encounter = testEncounter(database, clock);
    const attempt = { number: 1, outcome: 'no_answer', note: '' } as const;
    expect(await encounter.logAttempt(nuria(), office, appointment.id, attempt)).toMatchObject({
      ...{ ok: false, reason: 'not_open' },
    });
    const desk = office.desks.find(({ code }) => code === 'taula-2')!.id;
    const here = { ...nuria(), role: 'agent', desk } as const;
    expect(await encounter.start(here, office, appointment.id)).toEqual({ ok: true });
    const started = (await world.appointments.events(appointment)).at(-1);
    expect(started).toMatchObject({ kind: 'started', data: { desk } });
    expect(await checkIns.arrive(nuria(), office.id, appointment.id)).toMatchObject({ ok: false });
  });

  test('whoever does not come is a no-show once their hour has begun, and is told', async () => {
    come(-1);
    const refused = { ok: false, reason: 'not_open' };
    expect(await checkIns.miss(nuria(), office.id, appointment.id)).toEqual(refused);
    come(0);
    expect(await checkIns.miss(nuria(), office.id, appointment.id)).toEqual({ ok: true });
    expect((await now(appointment)).status).toBe('noshow');
    const notices = await within(database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('notice')
        .select('kind')
        .where('appointment_id', '=', appointment.id)
        .where('dropped_at', 'is', null)
        .execute(),
    );
    expect(notices).toEqual([{ kind: 'noshow' }]);
  });
});
