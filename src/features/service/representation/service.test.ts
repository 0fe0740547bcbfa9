import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { memoryBlobs } from '../../../lib/blobs/testing/memory.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { PersonViewer, StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import {
  createIdentification,
  type Identification,
} from '../../foundation/identification/service.ts';
import { identifiedPerson } from '../../foundation/identification/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import type { Documents } from '../documents/service.ts';
import { testDocuments } from '../documents/testing.ts';
import { createFolder, type Folder } from '../folder/service.ts';
import { createRepresentations, type Representations } from './service.ts';
import type { Side, Typed } from './types.ts';

const MORNING = '2026-11-30T07:00:00+01:00';
const clock = handClock(MORNING);
const ROSA = { full: 'Rosa Soler Vidal', given: 'Rosa', family: 'Soler Vidal' };
const PERE = { full: 'Pere Vidal Mas', given: 'Pere', family: 'Vidal Mas' };
/** How each of them is typed by the other. */
const AS_PERE = { name: 'Pere Vidal', identifier: '99999999R' };
const AS_ROSA = { name: 'Rosa Soler', identifier: '12345678Z' };

let database: TestDatabase;
let office: Office;
let other: Office;
let identification: Identification;
let documents: Documents;
let representations: Representations;
let folder: Folder;
let book: (name?: string) => Promise<Appointment>;
/** The member of staff whose identifier is that of one of the people. */
let isOwn = false;

/** Rosa acts, Pere is represented. */
let rosa: PersonViewer;
let pere: PersonViewer;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo, appointments } = testAppointments(database, clock);
  office = await offices.byId(await testOffice(db, {}));
  other = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  book = (name = 'Rosa Soler') => bookVideo(office, appointments, name);
  identification = createIdentification({
    ...{ db, clock, baseUrl: 'http://localhost', forms: key, people: key },
    declared: async () => [],
    adapt: () => null,
  });
  documents = testDocuments(database, clock, memoryBlobs());
  const unit = testUnit(db, clock);
  const staffIdentifiers = {
    compare: async () => (isOwn ? ('same' as const) : ('other' as const)),
  };
  representations = createRepresentations({
    ...{ db, clock, unit, identification, documents, staffIdentifiers },
  });
  folder = createFolder({ db, clock, unit, identification, representations });
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MORNING);
  isOwn = false;
  await installation(async (tx) => {
    await tx.deleteFrom('represented_appointment').execute();
    await tx.deleteFrom('representation').execute();
    await tx.deleteFrom('person').execute();
  });
  rosa = await somebody('12345678Z', ROSA);
  pere = await somebody('99999999R', PERE);
});

const installation = <T>(work: (tx: Parameters<Parameters<typeof within>[2]>[0]) => Promise<T>) =>
  within(database.kysely, INSTALLATION, work);

const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);

async function somebody(identifier: string, name: typeof ROSA): Promise<PersonViewer> {
  const of = await identifiedPerson(database.kysely, key, identifier, clock.now(), { name });
  return { kind: 'person', ...of, level: 'substantial' };
}

const official = (over: Partial<StaffViewer> = {}): StaffViewer => ({
  ...({ kind: 'staff', staff: 1, name: 'Núria', office: office.id } as const),
  ...{ role: 'coordinator', desk: null, ...over },
});

const typedOf = (over: Partial<Typed>): Typed => ({
  ...{
    until: '2027-11-30',
    scope: 'all',
    procedures: [],
    opens: false,
    appointment: '',
    ...AS_PERE,
  },
  ...over,
});

/** Rosa asks to act for Pere, with an appointment of hers. */
async function asked(over: Partial<Typed> = {}) {
  const of = await book();
  await folder.take(rosa, office, of.id, 'booked');
  const typed = typedOf({ appointment: of.id, ...over });
  const done = await representations.ask(rosa, office, { side: 'representative', typed });
  if (!done.ok) throw new Error(JSON.stringify(done));
  return { of, id: done.id, on: { office, appointment: of.id, id: done.id } };
}

