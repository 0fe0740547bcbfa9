import { X509Certificate } from 'node:crypto';
import { type Issued, issueCertificate } from './certificates.ts';

/** What one question shows instead of what is right. `null`: nothing. */
export interface Shown {
  certificate?: Issued | null;
  /** How the proxy writes the certificate: as RFC 9440 has it, or as nginx does. */
  form?: 'rfc9440' | 'nginx';
  secret?: string | null;
  address?: string;
}

/** What answers to a request: an app, or a server. */
type Ask = (path: string, headers: Record<string, string>) => Promise<Response>;

/**
 * The Hub de Carpetes Ciutadanes, as its documentation has it asking, behind a proxy of the town that checked its certificate. It can be
 * asked to come with another certificate, or past the proxy.
 */
export interface HubStandIn {
  certificate: Issued;
  /** As `openssl x509 -fingerprint -sha256` prints it. */
  fingerprint: string;
  /** Asks for the appointments of somebody. */
  consult(query: Record<string, string> | string[][], shown?: Shown): Promise<Response>;
}

export async function hubStandIn(
  ask: Ask,
  { secret, address = '157.97.64.126' }: { secret: string; address?: string },
): Promise<HubStandIn> {
  const certificate = await hubCertificate();
  return {
    certificate,
    fingerprint: fingerprintOf(certificate),
    consult: (query, shown = {}) => {
      const own = { certificate, secret, address, form: 'rfc9440' as const, ...shown };
      return ask(`/hub/consultaCitesPrevies?${new URLSearchParams(query)}`, {
        'X-Forwarded-For': own.address,
        ...(own.secret !== null && { 'Folder-Secret': own.secret }),
        ...(own.certificate && { 'Client-Cert': written(own.certificate, own.form) }),
      });
    },
  };
}

const written = ({ der, pem }: Issued, form: Shown['form']): string =>
  form === 'nginx' ? encodeURIComponent(pem) : `:${der.toString('base64')}:`;

/** Makes a certificate such as that of the hub: an electronic seal that also identifies a client. */
export const hubCertificate = (from = '2024-10-14', until = '2027-10-14'): Promise<Issued> =>
  issueCertificate({
    subject: 'CN=Serveis Administracio Electronica',
    from: Temporal.Instant.from(`${from}T11:00:00Z`),
    until: Temporal.Instant.from(`${until}T11:00:00Z`),
  });

export const fingerprintOf = ({ der }: Issued): string => new X509Certificate(der).fingerprint256;
