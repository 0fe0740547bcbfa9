import { sql } from 'kysely';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { GraphSettings } from '../../../lib/graph/settings.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { noSecurityLog } from '../../../lib/security-events.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { createWaitList } from '../../booking/wait-list/service.ts';
import { unitOf } from '../../foundation/audit/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createCoordination } from '../coordination/service.ts';
import { type CalendarConnections, createCalendarConnections } from './connections.ts';
import type { Connection } from './types.ts';

/** A Monday before the office opens. */
const START = '2026-11-30T07:00:00+01:00';
const CHOICE = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;

/** An office with two desks, an agent at the first, and an administrator, for the tests of connected calendars. */
export interface CalendarsWorld {
  database: TestDatabase;
  clock: ReturnType<typeof handClock>;
  connections: CalendarConnections;
  office: Office;
  /** An agent at `taula-1`. */
  marta: StaffViewer;
  albert: StaffViewer;
  made: ReturnType<typeof testAppointments>;
  /** The security events, as they were noted. */
  noted: { event: string; facts: object }[];
  /** Gives an appointment to a desk, as a coordinator does. */
  giveTo(appointment: string, desk: string): Promise<void>;
  run(statement: ReturnType<typeof sql>): Promise<{ rows: unknown[] }>;
  rows<R>(statement: ReturnType<typeof sql>): Promise<R[]>;
  /** Returns the local starts that are offered on a day. */
  startsOf(day: string): Promise<string[]>;
  /** Books by phone at a local time. */
  book(start: string): Promise<Awaited<ReturnType<typeof bookAt>>>;
  /** Lets the worker run, some minutes later. */
  sync(minutes?: number): Promise<number>;
  stateOf(id: string, who?: StaffViewer): Promise<Connection | undefined>;
  /** Takes everything away that a test made. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function calendarsWorld(
  options: { graph?: GraphSettings } = {},
): Promise<CalendarsWorld> {
  const clock = handClock(START);
  const database = await testDatabase();
  const { kysely: db } = database;
  await testOffice(db, { desks: { 'taula-1': {}, 'taula-2': { skills: [] } } });
  const made = testAppointments(database, clock);
  const office = (await made.offices.find('oac'))!;
  const run = (statement: ReturnType<typeof sql>) =>
    within(db, INSTALLATION, (tx) => statement.execute(tx));
  const rows = async <R>(statement: ReturnType<typeof sql>): Promise<R[]> =>
    (await run(statement)).rows as R[];
  const noted: CalendarsWorld['noted'] = [];
  const unit = unitOf({ db, clock, notifier: { notify: () => {}, notifyTopic: () => {} } });
  const connections = createCalendarConnections({
    db,
    clock,
    unit,
    key: installationKey(Buffer.alloc(32, 7)),
    offices: made.offices,
    baseUrl: 'https://cita.example.cat',
    log: { warn: () => {} },
    graph: options.graph ?? null,
    security: { ...noSecurityLog, note: (event, facts) => noted.push({ event, facts }) },
    reach: { privately: new Set(), loopback: true },
  });
  const { marta, albert } = await peopleOf(office, run, rows);
  const coordinator = { ...albert, role: 'coordinator' } as const;
  const { appointments } = made;
  const basis = { ...made, database, db, clock, unit };
  const coordination = createCoordination({ ...basis, waitList: createWaitList(basis) });
  return {
    ...{ database, clock, connections, office, marta, albert, made, noted, run, rows },
    giveTo: async (id, code) => {
      const found = (await appointments.byId(office, id))!;
      const desk = office.desks.find((each) => each.code === code)!.id;
      const seen = { desk: found.desk, start: found.start };
      const to = { desk, seen, override: true };
      const given = await coordination.reassign(coordinator, office, id, to);
      if (!given.ok) throw new Error(given.reason);
    },
    startsOf: (day) => startsOf(made, day),
    book: (start) => bookAt(made, start),
    sync: (minutes = 10) => {
      clock.advance({ minutes });
      return connections.sync();
    },
    stateOf: async (id, who = marta) =>
      (await connections.list(who)).find((each) => each.id === id),
    clear: () => {
      clock.set(START);
      noted.length = 0;
      return clear(run);
    },
    close: () => database.close(),
  };
}

async function clear(run: CalendarsWorld['run']): Promise<void> {
  await run(sql`delete from calendar_connection`);
  await run(sql`delete from desk_busy`);
  await run(sql`update appointment set status = 'cancelled', time_id = null`);
  await run(sql`delete from desk_time`);
  await run(sql`update office set revision = revision + 1`);
}

async function peopleOf(
  office: Office,
  run: CalendarsWorld['run'],
  rows: CalendarsWorld['rows'],
): Promise<{ marta: StaffViewer; albert: StaffViewer }> {
  const people = await rows<{ id: number }>(
    sql`insert into staff (email, name) values ('marta@example.cat', 'Marta'), ('albert@example.cat', 'Albert') returning id`,
  );
  const [first, second] = people.map((each) => each.id) as [number, number];
  const desk = office.desks.find((each) => each.code === 'taula-1')!.id;
  await run(sql`insert into staff_role (office_id, staff_id, role, desk_id) values
    (${office.id}, ${first}, 'agent', ${desk}), (${office.id}, ${second}, 'administrator', null)`);
  const viewer = { kind: 'staff', office: office.id, name: '' } as const;
  return {
    marta: { ...viewer, staff: first, role: 'agent', desk },
    albert: { ...viewer, staff: second, role: 'administrator', desk: null },
  };
}

async function startsOf(made: CalendarsWorld['made'], day: string): Promise<string[]> {
  const office = (await made.offices.find('oac'))!;
  const found = await made.slots.search(office, CHOICE, { from: day, to: day });
  if (!found.ok) throw new Error(found.reason);
  return found.slots.map(({ start }) =>
    start.toZonedDateTimeISO(office.timeZone).toPlainTime().toString({ smallestUnit: 'minute' }),
  );
}

async function bookAt(made: CalendarsWorld['made'], start: string) {
  const office = (await made.offices.find('oac'))!;
  const booked = await made.appointments.book({ kind: 'citizen' }, office, {
    ...CHOICE,
    start: Temporal.PlainDateTime.from(start).toZonedDateTime(office.timeZone).toInstant(),
    citizen: {
      name: 'Rosa Soler',
      email: `${start.replaceAll(':', '')}@example.cat`,
      phone: '+34600123456',
    },
    onBehalfOf: null,
    needs: [],
    comment: '',
    noticeLanguage: 'ca' as const,
  });
  if (!booked.ok) throw new Error(booked.reason);
  return booked.appointment;
}
