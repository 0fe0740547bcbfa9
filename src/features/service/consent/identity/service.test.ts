import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../../domain/appointment.ts';
import { nifIn } from '../../../../domain/identity.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { memoryBlobs } from '../../../../lib/blobs/testing/memory.ts';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { pdfText } from '../../../../lib/testing/pdf.ts';
import type { CitizenViewer, StaffViewer } from '../../../../lib/viewer.ts';
import { testAppointments } from '../../../booking/appointments/testing.ts';
import { noteLinkGiven } from '../../../booking/proof/service.ts';
import { provedCitizen } from '../../../booking/proof/testing.ts';
import { createAuditSeals } from '../../../foundation/audit/service.ts';
import { testUnit } from '../../../foundation/audit/testing.ts';
import {
  createIdentification,
  type Identification,
} from '../../../foundation/identification/service.ts';
import { deletePerson } from '../../../foundation/identification/store.ts';
import {
  identifiedAs,
  providerSaying,
  settingsOf,
} from '../../../foundation/identification/testing.ts';
import type { Identified, Purpose, Wanted } from '../../../foundation/identification/types.ts';
import type { Offices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { sealIdentifier } from '../../../foundation/staff-identifiers/sealing.ts';
import type { Documents } from '../../documents/service.ts';
import { testDocuments } from '../../documents/testing.ts';
import { testEncounter } from '../../encounter/testing/encounter.ts';
import { copyOf } from '../pdf.ts';
import { hashOf } from '../rules.ts';
import type { Consent } from '../service.ts';
import { TEST_KEY, testConsent, testIssuing } from '../testing.ts';
import { transactionHash } from './rules.ts';

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
const MONDAY = '2026-11-30T07:00:00+01:00';
const clock = handClock(MONDAY);
const BASE = 'https://cita.vila.cat';
const ROSA = '12345678Z';
const JORDI = {
  identifier: '99999999R',
  name: { full: 'Jordi Pons Riba', given: 'Jordi', family: 'Pons Riba' },
};
const official = {
  ...{ email: 'nuria@vila.cat', name: 'Núria Roca', post: 'Informadora', order: 'Decret 1' },
  since: '2026-01-01',
};
const settings = {
  acts: [
    {
      code: 'alta',
      name: named('Alta'),
      text: named('Jo, {citizen}: {details}'),
      level: 'substantial' as const,
      handsIn: false,
    },
    {
      code: 'alt',
      name: named('Alt'),
      text: named('Jo, {citizen}'),
      level: 'high' as const,
      handsIn: false,
    },
  ],
  habilitated: [official],
};

let database: TestDatabase;
let offices: Offices;
let office: Office;
let documents: Documents;
let identification: Identification;
let consent: Consent;
let of: Appointment;
let said: Identified;
let nuria: number;
let book: (name: string) => Promise<Appointment>;
let appointments: ReturnType<typeof testAppointments>['appointments'];

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const made = testAppointments(database, clock);
  offices = made.offices;
  appointments = made.appointments;
  const desks = { 'taula-1': {}, 'taula-2': {}, 'taula-3': {} };
  office = await offices.byId(await testOffice(db, { settings, desks }));
  book = (name) => made.bookVideo(office, appointments, name);
  nuria = await within(db, INSTALLATION, async (tx) => {
    const row = tx.insertInto('staff').values({ email: official.email, name: 'Núria' });
    return (await row.returning('id').executeTakeFirstOrThrow()).id;
  });
  documents = testDocuments(database, clock, memoryBlobs());
  identification = createIdentification({
    ...{ db, clock, baseUrl: BASE, forms: TEST_KEY, people: TEST_KEY },
    declared: async () => [settingsOf('valid')],
    adapt: () => providerSaying(() => said),
  });
  consent = testConsent(database, clock, { offices, documents, identification });
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MONDAY);
  said = identifiedAs(ROSA, { method: 'idcatmobil' });
  of = await attended('Rosa Soler');
});

