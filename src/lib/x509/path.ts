import type { X509Certificate } from 'node:crypto';
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

/** Why a path of certificates doesn't count. `code`: small letters and underscores. */
export class PathRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

function refuse(code: string): never {
  throw new PathRefused(code);
}

/** Extensions that are looked at, or that limit nothing that matters here. A critical one besides these makes the certificate unusable. */
const KNOWN_CRITICAL = new Set<string>([
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_extKeyUsage,
  '2.5.29.32', // certificatePolicies
]);

/** The most authorities between a certificate and the trusted one. */
const MOST_BETWEEN = 4;

/** Returns whether an authority issued a certificate: by its name, and by its key. */
export const isIssuedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey);

/**
 * Returns the certificates from one to a trusted authority, which is the last; null: no trusted one is above it. `others`: in any order, such as
 * those that come with a signature.
 */
export function pathTo(
  own: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): X509Certificate[] | null {
  // An authority may have several certificates, of which not each leads on; the one that ends last is its newest. Each is looked at once.
  const left = new Set(
    others.toSorted((one, other) => other.validToDate.getTime() - one.validToDate.getTime()),
  );
  const paths = [[own]];
  for (const path of paths) {
    const last = path.at(-1) ?? own;
    const anchor = anchors.find((each) => isIssuedBy(last, each));
    if (anchor) return [...path, anchor];
    if (path.length > MOST_BETWEEN) continue;
    for (const each of left)
      if (isIssuedBy(last, each)) {
        left.delete(each);
        paths.push([...path, each]);
      }
  }
  return null;
}

/**
 * Checks a path of certificates (RFC 5280, section 6, for what signatures need): each is signed by the next, all are valid now, authorities may
 * sign certificates, and the first may do what it is used for.
 *
 * @param path the signer's first, the trusted one last
 * @param usage one of these flags of its key usage, of which one is enough
 * @throws PathRefused
 */
export function checkPath(
  path: readonly X509Certificate[],
  now: Temporal.Instant,
  usage: number,
): void {
  for (const each of path) checkTime(each, now);
  for (const each of path) checkCritical(each);
  for (const [index, each] of path.entries()) {
    const above = path[index + 1];
    if (above) checkLink(each, above, index);
  }
  const [own] = path;
  if (own) checkSigner(own, path.length > 1, usage);
}

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
  if (!isIssuedBy(certificate, above)) refuse('chain_broken');
  const constraints = extension(above, id_ce_basicConstraints, BasicConstraints);
  if (!constraints?.cA) refuse('chain_no_authority');
  const { pathLenConstraint } = constraints;
  if (pathLenConstraint !== undefined && below > pathLenConstraint) refuse('chain_path_length');
  if (!mayUse(above, KeyUsageFlags.keyCertSign)) refuse('chain_key_usage');
}

/** A signer that stands below an authority must not be one itself. One that the town trusts by itself may be self-signed. */
function checkSigner(certificate: X509Certificate, isBelow: boolean, usage: number): void {
  const isAuthority = extension(certificate, id_ce_basicConstraints, BasicConstraints)?.cA;
  if (isBelow && isAuthority) refuse('signer_is_authority');
  if (!mayUse(certificate, usage)) refuse('signer_key_usage');
}

const extensionsOf = (certificate: X509Certificate) =>
  AsnConvert.parse(certificate.raw, Certificate).tbsCertificate.extensions ?? [];

/** Returns an extension of a certificate; null: it has none. */
export function extension<T>(
  certificate: X509Certificate,
  id: string,
  type: new () => T,
): T | null {
  const found = extensionsOf(certificate).find((each) => each.extnID === id);
  return found ? AsnConvert.parse(found.extnValue.buffer, type) : null;
}

const mayUse = (certificate: X509Certificate, flags: number): boolean => {
  const usage = extension(certificate, id_ce_keyUsage, KeyUsage);
  return usage !== null && (usage.toNumber() & flags) !== 0;
};
