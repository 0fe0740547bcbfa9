import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ValidServer, validServer } from '../../../../e2e/support/identity/valid.ts';
import { createValidSigning } from '../../../connectors/signature/valid/provider.ts';
import { verifiedXades } from '../../../connectors/signature/xades/verify.ts';
import { maskedIdentifier, nifIn } from '../../../domain/identity.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { deletePerson } from '../../foundation/identification/store.ts';
import { identifiedPerson } from '../../foundation/identification/testing.ts';
import { createCosigning } from '../cases/service.ts';
import { officialOf, openCases, sampleForm, staffOf, type TestCases } from '../cases/testing.ts';
import { readCaseForUpdate } from '../cases/views.ts';
import { createSignatures, type Signatures, type SignaturesDeps } from './service.ts';
import type { SigningProvider } from './types.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const BASE_URL = 'http://localhost';
const ANNA = 'Anna (idCAT Mòbil)';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;
let server: ValidServer;
let provider: SigningProvider | null;
let signatures: Signatures;
let isRegistryAway = false;
const logged: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  town = await openCases(database, clock);
  server = await validServer({ redirectUris: [`${BASE_URL}/signature/return`] });
  const { cases } = town;
  const deps: SignaturesDeps = {
    ...town,
    cosigning: createCosigning(town),
    cases: {
      ...cases,
      handInSigned: (...on) => {
        if (isRegistryAway) throw new Error('The registry is away');
        return cases.handInSigned(...on);
      },
    },
    provider: async () => provider,
    log: { error: (_, message) => logged.push(message) },
    baseUrl: BASE_URL,
  };
  signatures = createSignatures(deps);
  await town.publish(sampleForm({ sign: 'valid' }));
});
afterAll(async () => {
  await server.close();
  await database.close();
});
beforeEach(() => {
  clock.set(MORNING);
  isRegistryAway = false;
  logged.length = 0;
  server.failing.clear();
  server.signer.wrong = null;
  provider = createValidSigning(
    {
      kind: 'valid',
      endpoint: server.endpoint,
      clientId: server.clientId,
      levels: { low: 'low', substantial: 'substantial', high: 'high' },
    },
    { secret: server.clientSecret, log: { warn: () => {} } },
  );
});

interface Filled {
  id: string;
  anna: ApplicantViewer;
}

/** A case of Anna, answered. */
async function filled(identifier = '12345678Z'): Promise<Filled> {
  const { cases, office, db, key } = town;
  const person = await identifiedPerson(db, key, identifier, clock.now());
  const as = (id: string): ApplicantViewer => ({
    kind: 'applicant',
    case: id,
    identified: { ...person, level: 'substantial' },
  });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(as(''), office, what))!;
  await cases.answer(as(id), office, id, { 'qui.nom': 'Anna', 'local.rotul': 'Bar Pi' });
  return { id, anna: as(id) };
}

/** The browser's cookies, and where it is at the provider. */
async function begun({ id, anna }: Filled, cookie = '') {
  const what = { way: 'valid', language: 'ca', cookie } as const;
  const done = await signatures.begin(anna, town.office, id, what);
  if (!done.ok) throw new Error(done.reason);
  return { url: done.url, cookie: done.cookie.split(';')[0] ?? '' };
}

/** Identifies at VÀLid, and comes back. Returns the page where one signs. */
async function atSigning({ url, cookie }: { url: string; cookie: string }, person = ANNA) {
  const back = await server.visit(url, person);
  const outcome = await signatures.answer(new URL(back), cookie);
  return { outcome, first: back, url: outcome.kind === 'go' ? outcome.url : '' };
}

async function signedBack(of: Filled) {
  const at = await begun(of);
  const there = await atSigning(at);
  return { at, back: new URL(await server.sign(there.url)), first: there.first };
}

const stateOf = async ({ id, anna }: Filled) =>
  (await town.cases.open(anna, town.office, id))!.case.state;
const newest = async ({ id, anna }: Filled) =>
  (await signatures.ofCase(anna, town.office, id))![0]!;

const actionsOn = (id: string) =>
  within(town.db, INSTALLATION, async (tx) => {
    const { rows } = await sql<{ action: string }>`
      select action from audit where data->>'case' = ${id} order by id`.execute(tx);
    return rows.map(({ action }) => action);
  });