const staff = (): StaffViewer => ({
  ...({ kind: 'staff', staff: nuria, name: 'Núria', office: office.id } as const),
  ...({ role: 'coordinator', desk: null } as const),
});
const citizen = (): CitizenViewer => ({ kind: 'citizen', appointment: of.id });
const proved = (): CitizenViewer => provedCitizen(of.id) as CitizenViewer;

async function attended(
  name: string,
  before = async (_: Appointment): Promise<void> => {},
): Promise<Appointment> {
  const made = await book(name);
  await before(made);
  const encounter = testEncounter(database, clock);
  await encounter.start(staff(), office, made.id, { anyway: true });
  const draft = { items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null };
  await encounter.save(staff(), office, { appointment: made.id }, 1, {
    ...draft,
    points: [],
  } as never);
  return made;
}

async function prepare(template = 'alta'): Promise<string> {
  const made = await consent.prepare(staff(), office, of.id, {
    ...({ template, language: 'ca', details: template === 'alta' ? 'Carrer Nou' : '' } as const),
    ...{ documents: [], mayBeAttended: true },
  });
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.id;
}

/** Identifies whoever the provider speaks of, for an act or for something else. Returns the identification. */
async function identify(act: string, purpose?: Purpose): Promise<string> {
  const seen = await consent.read(citizen(), office, of.id, act);
  const wanted: Wanted = {
    ...({
      provider: 'valid',
      level: 'low',
      language: 'ca',
      next: '/',
      from: '/',
      back: '/',
    } as const),
    purpose: purpose ?? { for: 'act', appointment: of.id, office: office.id, act, link: of.link },
    transaction: purpose ? null : { hash: transactionHash(seen?.hash ?? ''), words: 'Alta' },
  };
  const begun = await identification.start(wanted, { cookie: '', agent: 'test' });
  if (!begun.ok || begun.departure.kind !== 'redirect') throw new Error('It did not begin');
  const cookie = begun.cookies.map((each) => each.split(';')[0]).join('; ');
  const state = new URL(begun.departure.url).searchParams.get('state') ?? '';
  const url = new URL(`${BASE}/identify/valid/return?state=${state}`);
  const ended = await identification.finish('valid', url, { cookie, agent: 'test' });
  if (!ended.ok) throw new Error(ended.code);
  return ended.identification.id;
}

const agree = (act: string, id: string, viewer: CitizenViewer = citizen()) =>
  consent.consentByIdentity(viewer, office, of.id, act, { identification: id, link: of.link });
const stateOf = async (act: string) =>
  (await consent.list(staff(), office, of.id))?.find(({ id }) => id === act)?.state;
async function change(viewer: CitizenViewer | StaffViewer, { id, citizen: was }: Appointment) {
  const to = { ...was, phone: '+34699999999' };
  expect(await appointments.changeContact(viewer, office, id, to)).toMatchObject({ ok: true });
}

