import { cborDecode, cborEncode } from '@owf/mdoc';
import { CompactEncrypt, CompactSign, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { DOC_TYPE } from '../../../../e2e/support/identity/pid.ts';
import {
  createTestWallet,
  encrypted,
  type Mischief,
  type Posted,
  type WalletWishes,
} from '../../../../e2e/support/identity/wallet.ts';
import type { Attempt } from '../../../features/foundation/identification/types.ts';
import {
  BASE,
  begun,
  certificate,
  createWorld,
  finished,
  NOW,
  pidOf,
  postedBy,
  providerOf,
  requestFor,
  requestOf,
  type World,
} from './testing.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});

const ACT = { hash: 'aGFzaE9mVGhlQWN0', words: 'Consento' };
/** What another library reads of a mobile document. */
// biome-ignore lint/suspicious/noExplicitAny: as loose as what is attacked
type Whole = Map<string, any>;
const FORMATS = ['dc+sd-jwt', 'mso_mdoc'] as const;

const wishes = (more: Partial<WalletWishes> = {}): WalletWishes => ({
  pid: world.pid,
  trusts: [world.accessRoot],
  now: () => NOW,
  ...more,
});

/** Lets a wallet answer by the link. Returns what comes of it, after a look at the log: it never has a person's data. */
async function outcome(
  more: Partial<WalletWishes>,
  attempted: Partial<Attempt> = {},
  change: (posted: Posted, attempt: Attempt) => Promise<Posted> | Posted = (posted) => posted,
) {
  const { provider, logged } = providerOf(world);
  const { attempt, departure } = await begun(provider, attempted);
  const posted = await postedBy(provider, attempt, departure.link, wishes(more));
  const answer = await finished(provider, attempt, await change(posted, attempt));
  expect(JSON.stringify([answer, logged])).not.toMatch(/Rosa|Soler|12345678/);
  return answer;
}

const refused = (code: string, reason = 'refused') => ({ ok: false, reason, code });

describe('a wallet that misbehaves', () => {
  test.each<[Mischief, string, string?]>([
    ['refuses', 'wallet_access_denied', 'cancelled'],
    ['wrong_nonce', 'key_binding_nonce'],
    ['wrong_audience', 'key_binding_audience'],
    ['wrong_state', 'state'],
    ['other_holder_key', 'key_binding_signature'],
    ['no_key_binding', 'key_binding_missing'],
    ['tampered_disclosure', 'disclosure_not_signed'],
    ['unencrypted', 'answer_not_encrypted'],
    ['both_credentials', 'presentation_several'],
  ])('%s, with an SD-JWT VC', async (does, code, reason) => {
    const other = await pidOf([world.signer]);
    expect(await outcome({ does, other })).toEqual(refused(code, reason));
  });

  test.each<[Mischief, string]>([
    ['wrong_nonce', 'device_signature'],
    ['wrong_audience', 'device_signature'],
    ['other_holder_key', 'device_signature'],
    ['wrong_state', 'state'],
  ])('%s, with a mobile document', async (does, code) => {
    const other = await pidOf([world.signer]);
    expect(await outcome({ does, other, format: 'mso_mdoc' })).toEqual(refused(code));
  });

  test.each<[Mischief, string]>([
    ['transaction_not_signed', 'transaction_not_signed'],
    ['transaction_of_other_act', 'transaction_of_other_act'],
  ])('%s', async (does, code) => {
    expect(await outcome({ does }, { transaction: ACT })).toEqual(refused(code));
  });

  test.each([
    [-1300, 'key_binding_old', 'expired'],
    [120, 'key_binding_ahead', 'clock'],
  ])('its clock is %i seconds off', async (seconds, code, reason) => {
    expect(await outcome({ now: () => NOW.add({ seconds }) })).toEqual(refused(code, reason));
  });
});

describe.each(FORMATS)('data as %s', (format) => {
  test('of an authority that the town does not know', async () => {
    const root = await certificate({ subject: 'CN=PID Authority,C=ES', authority: {} });
    const signer = await certificate({ subject: 'CN=PID Signer,C=ES', by: root });
    const pid = await pidOf([signer]);
    expect(await outcome({ pid, format })).toEqual(refused('issuer_unknown'));
    const whole = await pidOf([signer, root]);
    expect(await outcome({ pid: whole, format })).toEqual(refused('issuer_unknown'));
  });

  test('that somebody signed with another key, below the real certificate', async () => {
    const signer = await certificate({ subject: 'CN=PID Signer,C=ES', by: world.root });
    const pid = await pidOf([{ ...signer, der: world.signer.der }]);
    expect(await outcome({ pid, format })).toEqual(refused('issuer_signature'));
  });

  test('that ended', async () => {
    const pid = await pidOf([world.signer], { until: NOW });
    expect(await outcome({ pid, format })).toEqual(refused('pid_expired', 'denied'));
  });

  test('that are not valid yet', async () => {
    const pid = await pidOf([world.signer], { from: NOW.add({ hours: 1 }) });
    expect(await outcome({ pid, format })).toEqual(refused('pid_not_yet_valid', 'denied'));
  });

  test('of another type', async () => {
    const vct = 'urn:eudi:employee:1';
    const docType = 'org.iso.18013.5.1.mDL';
    const pid = await pidOf([world.signer], { vct, docType });
    expect(await outcome({ pid, format })).toEqual(refused('pid_type'));
  });

  test('handed to a page of somebody else', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const request = requestOf(departure);
    const wallet = createTestWallet(wishes({ format, does: 'wrong_audience' }));
    const answer = await finished(provider, attempt, await wallet.hand(request, BASE));
    const code = format === 'dc+sd-jwt' ? 'key_binding_audience' : 'device_signature';
    expect(answer).toEqual(refused(code));
    // A browser that keeps to the rules asks no wallet with the request of another origin.
    await expect(
      createTestWallet(wishes({ format })).hand(request, 'https://evil.example'),
    ).rejects.toThrow();
  });

  test('handed to a page, and posted as if a wallet had done it', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const request = requestOf(departure);
    const wallet = createTestWallet(wishes({ format }));
    const asked = await requestFor(provider, attempt);
    const { jwk, state } = await wallet.check(asked);
    const byPage = await wallet.check(request, BASE);
    const answer = await wallet.answer({ ...byPage, jwk, state }, BASE);
    const code = format === 'dc+sd-jwt' ? 'key_binding_audience' : 'device_signature';
    expect(await finished(provider, attempt, answer)).toEqual(refused(code));
  });

  test('of another attempt', async () => {
    const { provider } = providerOf(world);
    const mine = await begun(provider);
    const posted = await postedBy(provider, mine.attempt, mine.departure.link, wishes({ format }));
    const other = await begun(provider, {
      id: 'att2',
      checks: { state: 'other', nonce: 'other', verifier: 'v'.repeat(43) },
    });
    const answer = await finished(provider, other.attempt, posted);
    expect(answer).toEqual(refused('answer_for_other_key'));
    // With the same keys too, which two attempts never have.
    const kept = mine.attempt.kept;
    const sameKeys = { ...other.attempt, kept };
    expect(await finished(provider, sameKeys, posted)).toEqual(refused('state'));
    const sameState = {
      ...sameKeys,
      checks: { ...other.attempt.checks, state: mine.attempt.checks.state },
    };
    const code = format === 'dc+sd-jwt' ? 'key_binding_nonce' : 'device_signature';
    expect(await finished(provider, sameState, posted)).toEqual(refused(code));
  });
});

