import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BaseBlock,
  BitString,
  Boolean as DerBoolean,
  Set as DerSet,
  Integer,
  Null,
  UTCTime,
  Utf8String,
} from 'asn1js';
import { makeSecretFile } from '../secrets.ts';
import { certificatesIn, DEMO_ORGANISATION } from './certificate.ts';
import { decode, encode, integer, OID, octets, oid, sequence, tagged } from './der.ts';
import type { SealSettings } from './settings.ts';

/** The times that its certificate has, whatever the clock of the demonstration: UTCTime ends with 2049. */
const FROM = new Date('2020-01-01T00:00:00Z');
const UNTIL = new Date('2049-12-31T00:00:00Z');

/** Returns the seal of a demonstration: made at the first start, and kept in the folder of its data. */
export function demoSeal(dataDir: string): SealSettings {
  const file = join(dataDir, 'keys', 'demo-seal.pem');
  makeSecretFile(file, makeDemo);
  const pem = readFileSync(file, 'utf8');
  return {
    key: createPrivateKey(pem),
    certificates: certificatesIn(pem),
    stampUrl: null,
    stampAuthorities: null,
  };
}

/** Makes a key, and a certificate that it signs itself: PEM. */
function makeDemo(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const der = selfSigned(privateKey, spki, 'DEMO: segell de demostració, sense cap valor').toString(
    'base64',
  );
  const lines = der.match(/.{1,64}/g)?.join('\n');
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + certificate;
}

const COMMON_NAME = '2.5.4.3';
const ORGANISATION = '2.5.4.10';
const SERIAL_NUMBER = '2.5.4.5';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
/** digitalSignature and nonRepudiation: the first two of nine bits, six of the byte unused. */
const SIGNS = { bits: 0b11000000, unused: 6 };
/** keyCertSign: the sixth bit, two of the byte unused. */
const ISSUES = { bits: 0b00000100, unused: 2 };

/** Whose certificate of a demonstration it is. Its organisation tells that it is worth nothing. */
interface DemoName {
  commonName: string;
  /** Of a person: their number, as `IDCES-12345678Z`. */
  serialNumber?: string;
}

/** Returns a certificate of X.509 that a key of a demonstration signs itself: RSA, or P-256 (RFC 5280). */
export const selfSigned = (key: KeyObject, spki: Buffer, commonName: string): Buffer =>
  issued({ name: { commonName }, spki, by: { key, commonName } });

/** Returns a certificate of X.509 that a key of a demonstration signs. `isAuthority`: it may issue others. */
export function issued(on: {
  name: DemoName;
  spki: Buffer;
  by: { key: KeyObject; commonName: string };
  isAuthority?: boolean;
}): Buffer {
  const { name, spki, by, isAuthority = false } = on;
  const algorithm =
    by.key.asymmetricKeyType === 'rsa'
      ? sequence(oid(OID.rsaWithSha256), new Null())
      : sequence(oid(OID.ecdsaWithSha256));
  const time = (valueDate: Date) => new UTCTime({ valueDate });
  const { bits, unused } = isAuthority ? ISSUES : SIGNS;
  const usage = new BitString({ valueHex: Uint8Array.from([bits]).buffer, unusedBits: unused });
  const authority = extension(BASIC_CONSTRAINTS, sequence(new DerBoolean({ value: true })));
  const toBeSigned = sequence(
    tagged(0, [integer(2)]),
    new Integer({ valueHex: Uint8Array.from([1, ...randomBytes(8)]).buffer }),
    algorithm,
    nameOf(by),
    sequence(time(FROM), time(UNTIL)),
    nameOf(name),
    decode(spki),
    tagged(3, [sequence(...(isAuthority ? [authority] : []), extension(KEY_USAGE, usage))]),
  );
  const signature = sign('sha256', encode(toBeSigned), by.key);
  return encode(
    sequence(toBeSigned, algorithm, new BitString({ valueHex: Uint8Array.from(signature).buffer })),
  );
}

const extension = (type: string, value: BaseBlock): BaseBlock =>
  sequence(oid(type), new DerBoolean({ value: true }), octets(encode(value)));

function nameOf({ commonName, serialNumber }: DemoName): BaseBlock {
  const part = (type: string, value: string) =>
    new DerSet({ value: [sequence(oid(type), new Utf8String({ value }))] });
  return sequence(
    part(ORGANISATION, DEMO_ORGANISATION),
    part(COMMON_NAME, commonName),
    ...(serialNumber ? [part(SERIAL_NUMBER, serialNumber)] : []),
  );
}
