import { type KeyObject, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import { refuse } from './refusal.ts';

/** Who signed a person's data: the key, and the country of the authority. */
export interface Signer {
  key: KeyObject;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

/** A person's data have the certificate of the signer and those of one or two authorities between it and the trusted one. */
const LONGEST = 4;

/** Extensions that are looked at, or that limit nothing that matters here. A critical one besides these makes the certificate unusable. */
const KNOWN_CRITICAL = new Set<string>([
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_extKeyUsage,
  '2.5.29.32', // certificatePolicies
]);

/** Returns the certificates that the town trusts; each is PEM, or its base64 alone. */
export const anchorsOf = (issuers: readonly string[]): X509Certificate[] =>
  issuers.map((each) =>
    each.includes('-----BEGIN')
      ? new X509Certificate(each)
      : new X509Certificate(Buffer.from(each, 'base64')),
  );

/**
 * Returns the signer at the beginning of a chain of certificates (RFC 5280, section 6, for what a wallet's data need): each is signed by the
 * next, the last by one that the town trusts, all are valid now, authorities may sign certificates, and the signer may sign data.
 *
 * @param chain DER, the signer's first
 * @throws NotIdentified
 */
export function signerOf(
  chain: readonly Buffer[],
  anchors: readonly X509Certificate[],
  now: Temporal.Instant,
): Signer {
  if (chain.length === 0) refuse('chain_missing');
  if (chain.length > LONGEST) refuse('chain_too_long');
  const certificates = chain.map(read);
  const [own] = certificates;
  if (!own) return refuse('chain_missing');
  const anchor = anchorOf(certificates, anchors);
  const path = certificates.some((each) => each.raw.equals(anchor.raw))
    ? certificates.slice(0, certificates.findIndex((each) => each.raw.equals(anchor.raw)) + 1)
    : [...certificates, anchor];
  for (const each of path) checkTime(each, now);
  for (const each of path) checkCritical(each);
  for (const [index, each] of path.entries()) {
    const above = path[index + 1];
    if (above) checkLink(each, above, index);
  }
  checkSigner(own, path.length > 1);
  return { key: own.publicKey, country: countryOf(own, anchor) };
}

function read(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    return refuse('certificate');
  }
}

/** Returns the trusted certificate under which a chain stands: one of its own, or the one that signed its last. */
function anchorOf(
  chain: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): X509Certificate {
  const own = anchors.find((anchor) => chain.some((each) => each.raw.equals(anchor.raw)));
  const last = chain.at(-1);
  const above = anchors.find((anchor) => last && isSignedBy(last, anchor));
  return own ?? above ?? refuse('issuer_unknown');
}

const isSignedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey);

function checkTime(certificate: X509Certificate, now: Temporal.Instant): void {
  const at = now.epochMilliseconds;
  if (at < certificate.validFromDate.getTime()) refuse('certificate_not_yet_valid');
  if (at > certificate.validToDate.getTime()) refuse('certificate_expired');
}

function checkCritical(certificate: X509Certificate): void {
  const isUnknown = extensionsOf(certificate).some(
    (each) => each.critical && !KNOWN_CRITICAL.has(each.extnID),
  );
  if (isUnknown) refuse('certificate_critical');
}

/** `below`: how many authorities there are between the signer and this link. */
function checkLink(certificate: X509Certificate, above: X509Certificate, below: number): void {
  if (!isSignedBy(certificate, above)) refuse('chain_broken');
  const constraints = extension(above, id_ce_basicConstraints, BasicConstraints);
  if (!constraints?.cA) refuse('chain_no_authority');
  const { pathLenConstraint } = constraints;
  if (pathLenConstraint !== undefined && below > pathLenConstraint) refuse('chain_path_length');
  if (!mayUse(above, KeyUsageFlags.keyCertSign)) refuse('chain_key_usage');
}

/** A signer that stands below an authority must not be one itself. One that the town trusts by itself may be self-signed. */
function checkSigner(certificate: X509Certificate, isBelow: boolean): void {
  const isAuthority = extension(certificate, id_ce_basicConstraints, BasicConstraints)?.cA;
  if (isBelow && isAuthority) refuse('signer_is_authority');
  if (!mayUse(certificate, KeyUsageFlags.digitalSignature)) refuse('signer_key_usage');
}

/**
 * Returns the country in whose name data are signed. It is that of the trusted certificate: an authority of one country can't confirm people
 * of another.
 */
function countryOf(own: X509Certificate, anchor: X509Certificate): string {
  const countries = [anchor, own].flatMap(
    (each) => /^C=([A-Z]{2})$/m.exec(each.subject)?.[1] ?? [],
  );
  const [country] = countries;
  if (!country) return refuse('issuer_country_missing');
  return countries.every((each) => each === country) ? country : refuse('issuer_country_differs');
}

const extensionsOf = (certificate: X509Certificate) =>
  AsnConvert.parse(certificate.raw, Certificate).tbsCertificate.extensions ?? [];

function extension<T>(certificate: X509Certificate, id: string, type: new () => T): T | null {
  const found = extensionsOf(certificate).find((each) => each.extnID === id);
  return found ? AsnConvert.parse(found.extnValue.buffer, type) : null;
}

const mayUse = (certificate: X509Certificate, flag: number): boolean => {
  const usage = extension(certificate, id_ce_keyUsage, KeyUsage);
  return usage !== null && (usage.toNumber() & flag) !== 0;
};
