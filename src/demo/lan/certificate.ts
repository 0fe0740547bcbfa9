import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { type BaseBlock, Primitive } from 'asn1js';
import { oid, sequence } from '../../lib/seal/der.ts';
import { extension, issueCertificate, keyUsage, nameFrom, X509 } from '../../lib/x509/issuing.ts';

/** What a server shows to browsers, in PEM. */
export interface LanCertificate {
  key: string;
  cert: string;
  /** SHA-256 of the certificate, as browsers show it: pairs of digits with colons. */
  fingerprint: string;
}

/** Browsers take no certificate that is valid for much longer; a demo is shorter. */
const VALID_DAYS = 90;
/** One that ends within this time is made anew at the start. */
const LEAST_DAYS = 7;
/** A phone whose clock is late takes it too. */
const EARLIER_HOURS = 24;

/**
 * Returns a certificate for one address, which its own key signs: the one in the folder of the data, or a new one where that is for another
 * address or ends soon. It is no authority, so whoever has its key can pretend to be this address and nothing else.
 */
export function lanCertificate(
  dataDir: string,
  address: string,
  now: Temporal.Instant,
): LanCertificate {
  const file = join(dataDir, 'keys', 'demo-lan.pem');
  const kept = read(file, address, now);
  if (kept) return kept;
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const pem =
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() +
    new X509Certificate(selfSigned(privateKey, spki, address, now)).toString();
  // Renamed into place, so that no half of it is ever read.
  writeFileSync(`${file}.new`, pem, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  const made = read(file, address, now);
  if (!made) throw new Error('The certificate for the own network was not kept');
  return made;
}

function read(file: string, address: string, now: Temporal.Instant): LanCertificate | null {
  try {
    const pem = readFileSync(file, 'utf8');
    const key = createPrivateKey(pem);
    const certificate = new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
    const end = Temporal.Instant.fromEpochMilliseconds(Date.parse(certificate.validTo));
    const left = end.since(now).total('hours') / 24;
    if (!certificate.checkIP(address) || !certificate.checkPrivateKey(key)) return null;
    if (left < LEAST_DAYS || left > VALID_DAYS) return null;
    return {
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: certificate.toString(),
      fingerprint: certificate.fingerprint256,
    };
  } catch {
    return null;
  }
}

/** digitalSignature: the first of nine bits, seven of the byte unused. */
const signs = () => keyUsage(0b10000000, 7);

/** Returns a certificate of X.509 for a server at an IP address (RFC 5280), signed by its own key: DER. */
function selfSigned(key: KeyObject, spki: Buffer, address: string, now: Temporal.Instant): Buffer {
  const name = nameFrom([X509.commonName, 'Finestreta DEMO']);
  const time = (at: Temporal.Instant) => new Date(Math.floor(at.epochMilliseconds / 1000) * 1000);
  return issueCertificate({
    key,
    spki,
    issuer: name,
    subject: name,
    from: time(now.subtract({ hours: EARLIER_HOURS })),
    until: time(now.add({ hours: VALID_DAYS * 24 })),
    extensions: [
      extension(X509.basicConstraints, sequence()),
      signs(),
      extension(X509.extendedKeyUsage, sequence(oid(X509.serverAuth)), false),
      extension(X509.subjectAltName, sequence(ipName(address)), false),
    ],
  });
}

/** Returns an iPAddress (RFC 5280, 4.2.1.6). */
function ipName(address: string): BaseBlock {
  const bytes = isIPv6(address) ? bytesOf6(address) : address.split('.').map(Number);
  return new Primitive({
    idBlock: { tagClass: 3, tagNumber: 7 },
    valueHex: Uint8Array.from(bytes).buffer,
  });
}

/** Returns the sixteen bytes of an address without an IPv4 part. */
function bytesOf6(address: string): number[] {
  const [left = '', right] = address.split('::');
  const parts = (text: string) => (text === '' ? [] : text.split(':'));
  const last = parts(right ?? '');
  const zeros = right === undefined ? 0 : 8 - parts(left).length - last.length;
  const all = [...parts(left), ...Array.from({ length: zeros }, () => '0'), ...last];
  return all.flatMap((part) => {
    const value = Number.parseInt(part, 16);
    return [value >> 8, value & 0xff];
  });
}
