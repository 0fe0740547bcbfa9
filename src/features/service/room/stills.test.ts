import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testDocuments } from '../documents/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createStills, type Stills } from './service.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const JPEG = Buffer.from('ffd8ffe000104a4649460001', 'hex');
const OK = { ok: true };
const [NOT_OPEN, NOT_FOUND] = [
  { ok: false, reason: 'not_open' },
  { ok: false, reason: 'not_found' },
];
let database: TestDatabase;
let office: Office;
let staff: StaffViewer;
let stills: Stills;
let appointment: Appointment;
let documents: ReturnType<typeof testDocuments>;
let book: () => Promise<Appointment>;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo } = testAppointments(database, clock);
  office = await offices.byId(await testOffice(db));
  staff = {
    kind: 'staff',
    staff: 1,
    name: 'Núria',
    office: office.id,
    role: 'coordinator',
    desk: null,
  };
  documents = testDocuments(database, clock);
  stills = createStills({ documents, unit: testUnit(db, clock) });
  const encounter = testEncounter({ kysely: db }, clock, () => {});
  book = async () => {
    const booked = await bookVideo(office);
    await encounter.start(staff, office, booked.id, { anyway: true });
    return booked;
  };
});
afterAll(() => database.close());
beforeEach(async () => {
  appointment = await book();
});

const citizen = (): Viewer => ({ kind: 'citizen', appointment: appointment.id });
const ask = () => stills.ask(staff, office, appointment.id);
const answer = (given: string, who = citizen()) =>
  stills.answer(who, office, appointment.id, given);
const keep = (jpeg = JPEG) => stills.keep(staff, office, appointment.id, jpeg);
const kept = async () =>
  (await documents.list(staff, office, appointment.id))?.filter((each) => each.kind === 'evidence');
const events = () =>
  within(database.kysely, office.id, async (tx) =>
    (await readEvents(tx, appointment.id)).flatMap(({ kind }) =>
      kind.startsWith('still_') ? [kind] : [],
    ),
  );

test('a picture is kept once the citizen has agreed, and one for each time that they do', async () => {
  expect(await keep()).toEqual(NOT_OPEN);
  expect(await ask()).toEqual(OK);
  expect(await ask()).toEqual(NOT_OPEN);
  expect(await keep()).toEqual(NOT_OPEN);
  expect(await answer('yes')).toEqual(OK);
  expect(await answer('no')).toEqual(NOT_OPEN);
  const both = await Promise.all([keep(), keep()]);
  expect(both.filter((each) => each.ok)).toHaveLength(1);
  expect(await keep()).toEqual(NOT_OPEN);
  expect(await events()).toEqual(['still_asked', 'still_agreed', 'still_kept']);
  const standing = (await kept())?.filter((each) => !each.destroyedAt);
  expect(standing).toMatchObject([{ kind: 'evidence', size: JPEG.length }]);
});

test('who says no is asked again only when asked anew; what was agreed to is for now', async () => {
  await ask();
  expect(await answer('no')).toEqual(OK);
  expect(await keep()).toEqual(NOT_OPEN);
  await ask();
  await answer('yes');
  clock.set(clock.now().add({ minutes: 6 }).toString());
  expect(await keep()).toEqual(NOT_OPEN);
  expect(await ask()).toEqual(OK);
});

describe('is refused', () => {
  test('where the office keeps none', async () => {
    const never = {
      ...office,
      settings: { ...office.settings, video: { relay: 'needed', stills: 'never' } },
    };
    expect(await stills.ask(staff, never as Office, appointment.id)).toEqual(NOT_OPEN);
  });

  test('what is no picture, and no answer', async () => {
    await ask();
    expect(await answer('maybe')).toEqual({ ok: false, reason: 'invalid' });
    await answer('yes');
    const html = Buffer.from('<script>alert(1)</script>');
    expect(await keep(html)).toEqual({ ok: false, reason: 'invalid' });
    expect(await kept()).toEqual([]);
  });

  test('whoever has no say: who comes along, a stranger, a colleague who looks, another office', async () => {
    await ask();
    const along = { kind: 'companion', companion: 'x', appointment: appointment.id } as const;
    const stranger = {
      kind: 'citizen',
      appointment: '00000000-0000-4000-8000-000000000000',
    } as const;
    for (const who of [along, stranger, staff]) expect(await answer('yes', who)).toEqual(NOT_FOUND);
    await answer('yes');
    for (const who of [
      { ...staff, staff: 2 },
      { ...staff, office: office.id + 1 },
    ]) {
      expect(await stills.ask(who, office, appointment.id)).toEqual(NOT_FOUND);
      expect(await stills.keep(who, office, appointment.id, JPEG)).toEqual(NOT_FOUND);
    }
  });
});