/** Pere authorises Rosa. */
async function given(over: Partial<Typed> = {}): Promise<string> {
  const typed = typedOf({ ...AS_ROSA, ...over });
  const done = await representations.ask(pere, office, { side: 'represented', typed });
  if (!done.ok) throw new Error(JSON.stringify(done));
  return done.id;
}

/** Hands over the signed document of an appointment, and lets it be checked. */
async function paperOf({ id }: Appointment): Promise<string> {
  const paper = { id: randomUUID(), kind: 'inbox', name: 'autoritzacio.pdf' } as const;
  const kept = await documents.keep(
    provedCitizen(id),
    office,
    id,
    { ...paper, type: 'application/pdf', requested: null },
    randomBytes(100),
  );
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  await documents.pass();
  return kept.id;
}

const stateOf = async (viewer: PersonViewer, id: string) =>
  (await representations.own(viewer)).find((each) => each.id === id)?.state;

const trailOf = (action: string) =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select(['actor', 'appointment_id', 'data'])
      .where('action', '=', action)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );

const newsTo = (appointment: string) =>
  within(database.kysely, office.id, async (tx) => {
    const rows = await tx
      .selectFrom('notice')
      .select(['facts', 'recipient'])
      .where('appointment_id', '=', appointment)
      .where('kind', '=', 'authorisation')
      .orderBy('created_at')
      .execute();
    return rows.map(({ facts }) => (facts as { authorisation: string }).authorisation);
  });

/** Rosa books for Pere by an authorisation. */
async function bookedFor(id: string): Promise<{ of: Appointment; isNoted: boolean }> {
  const of = await book();
  const isNoted = await representations.booked(rosa, office, of.id, id);
  return { of, isNoted };
}

const referencesIn = async (viewer: PersonViewer) => {
  const { entries } = await folder.list(viewer, 'appointments', { kind: null, page: 1 });
  return entries.map((each) => each.reference);
};

