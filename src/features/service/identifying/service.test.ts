import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { memoryBlobs } from '../../../lib/blobs/testing/memory.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { CitizenViewer, StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import {
  createIdentification,
  type Identification,
} from '../../foundation/identification/service.ts';
import {
  identifiedAs,
  providerSaying,
  settingsOf,
} from '../../foundation/identification/testing.ts';
import type { Identified } from '../../foundation/identification/types.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { testDocuments } from '../documents/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createIdentifying, type Identifying } from './service.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const ROSA = { full: 'Rosa Soler Vidal', given: 'Rosa', family: 'Soler Vidal' };
const JORDI = { full: 'Jordi Pons Riba', given: 'Jordi', family: 'Pons Riba' };
const BROWSER = { cookie: '', agent: 'test' };

let database: TestDatabase;
let office: Office;
let other: Office;
let of: Appointment;
let identification: Identification;
let identifying: Identifying;
let said: Identified;
let book: (name: string) => Promise<Appointment>;

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo, appointments } = testAppointments(database, clock);
  office = await offices.byId(await testOffice(db, {}));
  other = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  book = (name) => bookVideo(office, appointments, name);
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  identification = createIdentification({
    ...{ db, clock, baseUrl: 'https://cita.vila.example', forms: key, people: key },
    declared: async () => [settingsOf('valid')],
    adapt: () => providerSaying(() => said),
  });
  identifying = createIdentifying({ db, clock, unit: testUnit(db, clock), identification });
});
afterAll(() => database.close());
beforeEach(async () => {
  of = await book('Rosa Soler');
});

/** Identifies somebody; returns the identification and the session of their browser. */
async function identify(identifier: string, more: Partial<Identified>) {
  said = identifiedAs(identifier, more);
  const begun = await identification.start(
    {
      ...{ provider: 'valid', level: 'low', language: 'ca', next: '/', from: '/', back: '/' },
      ...{ purpose: { for: 'session' }, transaction: null },
    },
    BROWSER,
  );
  if (!begun.ok || begun.departure.kind !== 'redirect') throw new Error('It did not begin');
  const cookieOf = (cookies: readonly string[]) =>
    cookies.map((each) => each.split(';')[0]).join('; ');
  const cookie = cookieOf(begun.cookies);
  const state = new URL(begun.departure.url).searchParams.get('state') ?? '';
  const url = new URL(`https://cita.vila.example/identify/valid/return?state=${state}`);
  const ended = await identification.finish('valid', url, { ...BROWSER, cookie });
  if (!ended.ok) throw new Error(ended.code);
  const { session } = await identification.read({ ...BROWSER, cookie: cookieOf(ended.cookies) });
  if (!session) throw new Error('There is no session');
  return { id: ended.identification.id, session };
}
const rosa = (more: Partial<Identified> = {}) => identify('12345678Z', { name: ROSA, ...more });
const jordi = (more: Partial<Identified> = {}) => identify('99999999R', { name: JORDI, ...more });

const citizen = (): CitizenViewer => ({ kind: 'citizen', appointment: of.id });
const agent = (over: Partial<StaffViewer> = {}): StaffViewer => ({
  ...({ kind: 'staff', staff: 1, name: 'Núria', office: office.id, role: 'agent' } as const),
  ...{ desk: of.desk, ...over },
});
const attend = () => testEncounter(database, clock).start(agent(), office, of.id, { anyway: true });
const encounterOf = () =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('encounter')
      .selectAll()
      .where('appointment_id', '=', of.id)
      .executeTakeFirstOrThrow(),
  );
const trailOf = async () =>
  (
    await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('audit')
        .select(['action', 'actor', 'data'])
        .where('appointment_id', '=', of.id)
        .where('action', 'like', 'identi%')
        .orderBy('id')
        .execute(),
    )
  ).map(({ action, actor, data }) => ({ action, actor, data }));

