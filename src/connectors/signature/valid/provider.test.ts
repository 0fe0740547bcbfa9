import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ValidServer, validServer } from '../../../../e2e/support/identity/valid.ts';
import type { WrongSignature } from '../../../../e2e/support/identity/valid-signing.ts';
import { nifIn } from '../../../domain/identity.ts';
import type { ValidSignatureSettings } from '../../../domain/office/connectors/signature.ts';
import type {
  Signed,
  SigningAnswer,
  SigningAttempt,
  SigningProvider,
  SigningStep,
} from '../../../features/service/signatures/types.ts';
import { BASE, testLog } from '../../identity/testing.ts';
import { createValidSigning } from './provider.ts';

const ANNA = 'Anna (idCAT Mòbil)';
const OMAR = 'Omar (Cl@ve)';
const BAKER = 'Júlia (certificat, representant)';
const RETURN = `${BASE}/signature/return`;
const HASH = Buffer.alloc(32, 7);
const log = testLog();
let server: ValidServer;

beforeAll(async () => {
  server = await validServer({ redirectUris: [RETURN] });
});
afterAll(() => server.close());
beforeEach(() => {
  server.failing.clear();
  server.asked.length = 0;
  server.signer.wrong = null;
  server.signer.codeName = 'signatureCode';
});

const make = (changed: Partial<ValidSignatureSettings> = {}): SigningProvider =>
  createValidSigning(
    {
      kind: 'valid',
      ...{ endpoint: server.endpoint, clientId: server.clientId },
      levels: { low: 'low', substantial: 'substantial', high: 'high' },
      ...changed,
    },
    { secret: server.clientSecret, log },
  );

const attempt = (more: Partial<SigningAttempt> = {}): SigningAttempt => ({
  state: 'an-attempt.and-its-proof',
  returnUrl: RETURN,
  language: 'ca',
  name: 'K7M-2QX.json',
  hash: HASH,
  person: nifIn('12345678Z')!,
  personName: 'Anna Puig Serra',
  organisation: null,
  level: 'low',
  kept: null,
  ...more,
});

const given = <T>(answer: SigningAnswer<T>): T => {
  if (!answer.ok) throw new Error(`${answer.reason}: ${answer.code}`);
  return answer.value;
};

/** Identifies somebody. Returns the step that leads to where they sign, or why there is none. */
async function identified(
  provider: SigningProvider,
  person = ANNA,
  wanted = attempt(),
): Promise<SigningAnswer<SigningStep | Signed>> {
  const { url } = given(await provider.start(wanted));
  return provider.next(new URL(await server.visit(url, person)), wanted);
}

async function signed(provider = make(), choice: 'OK' | 'CANCEL' | 'ERROR' = 'OK') {
  const step = given(await identified(provider)) as SigningStep;
  const back = await server.sign(step.url, choice);
  return provider.next(new URL(back), attempt({ kept: step.kept }));
}

test('a person identifies, signs on the page of VÀLid, and the XAdES is kept as it came', async () => {
  const provider = make();
  const step = given(await identified(provider)) as SigningStep;
  expect(step.url).toContain('/o/sign?signature_code=');
  const back = new URL(await server.sign(step.url));
  expect(back.searchParams.get('signatureCode')).toBe(step.code);
  const done = given(await provider.next(back, attempt({ kept: step.kept }))) as Signed;
  expect(done.evidence.toString()).toContain(`<resum>${HASH.toString('base64')}</resum>`);
  expect(done.signer).toEqual({
    ...{ name: 'Anna Puig Serra', method: 'idcatmobil', stampedAt: null, isDemo: false },
  });
  // VÀLid forgets the person: the next one at this screen is asked.
  expect(server.asked.map(({ path }) => path)).toContain('/o/oauth2/logout');
  expect(server.sessions()).toBe(0);
});

test('the other name of the code is understood too', async () => {
  server.signer.codeName = 'signature_code';
  expect(await signed()).toMatchObject({ ok: true });
});

test('whoever cancels signs nothing', async () => {
  expect(await signed(make(), 'CANCEL')).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(await signed(make(), 'ERROR')).toMatchObject({ ok: false, reason: 'denied' });
  const provider = make();
  const { url } = given(await provider.start(attempt()));
  const back = await server.visit(url, ANNA, 'no');
  const left = await provider.next(new URL(back), attempt());
  expect(left).toMatchObject({ ok: false, reason: 'cancelled' });
});

