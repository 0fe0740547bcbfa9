import { X509Certificate } from 'node:crypto';
import type { SealShown } from './types.ts';

/** The organisation in the certificate of a demonstration's seal. No authority issues one to it. */
export const DEMO_ORGANISATION = 'Finestreta DEMO';

/** The shortest key of RSA, in bits (ETSI TS 119 312). */
const LEAST_RSA_BITS = 2048;
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/** Returns the certificates of a text in PEM, in its order. @throws when one can't be read */
export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(
    (each) => new X509Certificate(each),
  );

/** Parts of a name in a certificate; a part may be there more than once. */
type NameParts = Record<string, string | string[] | undefined>;

const namesOf = (certificate: X509Certificate) => {
  const { subject, issuer } = certificate.toLegacyObject() as unknown as {
    subject?: NameParts;
    issuer?: NameParts;
  };
  return { subject: subject ?? {}, issuer: issuer ?? {} };
};

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** Returns a name for people: the common name, and the organisation where it is another. */
function wordsOf(name: NameParts): string {
  const [common, organisation] = [first(name.CN), first(name.O)];
  const parts = common === organisation ? [common] : [common, organisation];
  return parts.filter(Boolean).join(', ') || '?';
}

/** Returns the organisation to which a certificate was issued; null: to none. */
export const organisationOf = (certificate: X509Certificate): string | null =>
  first(namesOf(certificate).subject.O) ?? null;

export const isDemo = (certificate: X509Certificate): boolean =>
  organisationOf(certificate) === DEMO_ORGANISATION;

const instantOf = (date: Date): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(date.getTime());

export const validFrom = ({ validFromDate }: X509Certificate): Temporal.Instant =>
  instantOf(validFromDate);
export const validUntil = ({ validToDate }: X509Certificate): Temporal.Instant =>
  instantOf(validToDate);

/** Returns what people see of a certificate. */
export function shownOf(certificate: X509Certificate): Omit<SealShown, 'at' | 'stampedAt'> {
  const { subject, issuer } = namesOf(certificate);
  return {
    holder: wordsOf(subject),
    issuer: wordsOf(issuer),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    validFrom: validFrom(certificate),
    validUntil: validUntil(certificate),
    isDemo: isDemo(certificate),
  };
}

/** Returns why a certificate can't seal now, in words that follow its variable; null: it can. */
export function faultOf(certificate: X509Certificate, now: Temporal.Instant): string | null {
  if (Temporal.Instant.compare(validUntil(certificate), now) <= 0)
    return `was valid until ${dayOf(validUntil(certificate))}`;
  if (Temporal.Instant.compare(validFrom(certificate), now) > 0)
    return `is valid from ${dayOf(validFrom(certificate))} on`;
  if (certificate.ca) return 'is that of an authority: the own one must be the first';
  return weakness(certificate);
}

function weakness({ publicKey }: X509Certificate): string | null {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = publicKey;
  if (kind === 'rsa')
    return (details?.modulusLength ?? 0) >= LEAST_RSA_BITS
      ? null
      : `has a key of RSA of less than ${LEAST_RSA_BITS} bits`;
  return kind === 'ec' && CURVES.includes(details?.namedCurve ?? '')
    ? null
    : 'must have a key of RSA, or of the curves P-256, P-384 or P-521';
}

/** Returns the day of an instant for the operator. */
export const dayOf = (at: Temporal.Instant): string =>
  at.toZonedDateTimeISO('UTC').toPlainDate().toString();