describe('what is asked for', () => {
  test('waits for an official, who accepts it by the signed document', async () => {
    const { of, id, on } = await asked();
    expect(await stateOf(rosa, id)).toBe('asked');
    expect((await representations.acting(rosa, id)).isValid).toBe(false);
    const document = await paperOf(of);
    const found = await representations.toDecide(official(), office, of.id);
    expect(found?.documents).toEqual([{ id: document, name: 'autoritzacio.pdf' }]);
    expect(found?.asked).toMatchObject([
      {
        representative: { name: ROSA.full, masked: '***4567**' },
        represented: { name: 'Pere Vidal', masked: '***9999**' },
      },
    ]);
    const decided = await representations.decide(official(), on, { do: 'accept', document });
    expect(decided).toEqual({ ok: true });
    expect(await representations.acting(rosa, id)).toMatchObject({
      ...{ isValid: true, name: 'Pere Vidal', office: office.id, procedures: [] },
    });
    expect(await trailOf('representation_accepted')).toEqual({
      ...{ actor: 'staff:1', appointment_id: of.id, data: { representation: id, document } },
    });
    const [held] = (await documents.list(official(), office, of.id)) ?? [];
    expect(held?.heldAt).not.toBeNull();
  });

  test('is refused with a reason, which both read', async () => {
    const { id, on } = await asked();
    const refuse = (reason: string) =>
      representations.decide(official(), on, { do: 'refuse', reason });
    expect(await refuse('  ')).toEqual({ ok: false, reason: 'no_reason' });
    expect(await refuse('La signatura no és seva')).toEqual({ ok: true });
    for (const viewer of [rosa, pere])
      expect(await representations.own(viewer)).toMatchObject([
        { id, state: 'refused', reason: 'La signatura no és seva' },
      ]);
    expect(await refuse('again')).toEqual({ ok: false, reason: 'not_found' });
  });

  test('is accepted by nobody without the ability, who attends, whose own it is, or of another office', async () => {
    const { of, on } = await asked();
    const document = await paperOf(of);
    const decide = (viewer: StaffViewer) =>
      representations.decide(viewer, on, { do: 'accept', document });
    expect(await decide(official({ role: 'agent', desk: of.desk }))).toMatchObject({
      reason: 'no_right',
    });
    const foreign = official({ office: other.id });
    expect(await decide(foreign)).toMatchObject({ reason: 'not_found' });
    expect(await representations.toDecide(foreign, other, of.id)).toBeNull();
    isOwn = true;
    expect(await decide(official())).toMatchObject({ reason: 'own' });
    isOwn = false;
    await within(database.kysely, office.id, (tx) =>
      tx
        .insertInto('event')
        .values({
          ...{ appointment_id: of.id, office_id: office.id, kind: 'started', actor: 'staff:1' },
          ...{ at: clock.now().toString(), data: '{}' },
        })
        .execute(),
    );
    expect(await decide(official())).toMatchObject({ reason: 'attending' });
    const found = await representations.toDecide(official(), office, of.id);
    expect([...(found?.refusals.values() ?? [])]).toEqual(['attending']);
    expect(await decide(official({ staff: 2 }))).toEqual({ ok: true });
  });

  test('needs a document that the citizen handed over in that appointment', async () => {
    const { on } = await asked();
    const elsewhere = await paperOf(await book());
    for (const document of ['', randomUUID(), elsewhere])
      expect(await representations.decide(official(), on, { do: 'accept', document })).toEqual({
        ...{ ok: false, reason: 'no_document' },
      });
  });

  test('needs an appointment to come of whoever asks, at a substantial level, and is asked once', async () => {
    const { of, id } = await asked();
    const ask = (viewer: PersonViewer, over: Partial<Typed>) =>
      representations.ask(viewer, office, {
        side: 'representative',
        typed: typedOf({ appointment: of.id, ...over }),
      });
    expect(await ask(rosa, {})).toEqual({ ok: true, id });
    expect(await ask({ ...rosa, level: 'low' }, {})).toEqual({ ok: false, reason: 'too_low' });
    const foreign = await book();
    expect(await ask(rosa, { appointment: foreign.id })).toMatchObject({
      mistakes: { appointment: 'wrong' },
    });
    expect(await ask(pere, { ...AS_ROSA })).toMatchObject({ mistakes: { appointment: 'wrong' } });
    expect(await ask(rosa, { appointment: '', name: '' })).toMatchObject({
      mistakes: { appointment: 'missing', name: 'missing' },
    });
    expect(await representations.askable(rosa, other)).toEqual([]);
    expect((await representations.askable(rosa, office)).map((each) => each.id)).toEqual([of.id]);
  });

  test('is told to whoever is reached, and to the other when they are known', async () => {
    const his = await book('Pere Vidal');
    await folder.take(pere, office, his.id, 'booked');
    const { of, on } = await asked();
    expect(await newsTo(his.id)).toEqual(['asked']);
    await representations.decide(official(), on, { do: 'refuse', reason: 'No és la seva lletra' });
    expect(await newsTo(his.id)).toEqual(['asked', 'refused']);
    expect(await newsTo(of.id)).toEqual(['asked', 'refused']);
  });

  test('says nothing of the name of whoever has the identifier', async () => {
    const { id } = await asked({ name: 'Algú Altre' });
    expect(await representations.own(rosa)).toMatchObject([
      { id, represented: { name: 'Algú Altre' } },
    ]);
  });
});