test('another person, and one who represents a company, are sent away before they sign', async () => {
  for (const person of [OMAR, BAKER]) {
    const answer = await identified(make(), person);
    expect(answer).toMatchObject({ ok: false, reason: 'other_person' });
  }
  const baker = attempt({ person: nifIn('00000000T')! });
  expect(await identified(make(), BAKER, baker)).toMatchObject({ reason: 'other_person' });
  expect(server.asked.map(({ path }) => path)).not.toContain('/serveis-rest/initBasicSignature');
  expect(server.sessions()).toBe(0);
});

test('whoever acts for a company in the case signs with its certificate, or with their own, and for no other company', async () => {
  const organisation = 'B12345674';
  const of = { person: nifIn('00000000T')!, organisation };
  expect(await identified(make(), BAKER, attempt(of))).toMatchObject({ ok: true });
  const other = attempt({ ...of, organisation: 'B08000002' });
  expect(await identified(make(), BAKER, other)).toMatchObject({ reason: 'other_person' });
  expect(await identified(make(), ANNA, attempt({ organisation }))).toMatchObject({ ok: true });
});

test('a level that is too low is refused', async () => {
  const wanted = attempt({ level: 'substantial' });
  expect(await identified(make(), ANNA, wanted)).toMatchObject({ ok: false, reason: 'too_low' });
});

test.each([
  ['hash', 'hash'],
  ['algorithm', 'hash_algorithm'],
  ['name', 'name'],
  ['person', 'signer'],
  ['two', 'documents'],
  ['changed', 'signature'],
  ['no_xml', 'no_signature'],
  ['empty', 'evidence_missing'],
] as const satisfies [WrongSignature, string][])(
  'a signature that is wrong is refused: %s',
  async (wrong, code) => {
    server.signer.wrong = wrong;
    expect(await signed()).toEqual({ ok: false, reason: 'refused', code });
  },
);

test('only the certificates of the town file count, where it has some', async () => {
  const own = server.signer.certificate.toString();
  expect(await signed(make({ certificates: [own] }))).toMatchObject({ ok: true });
  const base64 = server.signer.certificate.raw.toString('base64');
  expect(await signed(make({ certificates: [base64] }))).toMatchObject({ ok: true });
  const other = (await validServer({ redirectUris: [] })) satisfies ValidServer;
  const foreign = make({ certificates: [other.signer.certificate.toString()] });
  await other.close();
  expect(await signed(foreign)).toMatchObject({ ok: false, code: 'not_trusted' });
});

test('VÀLid away is told as such, at each step', async () => {
  const provider = make();
  const step = given(await identified(provider)) as SigningStep;
  const back = await server.sign(step.url);
  server.failing.set('getBasicSignature', 'down');
  const later = attempt({ kept: step.kept });
  expect(await provider.next(new URL(back), later)).toMatchObject({ reason: 'away' });
  server.failing.clear();
  expect(await provider.next(new URL(back), later)).toMatchObject({ ok: true });
  expect(await provider.next(new URL(back), later)).toMatchObject({ ok: false });
  server.failing.set('initBasicSignature', 'page');
  expect(await identified(provider)).toMatchObject({ reason: 'away' });
  server.failing.set('initBasicSignature', 'ko');
  expect(await identified(provider)).toMatchObject({ reason: 'denied' });
  server.failing.set('initBasicSignature', 'wrong');
  expect(await identified(provider)).toMatchObject({ reason: 'refused' });
  await server.goAway();
  expect(await provider.start(attempt())).toMatchObject({ reason: 'away' });
  await server.comeBack();
});

test('the answer of another attempt is refused, and nothing is fetched', async () => {
  const provider = make();
  const { url } = given(await provider.start(attempt({ state: 'other' })));
  const back = new URL(await server.visit(url, ANNA));
  expect(await provider.next(back, attempt())).toMatchObject({ code: 'state_wrong' });
  const step = given(await identified(provider)) as SigningStep;
  const signedUrl = new URL(await server.sign(step.url));
  signedUrl.searchParams.set('signatureCode', 'other');
  const forged = await provider.next(signedUrl, attempt({ kept: step.kept }));
  expect(forged).toMatchObject({ code: 'code_wrong' });
  expect(server.asked.map(({ path }) => path)).not.toContain('/serveis-rest/getBasicSignature');
});
