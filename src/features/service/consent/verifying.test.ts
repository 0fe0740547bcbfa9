import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { notingAnswers } from '../../../lib/db/testing/answers.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { createAuditSeals } from '../../foundation/audit/service.ts';
import { firstFails, STUCK, testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createKeyring } from '../documents/service.ts';
import { testDocuments } from '../documents/testing.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import type { Consent } from './service.ts';
import { TEST_KEY, testConsent } from './testing.ts';
import { createVerifying } from './verifying.ts';

const named = (name: string) => ({ ca: name, es: name, en: name, eu: name });
const clock = handClock('2026-11-30T07:00:00+01:00');
const settings = {
  acts: [
    {
      code: 'alta',
      name: named('Alta'),
      text: named('Jo, {citizen}'),
      level: 'substantial' as const,
      handsIn: false,
    },
  ],
  habilitated: [
    {
      ...{ email: 'nuria@vila.cat', name: 'Núria', post: 'Cap', order: 'Decret 1' },
      since: '2026-01-01',
    },
  ],
};
let database: TestDatabase;
let consent: Consent;
/** Of this one's changes the first fails. */
let stuck: Consent;
/** Prepares an act of an appointment of its own in an office. */
let prepare: (where: number) => Promise<{ act: string; of: Office; id: string }>;
let seals: ReturnType<typeof createAuditSeals>;
let office: number;
let other: number;
/** Two acts of an office, and their appointment. */
let [one, two, appointment] = ['', '', ''];

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo } = testAppointments(database, clock);
  office = await testOffice(db, { settings });
  other = await testOffice(db, { code: 'hisenda', settings });
  const { id: staff } = await within(db, INSTALLATION, (tx) =>
    tx
      .insertInto('staff')
      .values({ email: 'nuria@vila.cat', name: 'Núria' })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
  const documents = testDocuments(database, clock);
  consent = testConsent(database, clock, { offices, documents });
  const unit = firstFails(testUnit(db, clock));
  stuck = testConsent(database, clock, { offices, documents, unit });
  seals = createAuditSeals({ db, clock, key: TEST_KEY });
  const encounter = testEncounter(database, clock);
  prepare = async (where) => {
    const of = await offices.byId(where);
    const { id } = await bookVideo(of);
    const viewer = {
      kind: 'staff',
      staff,
      name: '',
      office: where,
      role: 'coordinator',
      desk: null,
    };
    const official = viewer as StaffViewer;
    await encounter.start(official, of, id, { anyway: true });
    const draft = { items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null };
    await encounter.save(official, of, { appointment: id }, 1, { ...draft, points: [] } as never);
    const wanted = { template: 'alta', language: 'ca', details: '', documents: [] } as const;
    const made = await consent.prepare(official, of, id, { ...wanted, mayBeAttended: true });
    if (!made.ok) throw new Error(made.reason);
    await consent.hear(official, of, id, made.id);
    return { act: made.id, of, id };
  };
  const consented = async (where: number): Promise<string> => {
    const { act, of, id } = await prepare(where);
    appointment = id;
    expect(await consent.confirm(provedCitizen(id), of, id, act)).toMatchObject({ ok: true });
    return act;
  };
  await consented(other);
  one = await consented(office);
  two = await consented(office);
  await seals.seal(office);
});
afterAll(() => database.close());

/** Runs statements with all rights over the database, runs `look`, and rolls everything back. */
async function tampered<T>(statements: string[], look: () => Promise<T>): Promise<T> {
  const run = async (all: string[]) => {
    await database.asOwner(
      'alter table act disable trigger user',
      'alter table audit disable trigger user',
      ...all,
      'alter table act enable trigger user',
      'alter table audit enable trigger user',
    );
  };
  try {
    await run(statements);
    return await look();
  } finally {
    await run([
      ...['delete from act', 'insert into act select * from act_before'],
      ...[
        'delete from audit',
        'insert into audit overriding system value select * from audit_before',
      ],
    ]);
  }
}
beforeEach(async () => {
  await database.asOwner(
    'drop table if exists act_before, audit_before',
    'create table act_before as select * from act',
    'create table audit_before as select * from audit',
  );
});

const ofOne = () => `where id = '${one}'`;
const deedOf = (act: string) => `where action = 'act_consented' and data ->> 'act' = '${act}'`;

test('an untouched office passes', async () => {
  expect(await consent.verify(office)).toEqual({ ok: true, acts: 2 });
  expect(await consent.verify(other)).toEqual({ ok: true, acts: 1 });
});

test('the trail is read in parts, and comes to the same verdict', async () => {
  const { kysely, largest } = notingAnswers(database.kysely);
  const keyring = createKeyring(documentKeys(TEST_KEY));
  const deps = { db: kysely, keyring, identification: {} as never };
  const { verify } = createVerifying(deps, 1);
  expect(await verify(office)).toEqual({ ok: true, acts: 2 });
  expect(largest('action')).toBe(1);
  const gone = await tampered([`delete from audit ${deedOf(one)}`], () => verify(office));
  expect(gone).toEqual({ ok: false, act: one, what: 'added' });
  const twice = `insert into audit (office_id, appointment_id, actor, action, at, data)
    select office_id, appointment_id, actor, action, at, data from audit ${deedOf(one)}`;
  expect(await tampered([twice], () => verify(office))).toMatchObject({ what: 'added' });
});

