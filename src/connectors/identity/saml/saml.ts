import { createPrivateKey, X509Certificate } from 'node:crypto';
import { generateServiceProviderMetadata } from '@node-saml/node-saml';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type {
  Attempt,
  Evidence,
  Identified,
  IdentityProvider,
  ProviderAddresses,
  ProviderAnswer,
  PublishedDocument,
} from '../../../features/foundation/identification/types.ts';
import { systemClock } from '../../../lib/clock.ts';
import type { ProviderSecrets } from '../../../lib/provider-secrets.ts';
import { attributeOf, refuse, XmlRefused } from '../../../lib/xml/xml.ts';
import { type AdapterOptions, answered, NotIdentified } from '../adapter.ts';
import { type Expected, type Stated, statedIn } from './assertion.ts';
import { type Envelope, issuerOf, opened } from './envelope.ts';
import { UNSPECIFIED } from './names.ts';
import { whoIn } from './person.ts';
import {
  authnRequest,
  base64,
  logoutDeparture,
  type OurKey,
  requestIdOf,
  type Session,
  signedXml,
} from './request.ts';
import { failureIn } from './status.ts';
import { verifiedAssertion } from './verify.ts';

type Settings = SettingsOf<'saml'>;

/**
 * Returns the adapter of a provider of SAML 2: web browser SSO and single logout, with the eIDAS profile that Cl@ve follows.
 *
 * The answer is posted across sites, so the browser sends no `SameSite=Lax` cookie with it, and nothing binds it to a browser yet. The
 * service therefore keeps the posted form sealed, answers 303 to the return address, where the cookie is, and calls `finish` from there with
 * `posted`. A response for one request is refused in every other attempt, and the service spends an attempt once: so it can't be replayed.
 */
export function createSaml(
  settings: Settings,
  secrets: ProviderSecrets,
  { clock = systemClock, log }: AdapterOptions,
): IdentityProvider {
  const guarded = <T>(work: () => Promise<T>) =>
    answered({ provider: settings.code, log }, unexpected, work);
  return {
    start: (attempt) =>
      guarded(async () => {
        const request = authnRequest(settings, entityOf(settings, attempt), attempt, clock.now());
        const fields = {
          SAMLRequest: base64(signedXml(request, keyOf(secrets))),
          RelayState: attempt.checks.state,
        };
        return { kind: 'post', url: settings.endpoint, fields };
      }),
    finish: (answer, attempt) =>
      guarded(() => finish(answer, attempt, { settings, secrets, now: clock.now() })),
    leave: async (kept, back) => {
      const { logout } = settings;
      const session = sessionIn(kept);
      if (logout === undefined || session === null || !hasKey(secrets)) return null;
      const left = await guarded(async () =>
        logoutDeparture({ ...settings, logout }, session, back, {
          key: keyOf(secrets),
          now: clock.now(),
        }),
      );
      return left.ok ? left.value : null;
    },
    ...(hasKey(secrets) && {
      metadata: async (addresses: ProviderAddresses) => {
        const made = await guarded(async () => metadataOf(settings, keyOf(secrets), addresses));
        return made.ok ? made.value : null;
      },
    }),
  };
}

const unexpected = (error: unknown): NotIdentified =>
  new NotIdentified('refused', error instanceof XmlRefused ? error.code : 'malformed');

/** Our entityID at the provider. */
const entityOf = (settings: Settings, { metadataUrl }: ProviderAddresses): string =>
  settings.serviceProvider ?? metadataUrl;

const hasKey = ({ key, certificate }: ProviderSecrets): boolean =>
  key !== null && certificate !== null && isRsa(key);