test('data in an older type of token, and data without an end', async () => {
  const older = await pidOf([world.signer], { typ: 'vc+sd-jwt' });
  expect(await outcome({ pid: older })).toEqual(refused('sd_jwt_type'));
  const endless = await pidOf([world.signer], { open: { exp: undefined } });
  expect(await outcome({ pid: endless })).toEqual(refused('pid_without_end'));
});

test('an act is signed that nobody asked for', async () => {
  const { provider } = providerOf(world);
  const { attempt, departure } = await begun(provider, { transaction: ACT });
  const posted = await postedBy(provider, attempt, departure.link, wishes());
  const answer = await finished(provider, { ...attempt, transaction: null }, posted);
  expect(answer).toEqual(refused('transaction_unasked'));
});

describe('an answer that is none', () => {
  const empty = () => ({});
  const response = (text: string) => () => ({ response: text });

  test.each<[string, () => Posted, string]>([
    ['nothing', empty, 'answer_missing'],
    ['a JWT instead of a JWE', response('e30.e30.e30'), 'answer_not_encrypted'],
    ['letters', response('....'), 'malformed'],
    ['too much', response('a'.repeat(200_001)), 'answer_too_long'],
  ])('%s', async (_, change, code) => {
    expect(await outcome({}, {}, change)).toEqual(refused(code));
  });

  test('nothing was posted', async () => {
    const { provider } = providerOf(world);
    const { attempt } = await begun(provider);
    expect(await finished(provider, attempt, null)).toEqual(refused('answer_missing'));
  });

  test('an error without the state of the attempt', async () => {
    const error = () => ({ error: 'access_denied' });
    expect(await outcome({}, {}, error)).toEqual(refused('state'));
  });

  test('an error that nobody has heard of, with words of the wallet', async () => {
    const error = (_: Posted, { checks: { state } }: Attempt) => ({
      error: 'Rosa',
      error_description: 'Rosa Soler',
      state,
    });
    expect(await outcome({}, {}, error)).toEqual(refused('wallet_error', 'denied'));
  });

  test('an attempt whose keys are gone', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const posted = await postedBy(provider, attempt, departure.link, wishes());
    const gone = await finished(provider, { ...attempt, kept: null }, posted);
    expect(gone).toEqual(refused('nothing_kept', 'expired'));
  });
});