describe('who identifies on the page of an appointment', () => {
  test('has it from then on, with what the provider said, and it is recorded without their data', async () => {
    const { id } = await rosa({ method: 'idcatmobil' });
    expect(await identifying.settle(citizen(), office, id)).toEqual({ ok: true, isCitizen: true });
    const { people } = await identifying.standing(of);
    expect(people).toMatchObject([
      {
        ...{ name: 'Rosa Soler Vidal', masked: '***4567**', level: 'substantial' },
        ...{ method: 'idcatmobil', how: 'link', isOther: false, shownBy: 'name' },
      },
    ]);
    const [record] = await trailOf();
    expect(record).toMatchObject({ action: 'identified', actor: 'citizen' });
    expect(JSON.stringify(record)).not.toMatch(/Soler|12345678/);
  });

  test('in the encounter has identified in the call, and its identity is noted by itself', async () => {
    await attend();
    await identifying.settle(citizen(), office, (await rosa()).id);
    expect((await identifying.standing(of)).people[0]?.how).toBe('call');
    const encounter = await encounterOf();
    expect(encounter).toMatchObject({ identity: 'electronic', version: 2 });
    expect(encounter.identity_note).toContain('substancial');
    expect(encounter.identity_note).not.toMatch(/Soler|12345678|\*4567/);
  });

  test('again, at a higher level, is the same person with the newer identification', async () => {
    await identifying.settle(citizen(), office, (await rosa({ level: 'low' })).id);
    await identifying.settle(citizen(), office, (await rosa({ level: 'high' })).id);
    const { people } = await identifying.standing(of);
    expect(people.map(({ level }) => level)).toEqual(['high']);
  });

  test('for an organisation is shown with it', async () => {
    const represents = { identifier: 'Q0000000J', name: 'Cooperativa' };
    await identifying.settle(citizen(), office, (await rosa({ represents })).id);
    expect((await identifying.standing(of)).people[0]?.represents).toBe('Cooperativa');
  });
});

describe('the holder of a link who is another person', () => {
  test('is shown beside the citizen, replaces nobody, and changes no identity of the encounter', async () => {
    await identifying.settle(citizen(), office, (await rosa()).id);
    clock.advance({ seconds: 5 });
    await attend();
    const settled = await identifying.settle(citizen(), office, (await jordi()).id);
    expect(settled).toEqual({ ok: true, isCitizen: false });
    const { people } = await identifying.standing(of);
    expect(people.map(({ name, isOther, shownBy }) => ({ name, isOther, shownBy }))).toEqual([
      { name: 'Rosa Soler Vidal', isOther: false, shownBy: 'name' },
      { name: 'Jordi Pons Riba', isOther: true, shownBy: null },
    ]);
    expect((await encounterOf()).identity).toBeNull();
  });

  test('has no proof by it, though they were the first', async () => {
    const { id, session } = await jordi();
    await identifying.settle(citizen(), office, id);
    expect(await identifying.proof(session, of)).toBeNull();
  });

  test('has none either after giving the appointment their own name', async () => {
    const { id, session } = await jordi();
    const { appointments } = testAppointments(database, clock);
    const changed = { ...of.citizen, name: 'Jordi Pons' };
    expect(await appointments.changeContact(citizen(), office, of.id, changed)).toMatchObject({
      ok: true,
    });
    await identifying.settle(citizen(), office, id);
    expect(await identifying.proof(session, of)).toBeNull();
  });
});

