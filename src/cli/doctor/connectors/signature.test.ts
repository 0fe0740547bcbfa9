import { expect, test } from 'vitest';
import { issueCertificate } from '../../../../e2e/support/identity/certificates.ts';
import { validServer } from '../../../../e2e/support/identity/valid.ts';
import type { SignatureSettings } from '../../../domain/office/connectors/signature.ts';
import { aboutAutofirma, aboutSignature } from './signature.ts';

const say = async (
  settings: SignatureSettings | undefined,
  signatureSecret: string | null,
  baseUrl = 'https://cita.vilaclara.cat',
) => (await aboutSignature(settings, { baseUrl, signatureSecret })).map(({ words }) => words);

test('a town without a way to sign hears nothing of it', async () => {
  expect(await say(undefined, null)).toEqual([]);
});

test('the stand-in is for this machine alone', async () => {
  expect(await say({ kind: 'demo' }, null)).toEqual([expect.stringContaining('can’t be signed')]);
  expect(await say({ kind: 'demo' }, null, 'http://localhost:3000')).toEqual([
    expect.stringContaining('stand-in'),
  ]);
});

test('VÀLid needs its secret, and has to be there', async () => {
  const server = await validServer({ redirectUris: [] });
  const settings: SignatureSettings = {
    kind: 'valid',
    endpoint: server.endpoint,
    clientId: server.clientId,
    levels: { low: 'low' },
  };
  expect(await say(settings, null)).toEqual([
    expect.stringContaining('SIGNATURE_SECRET is not set'),
  ]);
  expect(await say(settings, 'a secret')).toEqual(['VÀLid is there for signatures.']);
  await server.close();
  expect(await say(settings, 'a secret')).toEqual([expect.stringContaining('can’t be reached')]);
});

test('AutoFirma needs authorities that count, and an address that is not this machine', async () => {
  const from = Temporal.Instant.from('2020-01-01T00:00:00Z');
  const authority = (name: string, until: string) =>
    issueCertificate({
      subject: `CN=${name}`,
      authority: {},
      from,
      until: Temporal.Instant.from(until),
    });
  const now = Temporal.Instant.from('2027-02-01T08:00:00Z');
  const hear = (autofirmaAuthorities: string | null, baseUrl = 'https://cita.vilaclara.cat') =>
    aboutAutofirma({ revocation: 'asked' }, { baseUrl, autofirmaAuthorities }, now).map(
      ({ words }) => words,
    );
  expect(aboutAutofirma(undefined, { baseUrl: '', autofirmaAuthorities: null }, now)).toEqual([]);
  expect(hear(null)).toEqual([expect.stringContaining('AUTOFIRMA_AUTHORITIES is not set')]);
  const lasting = await authority('AC FNMT Usuarios', '2029-01-01T00:00:00Z');
  const ended = await authority('AC DNIE 001', '2026-01-01T00:00:00Z');
  expect(hear(lasting.pem)).toEqual([expect.stringContaining('certificates of 1 authorities')]);
  expect(hear(`${lasting.pem}\n${ended.pem}`)).toContainEqual(
    expect.stringContaining('has ended: AC DNIE 001'),
  );
  expect(hear(lasting.pem, 'http://localhost:3000')).toEqual([
    expect.stringContaining('refuses servers on the same machine'),
  ]);
});