describe('a form that is signed by VÀLid', () => {
  test('is not handed in without a signature, and is with it: once', async () => {
    const of = await filled();
    const { id, anna } = of;
    const { office, cases } = town;
    expect(await cases.handIn(anna, office, id)).toEqual({ ok: false, reason: 'needs_signature' });
    const { at, back } = await signedBack(of);
    const done = await signatures.answer(back, at.cookie);
    expect(done).toMatchObject({ kind: 'back', isHandedIn: true, case: id, failure: null });
    // The page is loaded again.
    expect(await signatures.answer(back, at.cookie)).toMatchObject({ kind: 'back' });
    const { record, case: after } = (await cases.open(anna, office, id))!;
    expect(after.state).toBe('registered');
    const signature = (await newest(of))!;
    expect(signature).toMatchObject({
      state: 'signed',
      signer: { name: 'Anna Puig Serra', method: 'idcatmobil', isDemo: false },
    });
    expect(signature.signer?.masked).toBe(maskedIdentifier(nifIn('12345678Z')!));
    expect(record?.signature).toMatchObject({ id: signature.id, way: 'valid', of: signature.hash });
    expect(await actionsOn(id)).toEqual(
      expect.arrayContaining(['signature_begun', 'signature_made', 'case_handed_in']),
    );
    expect((await actionsOn(id)).filter((each) => each === 'case_handed_in')).toHaveLength(1);
  });

  test('keeps the signature and what was signed, which anybody can compare', async () => {
    const of = await filled();
    const { at, back } = await signedBack(of);
    await signatures.answer(back, at.cookie);
    const { office } = town;
    const nuria = await officialOf(town, office, 'coordinator');
    const file = (what: 'signature' | 'content') => signatures.file(nuria, office, of.id, what);
    const xades = (await file('signature'))!;
    const content = (await file('content'))!;
    const hash = createHash('sha256').update(content.bytes).digest();
    expect(verifiedXades(xades.bytes.toString()).message.textContent).toContain(
      hash.toString('base64'),
    );
    expect(content.name).toMatch(/^[\dA-Z]{3}-[\dA-Z]{3}\.json$/);
    const { record } = (await town.cases.open(of.anna, office, of.id))!;
    expect(createHash('sha256').update(xades.bytes).digest('hex')).toBe(record?.signature?.sha256);
    const { signature: _, handedInAt: __, ...signed } = record!;
    expect(JSON.parse(content.bytes.toString())).toEqual(signed);
    expect((await actionsOn(of.id)).filter((each) => each === 'signature_read')).toHaveLength(2);
  });

  test('shows its signature to nobody else', async () => {
    const of = await filled();
    const { at, back } = await signedBack(of);
    await signatures.answer(back, at.cookie);
    const other = await filled('X1234567L');
    const thief: ApplicantViewer = { ...other.anna, case: of.id };
    const bare: ApplicantViewer = { kind: 'applicant', case: of.id, identified: null };
    const foreign = staffOf(town.elsewhere, 'coordinator');
    for (const viewer of [thief, bare, foreign]) {
      expect(await signatures.file(viewer, town.office, of.id, 'signature')).toBeNull();
      expect(await signatures.ofCase(viewer, town.office, of.id)).toBeNull();
    }
    const nuria = await officialOf(town, town.office, 'coordinator');
    expect(await signatures.file(nuria, town.office, other.id, 'signature')).toBeNull();
  });
});