describe('what is given', () => {
  test('is valid at once, and both see it', async () => {
    const id = await given({ scope: 'some', procedures: ['volant-padro'] });
    for (const viewer of [rosa, pere])
      expect(await representations.own(viewer)).toMatchObject([
        {
          ...{ id, state: 'valid', procedures: ['volant-padro'], appointment: null },
          ...{ representative: { name: 'Rosa Soler' }, represented: { name: PERE.full } },
        },
      ]);
    expect((await representations.acting(rosa, id)).isValid).toBe(true);
    expect((await representations.acting({ ...rosa, level: 'low' }, id)).isValid).toBe(false);
    expect((await representations.acting(pere, id)).isValid).toBe(false);
    expect(await trailOf('representation_given')).toMatchObject({ data: { representation: id } });
  });

  test('waits for somebody who was never identified, and knows them by their identifier', async () => {
    const id = await given({ name: 'Marta Roca', identifier: 'X0000000T' });
    const marta = await somebody('X0000000T', {
      ...{ full: 'Marta Roca Pla', given: 'Marta', family: 'Roca Pla' },
    });
    expect((await representations.acting(marta, id)).isValid).toBe(true);
  });

  test('is not for a stranger whose number was typed by mistake', async () => {
    const id = await given({ name: 'Marta Roca' });
    expect(await representations.own(rosa)).toEqual([]);
    expect(await representations.acting(rosa, id)).toMatchObject({ isValid: false, name: '' });
    expect(await stateOf(pere, id)).toBe('valid');
  });
});

describe('what is booked by it', () => {
  test('is in both folders, and on the trail', async () => {
    const id = await given();
    const { of, isNoted } = await bookedFor(id);
    expect(isNoted).toBe(true);
    expect(await referencesIn(rosa)).toEqual([of.reference]);
    expect(await referencesIn(pere)).toEqual([of.reference]);
    expect(await trailOf('represented')).toMatchObject({
      ...{ appointment_id: of.id, data: { representation: id } },
    });
    expect(await representations.authorityOf(of, rosa.person)).toEqual({ isClosed: false });
    expect(await representations.authorityOf(await book(), null)).toBeNull();
  });

  test('is all that the representative sees of the folder', async () => {
    const his = await book('Pere Vidal');
    await folder.take(pere, office, his.id, 'booked');
    const { of } = await bookedFor(await given());
    expect(await referencesIn(rosa)).toEqual([of.reference]);
    expect((await referencesIn(pere)).toSorted()).toEqual([of.reference, his.reference].toSorted());
  });

  test.each([
    ['the represented person revokes it', (id: string) => representations.end(pere, id)],
    ['the representative renounces', (id: string) => representations.end(rosa, id)],
  ])('opens nothing once %s', async (_, end) => {
    const id = await given();
    const { of } = await bookedFor(id);
    expect(await end(id)).toBe(true);
    expect(await end(id)).toBe(false);
    expect(await representations.acting(rosa, id)).toMatchObject({ isValid: false });
    expect(await representations.authorityOf(of, rosa.person)).toEqual({ isClosed: true });
    expect(await representations.authorityOf(of, null)).toEqual({ isClosed: true });
    expect(await representations.authorityOf(of, pere.person)).toEqual({ isClosed: false });
    expect(await referencesIn(rosa)).toEqual([]);
    expect(await referencesIn(pere)).toEqual([of.reference]);
    expect((await bookedFor(id)).isNoted).toBe(false);
  });

  test('is closed by an official too, who says why', async () => {
    const id = await given();
    const { of } = await bookedFor(id);
    const on = { office, appointment: of.id, id };
    const end = (viewer: StaffViewer, reason: string) =>
      representations.decide(viewer, on, { do: 'end', reason });
    const agent = official({ role: 'agent', desk: of.desk });
    expect(await end(agent, 'x')).toMatchObject({ reason: 'no_right' });
    expect(await end(official(), '')).toMatchObject({ reason: 'no_reason' });
    expect(await end(official(), 'Ha mort')).toEqual({ ok: true });
    expect(await representations.own(pere)).toMatchObject([{ state: 'ended', reason: 'Ha mort' }]);
    expect(await representations.authorityOf(of, rosa.person)).toEqual({ isClosed: true });
  });

  test('is closed at the end of the last day, before any job has run', async () => {
    const id = await given({ until: '2026-12-24' });
    const { of } = await bookedFor(id);
    clock.set('2026-12-24T23:59:59+01:00');
    expect(await representations.authorityOf(of, null)).toEqual({ isClosed: false });
    clock.set('2026-12-25T00:00:00+01:00');
    expect(await representations.authorityOf(of, null)).toEqual({ isClosed: true });
    expect((await representations.acting(rosa, id)).isValid).toBe(false);
    expect(await representations.endOver()).toBe(1);
    expect(await representations.endOver()).toBe(0);
    expect(await stateOf(pere, id)).toBe('ended');
    expect(await referencesIn(rosa)).toEqual([]);
    expect(await trailOf('representation_ended')).toMatchObject({ actor: 'system' });
  });

  test('opens nothing for a stranger who ends what is not theirs', async () => {
    const id = await given();
    const marta = await somebody('X0000000T', PERE);
    expect(await representations.end(marta, id)).toBe(false);
    expect(await representations.end(marta, 'no id')).toBe(false);
    expect(await representations.booked(marta, office, (await book()).id, id)).toBe(false);
    expect(await stateOf(pere, id)).toBe('valid');
  });
});

