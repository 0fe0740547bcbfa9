import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { certificatesIn } from '../../lib/seal/certificate.ts';
import { NO_TOOLS, testAuthority, testStamps } from '../../lib/seal/testing.ts';
import { aboutSeal } from './seal.ts';

const NOW = Temporal.Instant.from('2026-11-29T10:00:00Z');

async function about(
  wishes: {
    until?: string;
    subject?: string;
    isOther?: boolean;
    stampUrl?: string;
    authorities?: X509Certificate[];
  } = {},
) {
  const { until, subject = 'CN=Segell,O=Ajuntament de Vilaclara,C=ES', isOther } = wishes;
  const made = await testAuthority(until ? { until } : {}, subject);
  const other = isOther ? await testAuthority({}, subject) : made;
  const settings = {
    key: createPrivateKey(other.own.keyPem),
    certificates: certificatesIn(made.chain),
    stampUrl: wishes.stampUrl ?? null,
    stampAuthorities: wishes.authorities ?? null,
  };
  return (await aboutSeal(settings, 'Vila Clarà', NOW)).map(
    ({ state, words }) => `${state}: ${words}`,
  );
}

test('a seal of the town is right', async () => {
  expect(await about()).toEqual([
    'right: The key of the seal signs, and its certificate is its own.',
    'right: The certificate of the seal is valid until 2029-01-01.',
    'right: The seal is that of Ajuntament de Vilaclara.',
  ]);
});

test('another key, another town, and a certificate that ends are told', async () => {
  expect((await about({ isOther: true }))[0]).toMatch(/^wrong: .*another key/);
  const town = await about({ subject: 'CN=Segell,O=Ajuntament de Rubí,C=ES' });
  expect(town[2]).toMatch(/^warning: .*of Ajuntament de Rub.*, and the town is Vila Clarà/);
  expect((await about({ subject: 'CN=Rosa' }))[2]).toMatch(/^warning: .*no organisation/);
  expect((await about({ until: '2027-01-28T10:00:00Z' }))[1]).toMatch(/^right/);
  expect((await about({ until: '2027-01-28T09:59:59Z' }))[1]).toMatch(/^warning: .* 59 more days/);
  expect((await about({ until: '2026-11-29T10:00:00Z' }))[1]).toMatch(/^wrong: .* 2026-11-29/);
});

test.skipIf(NO_TOOLS)('an authority is asked for a stamp', async () => {
  await using right = await testStamps();
  await using failing = await testStamps('failing');
  const known = certificatesIn(readFileSync(right.certificate, 'utf8'));
  const others = certificatesIn((await testAuthority()).root.pem);
  const told = await about({ stampUrl: right.url });
  expect(told[3]).toMatch(/^right: .* stamps/);
  expect(told[4]).toMatch(/^warning: Whose time stamps count is not said/);
  const ofKnown = await about({ stampUrl: right.url, authorities: known });
  expect(ofKnown.slice(3)).toEqual([expect.stringMatching(/^right: .* stamps/)]);
  const ofOthers = await about({ stampUrl: right.url, authorities: others });
  expect(ofOthers[3]).toMatch(/^warning: .*an authority that counts/);
  expect((await about({ stampUrl: failing.url }))[3]).toMatch(/^warning: .*answers 503/);
});
