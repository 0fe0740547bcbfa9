import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDemoSigning } from '../../../connectors/signature/demo.ts';
import { verifiedXades } from '../../../connectors/signature/xades/verify.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { ApplicantViewer, PersonViewer } from '../../../lib/viewer.ts';
import { identifiedPerson } from '../../foundation/identification/testing.ts';
import { type Cosigning, createCosigning } from '../cases/service.ts';
import {
  COSIGNED,
  openCases,
  PARTNERS,
  sampleForm,
  staffOf,
  type TestCases,
} from '../cases/testing.ts';
import { createSignatures, type Signatures } from './service.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const BASE_URL = 'http://localhost';
const ANNA = '12345678Z';
const JORDI = '99999999R';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;
let cosigning: Cosigning;
let signatures: Signatures;
let isRegistryAway = false;

const FORM = sampleForm({
  ...COSIGNED,
  sign: 'valid',
  steps: [{ id: 'socis', questions: [PARTNERS] }],
});

beforeAll(async () => {
  database = await testDatabase();
  town = await openCases(database, clock);
  cosigning = createCosigning(town);
  signatures = createSignatures({
    ...town,
    cosigning: {
      ...cosigning,
      registerSigned: (...on) => {
        if (isRegistryAway) throw new Error('The registry is away');
        return cosigning.registerSigned(...on);
      },
    },
    provider: async (way) => (way === 'valid' ? createDemoSigning(BASE_URL, clock) : null),
    log: { error: () => {} },
    baseUrl: BASE_URL,
  });
  await town.publish(FORM);
});
afterAll(() => database.close());
beforeEach(() => {
  clock.set(MORNING);
  isRegistryAway = false;
});

const personOf = (identifier: string) =>
  identifiedPerson(town.db, town.key, identifier, clock.now());

const takes = async (
  of: Promise<{ ok: boolean; url?: string; cookie?: string; reason?: string }>,
) => {
  const begun = await of;
  if (!begun.ok) throw new Error(begun.reason);
  const state = new URL(begun.url ?? '').searchParams.get('state') ?? '';
  const back = (answer: string) => {
    const query = new URLSearchParams({ state, answer });
    const url = new URL(`${BASE_URL}/signature/return?${query}`);
    return signatures.answer(url, begun.cookie?.split(';')[0] ?? '');
  };
  return { back };
};

/** A case that Anna handed in and Jordi must sign, with how he does. */
async function handedIn() {
  const { cases, office } = town;
  const anna = await personOf(ANNA);
  const as = (id: string): ApplicantViewer => ({
    ...{ kind: 'applicant', case: id },
    identified: { ...anna, level: 'substantial' },
  });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(as(''), office, what))!;
  await cases.answer(as(id), office, id, { 'socis.qui': [{ nom: 'Jordi Mas', nif: JORDI }] });
  const own = await takes(
    signatures.begin(as(id), office, id, { way: 'valid', language: 'ca', cookie: '' }),
  );
  expect(await own.back('sign')).toMatchObject({ kind: 'back', to: 'case', isHandedIn: true });
  const [of] = (await cosigning.ofCase(as(id), office, id))!;
  const jordi: PersonViewer = {
    ...{ kind: 'person', level: 'substantial' },
    ...(await personOf(JORDI)),
  };
  const cosigner = of!.id;
  const { recordHash } = (await cases.open(as(id), office, id))!.case;
  const hash = recordHash!;
  const begin = (viewer = jordi, way: 'valid' | 'autofirma' = 'valid', of = hash) =>
    signatures.beginCosigning(viewer, office, cosigner, {
      way,
      language: 'ca',
      hash: of,
      cookie: '',
    });
  const state = async () => (await cases.open(as(id), office, id))!.case.state;
  const answered = async () => (await cosigning.ofCase(as(id), office, id))![0]!.answered;
  return { id, anna: as(id), jordi, cosigner, hash, begin, state, answered };
}

const entriesOf = (id: string) =>
  within(town.db, INSTALLATION, (tx) =>
    tx.selectFrom('registry_entry').select('about').where('about', 'like', `case ${id}%`).execute(),
  );