const rowsOf = () => installation((tx) => tx.selectFrom('representation').selectAll().execute());
const erase = (viewer: PersonViewer) => folder.erase(viewer, clock.now());

describe('whoever erases their folder', () => {
  test('takes with them what was not used', async () => {
    await given();
    await asked();
    await erase(rosa);
    expect(await rowsOf()).toEqual([]);
    expect(await representations.own(pere)).toEqual([]);
  });

  test('ends what was used, which stays with the appointment and names them no longer', async () => {
    const id = await given();
    const { of } = await bookedFor(id);
    await erase(pere);
    expect(await rowsOf()).toMatchObject([
      { id, state: 'ended', represented_id: null, other: null, representative_id: rosa.person },
    ]);
    expect(await representations.authorityOf(of, rosa.person)).toEqual({ isClosed: true });
    expect(await representations.own(rosa)).toMatchObject([
      { represented: { person: null, name: '' }, representative: { name: '' } },
    ]);
    await erase(rosa);
    expect(await representations.authorityOf(of, null)).toEqual({ isClosed: true });
  });
});

test('what is long over is deleted, unless an appointment of which something is kept was booked by it', async () => {
  const one = await given();
  const two = await given({ until: '2027-01-31' });
  const { of } = await bookedFor(two);
  await representations.end(pere, one);
  await representations.end(pere, two);
  clock.set('2028-01-05T09:00:00Z');
  await representations.tidy();
  expect((await rowsOf()).map((each) => each.id)).toEqual([two]);
  await installation((tx) =>
    tx
      .updateTable('appointment')
      .set({ forgotten_at: clock.now().toString() })
      .where('id', '=', of.id)
      .execute(),
  );
  await representations.tidy();
  expect(await rowsOf()).toEqual([]);
});

test('somebody named in an authorisation that lasts is not forgotten', async () => {
  await given({ until: '2029-11-30', name: 'Marta Roca', identifier: 'X0000000T' });
  clock.set('2028-06-01T09:00:00Z');
  await folder.tidy();
  const people = () => installation((tx) => tx.selectFrom('person').select('id').execute());
  // Pere, and whom he named; Rosa has nothing left.
  expect(await people()).toHaveLength(2);
});

test('nobody tries identifiers: there is an end to what one person asks', async () => {
  for (let nth = 0; nth < 20; nth++) {
    const until = `2027-01-${String(nth + 1).padStart(2, '0')}`;
    await given({ until });
  }
  const typed = typedOf({ ...AS_ROSA, until: '2027-02-01' });
  expect(await representations.ask(pere, office, { side: 'represented' as Side, typed })).toEqual({
    ...{ ok: false, reason: 'too_many' },
  });
});