describe('a citizen who identifies for an act', () => {
  test('has consented: the record, the copy and the trail say how, and the trail has no personal data', async () => {
    const act = await prepare();
    const before = await consent.read(citizen(), office, of.id, act);
    const id = await identify(act);
    expect(await agree(act, id)).toEqual({ ok: true, secret: null });
    const seen = await consent.read(staff(), office, of.id, act);
    expect(seen).toMatchObject({ state: 'consented', method: 'identified', identification: id });
    const { record, hash } = seen!;
    expect(record?.consent?.identity).toMatchObject({
      ...{ identification: id, provider: 'valid', name: 'valid', method: 'idcatmobil' },
      ...{ level: 'substantial', shownBy: 'name', represents: null },
      person: { name: 'Rosa Soler', masked: '***4567**' },
    });
    // What was asked for is the SHA-256 of the record before the consent, by another way of counting.
    const plain = canonicalJson({ ...record, consent: null });
    const digest = createHash('sha256').update(plain).digest('base64url');
    expect(record?.consent?.identity?.transaction).toEqual({ hash: digest, isSigned: false });
    expect(hashOf(plain)).toBe(before?.hash);
    const evidence = await identification.evidence(id);
    expect(record?.consent?.identity?.evidence).toBe(evidence?.hash);
    const [given, asked] = evidence!.evidence.map(({ bytes }) => bytes.toString());
    expect(given).toBe(`evidence of ${ROSA}`);
    expect(JSON.parse(asked ?? '')).toEqual({ hash: digest, words: 'Alta', isSigned: false });
    const code = 'K7QF0M3XK7QF0M3XK7QF0M3XK7QF';
    const copy = copyOf({ record: record!, hash: hash! }, 'UTC', code);
    const pdf = await pdfText(await testIssuing(offices, clock).issue(copy));
    const text = pdf.text.replaceAll(/\s+/g, ' ');
    for (const each of [
      'idcatmobil',
      'substancial',
      '***4567**',
      'Rosa Soler',
      Buffer.from(digest, 'base64url').toString('hex'),
    ])
      expect(text).toContain(each);
    expect(text).not.toContain(ROSA);
    const trail = await within(database.kysely, office.id, (tx) =>
      tx
        .selectFrom('audit')
        .select(['actor', 'data'])
        .where('action', '=', 'act_consented')
        .where('appointment_id', '=', of.id)
        .execute(),
    );
    expect(trail).toMatchObject([
      { actor: 'citizen', data: { act, method: 'identified', identification: id, hash } },
    ]);
    expect(JSON.stringify(trail)).not.toMatch(/Soler|12345678|\*4567/);
    await createAuditSeals({ db: database.kysely, clock, key: TEST_KEY }).seal(office.id);
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
  });

  test('for an organisation has its name in the record', async () => {
    said = identifiedAs(ROSA, { represents: { identifier: 'Q0000000J', name: 'Cooperativa' } });
    const act = await prepare();
    await agree(act, await identify(act));
    const seen = await consent.read(staff(), office, of.id, act);
    expect(seen?.record?.consent?.identity?.represents).toBe('Cooperativa');
  });

  test('can do so where the official printed the link, by which a code would prove nothing', async () => {
    await testUnit(database.kysely, clock)(staff(), office.id, (unit) => noteLinkGiven(unit, of));
    expect((await consent.read(citizen(), office, of.id, await prepare()))?.isIndependent).toBe(
      false,
    );
    const act = await prepare();
    expect(await agree(act, await identify(act))).toMatchObject({ ok: true });
  });

  test('whose contact data changed needs a code in this browser, which is in the record', async () => {
    of = await attended('Rosa Soler', (made) =>
      change(provedCitizen(made.id) as CitizenViewer, made),
    );
    const act = await prepare();
    const id = await identify(act);
    expect(await agree(act, id)).toMatchObject({ reason: 'not_shown' });
    expect(await agree(act, id, proved())).toMatchObject({ ok: true });
    const seen = await consent.read(staff(), office, of.id, act);
    expect(seen?.record?.consent).toMatchObject({
      identity: { shownBy: 'code' },
      browser: { channel: 'sms' },
    });
  });
});