test('whoever else must sign does so as the applicant does; a session is not enough', async () => {
  const { id, anna, jordi, cosigner, hash, begin, state, answered } = await handedIn();
  const { office } = town;
  expect(await cosigning.sign(jordi, office, cosigner, hash)).toEqual({
    ok: false,
    reason: 'needs_signature',
  });
  const { back } = await takes(begin());
  expect(await state()).toBe('socis');
  expect(await back('sign')).toMatchObject({
    ...{ kind: 'back', to: 'cosigner', secret: cosigning.secretOf(cosigner), failure: null },
  });
  expect(await state()).toBe('registered');
  expect((await answered())?.how).toBe('signed');
  expect(await entriesOf(id)).toHaveLength(2);
  // What is signed names what was handed in, and who signs it. The signature is of its hash.
  const content = (await signatures.cosignedFile(jordi, office, cosigner, 'content'))!;
  expect(JSON.parse(content.bytes.toString())).toMatchObject({
    ...{ what: 'signature', case: id, of: hash },
    signer: { identification: jordi.identification, level: 'substantial' },
  });
  const xades = (await signatures.cosignedFile(jordi, office, cosigner, 'signature'))!;
  const of = createHash('sha256').update(content.bytes).digest();
  expect(verifiedXades(xades.bytes.toString()).message.textContent).toContain(
    of.toString('base64'),
  );
  // The applicant's own is as it was: both are in the record of the case, each with its own.
  const [own] = (await signatures.ofCase(anna, office, id))!;
  expect(own).toMatchObject({ state: 'signed', cosigner: null });
  expect(await signatures.cosignaturesOf(anna, office, id)).toMatchObject([
    { state: 'signed', cosigner, signer: { masked: '***9999**' } },
  ]);
  const official = staffOf(office, 'coordinator');
  const file = await signatures.file(official, office, id, 'signature', cosigner);
  expect(file?.bytes).toEqual(xades.bytes);
});

test('nobody else begins, and nobody by another way or another text', async () => {
  const { anna, jordi, cosigner, begin, state } = await handedIn();
  const other: PersonViewer = { ...jordi, ...(await personOf('X0000000T')) };
  const reason = async (of: ReturnType<typeof begin>) => {
    const begun = await of;
    return begun.ok ? null : begun.reason;
  };
  expect(await reason(begin(other))).toBe('other');
  expect(await reason(begin({ ...jordi, level: 'low' }))).toBe('level');
  expect(await reason(begin(jordi, 'autofirma'))).toBe('closed');
  expect(await reason(begin(jordi, 'valid', 'ab'.repeat(32)))).toBe('changed');
  expect(await signatures.cosignedFile(other, town.office, cosigner, 'content')).toBeNull();
  expect(await signatures.ofCosigner(other, town.office, cosigner)).toBeNull();
  expect(await signatures.cosignaturesOf(anna, town.elsewhere, cosigner)).toBeNull();
  expect(await state()).toBe('socis');
});

test('an answer that says no, or comes too late, signs nothing; they can begin again', async () => {
  const { jordi, cosigner, begin, state } = await handedIn();
  const first = await takes(begin());
  expect(await first.back('cancel')).toMatchObject({ to: 'cosigner', failure: 'cancelled' });
  const second = await takes(begin());
  clock.advance({ minutes: 31 });
  expect(await second.back('sign')).toMatchObject({ failure: 'expired' });
  const all = await signatures.ofCosigner(jordi, town.office, cosigner);
  expect(all?.map(({ failure }) => failure)).toEqual(['expired', 'cancelled']);
  expect(await state()).toBe('socis');
});

test('what was signed while the registry was away is registered by the job, once, and can’t be declined meanwhile', async () => {
  const { id, jordi, cosigner, begin, state, answered } = await handedIn();
  const { back } = await takes(begin());
  isRegistryAway = true;
  expect(await back('sign')).toMatchObject({ to: 'cosigner', failure: null });
  expect(await state()).toBe('socis');
  expect(await answered()).toBeNull();
  const look = await cosigning.open(jordi, town.office, cosigner);
  expect(look).toMatchObject({ found: { isOpen: false, isSigned: true } });
  expect(await cosigning.decline(jordi, town.office, cosigner)).toMatchObject({ reason: 'over' });
  expect(await begin()).toMatchObject({ reason: 'over' });
  isRegistryAway = false;
  expect(await signatures.settle()).toBe(1);
  expect(await state()).toBe('registered');
  expect(await signatures.settle()).toBe(0);
  expect(await entriesOf(id)).toHaveLength(2);
});

test('whoever says no while they sign elsewhere signs nothing', async () => {
  const { jordi, cosigner, begin, state } = await handedIn();
  const { back } = await takes(begin());
  await cosigning.decline(jordi, town.office, cosigner);
  expect(await back('sign')).toMatchObject({ to: 'cosigner' });
  const [newest] = (await signatures.ofCosigner(jordi, town.office, cosigner))!;
  expect(newest).toMatchObject({ state: 'failed', failure: 'changed' });
  expect(await state()).toBe('socis');
});
