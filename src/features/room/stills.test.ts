import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../lib/clock.ts';
import { within } from '../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../lib/db/testing.ts';
import type { StaffViewer, Viewer } from '../../lib/viewer.ts';
import { testAppointments } from '../appointments/testing.ts';
import type { Appointment } from '../appointments/types.ts';
import { readEvents } from '../appointments/views.ts';
import { testAttention } from '../attention/testing/attention.ts';
import { testBody } from '../bodies/testing.ts';
import type { Body } from '../bodies/types.ts';
import { testDocuments } from '../documents/testing.ts';
import { createStills, type Stills } from './service.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const JPEG = Buffer.from('ffd8ffe000104a4649460001', 'hex');
const OK = { ok: true };
const [NOT_OPEN, NOT_FOUND] = [
  { ok: false, reason: 'not_open' },
  { ok: false, reason: 'not_found' },
];
let database: TestDatabase;
let body: Body;
let staff: StaffViewer;
let stills: Stills;
let appointment: Appointment;
let documents: ReturnType<typeof testDocuments>;
let book: () => Promise<Appointment>;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { bodies, bookVideo } = testAppointments(database, clock);
  body = await bodies.byId(await testBody(db));
  staff = {
    kind: 'staff',
    staff: 1,
    name: 'Núria',
    body: body.id,
    role: 'coordinator',
    agent: null,
  };
  documents = testDocuments(database, clock);
  stills = createStills({ db, clock, documents, wake: () => {} });
  const attention = testAttention({ kysely: db }, clock, () => {});
  book = async () => {
    const booked = await bookVideo(body);
    await attention.start(staff, body, booked.id);
    return booked;
  };
});
afterAll(() => database.close());
beforeEach(async () => {
  appointment = await book();
});

const citizen = (): Viewer => ({ kind: 'citizen', appointment: appointment.id });
const ask = () => stills.ask(staff, body, appointment.id);
const answer = (given: string, who = citizen()) => stills.answer(who, body, appointment.id, given);
const keep = (jpeg = JPEG) => stills.keep(staff, body, appointment.id, jpeg);
const kept = async () =>
  (await documents.list(staff, body, appointment.id))?.filter((each) => each.kind === 'evidence');
const events = () =>
  within(database.kysely, body.id, async (tx) =>
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
  test('where the body keeps none', async () => {
    const never = {
      ...body,
      settings: { ...body.settings, video: { relay: 'needed', stills: 'never' } },
    };
    expect(await stills.ask(staff, never as Body, appointment.id)).toEqual(NOT_OPEN);
  });

  test('what is no picture, and no answer', async () => {
    await ask();
    expect(await answer('maybe')).toEqual({ ok: false, reason: 'invalid' });
    await answer('yes');
    const html = Buffer.from('<script>alert(1)</script>');
    expect(await keep(html)).toEqual({ ok: false, reason: 'invalid' });
    expect(await kept()).toEqual([]);
  });

  test('whoever has no say: who comes along, a stranger, a colleague who looks, another body', async () => {
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
      { ...staff, body: body.id + 1 },
    ]) {
      expect(await stills.ask(who, body, appointment.id)).toEqual(NOT_FOUND);
      expect(await stills.keep(who, body, appointment.id, JPEG)).toEqual(NOT_FOUND);
    }
  });
});
