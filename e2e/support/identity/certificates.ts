import 'reflect-metadata';
import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(webcrypto as Crypto);

/** A certificate of the tests, with its key and who signed it. */
export interface Issued {
  der: Buffer;
  pem: string;
  key: KeyObject;
  /** The private key, PEM. */
  keyPem: string;
  subject: string;
}

export interface CertificateWishes {
  subject: string;
  /** Absent: it signs itself. */
  by?: Issued;
  /** An authority, under which there may be so many others; absent: it is none. */
  authority?: { below?: number };
  /** Whose key it has; absent: a new one. */
  keyOf?: Issued;
  from: Temporal.Instant;
  until: Temporal.Instant;
  /** What the key may be used for; by default what it is for. Null: the certificate says nothing of it. */
  usage?: number | null;
  /** The names and addresses of a server. */
  hosts?: string[];
  /** Where its authority answers whether it was revoked. */
  ocsp?: string;
  /** Object identifier of a critical extension that nobody has heard of. */
  critical?: string;
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const imported = (key: KeyObject, usage: 'sign' | 'verify') =>
  crypto.subtle.importKey('jwk', key.export({ format: 'jwk' }) as JsonWebKey, CURVE, true, [usage]);

/** Makes a certificate with a key of P-256. */
export async function issueCertificate(wishes: CertificateWishes): Promise<Issued> {
  const privateKey =
    wishes.keyOf?.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const publicKey = createPublicKey(privateKey);
  const { subject, by, authority, from, until, hosts, critical, ocsp } = wishes;
  const { usage = authority ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature } = wishes;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(8).toString('hex')}`,
    subject,
    issuer: by?.subject ?? subject,
    notBefore: new Date(from.epochMilliseconds),
    notAfter: new Date(until.epochMilliseconds),
    signingAlgorithm: CURVE,
    publicKey: await imported(publicKey, 'verify'),
    signingKey: await imported(by?.key ?? privateKey, 'sign'),
    extensions: [
      new BasicConstraintsExtension(authority !== undefined, authority?.below, true),
      ...(usage === null ? [] : [new KeyUsagesExtension(usage, true)]),
      ...(hosts
        ? [
            new SubjectAlternativeNameExtension(
              hosts.map((value) => ({
                type: isIP(value) ? ('ip' as const) : ('dns' as const),
                value,
              })),
            ),
          ]
        : []),
      ...(ocsp ? [new AuthorityInfoAccessExtension({ ocsp })] : []),
      ...(critical ? [new Extension(critical, true, new Uint8Array([5, 0]))] : []),
    ],
  });
  return {
    der: Buffer.from(certificate.rawData),
    pem: certificate.toString('pem'),
    key: privateKey,
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    subject,
  };
}
