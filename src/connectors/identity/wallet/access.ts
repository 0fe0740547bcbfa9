import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import type { ProviderSecrets } from '../../../lib/provider-secrets.ts';
import { refuse } from './refusal.ts';
import { curveOf } from './signing.ts';

/** How the town identifies itself to wallets: its access certificate, and the key for it. */
export interface Access {
  clientId: string;
  key: KeyObject;
  /** The algorithm of its signatures, of JOSE. */
  algorithm: string;
  /** The chain of certificates, base64 of DER, the own one first, without the root (HAIP 1.0). */
  chain: string[];
}

/**
 * Returns how the town identifies itself to wallets at an address.
 *
 * @throws NotIdentified `away`, with a code that names the mistake of the configuration
 */
export function accessOf(
  settings: SettingsOf<'wallet'>,
  secrets: ProviderSecrets,
  baseUrl: string,
  now: Temporal.Instant,
): Access {
  if (!secrets.certificate || !secrets.key) return away('access_certificate_missing');
  const key = createPrivateKey(secrets.key);
  const all = certificatesIn(secrets.certificate);
  const [own] = all;
  if (!own) return away('access_certificate_missing');
  if (!own.checkPrivateKey(key)) return away('access_certificate_of_other_key');
  if (!isValid(own, now)) return away('access_certificate_expired');
  const { hostname } = new URL(baseUrl);
  if (settings.clientId === 'x509_san_dns' && !own.checkHost(hostname, { subject: 'never' }))
    return away('access_certificate_of_other_host');
  return {
    clientId: clientIdOf(settings, own, hostname),
    key,
    algorithm: algorithmOf(key),
    chain: all
      .filter((each, index) => index === 0 || !each.checkIssued(each))
      .map((each) => each.raw.toString('base64')),
  };
}

/** Returns our identifier, with the prefix for what proves it (OpenID4VP 1.0, section 5.9.3). */
const clientIdOf = (
  { clientId }: SettingsOf<'wallet'>,
  own: X509Certificate,
  hostname: string,
): string =>
  clientId === 'x509_san_dns'
    ? `x509_san_dns:${hostname}`
    : `x509_hash:${createHash('sha256').update(own.raw).digest('base64url')}`;

const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (each) => new X509Certificate(each),
  );

const isValid = (certificate: X509Certificate, now: Temporal.Instant): boolean =>
  certificate.validFromDate.getTime() <= now.epochMilliseconds &&
  now.epochMilliseconds <= certificate.validToDate.getTime();

function algorithmOf(key: KeyObject): string {
  try {
    return curveOf(key).jose;
  } catch {
    return away('access_key_unsuited');
  }
}

const away = (code: string): never => refuse(code, 'away');
