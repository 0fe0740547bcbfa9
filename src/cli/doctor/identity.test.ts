import { expect, test } from 'vitest';
import { samlKeys } from '../../../e2e/support/identity/saml-keys.ts';
import { validServer } from '../../../e2e/support/identity/valid.ts';
import { identityProvider, type ProviderSettings } from '../../domain/office/identity.ts';
import { handClock } from '../../lib/clock.ts';
import type { ProviderSecrets } from '../../lib/provider-secrets.ts';
import { aboutIdentity } from './identity.ts';

const baseUrl = 'https://cita.vilaclara.example';
const clock = handClock(Temporal.Now.instant().toString());
const provider = (more: object): ProviderSettings =>
  identityProvider.parse({ code: 'one', name: { ca: 'Un' }, ...more });

const statesOf = async (
  settings: ProviderSettings,
  secrets: Partial<ProviderSecrets> = {},
  at = clock,
) => {
  const own = { secret: null, key: null, certificate: null, ...secrets };
  const config = { baseUrl, identitySecrets: new Map([['one', own]]) };
  return (await aboutIdentity(config, [settings], at)).map((each) => each.state);
};

test('a provider that answers is right; without its secret, and when it is away, it is wrong', async () => {
  const valid = await validServer({ redirectUris: [] });
  const settings = provider({ kind: 'valid', endpoint: valid.endpoint, clientId: 'x' });
  expect(await statesOf(settings, { secret: 'x' })).toEqual(['right']);
  expect(await statesOf(settings)).toEqual(['wrong']);
  await valid.close();
  expect(await statesOf(settings, { secret: 'x' })).toEqual(['wrong']);
});

test('a stand-in is not offered on another machine', async () => {
  expect(await statesOf(provider({ kind: 'demo' }))).toEqual(['warning']);
});

test('our certificate is looked at before it ends', async () => {
  const { key, certificate } = samlKeys('cita.vilaclara.example');
  const settings = provider({
    kind: 'saml',
    entity: 'x',
    endpoint: 'https://clave.example/sso',
    certificates: [certificate],
  });
  expect(await statesOf(settings, { key, certificate })).toEqual(['right']);
  const later = handClock(
    clock
      .now()
      .add({ hours: 24 * 365 * 100 })
      .toString(),
  );
  expect(await statesOf(settings, { key, certificate }, later)).toEqual(['right', 'wrong']);
});