describe('nothing is signed', () => {
  test('by the answer of another browser, or a made-up one', async () => {
    const of = await filled();
    const { at, back, first } = await signedBack(of);
    const other = await begun(await filled());
    expect(await signatures.answer(back, other.cookie)).toEqual({ kind: 'gone' });
    expect(await signatures.answer(back, '')).toEqual({ kind: 'gone' });
    expect(await signatures.answer(new URL(first), other.cookie)).toEqual({ kind: 'gone' });
    for (const query of ['', '?state=x', '?signatureCode=x&state=OK', '?state=a.b&code=1']) {
      const url = new URL(`${BASE_URL}/signature/return${query}`);
      expect(await signatures.answer(url, at.cookie)).toEqual({ kind: 'gone' });
    }
    expect(await stateOf(of)).toBe('draft');
    expect((await newest(of)).state).toBe('begun');
  });

  test('by whoever cancels, is somebody else, or comes too late', async () => {
    const cancelled = await filled();
    const at = await begun(cancelled);
    const { url } = await atSigning(at);
    const left = await signatures.answer(new URL(await server.sign(url, 'CANCEL')), at.cookie);
    expect(left).toMatchObject({ kind: 'back', isHandedIn: false, failure: 'cancelled' });
    expect(await newest(cancelled)).toMatchObject({ state: 'failed', failure: 'cancelled' });

    const other = await filled();
    const there = await atSigning(await begun(other), 'Omar (Cl@ve)');
    expect(there.outcome).toMatchObject({ kind: 'back', failure: 'other_person' });

    const late = await filled();
    const { at: lateAt, back } = await signedBack(late);
    clock.set('2027-02-01T09:31:00+01:00');
    const over = await signatures.answer(back, lateAt.cookie);
    expect(over).toMatchObject({ kind: 'back', failure: 'expired' });
    for (const of of [cancelled, other, late]) expect(await stateOf(of)).toBe('draft');
  });

  test('by a signature of something else', async () => {
    server.signer.wrong = 'hash';
    const of = await filled();
    const { at, back } = await signedBack(of);
    expect(await signatures.answer(back, at.cookie)).toMatchObject({ failure: 'refused' });
    expect(await stateOf(of)).toBe('draft');
    expect((await actionsOn(of.id)).includes('signature_failed')).toBe(true);
  });

  test('when an answer is changed meanwhile: that is told', async () => {
    const of = await filled();
    const { at, back } = await signedBack(of);
    await town.cases.answer(of.anna, town.office, of.id, { 'local.rotul': 'Bar Roure' });
    await signatures.answer(back, at.cookie);
    expect(await stateOf(of)).toBe('draft');
    expect(await newest(of)).toMatchObject({ state: 'failed', failure: 'changed' });
  });

  test('while VÀLid is away, and it can be signed afterwards', async () => {
    const of = await filled();
    await server.goAway();
    const what = { way: 'valid', language: 'ca', cookie: '' } as const;
    const refused = await signatures.begin(of.anna, town.office, of.id, what);
    expect(refused).toEqual({ ok: false, reason: 'away' });
    await server.comeBack();
    const { at, back } = await signedBack(of);
    server.failing.set('getBasicSignature', 'down');
    expect(await signatures.answer(back, at.cookie)).toEqual({
      ...{ kind: 'again', language: 'ca', way: 'valid' },
    });
    server.failing.clear();
    expect(await signatures.answer(back, at.cookie)).toMatchObject({ isHandedIn: true });
  });

  test('where the town has no provider, or nobody is identified', async () => {
    const of = await filled();
    const what = { way: 'valid', language: 'ca', cookie: '' } as const;
    const bare: ApplicantViewer = { kind: 'applicant', case: of.id, identified: null };
    expect(await signatures.begin(bare, town.office, of.id, what)).toMatchObject({
      reason: 'needs_identity',
    });
    const other = await filled('X1234567L');
    const thief: ApplicantViewer = { ...other.anna, case: of.id };
    expect(await signatures.begin(thief, town.office, of.id, what)).toMatchObject({
      reason: 'not_found',
    });
    provider = null;
    expect(await signatures.ways()).toEqual([]);
    expect(await signatures.begin(of.anna, town.office, of.id, what)).toMatchObject({
      reason: 'closed',
    });
  });
});

/** Erases the folder of whoever holds a case. */
const erase = ({ anna }: Filled) =>
  within(town.db, INSTALLATION, async (tx) => {
    const { person } = anna.identified!;
    const of = tx.selectFrom('person').select('wishes').where('id', '=', person);
    const { wishes } = await of.executeTakeFirstOrThrow();
    await deletePerson(tx, person, () => wishes);
  });

describe('an attempt that nobody comes back to', () => {
  test('ends after half an hour, with what it keeps', async () => {
    const of = await filled();
    const at = await begun(of);
    await atSigning(at);
    const kept = () =>
      within(town.db, INSTALLATION, async (tx) => {
        const { rows } = await sql<{ kept: Buffer | null; identification_id: string | null }>`
          select kept, identification_id from case_signature where case_id = ${of.id}`.execute(tx);
        return rows[0];
      });
    clock.set('2027-02-01T09:29:00+01:00');
    await signatures.settle();
    expect((await newest(of)).state).toBe('begun');
    expect((await kept())?.kept).not.toBeNull();
    clock.set('2027-02-01T09:31:00+01:00');
    await signatures.settle();
    expect(await newest(of)).toMatchObject({ state: 'failed', failure: 'expired' });
    expect(await kept()).toEqual({ kept: null, identification_id: null });
    expect(await actionsOn(of.id)).toContain('signature_failed');
  });
});

