import { expect, test } from 'vitest';
import { validServer } from '../../../../e2e/support/identity/valid.ts';
import type { SignatureSettings } from '../../../domain/office/connectors/signature.ts';
import { aboutSignature } from './signature.ts';

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
