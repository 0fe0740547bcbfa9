import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Choice } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { SCOPES } from '../../../domain/scopes.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { type BreakableTrail, breakableTrail, NO_TRAIL } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testAppointments } from './testing.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00+01:00`);
let database: TestDatabase;
let world: ReturnType<typeof testAppointments>;
let office: Office;
let nth = 0;
let trail: BreakableTrail;

beforeAll(async () => {
  database = await testDatabase();
  world = testAppointments(database, clock);
  trail = await breakableTrail(database);
});
afterAll(async () => {
  await trail.close();
  await database.close();
});
beforeEach(async () => {
  office = await world.offices.byId(await testOffice(database.kysely, { code: `oac-${++nth}` }));
});

const request = (start: string): Choice & Details & { noticeLanguage: 'ca' } => ({
  ...{ procedure: 'volant-padro', channel: 'phone', language: 'ca', start: at(start) },
  ...{ noticeLanguage: 'ca', onBehalfOf: null, needs: [], comment: '' },
  citizen: { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' },
});

async function book(viewer: Viewer | { kind: 'citizen' }, start: string, follows?: string) {
  const booked = await world.appointments.book(viewer, office, request(start), {}, follows);
  if (!booked.ok) throw new Error(booked.reason);
  return booked.appointment;
}

const recorded = () =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select(['actor', 'action', 'appointment_id', 'data'])
      .where('office_id', '=', office.id)
      .orderBy('id')
      .execute(),
  );

/** Each way to act, as each kind of viewer that may. */
const viewers: [string, (appointment: string) => Viewer][] = [
  ['a citizen', (appointment) => ({ kind: 'citizen', appointment })],
  ['a token', () => ({ kind: 'token', token: 2, office: office.id, scopes: new Set(SCOPES) })],
  [
    'staff',
    () => ({
      ...{ kind: 'staff', staff: 7, name: 'Anna', office: office.id, role: 'agent', desk: null },
    }),
  ],
];

describe.each(viewers)('what %s does', (_name, viewerOf) => {
  test('is on the trail, each deed once, with the desk at which it stood', async () => {
    const { id, desk } = await book(viewerOf(''), '09:00');
    const viewer = viewerOf(id);
    const moved = await world.appointments.move(viewer, office, id, { start: at('10:00') });
    const later = moved.ok ? moved.appointment.desk : 0;
    const citizen = { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000002' };
    await world.appointments.changeContact(viewer, office, id, citizen);
    await world.appointments.cancel(viewer, office, id, '');
    const actor = actorOf(viewer);
    expect(await recorded()).toEqual([
      { actor, action: 'booked', appointment_id: id, data: { desk } },
      { actor, action: 'moved', appointment_id: id, data: { desk } },
      {
        ...{ actor, action: 'contact_changed', appointment_id: id },
        data: { desk: later, changed: ['phone'] },
      },
      { actor, action: 'cancelled', appointment_id: id, data: { desk: later } },
    ]);
  });

  test('isn’t recorded where nothing was done', async () => {
    const { id, citizen } = await book(viewerOf(''), '09:00');
    const viewer = viewerOf(id);
    const before = await recorded();
    await world.appointments.move(viewer, office, id, { start: at('09:00') });
    await world.appointments.move(viewer, office, id, { start: at('03:00') });
    await world.appointments.changeContact(viewer, office, id, citizen);
    expect(await recorded()).toEqual(before);
  });

  test('isn’t done when it can’t be recorded', async () => {
    const { id, citizen } = await book(viewerOf(''), '09:00');
    const viewer = viewerOf(id);
    await withoutTrail(async () => {
      const { appointments } = world;
      await expect(book(viewer, '09:20')).rejects.toThrow(NO_TRAIL);
      const to = { start: at('10:00') };
      await expect(appointments.move(viewer, office, id, to)).rejects.toThrow(NO_TRAIL);
      const other = { ...citizen, phone: '+34600000002' };
      await expect(appointments.changeContact(viewer, office, id, other)).rejects.toThrow(NO_TRAIL);
      await expect(appointments.cancel(viewer, office, id, '')).rejects.toThrow(NO_TRAIL);
    });
    const [only, ...others] = await world.appointments.search({ office: office.id, limit: 9 });
    expect(others).toEqual([]);
    expect(only).toMatchObject({ status: 'booked', start: at('09:00'), citizen });
    const events = only ? await world.appointments.events(only) : [];
    expect(events.map((each) => each.kind)).toEqual(['booked']);
  });
});

test('a booking that goes on from another says so, in its record too', async () => {
  const scopes = new Set(SCOPES);
  const viewer = { kind: 'token', token: 2, office: office.id, scopes } as const;
  const first = await book(viewer, '09:00');
  const second = await book(viewer, '10:00', first.id);
  expect((await recorded()).at(-1)?.data).toMatchObject({ follows: first.id });
  const followed = await within(database.kysely, office.id, (tx) =>
    tx.selectFrom('follow_up').select('follows').where('appointment_id', '=', second.id).execute(),
  );
  expect(followed).toEqual([{ follows: first.id }]);
});

/** Runs `work` while nothing can be written to the audit trail. */
async function withoutTrail(work: () => Promise<void>): Promise<void> {
  await trail.break('*');
  await work().finally(() => trail.mend());
}
