import { createHash, verify, X509Certificate } from 'node:crypto';
import { type BaseBlock, Set as DerSet, Null } from 'asn1js';
import {
  decode,
  encode,
  integer,
  isTagged,
  OID,
  octets,
  octetsOf,
  oid,
  oidOf,
  partsOf,
  rawOf,
  sequence,
  sha256,
  tagged,
} from './der.ts';
import type { SealKey } from './types.ts';

export const sha256Of = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * Returns a detached signature of CMS (RFC 5652) over a SHA-256, with the attributes of a CAdES baseline signature (ETSI EN 319 122-1): what is
 * signed, its digest, and the certificate. `signing-time` is not among them, as EN 319 142-1 demands for PDF. `stamp`: returns the time stamp of
 * a signature (DER); null: it gets none.
 */
export async function signDigest(
  digest: Buffer,
  key: SealKey,
  stamp: (signature: Buffer) => Promise<Buffer | null>,
): Promise<Buffer> {
  const [own] = key.certificates;
  if (!own) throw new Error('The seal has no certificate');
  const attributes = attributesOf(digest, own.raw);
  // What is signed has the tag of a set, what is sent that of its place.
  const signature = await key.sign(encode(new DerSet({ value: attributes })));
  const token = await stamp(signature);
  const { issuer, serial } = nameIn(own.raw);
  const signer = sequence(
    integer(1),
    sequence(issuer, serial),
    sha256(),
    tagged(0, attributes),
    algorithmOf(key),
    octets(signature),
    ...(token ? [tagged(1, [attribute(OID.timeStampToken, decode(token))])] : []),
  );
  const signed = sequence(
    integer(1),
    new DerSet({ value: [sha256()] }),
    sequence(oid(OID.data)),
    tagged(
      0,
      key.certificates.map(({ raw }) => decode(raw)),
    ),
    new DerSet({ value: [signer] }),
  );
  return encode(sequence(oid(OID.signedData), tagged(0, [signed])));
}

/** Returns the signed attributes in the order of DER: that of their bytes. */
function attributesOf(digest: Buffer, certificate: Buffer): BaseBlock[] {
  const certificates = sequence(sequence(sequence(octets(sha256Of(certificate)))));
  const attributes = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octets(digest)),
    attribute(OID.signingCertificateV2, certificates),
  ];
  return attributes
    .map((block) => ({ block, bytes: encode(block) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ block }) => block);
}

const attribute = (type: string, value: BaseBlock): BaseBlock =>
  sequence(oid(type), new DerSet({ value: [value] }));

const algorithmOf = ({ kind }: Pick<SealKey, 'kind'>): BaseBlock =>
  kind === 'rsa'
    ? sequence(oid(OID.rsaWithSha256), new Null())
    : sequence(oid(OID.ecdsaWithSha256));

/** Returns the issuer and the serial number in a certificate, as it has them. */
export function nameIn(certificate: Buffer): { issuer: BaseBlock; serial: BaseBlock } {
  const [toBeSigned] = partsOf(decode(certificate));
  const parts = partsOf(toBeSigned);
  const first = parts[0] && isTagged(parts[0], 0) ? 1 : 0;
  const [serial, , issuer] = parts.slice(first);
  if (!serial || !issuer) throw new Error('This is no certificate');
  return { issuer, serial };
}

/** A signature that was read. */
export interface ReadSignature {
  /** The certificate of the key that signed. */
  certificate: X509Certificate;
  /** The signature's own bytes: what a time stamp is of. */
  signature: Buffer;
  /** Its time stamp (DER); null: it has none. */
  token: Buffer | null;
  /** The certificates that came with it, in any order. */
  certificates: X509Certificate[];
}

/**
 * Reads a signature as `signDigest` makes them, of one signer with SHA-256, and checks it over a digest; null: it is none, or not of this digest.
 */
export function readSignature(der: Buffer, digest: Buffer): ReadSignature | null {
  try {
    return read(der, digest);
  } catch {
    return null;
  }
}

/** The most certificates that come with a signature: its own, and those between it and an authority that is known. */
export const MOST_CERTIFICATES = 10;

function read(der: Buffer, digest: Buffer): ReadSignature | null {
  const signed = partsOf(partsOf(partsOf(decode(der))[1])[0]);
  const certificates = partsOf(signed.find((each) => isTagged(each, 0))).map(rawOf);
  if (certificates.length > MOST_CERTIFICATES) return null;
  const [one, ...others] = partsOf(signed.at(-1));
  const signer = partsOf(one);
  const attributes = signer.find((each) => isTagged(each, 0));
  const signature = signer.map(octetsOf).find((each) => each !== null);
  const signedDigest = octetsOf(attributeIn(attributes, OID.messageDigest));
  if (!attributes || !signature || !signedDigest?.equals(digest)) return null;
  const own = namedIn(attributeIn(attributes, OID.signingCertificateV2), certificates);
  if (!own || others.length > 0) return null;
  const certificate = new X509Certificate(own);
  const bytes = Buffer.from(rawOf(attributes));
  bytes[0] = SET_TAG;
  if (!isSignedBy(certificate, bytes, signature)) return null;
  const token = attributeIn(
    signer.find((each) => isTagged(each, 1)),
    OID.timeStampToken,
  );
  return {
    ...{ certificate, signature, token: token ? rawOf(token) : null },
    certificates: certificates.map((each) => new X509Certificate(each)),
  };
}

/** The hashes by which a signature may name its certificate. The first is meant where it names none (RFC 5035, section 4). */
const HASHES: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

/** Returns the certificate that an attribute `signing-certificate-v2` names first. `unless`: the hash where it names none: SHA-1 in the first version. */
export function namedIn(
  attribute: BaseBlock | undefined,
  certificates: readonly Buffer[],
  unless = 'sha256',
): Buffer | undefined {
  const parts = partsOf(partsOf(partsOf(attribute)[0])[0]);
  const hash = parts.map(octetsOf).find((each) => each !== null);
  const said = oidOf(partsOf(parts[0])[0]);
  const algorithm = said === null ? unless : HASHES[said];
  if (!algorithm || !hash) return undefined;
  return certificates.find((each) => createHash(algorithm).update(each).digest().equals(hash));
}

const SET_TAG = 0x31;

/** Returns the first value of an attribute; undefined: it is not there. */
export function attributeIn(
  attributes: BaseBlock | undefined,
  type: string,
): BaseBlock | undefined {
  const found = partsOf(attributes).find((each) => oidOf(partsOf(each)[0]) === type);
  return partsOf(partsOf(found)[1])[0];
}

const isSignedBy = ({ publicKey }: X509Certificate, data: Buffer, signature: Buffer): boolean =>
  verify('sha256', data, publicKey, signature);