describe('a change is detected', () => {
  test('of any byte of the record', async () => {
    const { rows } = await within(database.kysely, office, async (tx) => ({
      rows: await tx.selectFrom('act').select('record').where('id', '=', one).execute(),
    }));
    const length = rows[0]!.record!.length;
    expect(length).toBeGreaterThan(700);
    const unseen: number[] = [];
    await tampered([], async () => {
      const client = await database.connectAsOwner();
      const flip = (at: number) =>
        client.query(
          `update act set record = set_byte(record, ${at}, get_byte(record, ${at}) # 1) ${ofOne()}`,
        );
      try {
        await client.query('alter table act disable trigger user');
        for (let at = 0; at < length; at++) {
          await flip(at);
          if ((await consent.verify(office)).ok) unseen.push(at);
          await flip(at);
        }
        await client.query('alter table act enable trigger user');
      } finally {
        await client.end();
      }
    });
    expect(unseen).toEqual([]);
    expect(await consent.verify(office)).toEqual({ ok: true, acts: 2 });
  }, 120_000);

  const second = "interval '1 second'";
  test.each([
    ['another act', `template = 'volant'`],
    ['another language', `language = 'es'`],
    ['when it was prepared', `prepared_at = prepared_at - ${second}`],
    ['who prepared it', `prepared_by = 'staff:999'`],
    ['when it was heard', `heard_at = heard_at + ${second}`],
    ['that it was heard', 'heard_at = null'],
    ['when it was consented to', `settled_at = settled_at + ${second}`],
    ['how it was consented to', `method = 'code'`],
    [
      'the record of another',
      `record = (select record from act_before where id <> act.id limit 1)`,
    ],
    ['that it was destroyed', 'record = null, destroyed_at = settled_at'],
    ['that it was declined', `state = 'declined', record = null`],
  ])('of the row: %s', async (_, change) => {
    const verdict = await tampered([`update act set ${change} ${ofOne()}`], () =>
      consent.verify(office),
    );
    expect(verdict).toMatchObject({ ok: false, act: one });
  });

  test('when an act is removed, added, or moved to another appointment or office', async () => {
    const gone = await tampered([`delete from act ${ofOne()}`], () => consent.verify(office));
    expect(gone).toEqual({ ok: false, act: one, what: 'removed' });
    const copy = `insert into act select * from jsonb_populate_record(null::act,
      (select to_jsonb(a) || '{"id": "ffffffff-0000-4000-8000-000000000000", "copy_id": "ffffffff-0000-4000-8000-000000000001"}' from act a ${ofOne()}))`;
    const added = await tampered([copy], () => consent.verify(office));
    expect(added).toMatchObject({ ok: false, what: 'added' });
    const moved = await tampered(
      [`update act set appointment_id = '${appointment}' ${ofOne()}`],
      () => consent.verify(office),
    );
    expect(moved).toEqual({ ok: false, act: one, what: 'changed' });
    const elsewhere = await tampered([`update act set office_id = ${other} ${ofOne()}`], () =>
      consent.verify(office),
    );
    expect(elsewhere).toEqual({ ok: false, act: one, what: 'removed' });
  });

  test('of the audit trail: by the acts, by the seals of the trail, or by both', async () => {
    const look = async () => [(await consent.verify(office)).ok, (await seals.verify(office)).ok];
    const set = (what: string) => [`update audit set ${what} ${deedOf(one)}`];
    const hash = `data = data || '{"hash": "${'0'.repeat(64)}"}'`;
    expect(await tampered(set(hash), look)).toEqual([false, false]);
    expect(await tampered(set(`at = at + interval '1 second'`), look)).toEqual([false, false]);
    expect(await tampered(set(`actor = 'staff:1'`), look)).toEqual([true, false]);
    expect(await tampered([`delete from audit ${deedOf(one)}`], look)).toEqual([false, false]);
    // Both the act and its audit record are gone: only the seals show it.
    const both = [`delete from act ${ofOne()}`, `delete from audit ${deedOf(one)}`];
    expect(await tampered(both, look)).toEqual([true, false]);
    expect(await look()).toEqual([true, true]);
    expect(two).not.toBe(one);
  });
});

test('the database refuses to change an act with a consent', async () => {
  for (const what of [
    `update act set template = 'x' ${ofOne()}`,
    `update act set record = '\\x00' ${ofOne()}`,
    `delete from act ${ofOne()}`,
  ])
    await expect(database.asOwner(what)).rejects.toThrow(/stays/);
});

test('an act that can’t be ended keeps no other from ending, and nobody from having their copy', async () => {
  const prepared = [await prepare(office), await prepare(office)].map(({ act }) => act);
  clock.advance({ hours: 3 });
  await expect(stuck.pass()).rejects.toMatchObject({ errors: [{ message: STUCK }] });
  const acts = await within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('act').select(['id', 'state', 'copied_at']).execute(),
  );
  const expired = acts.filter(({ id, state }) => prepared.includes(id) && state === 'expired');
  expect(expired).toHaveLength(1);
  expect(acts.filter(({ copied_at }) => copied_at !== null)).toHaveLength(3);
});
