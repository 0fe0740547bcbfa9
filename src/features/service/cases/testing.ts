import { randomUUID } from 'node:crypto';
import { type Form, formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock, handClock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { TestDatabase } from '../../../lib/db/testing.ts';
import { type PurposeKey, purposeKey } from '../../../lib/secrets.ts';
import type { ApplicantViewer, StaffRole, StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createForms } from '../../foundation/forms/service.ts';
import {
  createIdentification,
  type Identification,
} from '../../foundation/identification/service.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createRegistry } from '../../foundation/registry/service.ts';
import { testCasePapers } from '../documents/testing.ts';
import { createEncounter } from '../encounter/service.ts';
import { type CasesDeps, findTheirs, type Officials } from './keeping.ts';
import { move } from './moving.ts';
import type { Means } from './offering/service.ts';
import { createCases } from './service.ts';
import type { MoveResult } from './types.ts';
import { readCaseForUpdate } from './views.ts';

type TestClock = ReturnType<typeof handClock>;

/** The officials of tests: their names, and no NIF. */
export const testOfficials: Officials = {
  namesOf: async (ids) => new Map(ids.map((id) => [id, 'Núria Roca i Vila'])),
  compare: async () => 'unknown',
};

/** The means of a town in which every form can be finished. */
export const testMeans: Means = {
  identification: {
    offered: async () => [
      {
        code: 'valid',
        kind: 'valid',
        name: {},
        note: null,
        levels: ['low', 'substantial', 'high'],
      },
    ],
  },
  payments: { isOpen: async () => true },
  signatures: { ways: async () => ['valid'] },
};

/** Returns who people are, without any provider. */
export const identificationFor = (db: Db, clock: TestClock, key: PurposeKey): Identification =>
  createIdentification({
    ...{ db, clock, baseUrl: 'http://localhost', forms: key, people: key },
    declared: async () => [],
    adapt: () => null,
  });

/** A form of three questions, of which two say who it is and where they are told. */
export const sampleForm = (more: object = {}): Form =>
  formSchema.parse({
    procedure: 'volant-padro',
    steps: [
      {
        id: 'qui',
        questions: [
          {
            id: 'nom',
            type: 'text',
            label: { ca: 'Com et dius?' },
            required: true,
            from: 'identity.name',
          },
          { id: 'correu', type: 'email', label: { ca: 'Correu' }, from: 'contact.email' },
        ],
      },
      { id: 'local', questions: [{ id: 'rotul', type: 'text', label: { ca: 'Rètol' } }] },
    ],
    declarations: [{ id: 'veritat', text: { ca: 'És cert.' }, required: false }],
    decision: { months: 3, silence: 'granted' },
    ...more,
  });

/** The people who must sign a form too: a question of its step `socis`. */
export const PARTNERS = {
  id: 'qui',
  type: 'group',
  most: 3,
  label: { ca: 'Amb qui?' },
  questions: [
    { id: 'nom', type: 'text', required: true, label: { ca: 'Nom' } },
    { id: 'nif', type: 'nif', required: true, label: { ca: 'NIF' } },
  ],
};

/** What a form says of them: that they sign, and what it waits for until then. */
export const COSIGNED = {
  cosigners: { of: 'socis.qui', name: 'nom', nif: 'nif', state: 'socis' },
  states: {
    names: { socis: { ca: 'Pendent dels socis' } },
    transitions: [
      { from: 'socis', to: 'registered', who: 'cosigners' },
      { from: 'registered', to: 'granted', who: 'office' },
    ],
  },
};

const OPERATOR = { kind: 'system', why: 'operator' } as const;

/** What cases need, in a database of a test. */
export function testCasesOf(
  database: TestDatabase,
  clock: TestClock,
  { offices, forms, key }: Pick<CasesDeps, 'offices' | 'forms' | 'key'>,
) {
  const db = database.kysely;
  const unit = testUnit(db, clock);
  const registry = createRegistry({ db, clock, unit });
  const { keyring, papers } = testCasePapers(database, clock);
  const identification = identificationFor(db, clock, key);
  const own = { db, clock, unit, offices, forms, registry, keyring, papers, key, identification };
  return { ...own, officials: testOfficials };
}

/** An office with cases in a database of its own, and one elsewhere. */
export async function openCases(database: TestDatabase, clock: TestClock) {
  const db = database.kysely;
  const offices = createOffices(db);
  const settings = { feastDays: [{ from: '2027-02-12', to: '2027-02-12' }] };
  const office = await offices.byId(await testOffice(db, { settings }));
  const elsewhere = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  const unit = testUnit(db, clock);
  const forms = createForms({ db, unit });
  const deps = testCasesOf(database, clock, { offices, forms, key });
  const cases = createCases(deps);
  const publish = async (form: Form, of: Office = office) => {
    await forms.publish(OPERATOR, of, form);
  };
  await publish(sampleForm());
  return { ...deps, offices, office, elsewhere, cases, publish };
}

export type TestCases = Awaited<ReturnType<typeof openCases>>;

/** A person with the link of a case. */
export const holderOf = (id: string): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: null,
});

