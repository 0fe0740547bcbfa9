import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import {
  type BaseBlock,
  BitString,
  Boolean as DerBoolean,
  Set as DerSet,
  Integer,
  Primitive,
  UTCTime,
  Utf8String,
} from 'asn1js';
import { decode, encode, integer, OID, octets, oid, sequence, tagged } from '../../lib/seal/der.ts';

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

const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SUBJECT_ALT_NAME = '2.5.29.17';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
/** digitalSignature: the first of nine bits, seven of the byte unused. */
const SIGNS = { bits: 0b10000000, unused: 7 };

/** Returns a certificate of X.509 for a server at an IP address (RFC 5280), signed by its own key: DER. */
function selfSigned(key: KeyObject, spki: Buffer, address: string, now: Temporal.Instant): Buffer {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const time = (at: Temporal.Instant) =>
    new UTCTime({ valueDate: new Date(Math.floor(at.epochMilliseconds / 1000) * 1000) });
  const name = sequence(
    new DerSet({
      value: [sequence(oid(COMMON_NAME), new Utf8String({ value: 'Finestreta DEMO' }))],
    }),
  );
  const usage = new BitString({
    valueHex: Uint8Array.from([SIGNS.bits]).buffer,
    unusedBits: SIGNS.unused,
  });
  const toBeSigned = sequence(
    tagged(0, [integer(2)]),
    new Integer({ valueHex: Uint8Array.from([1, ...randomBytes(8)]).buffer }),
    algorithm,
    name,
    sequence(
      time(now.subtract({ hours: EARLIER_HOURS })),
      time(now.add({ hours: VALID_DAYS * 24 })),
    ),
    name,
    decode(spki),
    tagged(3, [
      sequence(
        extension(BASIC_CONSTRAINTS, sequence(), true),
        extension(KEY_USAGE, usage, true),
        extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
        extension(SUBJECT_ALT_NAME, sequence(ipName(address))),
      ),
    ]),
  );
  const signature = sign('sha256', encode(toBeSigned), key);
  return encode(
    sequence(toBeSigned, algorithm, new BitString({ valueHex: Uint8Array.from(signature).buffer })),
  );
}

function extension(type: string, value: BaseBlock, isCritical = false): BaseBlock {
  const critical = isCritical ? [new DerBoolean({ value: true })] : [];
  return sequence(oid(type), ...critical, octets(encode(value)));
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
