import { X509Certificate } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { beforeAll, expect, test } from 'vitest';
import type { CertificateWishes, Issued } from '../../../../e2e/support/identity/certificates.ts';
import { anchorsOf, signerOf } from './chain.ts';
import { certificate, NOW } from './testing.ts';

let root: Issued;
let middle: Issued;
beforeAll(async () => {
  root = await certificate({ subject: 'CN=Root,C=ES', authority: {} });
  middle = await certificate({ subject: 'CN=Middle,C=ES', by: root, authority: { below: 0 } });
});

const signer = (wishes: Partial<CertificateWishes> = {}) =>
  certificate({ subject: 'CN=Signer,C=ES', by: root, ...wishes });

const ask = (chain: readonly Issued[], anchors: readonly Issued[] = [root], now = NOW) =>
  signerOf(
    chain.map(({ der }) => der),
    anchorsOf(anchors.map(({ pem }) => pem)),
    now,
  );

test('a chain leads from the signer to a trusted authority', async () => {
  const direct = await signer();
  expect(ask([direct])).toMatchObject({ country: 'ES' });
  expect(ask([direct, root])).toMatchObject({ country: 'ES' });
  const below = await signer({ by: middle });
  expect(ask([below, middle])).toMatchObject({ country: 'ES' });
  expect(ask([below, middle], [root, middle])).toMatchObject({ country: 'ES' });
  expect(ask([below], [middle])).toMatchObject({ country: 'ES' });
  expect(ask([direct]).key.equals(new X509Certificate(direct.der).publicKey)).toBe(true);
});

test('the town can trust a signer alone, and write certificates without PEM', async () => {
  const alone = await certificate({ subject: 'CN=Alone,C=FR' });
  expect(ask([alone], [alone])).toMatchObject({ country: 'FR' });
  const plain = anchorsOf([alone.der.toString('base64')]);
  expect(signerOf([alone.der], plain, NOW)).toMatchObject({ country: 'FR' });
});

test.each<[string, () => Promise<readonly Issued[]>, string]>([
  ['nothing', async () => [], 'chain_missing'],
  [
    'a self-made authority',
    async () => [await certificate({ subject: 'CN=Root,C=ES' })],
    'issuer_unknown',
  ],
  [
    'a signer below a middle that is missing',
    async () => [await signer({ by: middle })],
    'issuer_unknown',
  ],
  ['a middle that did not sign it', async () => [await signer(), middle], 'chain_broken'],
  ['an authority that signs data itself', async () => [middle], 'signer_is_authority'],
  [
    'a key for other things',
    async () => [await signer({ usage: KeyUsageFlags.keyAgreement })],
    'signer_key_usage',
  ],
  [
    'a signer that ended',
    async () => [await signer({ until: NOW.subtract({ seconds: 1 }) })],
    'certificate_expired',
  ],
  [
    'a signer that has not begun',
    async () => [await signer({ from: NOW.add({ seconds: 1 }) })],
    'certificate_not_yet_valid',
  ],
  [
    'a rule that is not understood',
    async () => [await signer({ critical: '1.2.3.4' })],
    'certificate_critical',
  ],
  [
    'a signer of another country',
    async () => [await signer({ subject: 'CN=Signer,C=DE' })],
    'issuer_country_differs',
  ],
])('%s is refused', async (_, chain, code) => {
  const certificates = await chain();
  expect(() => ask(certificates)).toThrow(code);
});

test('a signer that signs others is no authority', async () => {
  const usage = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign;
  const first = await signer({ usage });
  const second = await signer({ by: first });
  expect(() => ask([second, first])).toThrow('chain_no_authority');
});

test('an authority for other things signs nobody', async () => {
  const usage = KeyUsageFlags.digitalSignature;
  const other = await certificate({ subject: 'CN=O,C=ES', by: root, authority: {}, usage });
  const below = await signer({ by: other });
  // OpenSSL refuses such a link by itself; one that says nothing, it takes.
  expect(() => ask([below, other])).toThrow('chain_broken');
  const silent = await certificate({ subject: 'CN=S,C=ES', by: root, authority: {}, usage: null });
  const belowSilent = await signer({ by: silent });
  expect(() => ask([belowSilent, silent])).toThrow('chain_key_usage');
});

test('an authority that may have none below it has none', async () => {
  const below = await certificate({ subject: 'CN=Below,C=ES', by: middle, authority: {} });
  const own = await signer({ by: below });
  expect(() => ask([own, below, middle])).toThrow('chain_path_length');
});

test('a chain has four certificates at most', async () => {
  const own = await signer();
  expect(() => ask([own, root, root, root, root])).toThrow('chain_too_long');
});

test('trusted authorities end too', async () => {
  const own = await signer({ until: NOW.add({ hours: 24 * 90 }) });
  expect(() => ask([own], [root], NOW.add({ hours: 24 * 60 }))).toThrow('certificate_expired');
});

test('an authority without a country confirms nobody', async () => {
  const nowhere = await certificate({ subject: 'CN=Nowhere', authority: {} });
  const own = await certificate({ subject: 'CN=Signer', by: nowhere });
  expect(() => ask([own], [nowhere])).toThrow('issuer_country_missing');
});

test('letters are no certificate', () => {
  expect(() => signerOf([Buffer.from('letters')], [], NOW)).toThrow('certificate');
});