describe('an identification is refused', () => {
  const refused = async (act: string, id: string, reason: string, viewer = citizen()) => {
    expect(await agree(act, id, viewer)).toEqual({ ok: false, reason });
  };

  test('that was for the appointment, for a session, or for another act of it', async () => {
    const act = await prepare();
    const appointment = { for: 'appointment', appointment: of.id, office: office.id } as const;
    await refused(act, await identify(act, appointment), 'other_act');
    await refused(act, await identify(act, { for: 'session' }), 'other_act');
    await refused(act, await identify(await prepare('alt')), 'other_act');
    expect(await stateOf(act)).toBe('prepared');
  });

  test('whose level the office does not take', async () => {
    const act = await prepare('alt');
    await refused(act, await identify(act), 'too_low');
  });

  test('whose level is too low for an act that the office has no longer, by what was demanded when it was prepared', async () => {
    const act = await prepare('alt');
    const given = { identification: await identify(act), link: of.link };
    const without = { ...office, settings: { ...office.settings, acts: [] } };
    const done = consent.consentByIdentity(citizen(), without, of.id, act, given);
    expect(await done).toEqual({ ok: false, reason: 'too_low' });
    const seen = await consent.read(citizen(), without, of.id, act);
    expect(seen).toMatchObject({ record: { level: 'high' }, identity: { level: 'high' } });
  });

  test('whose person had everything erased at the same moment', async () => {
    const act = await prepare();
    const id = await identify(act);
    const person = (await identification.evidence(id))!.person;
    let agreeing: ReturnType<typeof agree> | undefined;
    await within(database.kysely, INSTALLATION, async (tx) => {
      const of = tx.selectFrom('person').select('wishes').where('id', '=', person);
      const { wishes } = await of.forUpdate().executeTakeFirstOrThrow();
      agreeing = agree(act, id);
      const waiting = sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      // A transaction sees the connections that there were at its first look.
      const count = async () => (await waiting.execute(database.kysely)).rows[0]?.n;
      await expect.poll(count, { timeout: 30_000 }).toBe(1);
      await deletePerson(tx, person, () => wishes);
    });
    expect(await agreeing).toEqual({ ok: false, reason: 'not_found' });
    expect(await stateOf(act)).toBe('prepared');
  });

  test('of another person with the link, with the act still open', async () => {
    said = identifiedAs(JORDI.identifier, { name: JORDI.name });
    const act = await prepare();
    await refused(act, await identify(act), 'not_shown');
    expect(await stateOf(act)).toBe('prepared');
  });

  test('by a code that went to an address that the official set', async () => {
    await change(staff(), of);
    const act = await prepare();
    await refused(act, await identify(act), 'not_independent', proved());
  });

  test('of the official, by name, or by the NIF that was entered', async () => {
    of = await attended('Núria Roca');
    said = identifiedAs(ROSA, {
      name: { full: 'Núria Roca Mas', given: 'Núria', family: 'Roca Mas' },
    });
    const act = await prepare();
    const id = await identify(act);
    await refused(act, id, 'not_independent');
    const enter = (nif: string) =>
      within(database.kysely, INSTALLATION, async (tx) => {
        const { sealed, keyVersion } = sealIdentifier(TEST_KEY, nuria, nifIn(nif)!);
        await tx.deleteFrom('staff_identifier').execute();
        const row = { staff_id: nuria, sealed, key_version: keyVersion };
        await tx
          .insertInto('staff_identifier')
          .values({ ...row, entered_at: clock.now().toString() })
          .execute();
      });
    await enter(ROSA);
    await refused(act, id, 'not_independent');
    await enter('00000000T');
    expect(await agree(act, id)).toMatchObject({ ok: true });
  });

  test('once the act was answered, withdrawn or has expired', async () => {
    const declined = await prepare();
    const one = await identify(declined);
    await consent.decline(citizen(), office, of.id, declined);
    await refused(declined, one, 'over');
    const withdrawn = await prepare();
    const two = await identify(withdrawn);
    await consent.withdraw(staff(), office, of.id, withdrawn);
    await refused(withdrawn, two, 'over');
    const late = await prepare();
    const three = await identify(late);
    clock.advance({ hours: 3 });
    await refused(late, three, 'over');
  });

  test('that began by a link that was replaced since, or in another appointment', async () => {
    const act = await prepare();
    const given = { identification: await identify(act), link: of.link + 1 };
    const done = consent.consentByIdentity(citizen(), office, of.id, act, given);
    expect(await done).toMatchObject({ reason: 'not_found' });
    const other = { ...citizen(), appointment: (await book('Rosa Soler')).id };
    await refused(act, given.identification, 'not_found', other);
    await refused(act, '00000000-0000-4000-8000-000000000000', 'not_found');
    await refused(act, 'none', 'not_found');
  });

  test('the second of two tabs', async () => {
    const act = await prepare();
    const ids = [await identify(act), await identify(act)];
    const done = await Promise.all(ids.map((id) => agree(act, id)));
    expect(done.map((each) => (each.ok ? 'ok' : each.reason)).sort()).toEqual(['ok', 'over']);
  });
});

