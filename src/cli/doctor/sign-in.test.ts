import { expect, test } from 'vitest';
import { oidcServer } from '../../../e2e/support/oidc.ts';
import { aboutProvider } from './sign-in.ts';

test('the identity provider is right, different from its configuration, or away', async () => {
  const baseUrl = 'http://localhost:3000';
  const provider = await oidcServer({ baseUrl });
  const { issuer, clientId, clientSecret } = provider;
  const settings = { issuer, clientId, clientSecret, name: 'Vilaprova', secondFactor: [] };
  expect(await aboutProvider(settings, baseUrl)).toMatchObject({
    state: 'right',
    words: expect.stringContaining(issuer),
  });
  const other = issuer.replace('127.0.0.1', 'localhost');
  expect((await aboutProvider({ ...settings, issuer: other }, baseUrl)).words).toContain(
    'is not what it says',
  );
  await provider.close();
  expect((await aboutProvider(settings, baseUrl)).words).toContain('does not answer');
});
