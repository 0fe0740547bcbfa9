import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Form, formSchema } from '../../../../domain/form/schema.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { unsealText } from '../../../../lib/envelope/seal.ts';
import { type PurposeKey, purposeKey } from '../../../../lib/secrets.ts';
import type { ApplicantViewer, StaffViewer } from '../../../../lib/viewer.ts';
import { testUnit } from '../../../foundation/audit/testing.ts';
import { createForms, type Forms } from '../../../foundation/forms/service.ts';
import { deletePerson } from '../../../foundation/identification/store.ts';
import { identifySomebody } from '../../../foundation/identification/testing.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { createRegistry } from '../../../foundation/registry/service.ts';
import type { Keyring } from '../../documents/service.ts';
import { testCasePapers } from '../../documents/testing.ts';
import { placeOf } from '../sealing.ts';
import { type Cases, createCases } from '../service.ts';
import { identificationFor, stepTo, testOfficials } from '../testing.ts';

const clock = handClock('2027-02-01T09:00:00+01:00');
const OPERATOR = { kind: 'system', why: 'operator' } as const;
let database: TestDatabase;
const on = () => ({ db: database.kysely, clock });
let office: Office;
let forms: Forms;
let cases: Cases;
let keyring: Keyring;
let people: PurposeKey;

const formOf = (more: object = {}): Form =>
  formSchema.parse({
    procedure: 'volant-padro',
    steps: [
      {
        id: 'local',
        questions: [
          { id: 'rotul', type: 'text', label: { ca: 'Nom' } },
          { id: 'correu', type: 'email', label: { ca: 'Correu' }, from: 'contact.email' },
        ],
      },
    ],
    ...more,
  });

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db));
  const unit = testUnit(db, clock);
  people = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  forms = createForms({ db, unit });
  const registry = createRegistry({ db, clock, unit });
  const made = testCasePapers(database, clock);
  const { papers } = made;
  keyring = made.keyring;
  const identification = identificationFor(db, clock, people);
  cases = createCases({
    ...{ db, clock, unit, offices, forms, registry, key: people, keyring, papers },
    identification,
    officials: testOfficials,
  });
});
afterAll(() => database.close());
beforeEach(() => forms.publish(OPERATOR, office, formOf()));

const holder = (id: string): ApplicantViewer => ({ kind: 'applicant', case: id, identified: null });
/** Somebody who identified, with the link of a case. */
async function somebody(id: string): Promise<ApplicantViewer> {
  const known = await identifySomebody(database.kysely, people, clock.now());
  const { person, identification } = known;
  return { ...holder(id), identified: { person, identification, level: 'low' } };
}
const agent = (): StaffViewer => ({
  ...({ kind: 'staff', staff: 1, name: 'Núria', role: 'agent', desk: null } as const),
  office: office.id,
});

async function handedIn(): Promise<string> {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(holder(''), office, what))!;
  await cases.answer(holder(id), office, id, { 'local.correu': 'rosa@example.cat' });
  expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
  return id;
}
const opened = async (id: string) => (await cases.open(holder(id), office, id))!;
const submissions = (id: string) =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('case_submission').selectAll().where('case_id', '=', id).execute(),
  );

async function recordTextOf(id: string): Promise<string> {
  const [row] = await submissions(id);
  const place = placeOf({ id, office: office.id });
  const key = await within(database.kysely, office.id, (tx) => keyring.shelf(tx, place));
  return unsealText(key!, place, `withdrawal ${row?.id}`, row!.record!);
}
const recordOf = async (id: string) => JSON.parse(await recordTextOf(id));