test('a session of an identified person does not confirm a spoken consent: it was not for the act', async () => {
  const act = await prepare();
  await consent.hear(staff(), office, of.id, act);
  const session = proved();
  const identity = { ...session, proof: { ...session.proof!, channel: 'identity' } } as const;
  const refused = await consent.confirm(identity, office, of.id, act);
  expect(refused).toMatchObject({ ok: false, reason: 'needs_proof' });
  expect(await consent.confirm(session, office, of.id, act)).toMatchObject({ ok: true });
});

describe('the check of the acts', () => {
  test.each([
    ['the provider', "provider = 'other'"],
    ['how', "method = 'clave'"],
    ['the level', "level = 'high'"],
    ['when', "identified_at = identified_at - interval '1 second'"],
    ['the evidence', 'evidence = set_byte(evidence, 40, get_byte(evidence, 40) # 1)'],
  ])('finds an identification that was changed since: %s', async (_, change) => {
    const act = await prepare();
    const id = await identify(act);
    await agree(act, id);
    await createAuditSeals({ db: database.kysely, clock, key: TEST_KEY }).seal(office.id);
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
    await database.asOwner(
      'drop table if exists as_it_was',
      `create table as_it_was as select * from identification where id = '${id}'`,
      `update identification set ${change} where id = '${id}'`,
    );
    const verdict = await consent.verify(office.id);
    await database.asOwner(
      `update identification i set (provider, method, level, identified_at, evidence)
        = (select provider, method, level, identified_at, evidence from as_it_was) where id = '${id}'`,
    );
    expect(verdict).toEqual({ ok: false, act, what: 'changed' });
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
  });
});

describe('the identification of a consent', () => {
  const evidenceOf = (id: string) => identification.evidence(id);
  /** Lets the time of evidence pass for an act, and its copy with it. */
  const outlive = async () => {
    clock.set(of.end.add({ hours: 24 * (office.settings.retention.evidenceDays + 1) }).toString());
    await consent.destroy(office);
  };

  test('is kept when its person has everything erased, and goes with the act and the person', async () => {
    const act = await prepare();
    const id = await identify(act);
    await agree(act, id);
    const person = (await evidenceOf(id))!.person;
    expect(await identification.erase(person)).toBe(false);
    clock.advance({ hours: 24 * 200 });
    await identification.sweep();
    expect(await evidenceOf(id)).not.toBeNull();
    await outlive();
    expect(await evidenceOf(id)).toBeNull();
    expect(await identification.person(person)).toBeNull();
    await createAuditSeals({ db: database.kysely, clock, key: TEST_KEY }).seal(office.id);
    expect(await consent.verify(office.id)).toMatchObject({ ok: true });
  });

  test('leaves a person who has more than this act', async () => {
    const act = await prepare();
    const id = await identify(act);
    const other = await identify(act, { for: 'session' });
    await agree(act, id);
    await outlive();
    expect(await evidenceOf(id)).toBeNull();
    expect(await evidenceOf(other)).not.toBeNull();
  });

  test('is taken from a kept act by nobody, the service included', async () => {
    const act = await prepare();
    const id = await identify(act);
    await agree(act, id);
    const unset = within(database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('act').set({ identification_id: null }).where('id', '=', act).execute(),
    );
    await expect(unset).rejects.toThrow('stays');
    const gone = within(database.kysely, INSTALLATION, (tx) =>
      tx.deleteFrom('identification').where('id', '=', id).execute(),
    );
    await expect(gone).rejects.toThrow(/act_identification/);
  });
});

test('an identification for an act that relies on nothing of it is deleted like one for a session', async () => {
  said = identifiedAs('X0000000T');
  const act = await prepare();
  const id = await identify(act);
  expect(await agree(act, id)).toMatchObject({ ok: true });
  const late = await identify(act, { for: 'session' });
  const unused = await identify(await prepare());
  clock.advance({ hours: 24 * 91 });
  const last = await identify(act, { for: 'session' });
  await identification.sweep();
  const left = await Promise.all([id, late, unused, last].map(identification.evidence));
  expect(left.map((each) => each !== null)).toEqual([true, false, false, true]);
});