describe('the proof of an identified citizen', () => {
  test('opens documents where the appointment is theirs, and not before', async () => {
    const { id, session } = await rosa();
    expect(await identifying.proof(session, of)).toBeNull();
    await identifying.settle(citizen(), office, id);
    const proof = await identifying.proof(session, of);
    expect(proof).toMatchObject({ channel: 'identity', setBy: `person:${session.identification}` });
    const documents = testDocuments(database, clock, memoryBlobs());
    const file = {
      kind: 'inbox',
      requested: null,
      name: 'a.pdf',
      type: 'application/pdf',
    } as const;
    const kept = await documents.keep(citizen(), office, of.id, file, Buffer.from('%PDF-1.4'));
    if (!kept.ok) throw new Error(kept.reason);
    await documents.pass();
    const opened = (viewer: CitizenViewer) => documents.open(viewer, office, of.id, kept.id);
    expect(await opened(citizen())).toBeNull();
    expect(await opened({ ...citizen(), proof })).not.toBeNull();
  });

  test('needs a substantial level', async () => {
    const { id, session } = await rosa({ level: 'low' });
    await identifying.settle(citizen(), office, id);
    expect(await identifying.proof(session, of)).toBeNull();
  });

  test('is of this appointment alone', async () => {
    const { id, session } = await rosa();
    await identifying.settle(citizen(), office, id);
    expect(await identifying.proof(session, await book('Rosa Soler'))).toBeNull();
  });

  test('comes from a code in the same browser where the name is another one', async () => {
    const { id, session } = await jordi();
    const viewer = provedCitizen(of.id) as CitizenViewer;
    expect(await identifying.settle(viewer, office, id)).toEqual({ ok: true, isCitizen: true });
    expect(await identifying.proof(session, of)).not.toBeNull();
  });
});

describe('a request to identify', () => {
  test('is made by whoever attends, in the encounter', async () => {
    expect(await identifying.ask(agent(), office, of.id, 'high')).toMatchObject({
      reason: 'not_open',
    });
    await attend();
    expect(await identifying.ask(agent(), office, of.id, 'high')).toEqual({ ok: true });
    expect((await identifying.standing(of)).asking).toMatchObject({
      state: 'asked',
      level: 'high',
    });
    expect(await trailOf()).toMatchObject([{ action: 'identity_asked', actor: 'staff:1' }]);
  });

  test('is not made by a colleague of another desk, nor from another office', async () => {
    await attend();
    const colleague = agent({ staff: 2, desk: null });
    expect(await identifying.ask(colleague, office, of.id, 'low')).toMatchObject({
      reason: 'not_found',
    });
    const stranger = agent({ office: other.id });
    expect(await identifying.ask(stranger, other, of.id, 'low')).toMatchObject({
      reason: 'not_found',
    });
  });

  test('ends with the reason why the citizen did not', async () => {
    await identifying.fail(citizen(), office, 'cancelled');
    expect((await identifying.standing(of)).asking).toBeNull();
    await attend();
    await identifying.ask(agent(), office, of.id, 'high');
    await identifying.fail(citizen(), office, 'too_low');
    expect((await identifying.standing(of)).asking).toMatchObject({
      state: 'failed',
      reason: 'too_low',
    });
  });
});

describe('the whole identifier', () => {
  test('is shown to whoever attends, and that is recorded', async () => {
    await identifying.settle(citizen(), office, (await rosa()).id);
    const person = (await identifying.standing(of)).people[0]?.person ?? '';
    expect(await identifying.reveal(agent(), office, of.id, person)).toBe('12345678Z');
    expect((await trailOf()).at(-1)).toMatchObject({
      action: 'identifier_shown',
      actor: 'staff:1',
    });
  });

  test('is shown to nobody else, and of nobody without this appointment', async () => {
    await identifying.settle(citizen(), office, (await rosa()).id);
    const person = (await identifying.standing(of)).people[0]?.person ?? '';
    const colleague = agent({ staff: 2, desk: null });
    expect(await identifying.reveal(colleague, office, of.id, person)).toBeNull();
    expect(await identifying.reveal(agent({ office: other.id }), other, of.id, person)).toBeNull();
    of = await book('Rosa Soler');
    expect(await identifying.reveal(agent(), office, of.id, person)).toBeNull();
    expect(await trailOf()).toEqual([]);
  });
});
