import { type KeyObject, X509Certificate } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { checkPath, isIssuedBy, PathRefused } from '../../../lib/x509/path.ts';
import { refuse } from './refusal.ts';

/** Who signed a person's data: the key, and the country of the authority. */
export interface Signer {
  key: KeyObject;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

/** A person's data have the certificate of the signer and those of one or two authorities between it and the trusted one. */
const LONGEST = 4;

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
  check(path, now);
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
  const above = anchors.find((anchor) => last && isIssuedBy(last, anchor));
  return own ?? above ?? refuse('issuer_unknown');
}

function check(path: readonly X509Certificate[], now: Temporal.Instant): void {
  try {
    checkPath(path, now, KeyUsageFlags.digitalSignature);
  } catch (error) {
    if (error instanceof PathRefused) refuse(error.code);
    throw error;
  }
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
