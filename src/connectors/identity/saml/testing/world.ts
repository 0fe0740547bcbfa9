import { type SamlKeys, samlKeys } from '../../../../../e2e/support/identity/saml-keys.ts';
import {
  assertionXml,
  base64,
  NATURAL,
  responseXml,
  type Said,
  signed,
} from '../../../../../e2e/support/identity/saml-messages.ts';
import type { SettingsOf } from '../../../../domain/office/identity.ts';
import type {
  Attempt,
  ProviderAnswer,
} from '../../../../features/foundation/identification/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { requestIdOf } from '../request.ts';
import { createSaml } from '../saml.ts';

/** The keys of the tests: a provider's, a town's, and somebody else's. */
export const PROVIDER: SamlKeys = samlKeys('provider.example');
export const TOWN: SamlKeys = samlKeys('town.example');
export const FOREIGN: SamlKeys = samlKeys('foreign.example');

export const NOW = '2026-11-30T10:00:00Z';

/** The name and the identifier of the person that the tests' answers are about. No failure and no log may have them. */
export const PERSON = { identifier: '12345678Z', given: 'Núria', family: 'Vila Puig' };

export const SETTINGS: SettingsOf<'saml'> = {
  kind: 'saml',
  code: 'clave',
  name: { ca: 'Cl@ve' },
  entity: 'https://provider.example/metadata',
  endpoint: 'https://provider.example/sso',
  logout: 'https://provider.example/slo',
  logoutBy: 'post',
  certificates: [PROVIDER.certificate],
  dir3: 'L01080193',
  application: 'cita',
  levels: {
    'http://eidas.europa.eu/LoA/low': 'low',
    'http://eidas.europa.eu/LoA/substantial': 'substantial',
    'http://eidas.europa.eu/LoA/high': 'high',
  },
};

const IDENTIFY = 'https://town.example/identify/clave';
export const ATTEMPT: Attempt = {
  id: '7b0d4a58-7c28-4b0e-8b5c-6f2f0a7d8f11',
  baseUrl: 'https://town.example',
  returnUrl: `${IDENTIFY}/return`,
  answerUrl: `${IDENTIFY}/answer`,
  metadataUrl: `${IDENTIFY}/metadata`,
  leftUrl: `${IDENTIFY}/left`,
  checks: {
    state: 'state-of-this-attempt',
    nonce: 'nonce-of-this-attempt',
    verifier: 'v'.repeat(43),
  },
  level: 'substantial',
  isFresh: false,
  language: 'ca',
  kept: null,
  transaction: null,
};

/** What the provider says of the person in answer to the attempt. */
export const SAID: Said = {
  issuer: SETTINGS.entity,
  audience: ATTEMPT.metadataUrl,
  recipient: ATTEMPT.answerUrl,
  destination: ATTEMPT.answerUrl,
  inResponseTo: requestIdOf(ATTEMPT),
  now: Temporal.Instant.from(NOW),
  from: -5,
  until: 300,
  level: 'http://eidas.europa.eu/LoA/substantial',
  nameId: 'a1b2c3',
  nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  sessionIndex: 's-1',
  attributes: {
    [`${NATURAL}/PersonIdentifier`]: PERSON.identifier,
    [`${NATURAL}/CurrentGivenName`]: PERSON.given,
    [`${NATURAL}/CurrentFamilyName`]: PERSON.family,
    'http://es.minhafp.clave/SelectedIdP': 'AFIRMA',
  },
};

/** A response whose assertion is signed, as most providers make it. */
export const signedResponse = (said: Partial<Said> = {}, keys = PROVIDER): string => {
  const whole = { ...SAID, ...said };
  return responseXml(whole, signed(assertionXml(whole), 'Assertion', keys));
};

export const answerOf = (xml: string, relayState = ATTEMPT.checks.state): ProviderAnswer => ({
  url: new URL(ATTEMPT.returnUrl),
  posted: new URLSearchParams({ SAMLResponse: base64(xml), RelayState: relayState }),
});

/** An adapter with a clock of its own, and what it logged. */
export function adapter(changes: Partial<SettingsOf<'saml'>> = {}, keys: SamlKeys | null = TOWN) {
  const clock = handClock(NOW);
  const logged: string[] = [];
  const log = {
    warn: (what: object, message: string) => logged.push(JSON.stringify([what, message])),
  };
  const secrets = { secret: null, key: null, certificate: null, ...keys };
  const provider = createSaml({ ...SETTINGS, ...changes }, secrets, { clock, log });
  return { provider, clock, logged };
}

/** Gives a response to the adapter; returns the person's identifier, or the failure in two words. */
export async function read(
  xml: string,
  options: {
    attempt?: Attempt;
    changes?: Partial<SettingsOf<'saml'>>;
    keys?: SamlKeys | null;
  } = {},
): Promise<string> {
  const { provider, logged } = adapter(options.changes, options.keys);
  const answer = await provider.finish(answerOf(xml), options.attempt ?? ATTEMPT);
  if (answer.ok) return answer.value.person.identifier;
  const told = JSON.stringify(answer) + logged.join();
  for (const secret of Object.values(PERSON))
    if (told.includes(secret)) throw new Error('A failure or a log has a name or an identifier');
  return `${answer.reason} ${answer.code}`;
}

/** The whole response signed, with its assertion in clear. */
export const signedWhole = (said = SAID): string =>
  signed(responseXml(said, assertionXml(said)), 'Response', PROVIDER);