describe('somebody who erases their folder', () => {
  test('while they sign, is registered with what identified them', async () => {
    const of = await filled();
    const { at, back } = await signedBack(of);
    await erase(of);
    expect(await signatures.answer(back, at.cookie)).toMatchObject({ isHandedIn: true });
    expect(logged).toEqual([]);
    const { record } = (await town.cases.open(of.anna, town.office, of.id))!;
    expect(await town.identification.of(record!.applicant!.identification)).not.toBeNull();
  });

  test('between signing and paying, is registered when the money comes', async () => {
    await town.publish(sampleForm({ sign: 'valid', fee: 12 }));
    const of = await filled();
    const { id, anna } = of;
    const { office, cases } = town;
    const { at, back } = await signedBack(of);
    await signatures.answer(back, at.cookie);
    await erase(of);
    const again = await identifiedPerson(town.db, town.key, '12345678Z', clock.now());
    const viewer: ApplicantViewer = { ...anna, identified: { ...again, level: 'substantial' } };
    const paid = { order: 'an order', cents: 1200, authorization: '1', at: MORNING };
    const who = await cases.whoHandsIn(viewer, office, id);
    const number = await town.unit(viewer, office.id, async (unit) => {
      const ready = await cases.prepare(unit, office, id, { by: paid.order, who });
      if (!ready.ok) throw new Error(ready.reason);
      expect(ready.identification).toBe(anna.identified?.identification);
      const row = (await readCaseForUpdate(unit.tx, id))!;
      return cases.handInPaid(unit, office, row, { sealed: ready.sealed, payment: paid });
    });
    expect(number).toMatchObject({ ok: true });
    expect(await stateOf(of)).toBe('registered');
    await town.publish(sampleForm({ sign: 'valid' }));
  });
});

describe('signed and not registered', () => {
  test('is handed in by the job, once, and can’t be changed before', async () => {
    const of = await filled();
    const { id, anna } = of;
    const { at, back } = await signedBack(of);
    isRegistryAway = true;
    const kept = await signatures.answer(back, at.cookie);
    expect(kept).toMatchObject({ kind: 'back', isHandedIn: false });
    expect(logged).toEqual(['A signed case was not handed in; it is tried again']);
    const change = { 'local.rotul': 'Bar Roure' };
    const { office, cases } = town;
    expect(await cases.answer(anna, office, id, change)).toMatchObject({ ok: false });
    expect(await cases.discard(anna, office, id)).toBe(false);
    clock.set('2027-08-01T09:00:00+02:00');
    await cases.discardDrafts();
    await signatures.settle();
    expect(await stateOf(of)).toBe('draft');
    isRegistryAway = false;
    await Promise.all([signatures.settle(), signatures.settle()]);
    expect(await stateOf(of)).toBe('registered');
    expect(await signatures.settle()).toBe(0);
    expect((await actionsOn(id)).filter((each) => each === 'case_handed_in')).toHaveLength(1);
  });

  test('is not signed again, and two presses of the button sign once', async () => {
    const of = await filled();
    const { at, back } = await signedBack(of);
    const second = await begun(of, at.cookie);
    const there = await atSigning(second);
    const more = new URL(await server.sign(there.url));
    isRegistryAway = true;
    await Promise.all([signatures.answer(back, at.cookie), signatures.answer(more, second.cookie)]);
    const all = (await signatures.ofCase(of.anna, town.office, of.id))!;
    expect(all.map(({ state }) => state)).toContain('signed');
    const what = { way: 'valid', language: 'ca', cookie: at.cookie } as const;
    expect(await signatures.begin(of.anna, town.office, of.id, what)).toMatchObject({
      reason: 'signed',
    });
    isRegistryAway = false;
    await signatures.settle();
    expect(await stateOf(of)).toBe('registered');
    expect((await actionsOn(of.id)).filter((each) => each === 'case_handed_in')).toHaveLength(1);
  });
});

describe('a form that is signed and paid', () => {
  test('waits for its payment, which has the signature; a change makes it void', async () => {
    await town.publish(sampleForm({ sign: 'valid', fee: 12 }));
    const of = await filled();
    const { id, anna } = of;
    const { office, cases } = town;
    const { at, back } = await signedBack(of);
    expect(await signatures.answer(back, at.cookie)).toMatchObject({ isHandedIn: false });
    expect(await newest(of)).toMatchObject({ state: 'signed', cents: 1200 });
    expect(await signatures.settle()).toBe(0);
    expect(await cases.handIn(anna, office, id)).toEqual({ ok: false, reason: 'needs_payment' });
    const who = await cases.whoHandsIn(anna, office, id);
    const paid = await town.unit(anna, office.id, async (unit) => {
      const ready = await cases.prepare(unit, office, id, { by: 'an order', who });
      if (!ready.ok) throw new Error(ready.reason);
      return ready;
    });
    expect(paid.cents).toBe(1200);
    await cases.answer(anna, office, id, { 'local.rotul': 'Bar Roure' });
    expect(await cases.handIn(anna, office, id)).toEqual({ ok: false, reason: 'needs_signature' });
    await town.publish(sampleForm({ sign: 'valid' }));
  });
});
