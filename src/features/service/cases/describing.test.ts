import { afterAll, beforeAll, expect, test } from 'vitest';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { purposeKey } from '../../../lib/secrets.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createForms } from '../../foundation/forms/service.ts';
import { keepIdentification, recognise } from '../../foundation/identification/persons.ts';
import { identifiedAs } from '../../foundation/identification/testing.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createRegistry } from '../../foundation/registry/service.ts';
import { testCasePapers } from '../documents/testing.ts';
import { aboutApplication } from './rules.ts';
import { type Cases, createCases, createDescribing } from './service.ts';
import { testOfficials } from './testing.ts';

const clock = handClock('2026-12-01T09:00:00+01:00');
const ID = { scheme: 'dni', country: 'ES', identifier: '12345678Z' } as const;
const NAME = { full: 'Núria Vila', given: 'Núria', family: 'Vila' };
let database: TestDatabase;
let office: Office;
let other: Office;
let cases: Cases;
let rosa: { person: string; identification: string };
let describing: ReturnType<typeof createDescribing>;

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const offices = createOffices(db);
  office = await offices.byId(await testOffice(db));
  other = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  const unit = testUnit(db, clock);
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  const { keyring, papers } = testCasePapers(database, clock);
  const forms = createForms({ db, unit });
  const registry = createRegistry({ db, clock, unit });
  rosa = await within(db, INSTALLATION, async (tx) => {
    const said = identifiedAs(ID.identifier);
    const person = await recognise(tx, key, said, clock.now());
    const by = {
      ...({ provider: 'demo', kind: 'demo', level: 'low', purpose: 'session' } as const),
      transaction: null,
    };
    const { id } = await keepIdentification(tx, person, by, said, clock.now());
    return { person: person.person, identification: id };
  });
  const known = { of: ID, name: NAME } as IdentificationOf;
  const nobody = async () => null;
  const of = async (id: string) => (id === rosa.identification ? known : null);
  const identification = { of, person: nobody, openSaid: nobody };
  const parts = { db, clock, unit, offices, forms, registry, keyring, key, papers };
  cases = createCases({ ...parts, identification, officials: testOfficials });
  describing = createDescribing({ db, keyring, identification });
  const questions = [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps: [{ id: 'tu', questions }] });
  await forms.publish({ kind: 'system', why: 'operator' }, office, form);
});
afterAll(() => database.close());

const NOBODY: ApplicantViewer = { kind: 'applicant', case: '', identified: null };

/** Hands a case in, identified by this identification or by nobody. */
async function handedIn(by: typeof rosa | null): Promise<{ about: string; reference: string }> {
  const holder = (id: string): ApplicantViewer => ({
    kind: 'applicant',
    case: id,
    identified: by && { ...by, level: 'low' },
  });
  const id = (await cases.begin(NOBODY, office, {
    ...{ procedure: 'volant-padro', door: 'online', language: 'ca' },
  }))!;
  expect(await cases.handIn(holder(id), office, id)).toMatchObject({ ok: true });
  const { reference } = (await cases.open(holder(id), office, id))!.case;
  return { about: aboutApplication(id), reference };
}

test('a registry elsewhere is told what a case is of, and who handed it in', async () => {
  const { about, reference } = await handedIn(rosa);
  const described = await describing(office, about);
  expect(described?.subject).toMatch(new RegExp(` ${reference}$`));
  expect(described?.person).toEqual({
    id: ID,
    ...{ name: 'Núria Vila', given: 'Núria', family: 'Vila' },
  });
});

test('of whoever was not identified nobody is told', async () => {
  const { about } = await handedIn(null);
  expect(await describing(office, about)).toMatchObject({ person: null });
});

test('of another office’s case and of another thing nothing is told', async () => {
  const { about } = await handedIn(rosa);
  expect(await describing(other, about)).toBeNull();
  expect(await describing(office, 'act 1')).toBeNull();
  expect(await describing(office, aboutApplication('not-a-uuid'))).toBeNull();
});
