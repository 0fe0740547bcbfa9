import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { SignedXml } from 'xml-crypto';
import { encrypt } from 'xml-encryption';
import type { SamlKeys } from './saml-keys.ts';

/** What an identity provider of SAML 2 says in a response, and in the assertion in it. Independent of the adapter that reads it. */
export interface Said {
  issuer: string;
  audience: string;
  recipient: string;
  destination: string;
  /** null: the response answers no request. */
  inResponseTo: string | null;
  now: Temporal.Instant;
  /** Seconds from `now` at which it begins and ends to be valid. */
  from: number;
  until: number;
  level: string;
  nameId: string;
  nameIdFormat: string;
  sessionIndex: string;
  /** Attributes by their names. A text is escaped; `{ xml }` is written as it is. */
  attributes: Record<string, string | { xml: string }>;
}

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const NAMESPACES = `xmlns:saml2p="${PROTOCOL}" xmlns:saml2="${ASSERTION}"`;
export const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson';

export const newId = (): string => `_${randomBytes(16).toString('hex')}`;

const safe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const at = ({ now }: Said, seconds: number): string =>
  now.add({ seconds }).toString({ smallestUnit: 'millisecond' });

const answering = ({ inResponseTo }: Said): string =>
  inResponseTo === null ? '' : ` InResponseTo="${safe(inResponseTo)}"`;

/** The assertion, without a signature. */
export function assertionXml(said: Said, id = newId()): string {
  const times = `NotBefore="${at(said, said.from)}" NotOnOrAfter="${at(said, said.until)}"`;
  const attributes = Object.entries(said.attributes).map(
    ([name, value]) =>
      `<saml2:Attribute Name="${safe(name)}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">` +
      `<saml2:AttributeValue>${typeof value === 'string' ? safe(value) : value.xml}</saml2:AttributeValue></saml2:Attribute>`,
  );
  return [
    `<saml2:Assertion xmlns:saml2="${ASSERTION}" ID="${id}" IssueInstant="${at(said, 0)}" Version="2.0">`,
    `<saml2:Issuer>${safe(said.issuer)}</saml2:Issuer>`,
    `<saml2:Subject><saml2:NameID Format="${said.nameIdFormat}">${said.nameId}</saml2:NameID>`,
    '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml2:SubjectConfirmationData${answering(said)} NotOnOrAfter="${at(said, said.until)}" Recipient="${safe(said.recipient)}"/>`,
    '</saml2:SubjectConfirmation></saml2:Subject>',
    `<saml2:Conditions ${times}><saml2:AudienceRestriction><saml2:Audience>${safe(said.audience)}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>`,
    `<saml2:AuthnStatement AuthnInstant="${at(said, 0)}" SessionIndex="${said.sessionIndex}"><saml2:AuthnContext>`,
    `<saml2:AuthnContextClassRef>${safe(said.level)}</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>`,
    `<saml2:AttributeStatement>${attributes.join('')}</saml2:AttributeStatement>`,
    '</saml2:Assertion>',
  ].join('');
}

export const SUCCESS = '<saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>';

/** A status that isn't success, such as `AuthnFailed` with the words of the provider. */
export const failed = (first: string, second: string | null, message: string): string =>
  `<saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${first}">` +
  (second ? `<saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${second}"/>` : '') +
  `</saml2p:StatusCode><saml2p:StatusMessage>${safe(message)}</saml2p:StatusMessage>`;

/** The response around some content, such as an assertion, without a signature. */
export const responseXml = (said: Said, content: string, status = SUCCESS, id = newId()): string =>
  [
    `<saml2p:Response ${NAMESPACES} Destination="${safe(said.destination)}" ID="${id}"${answering(said)} IssueInstant="${at(said, 0)}" Version="2.0">`,
    `<saml2:Issuer>${safe(said.issuer)}</saml2:Issuer><saml2p:Status>${status}</saml2p:Status>${content}</saml2p:Response>`,
  ].join('');

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** How a signature is made. */
export interface Signing {
  algorithm?: string;
  digest?: string;
  /** Prefixes of namespaces that the signature includes although no name has them. */
  including?: string[];
  /** The certificate that is shown in it, PEM; that of the key by default. */
  shown?: string;
}

/** Signs the element of a name in a document (`Response`, `Assertion`): its signature comes after its issuer. */
export function signed(xml: string, name: string, keys: SamlKeys, how: Signing = {}): string {
  const path = `//*[local-name(.)='${name}']`;
  const signing = new SignedXml({
    privateKey: keys.key,
    publicCert: how.shown ?? keys.certificate,
    signatureAlgorithm: how.algorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signing.addReference({
    xpath: path,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', EXCLUSIVE],
    inclusiveNamespacesPrefixList: how.including ?? [],
    digestAlgorithm: how.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signing.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signing.getSignedXml();
}

/** How an assertion is encrypted. */
export interface Encrypting {
  data?: string;
  key?: string;
}

/** An assertion, encrypted for the holder of a certificate. */
export async function encrypted(
  assertion: string,
  certificate: string,
  how: Encrypting = {},
): Promise<string> {
  const data = await promisify(encrypt)(assertion, {
    rsa_pub: certificate,
    pem: certificate,
    encryptionAlgorithm: how.data ?? 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    keyEncryptionAlgorithm: how.key ?? 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    warnInsecureAlgorithm: false,
  } as never);
  return `<saml2:EncryptedAssertion xmlns:saml2="${ASSERTION}">${data}</saml2:EncryptedAssertion>`;
}

export const base64 = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64');

/** The answer to a logout, without a signature. */
export const logoutResponseXml = (
  said: Pick<Said, 'issuer' | 'destination' | 'now'> & { inResponseTo: string },
): string =>
  [
    `<saml2p:LogoutResponse ${NAMESPACES} Destination="${safe(said.destination)}" ID="${newId()}" InResponseTo="${safe(said.inResponseTo)}" IssueInstant="${said.now}" Version="2.0">`,
    `<saml2:Issuer>${safe(said.issuer)}</saml2:Issuer><saml2p:Status>${SUCCESS}</saml2p:Status></saml2p:LogoutResponse>`,
  ].join('');
