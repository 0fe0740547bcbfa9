import { type KeyObject, randomBytes, sign } from 'node:crypto';
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
import { decode, encode, integer, OID, octets, oid, sequence, tagged } from '../seal/der.ts';

/** Identifiers of parts of a name and of extensions. */
export const X509 = {
  commonName: '2.5.4.3',
  organisation: '2.5.4.10',
  serialNumber: '2.5.4.5',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectAltName: '2.5.29.17',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

interface Certificate {
  /** The key of whoever issues it: RSA, or P-256. */
  key: KeyObject;
  /** The public key that it is for: DER. */
  spki: Buffer;
  issuer: BaseBlock;
  subject: BaseBlock;
  from: Date;
  /** UTCTime ends with 2049. */
  until: Date;
  extensions: readonly BaseBlock[];
}

/** Returns a certificate of X.509 (RFC 5280, 4.1) with a number that is drawn: DER. */
export function issueCertificate(of: Certificate): Buffer {
  const algorithm =
    of.key.asymmetricKeyType === 'rsa'
      ? sequence(oid(OID.rsaWithSha256), new Null())
      : sequence(oid(OID.ecdsaWithSha256));
  const time = (valueDate: Date) => new UTCTime({ valueDate });
  const toBeSigned = sequence(
    tagged(0, [integer(2)]),
    new Integer({ valueHex: Uint8Array.from([1, ...randomBytes(8)]).buffer }),
    algorithm,
    of.issuer,
    sequence(time(of.from), time(of.until)),
    of.subject,
    decode(of.spki),
    tagged(3, [sequence(...of.extensions)]),
  );
  return encode(
    sequence(toBeSigned, algorithm, bits(sign('sha256', encode(toBeSigned), of.key), 0)),
  );
}

/** Returns a name from its parts, each a type and a text. */
export const nameFrom = (...parts: readonly (readonly [type: string, text: string])[]): BaseBlock =>
  sequence(
    ...parts.map(
      ([type, value]) => new DerSet({ value: [sequence(oid(type), new Utf8String({ value }))] }),
    ),
  );

/** Returns an extension. `isCritical`: who doesn't know it must refuse the certificate. */
export function extension(type: string, value: BaseBlock, isCritical = true): BaseBlock {
  const critical = isCritical ? [new DerBoolean({ value: true })] : [];
  return sequence(oid(type), ...critical, octets(encode(value)));
}

/** Returns the extension that says what a key may do. `unused`: bits of the last byte. */
export const keyUsage = (byte: number, unused: number): BaseBlock =>
  extension(X509.keyUsage, bits(Uint8Array.from([byte]), unused));

const bits = (bytes: Uint8Array, unusedBits: number): BitString =>
  new BitString({ valueHex: Uint8Array.from(bytes).buffer, unusedBits });