function isRsa(key: string): boolean {
  try {
    return createPrivateKey(key).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/** Returns our key with its certificate. @throws NotIdentified when there is none: the person is told that the provider is away */
function keyOf({ key, certificate }: ProviderSecrets): OurKey {
  if (key === null || certificate === null || !hasKey({ key, certificate, secret: null }))
    throw new NotIdentified('away', 'no_key');
  return { key, certificate: new X509Certificate(certificate).toString() };
}

/** Returns a certificate of the town file as PEM. It counts although it has ended: the file says which ones do. */
function pemOf(text: string): string {
  const base = text.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  try {
    return new X509Certificate(Buffer.from(base, 'base64')).toString();
  } catch {
    throw new NotIdentified('away', 'certificate_unreadable');
  }
}

async function finish(
  answer: ProviderAnswer,
  attempt: Attempt,
  {
    settings,
    secrets,
    now,
  }: { settings: Settings; secrets: ProviderSecrets; now: Temporal.Instant },
): Promise<Identified> {
  const envelope = opened(answer.posted);
  if (answer.posted?.get('RelayState') !== attempt.checks.state) refuse('relay_state');
  checkResponse(envelope, settings, attempt);
  const failure = failureIn(envelope.response);
  const hasAssertion = envelope.assertion !== null || envelope.isEncrypted;
  if (failure !== null && hasAssertion) refuse('status_with_assertion');
  if (failure === null && !hasAssertion) refuse('no_assertion');
  const trust = { certificates: settings.certificates.map(pemOf), key: secrets.key };
  const assertion = await verifiedAssertion(envelope, trust);
  if (failure !== null) throw failure;
  if (assertion === null) refuse('no_assertion');
  const entity = entityOf(settings, attempt);
  const stated = statedIn(assertion, expectedOf(settings, attempt, { entity, now }));
  const who = whoIn(stated.attributes);
  return {
    ...who,
    level: stated.level,
    evidence: evidenceOf(envelope, assertion),
    session: sessionOf(stated, entity),
    transaction: null,
  };
}

/** What the response itself states. Where only the assertion is signed, these are hints: the assertion repeats them all. */
function checkResponse({ response }: Envelope, settings: Settings, attempt: Attempt): void {
  if (attributeOf(response, 'Version') !== '2.0') refuse('version');
  if (![null, settings.entity].includes(issuerOf(response))) refuse('issuer');
  if (attributeOf(response, 'Destination') !== attempt.answerUrl) refuse('destination');
  const answeredId = attributeOf(response, 'InResponseTo');
  if (answeredId === null) refuse('unsolicited');
  if (answeredId !== requestIdOf(attempt)) refuse('in_response_to');
}

const expectedOf = (
  settings: Settings,
  attempt: Attempt,
  { entity, now }: { entity: string; now: Temporal.Instant },
): Expected => ({
  issuer: settings.entity,
  audience: entity,
  recipient: attempt.answerUrl,
  requestId: requestIdOf(attempt),
  now,
  levels: settings.levels,
  demanded: attempt.level,
});

/** The response as it came. Where the assertion was encrypted for a key that will be replaced, the assertion in clear too. */
function evidenceOf({ bytes, isEncrypted }: Envelope, assertion: string): Evidence[] {
  const response = { type: 'application/xml', bytes };
  if (!isEncrypted) return [response];
  return [response, { type: 'application/samlassertion+xml', bytes: Buffer.from(assertion) }];
}

const sessionOf = ({ nameId, sessionIndex }: Stated, entity: string): string | null =>
  nameId && JSON.stringify({ nameId, sessionIndex, entity } satisfies Session);

/** Returns what `sessionOf` wrote; null: it is of another time. */
function sessionIn(text: string): Session | null {
  try {
    const session = JSON.parse(text) as Partial<Session> | null;
    return session?.nameId && session.entity ? (session as Session) : null;
  } catch {
    return null;
  }
}

/**
 * Our metadata, signed: the addresses for answers and logouts, and the certificate of our signatures. It invites nobody to encrypt, since
 * metadata can't demand what an encrypted assertion needs here: that the response around it is signed.
 */
function metadataOf(
  settings: Settings,
  { key, certificate }: OurKey,
  addresses: ProviderAddresses,
): PublishedDocument {
  const body = generateServiceProviderMetadata({
    issuer: entityOf(settings, addresses),
    callbackUrl: addresses.answerUrl,
    logoutCallbackUrl: addresses.leftUrl,
    identifierFormat: UNSPECIFIED,
    wantAssertionsSigned: true,
    privateKey: key,
    publicCerts: certificate,
    signMetadata: true,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
  });
  return { contentType: 'application/samlmetadata+xml', body };
}