describe('an encrypted answer with something else in it', () => {
  /** Puts something else into the answer, encrypted as the wallet does it. */
  async function inside(
    token: (text: string) => unknown,
    format: (typeof FORMATS)[number],
    pid = world.pid,
  ) {
    const { provider } = providerOf(world);
    const { attempt } = await begun(provider);
    const asked = await requestFor(provider, attempt);
    const wallet = createTestWallet(wishes({ pid, format, does: 'unencrypted' }));
    const request = await wallet.check(asked);
    const { vp_token: plain = '' } = await wallet.answer(request);
    const [text] = Object.values(JSON.parse(plain) as Record<string, string[]>).flat();
    const answer = { vp_token: token(text ?? ''), state: request.state };
    return finished(provider, attempt, { response: await encrypted(answer, request.jwk) });
  }
  const asSdJwt = (change: (text: string) => string) =>
    inside((text) => ({ pid_sd_jwt: [change(text)] }), 'dc+sd-jwt');
  const asMdoc = (change: (bytes: Buffer) => Buffer, pid = world.pid) =>
    inside(
      (text) => ({ pid_mdoc: [change(Buffer.from(text, 'base64url')).toString('base64url')] }),
      'mso_mdoc',
      pid,
    );

  test('the same as the wallet made it is taken', async () => {
    expect(await asSdJwt((text) => text)).toMatchObject({ ok: true });
    expect(await asMdoc((bytes) => bytes)).toMatchObject({ ok: true });
  });

  test.each<[string, unknown, string]>([
    ['no token', undefined, 'presentation_missing'],
    ['an empty token', {}, 'presentation_missing'],
    ['a credential that was not asked for', { mdl: ['x'] }, 'presentation_unasked'],
    ['two presentations', { pid_sd_jwt: ['x', 'y'] }, 'presentation_several'],
    ['no text', { pid_sd_jwt: [{}] }, 'presentation_missing'],
    ['letters', { pid_sd_jwt: ['x'] }, 'sd_jwt'],
    ['letters as a mobile document', { pid_mdoc: ['AAAA'] }, 'cbor'],
    ['a name of every object', { constructor: ['x'] }, 'presentation_unasked'],
  ])('%s', async (_, token, code) => {
    expect(await inside(() => token, 'dc+sd-jwt')).toEqual(refused(code));
  });

  test('a disclosure is left out after the holder signed', async () => {
    const without = (text: string) => text.split('~').toSpliced(1, 1).join('~');
    expect(await asSdJwt(without)).toEqual(refused('key_binding_hash'));
  });

  test('a disclosure is there twice', async () => {
    const twice = (text: string) => {
      const parts = text.split('~');
      return parts.toSpliced(1, 0, parts[1] ?? '').join('~');
    };
    expect(await asSdJwt(twice)).toEqual(refused('disclosure_twice'));
  });

  test('the data are signed by nobody', async () => {
    const unsigned = (text: string) => {
      const [jwt = '', ...rest] = text.split('~');
      const [head = '', body = ''] = jwt.split('.');
      const header = JSON.parse(Buffer.from(head, 'base64url').toString());
      const none = Buffer.from(JSON.stringify({ ...header, alg: 'none' })).toString('base64url');
      return [`${none}.${body}.`, ...rest].join('~');
    };
    expect(await asSdJwt(unsigned)).toEqual(refused('issuer_signature'));
  });

  test('another token of the holder stands for the key binding', async () => {
    const other = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .sign(world.pid.holder);
    const replaced = (text: string) => `${text.slice(0, text.lastIndexOf('~') + 1)}${other}`;
    expect(await asSdJwt(replaced)).toEqual(refused('key_binding_type'));
    const unsecured = (text: string) =>
      `${text.slice(0, text.lastIndexOf('~') + 1)}${new UnsecuredJWT({}).encode()}`;
    expect(await asSdJwt(unsecured)).toEqual(refused('key_binding_type'));
  });

  test('a name in a mobile document is another', async () => {
    const renamed = (bytes: Buffer) =>
      Buffer.from(bytes.toString('latin1').replace('Rosa', 'Anna'), 'latin1');
    expect(await asMdoc(renamed)).toEqual(refused('disclosure_not_signed'));
  });

  test('the document says that it is of another type than what was signed', async () => {
    const other = (bytes: Buffer) =>
      Buffer.from(
        bytes
          .toString('latin1')
          .replace('gdocTypeweu.europa.ec.eudi.pid.1', 'gdocTypeweu.europa.ec.eudi.pid.2'),
        'latin1',
      );
    expect(await asMdoc(other)).toEqual(refused('pid_type'));
  });

  /** Changes a mobile document, written again by another encoder. */
  const rewritten = (change: (response: Whole, document: Whole) => void) =>
    asMdoc((bytes) => {
      const response = cborDecode<Whole>(bytes);
      change(response, response.get('documents')[0]);
      return Buffer.from(cborEncode(response));
    });
  const authOf = (document: Whole): Whole => document.get('deviceSigned').get('deviceAuth');

  test('a mobile document that was only written again is taken', async () => {
    expect(await rewritten(() => {})).toMatchObject({ ok: true });
  });

  test.each<[string, (response: Whole, document: Whole) => void, string]>([
    ['no documents', (response) => response.set('documents', []), 'presentation_several'],
    [
      'two documents',
      (response, document) => response.set('documents', [document, document]),
      'presentation_several',
    ],
    ['a status that is an error', (response) => response.set('status', 10), 'mdoc_status'],
    [
      'a device that signed nothing',
      (_, document) => authOf(document).delete('deviceSignature'),
      'key_binding_missing',
    ],
    [
      'a device that shares a secret instead',
      (_, document) => authOf(document).set('deviceMac', []),
      'device_mac',
    ],
    [
      'an element twice',
      (_, document) => {
        const items = document.get('issuerSigned').get('nameSpaces').get(DOC_TYPE);
        items.push(items[0]);
      },
      'disclosure_twice',
    ],
    [
      'a namespace that was not asked for',
      (_, document) => document.get('issuerSigned').get('nameSpaces').set('org.example', []),
      'mdoc_namespace',
    ],
    [
      'another algorithm',
      (_, document) => {
        document.get('issuerSigned').get('issuerAuth')[0] = Uint8Array.from([0xa1, 1, 0x38, 0x22]);
      },
      'cose_algorithm',
    ],
    [
      'a payload beside the detached one',
      (_, document) => {
        authOf(document).get('deviceSignature')[2] = Uint8Array.from([0xa0]);
      },
      'cose',
    ],
  ])('%s', async (_, change, code) => {
    expect(await rewritten(change)).toEqual(refused(code));
  });

  test('data of another type, in a document that says it is this one', async () => {
    const docType = 'eu.europa.ec.eudi.pid.2';
    const pid = await pidOf([world.signer], { docType });
    const renamed = (bytes: Buffer) => {
      const response = cborDecode<Whole>(bytes);
      response.get('documents')[0].set('docType', DOC_TYPE);
      return Buffer.from(cborEncode(response));
    };
    expect(await asMdoc(renamed, pid)).toEqual(refused('pid_type'));
  });

  test('a mobile document is cut, or goes on', async () => {
    expect(await asMdoc((bytes) => bytes.subarray(0, -1))).toEqual(refused('cbor'));
    expect(await asMdoc((bytes) => Buffer.concat([bytes, bytes]))).toEqual(refused('cbor'));
  });

  test('a mobile document instead of the signed act', async () => {
    const { provider } = providerOf(world);
    const { attempt, departure } = await begun(provider);
    const posted = await postedBy(
      provider,
      attempt,
      departure.link,
      wishes({ format: 'mso_mdoc' }),
    );
    const answer = await finished(provider, { ...attempt, transaction: ACT }, posted);
    expect(answer).toEqual(refused('transaction_not_signed'));
  });

  test('it is compressed, or encrypted in a way that was not offered', async () => {
    const { provider } = providerOf(world);
    const { attempt } = await begun(provider);
    const asked = await requestFor(provider, attempt);
    const { jwk } = await createTestWallet(wishes()).check(asked);
    const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid: jwk.kid, zip: 'DEF' };
    const zipped = `${Buffer.from(JSON.stringify(header)).toString('base64url')}..a.b.c`;
    expect(await finished(provider, attempt, { response: zipped })).toEqual(
      refused('answer_compressed'),
    );
    const symmetric = await new CompactEncrypt(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: jwk.kid })
      .encrypt(Buffer.alloc(32));
    expect(await finished(provider, attempt, { response: symmetric })).toEqual(
      refused('decryption'),
    );
  });
});

test('a wallet asks for a request with a nonce that is too long', async () => {
  const { provider } = providerOf(world);
  const { attempt } = await begun(provider);
  const nonce = new URLSearchParams({ wallet_nonce: 'n'.repeat(1001) });
  expect(await provider.request?.(attempt, nonce)).toEqual(refused('wallet_nonce_too_long'));
});
