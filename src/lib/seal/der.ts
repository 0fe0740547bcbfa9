import {
  type BaseBlock,
  Constructed,
  fromBER,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js';

/** Identifiers of algorithms, attributes and contents. */
export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStampToken: '1.2.840.113549.1.9.16.2.14',
  timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  rsaWithSha256: '1.2.840.113549.1.1.11',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

export const sequence = (...value: BaseBlock[]): Sequence => new Sequence({ value });
export const oid = (value: string): ObjectIdentifier => new ObjectIdentifier({ value });
export const octets = (bytes: Uint8Array): OctetString =>
  new OctetString({ valueHex: exact(bytes) });
export const integer = (value: number): Integer => new Integer({ value });

/** Returns something under a tag of its context: `[0]`. */
export const tagged = (tagNumber: number, value: BaseBlock[]): Constructed =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });

/** SHA-256 as an algorithm identifier. */
export const sha256 = (): Sequence => sequence(oid(OID.sha256), new Null());

export const encode = (block: BaseBlock): Buffer => Buffer.from(block.toBER());

/** Returns the structure of some DER. @throws when it is none */
export function decode(der: Uint8Array): BaseBlock {
  const { offset, result } = fromBER(exact(der));
  if (offset === -1) throw new Error(`This is no DER: ${result.error}`);
  return result;
}

/** Returns how many bytes the structure takes with which some bytes begin, also where its length is open (BER); null: there is none. */
export function lengthOf(bytes: Uint8Array): number | null {
  const { offset } = fromBER(exact(bytes));
  return offset > 0 ? offset : null;
}

/** Returns the parts of a structure; none where it has no parts. */
export const partsOf = (block: BaseBlock | undefined): BaseBlock[] =>
  block instanceof Constructed ? block.valueBlock.value : [];

/** Returns the bytes of a structure as they were read. */
export const rawOf = (block: BaseBlock): Buffer => Buffer.from(block.valueBeforeDecodeView);

export const oidOf = (block: BaseBlock | undefined): string | null =>
  block instanceof ObjectIdentifier ? block.getValue() : null;

/** Returns the bytes within an octet string; null: it is none. */
export const octetsOf = (block: BaseBlock | undefined): Buffer | null =>
  block instanceof OctetString ? Buffer.from(block.getValue()) : null;

/** Whether a structure has a tag of its context: `[0]`. */
export const isTagged = (block: BaseBlock, tagNumber: number): boolean =>
  block.idBlock.tagClass === 3 && block.idBlock.tagNumber === tagNumber;

/** Returns the bytes in a buffer of their own: small Buffers share one with others. */
function exact(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
