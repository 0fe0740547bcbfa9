import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { systemClock } from '../clock.ts';
import { addressWith, Mistake, type Parse, type reader } from '../environment.ts';
import { type Pkcs11Place, readToken } from '../keys/settings.ts';
import { certificatesIn, faultOf } from './certificate.ts';

/** How the town seals what it issues. */
export interface SealSettings {
  /** The private key, or the label of the one in the PKCS #11 token. */
  key: KeyObject | { place: Pkcs11Place; label: string };
  /** The own one first. */
  certificates: readonly X509Certificate[];
  /** The address of the time-stamping authority (RFC 3161); null: nothing is stamped. */
  stampUrl: string | null;
  /** The authorities whose time stamps count; null: any whose signature is right. */
  stampAuthorities: readonly X509Certificate[] | null;
}

/**
 * Reads SEAL_CERTIFICATE, and SEAL_KEY or SEAL_PKCS11_KEY; null: the town has no seal. A certificate that is out of date, or of another key, is
 * a mistake.
 */
export function readSeal(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
): SealSettings | null {
  const key = variable('SEAL_KEY', null, privateKey);
  const label = variable('SEAL_PKCS11_KEY', null, (text) => text);
  const certificates = variable('SEAL_CERTIFICATE', null, certificateChain);
  const stampUrl = variable('SEAL_STAMP_URL', null, stampAddress);
  const stampAuthorities = variable('SEAL_STAMP_AUTHORITIES', null, certificateChain);
  const stamps = { stampUrl, stampAuthorities };
  if (!certificates && !key && !label) return null;
  const fault = faultTogether({ key, label, certificates });
  if (fault) mistakes.push(fault);
  if (fault || !certificates) return null;
  if (key) return { key, certificates, ...stamps };
  const place = readToken(variable, mistakes, 'SEAL_PKCS11_KEY');
  return place && label ? { key: { place, label }, certificates, ...stamps } : null;
}

function faultTogether(of: {
  key: KeyObject | null;
  label: string | null;
  certificates: readonly X509Certificate[] | null;
}): string | null {
  const { key, label, certificates } = of;
  const [own] = certificates ?? [];
  if (!own) return 'SEAL_KEY needs SEAL_CERTIFICATE too.';
  if (key && label) return 'SEAL_KEY and SEAL_PKCS11_KEY are both set; keep one.';
  if (!key && !label) return 'SEAL_CERTIFICATE needs SEAL_KEY (or SEAL_PKCS11_KEY) too.';
  if (key && !own.checkPrivateKey(key))
    return 'SEAL_CERTIFICATE is the certificate of another key than SEAL_KEY.';
  const fault = faultOf(own, systemClock.now());
  return fault && `SEAL_CERTIFICATE ${fault}.`;
}

const privateKey: Parse<KeyObject> = (text) => {
  try {
    return createPrivateKey(text);
  } catch {
    return new Mistake('must be a private key without a password (PEM)');
  }
};

const NO_CERTIFICATE = 'must be a certificate, and those above it (PEM)';

const certificateChain: Parse<X509Certificate[]> = (text) => {
  try {
    const found = certificatesIn(text);
    return found.length > 0 ? found : new Mistake(NO_CERTIFICATE);
  } catch {
    return new Mistake(NO_CERTIFICATE);
  }
};

const stampAddress: Parse<string> = (text) => {
  const words = 'must be the web address of an authority, such as https://tsa.example/tsr';
  const url = addressWith(['https:', 'http:'], words)(text);
  return url instanceof Mistake ? url : url.href;
};
