import { beforeAll, expect, test } from 'vitest';
import type { Issued } from '../../../e2e/support/identity/certificates.ts';
import { fingerprintOf, hubCertificate } from '../../../e2e/support/identity/hub.ts';
import type { FolderSettings } from '../../domain/office/connectors/folder.ts';
import { type Caller, refusalOf } from './caller.ts';

const SECRET = 's'.repeat(43);
const NOW = Temporal.Instant.from('2026-11-30T08:00:00Z');
let hub: Issued;
let settings: FolderSettings;
let caller: Caller;

const rfc9440 = ({ der }: Issued) => `:${der.toString('base64')}:`;

beforeAll(async () => {
  hub = await hubCertificate();
  settings = {
    ...{
      kind: 'hub',
      ine10: '0899990001',
      isTrial: false,
      addresses: ['157.97.64.126', '2001:db8::1'],
    },
    certificates: [fingerprintOf(hub)],
  };
  caller = { secret: SECRET, certificate: rfc9440(hub), address: '157.97.64.126' };
});

const why = (
  over: Partial<Caller>,
  own: Partial<FolderSettings> = {},
  secret: string | null = SECRET,
) => refusalOf({ ...caller, ...over }, { ...settings, ...own }, secret, NOW);

test('the hub is known by its certificate, as RFC 9440 or nginx write it', () => {
  expect(why({})).toBeNull();
  expect(why({ certificate: encodeURIComponent(hub.pem) })).toBeNull();
  const plain = fingerprintOf(hub).replaceAll(':', '').toLowerCase();
  expect(why({}, { certificates: [plain] })).toBeNull();
});

test('nobody is it without the secret of the proxy: the certificate alone is public', () => {
  expect(why({ secret: undefined })).toBe('not_by_proxy');
  expect(why({ secret: '' })).toBe('not_by_proxy');
  expect(why({ secret: `${SECRET}x` })).toBe('not_by_proxy');
  expect(why({}, {}, null)).toBe('no_secret');
});

test('nobody is it without the certificate of the town file', async () => {
  for (const certificate of [undefined, '', ':AAAA:', 'a%', 'x'.repeat(30_000)])
    expect(why({ certificate })).toBe('no_certificate');
  // One of the same name, with another key.
  expect(why({ certificate: rfc9440(await hubCertificate()) })).toBe('other_certificate');
  expect(why({}, { certificates: [] })).toBe('other_certificate');
});

test('a certificate counts from its first day to its last', async () => {
  for (const [from, until] of [
    ['2020-01-01', '2026-11-29'],
    ['2026-12-01', '2028-01-01'],
  ]) {
    const other = await hubCertificate(from, until);
    const own = { certificates: [fingerprintOf(other)] };
    expect(why({ certificate: rfc9440(other) }, own)).toBe('certificate_expired');
  }
});

test('the address must be in the list, if there is one', () => {
  expect(why({ address: '157.97.64.127' })).toBe('other_address');
  expect(why({ address: 'unknown' })).toBe('other_address');
  expect(why({ address: '2001:db8:0:0::1' })).toBeNull();
  expect(why({ address: 'unknown' }, { addresses: [] })).toBeNull();
});

test('a trial needs the address alone', () => {
  const own = { isTrial: true, certificates: [] };
  expect(why({ secret: undefined, certificate: undefined }, own)).toBeNull();
  expect(why({ address: '192.0.2.1' }, own)).toBe('other_address');
});