/** A member of staff of an office. */
export const staffOf = (office: Office, role: StaffRole, id = 1): StaffViewer => ({
  kind: 'staff',
  staff: id,
  name: 'Núria',
  role,
  desk: null,
  office: office.id,
});

/** Takes a case to a state that its form's table allows the viewer, without what the services around it ask for. */
export async function stepTo(
  { db, clock }: { db: Db; clock: Clock },
  viewer: Viewer,
  office: Office,
  id: string,
  to: string,
): Promise<MoveResult> {
  const unit = testUnit(db, clock);
  const forms = createForms({ db, unit });
  return unit(viewer, office.id, async (each) => {
    const row = await findTheirs(each, id, readCaseForUpdate);
    if (!row) return { ok: false, reason: 'not_found' };
    return move(each, row, { office, form: await forms.version(office.id, row.form), to });
  });
}

/** Hands a case in, with these answers. Returns its id. */
export async function handedInTo(
  { cases }: Pick<TestCases, 'cases'>,
  office: Office,
  answers: Record<string, unknown> = {},
): Promise<string> {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(holderOf(''), office, what))!;
  const given = { 'qui.nom': 'Rosa Soler', 'qui.correu': 'rosa@example.cat', ...answers };
  await cases.answer(holderOf(id), office, id, given);
  const done = await cases.handIn(holderOf(id), office, id);
  if (!done.ok) throw new Error(done.reason);
  return id;
}

/** Returns a case that an official began with somebody who came without an appointment. */
export async function begunWith(
  { db, clock, unit, cases }: Pick<TestCases, 'db' | 'clock' | 'unit' | 'cases'>,
  office: Office,
  official: StaffViewer,
): Promise<string> {
  const encounter = createEncounter({ db, clock, unit, staff: { namesOf: async () => new Map() } });
  const person = { channel: 'in_person', language: 'ca', name: null } as const;
  const begun = await encounter.begin(official, office, person);
  if (!begun.ok) throw new Error(begun.reason);
  const done = await cases.beginIn(official, office, { encounter: begun.id }, 'volant-padro');
  if (!done.ok) throw new Error(done.reason);
  return done.id;
}

/** Returns the notices about a case. */
export const noticesAbout = ({ db }: TestCases, office: Office, id: string) =>
  within(db, office.id, (tx) =>
    tx
      .selectFrom('notice')
      .select(['kind', 'channel', 'recipient', 'facts'])
      .where('case_id', '=', id)
      .orderBy('created_at')
      .execute(),
  );

/** Adds a member of staff with a role in an office. */
export const officialOf = (
  { db }: Pick<TestCases, 'db'>,
  office: Office,
  role: StaffRole,
): Promise<StaffViewer> =>
  within(db, INSTALLATION, async (tx) => {
    const { id } = await tx
      .insertInto('staff')
      .values({ name: 'Núria', email: `${randomUUID()}@example.cat`, user_id: randomUUID() })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('staff_role')
      .values({ staff_id: id, office_id: office.id, role })
      .execute();
    return staffOf(office, role, id);
  });
