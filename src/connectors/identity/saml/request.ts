import { createHash, randomBytes, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { SignedXml } from 'xml-crypto';
import { GIVEN_LEVELS, isEnough } from '../../../domain/identity.ts';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type { Attempt, Departure } from '../../../features/foundation/identification/types.ts';
import { element, escaped } from '../../../lib/xml/xml.ts';
import { NotIdentified } from '../adapter.ts';
import type { NameId } from './assertion.ts';
import {
  ASSERTION,
  ATTRIBUTES,
  EIDAS_LEVEL,
  ENTITY,
  ENVELOPED,
  EXCLUSIVE,
  PROTOCOL,
  RSA_SHA256,
  SHA256,
  UNSPECIFIED,
} from './names.ts';

type Settings = SettingsOf<'saml'>;

/** Our key and its certificate, PEM. */
export interface OurKey {
  key: string;
  certificate: string;
}

/**
 * Returns the id of the request of an attempt. It follows from the attempt's nonce, so the answer's `InResponseTo` is compared without
 * keeping anything; the provider can't compute it for another attempt.
 */
export const requestIdOf = ({ checks }: Pick<Attempt, 'checks'>): string =>
  `_${createHash('sha256').update(`saml request ${checks.nonce}`).digest('hex').slice(0, 40)}`;

/** The name by which Cl@ve finds the application; null: the provider is another. */
export function providerNameOf({ providerName, dir3, application }: Settings): string | null {
  if (providerName !== undefined) return providerName;
  return dir3 !== undefined && application !== undefined ? `${dir3}_${application}` : null;
}

/** Returns the provider's word for the level that is demanded, or else for the next one above. */
export function wordFor({ levels }: Settings, demanded: Attempt['level']): string {
  const [word] = GIVEN_LEVELS.filter((level) => isEnough(level, demanded)).flatMap((level) =>
    Object.keys(levels).filter((each) => levels[each] === level),
  );
  if (word === undefined) throw new NotIdentified('too_low', 'level_not_offered');
  return word;
}

/**
 * Returns the request, not yet signed, of the web browser SSO profile (saml-profiles-2.0-os, 4.1). For a provider of eIDAS levels it follows the eIDAS
 * SAML Message Format 1.2: extensions with the kind of service and the attributes, no binding, the least level.
 */
export function authnRequest(
  settings: Settings,
  entity: string,
  attempt: Attempt,
  now: Temporal.Instant,
): string {
  const isEidas = Object.keys(settings.levels).some((word) => word.startsWith(EIDAS_LEVEL));
  return element(
    'saml2p:AuthnRequest',
    {
      'xmlns:saml2p': PROTOCOL,
      'xmlns:saml2': ASSERTION,
      AssertionConsumerServiceURL: attempt.answerUrl,
      Consent: 'urn:oasis:names:tc:SAML:2.0:consent:unspecified',
      Destination: settings.endpoint,
      ForceAuthn: 'true',
      ID: requestIdOf(attempt),
      IsPassive: 'false',
      IssueInstant: instantText(now),
      ProviderName: providerNameOf(settings) ?? undefined,
      Version: '2.0',
    },
    element('saml2:Issuer', { Format: ENTITY }, escaped(entity)),
    isEidas ? extensions(settings, attempt) : '',
    element('saml2p:NameIDPolicy', { AllowCreate: 'true', Format: UNSPECIFIED }),
    element(
      'saml2p:RequestedAuthnContext',
      { Comparison: 'minimum' },
      element('saml2:AuthnContextClassRef', {}, escaped(wordFor(settings, attempt.level))),
    ),
  );
}

/** The least set of attributes: who it is, and the name. */
const REQUESTED = { PersonIdentifier: 'person', FirstName: 'given', FamilyName: 'family' } as const;

function extensions(settings: Settings, { checks }: Attempt): string {
  const requested = (friendly: string, name: string, isRequired: boolean, value = '') =>
    element(
      'eidas:RequestedAttribute',
      {
        FriendlyName: friendly,
        Name: name,
        NameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
        isRequired: String(isRequired),
      },
      value,
    );
  const people = Object.entries(REQUESTED).map(([friendly, key]) =>
    requested(friendly, ATTRIBUTES[key], true),
  );
  // Cl@ve takes the RelayState as an attribute too.
  const value = element(
    'eidas:AttributeValue',
    { 'xsi:type': 'eidas-natural:PersonIdentifierType' },
    escaped(checks.state),
  );
  const relayState =
    providerNameOf(settings) === null
      ? ''
      : requested('RelayState', ATTRIBUTES.relayState, false, value);
  return element(
    'saml2p:Extensions',
    {
      'xmlns:eidas': 'http://eidas.europa.eu/saml-extensions',
      'xmlns:eidas-natural': 'http://eidas.europa.eu/attributes/naturalperson',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    },
    element('eidas:SPType', {}, 'public'),
    element('eidas:RequestedAttributes', {}, ...people, relayState),
  );
}

/** Who is logged out of the provider. */
export interface Session {
  nameId: NameId;
  sessionIndex: string | null;
  /** Our entityID, which the person was identified for. */
  entity: string;
}

/**
 * Returns where the browser goes to end the provider's session. Cl@ve keeps to a form of its own: the name of the application instead of the
 * person, the address to come back to as issuer, and other names of the fields, of which its versions know one or the other.
 */
export function logoutDeparture(
  settings: Settings & { logout: string },
  session: Session,
  back: string,
  { key, now }: { key: OurKey; now: Temporal.Instant },
): Departure {
  const isClave = settings.logoutBy === 'clave';
  const name = providerNameOf(settings) ?? session.nameId.value;
  const nameId = isClave
    ? { value: name, format: UNSPECIFIED, qualifier: null, ourQualifier: back }
    : session.nameId;
  const index = isClave ? null : session.sessionIndex;
  const request = element(
    'saml2p:LogoutRequest',
    {
      'xmlns:saml2p': PROTOCOL,
      'xmlns:saml2': ASSERTION,
      Destination: settings.logout,
      ID: `_${randomBytes(20).toString('hex')}`,
      IssueInstant: instantText(now),
      NotOnOrAfter: instantText(now.add({ minutes: 5 })),
      Reason: 'urn:oasis:names:tc:SAML:2.0:logout:user',
      Version: '2.0',
    },
    element('saml2:Issuer', {}, escaped(isClave ? back : session.entity)),
    element(
      'saml2:NameID',
      {
        Format: nameId.format ?? undefined,
        NameQualifier: nameId.qualifier ?? undefined,
        SPNameQualifier: nameId.ourQualifier ?? undefined,
      },
      escaped(nameId.value),
    ),
    index === null ? '' : element('saml2p:SessionIndex', {}, escaped(index)),
  );
  if (settings.logoutBy === 'redirect')
    return { kind: 'redirect', url: signedAddress(settings.logout, request, key) };
  const signed = base64(signedXml(request, key));
  const fields: Record<string, string> = isClave
    ? { samlRequestLogout: signed, logoutRequest: signed }
    : { SAMLRequest: signed };
  return { kind: 'post', url: settings.logout, fields };
}

/** Returns a message with its signature after the issuer, as the schemas of SAML want it. */
export function signedXml(xml: string, { key, certificate }: OurKey): string {
  const signing = new SignedXml({
    privateKey: key,
    publicCert: certificate,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signing.addReference({
    xpath: '/*',
    transforms: [ENVELOPED, EXCLUSIVE],
    digestAlgorithm: SHA256,
  });
  signing.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
  });
  return signing.getSignedXml();
}

export const base64 = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64');

/** Returns an address that carries a signed request (saml-bindings-2.0-os, 3.4.4.1). */
function signedAddress(endpoint: string, request: string, { key }: OurKey): string {
  const query = new URLSearchParams({
    SAMLRequest: deflateRawSync(request).toString('base64'),
    SigAlg: RSA_SHA256,
  });
  const signature = sign('sha256', Buffer.from(query.toString()), key).toString('base64');
  query.set('Signature', signature);
  const address = new URL(endpoint);
  address.search = [address.search.slice(1), query.toString()].filter(Boolean).join('&');
  return address.href;
}

const instantText = (at: Temporal.Instant): string => at.toString({ smallestUnit: 'second' });