test('a withdrawal is sealed, has its own entry of the registry, and ends the case', async () => {
  const id = await handedIn();
  const before = await opened(id);
  const viewer = await somebody(id);
  const done = await cases.withdraw(viewer, office, id);
  expect(done).toMatchObject({ ok: true });
  const after = await opened(id);
  expect(after.case.state).toBe('withdrawn');
  expect(after.case.closedAt).not.toBeNull();
  expect(after.record).toEqual(before.record);
  const [row] = await submissions(id);
  expect(row).toMatchObject({
    kind: 'withdrawal',
    actor: `person:${viewer.identified?.identification}`,
  });
  expect(done.ok && done.number).toBe(row?.number);
  expect(row?.number).not.toBe(before.entry?.number);
  const text = await recordTextOf(id);
  expect(createHash('sha256').update(text).digest()).toEqual(row?.record_hash);
  expect(JSON.parse(text)).toMatchObject({ what: 'withdrawal', of: before.case.recordHash });
  const events = (await cases.history(holder(id), office, id))!;
  expect(events.map(({ kind }) => kind)).toEqual(['opened', 'handed_in', 'submitted', 'moved']);
});

const told = (id: string) =>
  within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('notice').select(['recipient', 'facts']).where('case_id', '=', id).execute(),
  );

test('whoever has the link alone withdraws nothing', async () => {
  const id = await handedIn();
  expect(await cases.withdraw(holder(id), office, id)).toEqual({
    ok: false,
    reason: 'needs_identity',
  });
  expect((await opened(id)).case.closedAt).toBeNull();
  expect(await submissions(id)).toEqual([]);
});

test('the applicant is told, and who withdrew it is in its record', async () => {
  const id = await handedIn();
  const before = (await told(id)).length;
  const viewer = await somebody(id);
  await cases.withdraw(viewer, office, id);
  expect((await told(id)).slice(before)).toMatchObject([
    { recipient: 'rosa@example.cat', facts: { news: 'moved' } },
  ]);
  expect((await recordOf(id)).applicant).toEqual({
    identification: viewer.identified?.identification,
    level: 'low',
  });
});

test('by whom it was withdrawn is known as long as the case: they are kept, and who is gone withdraws nothing', async () => {
  const erase = ({ identified }: ApplicantViewer) =>
    within(database.kysely, INSTALLATION, (tx) =>
      deletePerson(tx, identified!.person, () => Buffer.from('none')),
    );
  const id = await handedIn();
  const viewer = await somebody(id);
  await cases.withdraw(viewer, office, id);
  expect(await erase(viewer)).toBe(false);
  const kept = await within(database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('identification')
      .select('id')
      .where('id', '=', viewer.identified!.identification)
      .execute(),
  );
  expect(kept).toHaveLength(1);
  const other = await handedIn();
  const gone = await somebody(other);
  expect(await erase(gone)).toBe(true);
  expect(await cases.withdraw(gone, office, other)).toEqual({
    ok: false,
    reason: 'needs_identity',
  });
  expect(await submissions(other)).toEqual([]);
});

test('it happens once, also when it is asked for twice at once', async () => {
  const id = await handedIn();
  const both = await Promise.all([
    cases.withdraw(await somebody(id), office, id),
    cases.withdraw(await somebody(id), office, id),
  ]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await submissions(id)).toHaveLength(1);
});

test('nobody withdraws a draft, another person’s case, one that is decided, or where the form has no such step', async () => {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const draft = (await cases.begin(holder(''), office, what))!;
  expect(await cases.withdraw(await somebody(draft), office, draft)).toMatchObject({
    reason: 'not_found',
  });
  const id = await handedIn();
  expect(await cases.withdraw(await somebody(draft), office, id)).toMatchObject({
    reason: 'not_found',
  });
  await stepTo(on(), agent(), office, id, 'in-review');
  await stepTo(on(), agent(), office, id, 'granted');
  expect(await cases.withdraw(await somebody(id), office, id)).toMatchObject({
    reason: 'not_allowed',
  });
  const transitions = [{ from: 'registered', to: 'granted', who: 'office' }];
  await forms.publish(OPERATOR, office, formOf({ states: { transitions } }));
  const other = await handedIn();
  expect(await cases.withdraw(await somebody(other), office, other)).toMatchObject({
    reason: 'not_allowed',
  });
  expect((await opened(other)).case.state).toBe('registered');
});
