import { createHash, verify, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate,
  ExtendedKeyUsage,
  id_ce_extKeyUsage,
  id_kp_timeStamping,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import { type BaseBlock, Sequence } from 'asn1js';
import { checkPath, pathTo } from '../x509/path.ts';
import { attributeIn, MOST_CERTIFICATES, namedIn, nameIn } from './cms.ts';
import { decode, isTagged, OID, octetsOf, oidOf, partsOf, rawOf } from './der.ts';
import { infoIn, type StampInfo } from './stamp.ts';

/** A time stamp that its authority signed. */
export interface SignedStamp extends StampInfo {
  /** Of the authority's key. */
  certificate: X509Certificate;
  /** The certificates that came with it, in any order. */
  certificates: readonly X509Certificate[];
}

/**
 * Reads a time stamp (RFC 3161, 2.4.2) and verifies its signature (RFC 5652, 5.4): it is of one signer, over this content, by the key of the certificate
 * that it names, which is for time stamps alone (2.3). Null: it is none. Whether the authority counts is another question: `isOfAuthority`.
 */
export function signedStamp(token: Buffer): SignedStamp | null {
  try {
    return verified(token);
  } catch {
    return null;
  }
}

/** Returns whether the certificate of a stamp leads to one of some authorities, all valid when it was made. */
export function isOfAuthority(
  { certificate, certificates, at }: SignedStamp,
  authorities: readonly X509Certificate[],
): boolean {
  const isOwn = authorities.some((each) => each.fingerprint256 === certificate.fingerprint256);
  const path = isOwn ? [certificate] : pathTo(certificate, certificates, authorities);
  if (!path) return false;
  try {
    checkPath(path, at, KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation);
    return true;
  } catch {
    return false;
  }
}

/** The digests that count. SHA-1 is none. */
const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

/** The algorithms of a signature with the digest that each has; null: the one that the signer names. */
const ALGORITHMS: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.1': null,
  [OID.rsaWithSha256]: 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  [OID.ecdsaWithSha256]: 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

const SET_TAG = 0x31;

function verified(token: Buffer): SignedStamp | null {
  const info = infoIn(token);
  const whole = decode(token);
  const [kind, wrapped] = partsOf(whole);
  if (!(whole instanceof Sequence) || oidOf(kind) !== OID.signedData) return null;
  const signed = partsOf(partsOf(wrapped)[0]);
  const content = octetsOf(partsOf(partsOf(signed[2])[1])[0]);
  const certificates = partsOf(signed.slice(3).find((each) => isTagged(each, 0))).map(rawOf);
  const [one, ...others] = partsOf(signed.at(-1));
  if (!info || !content || others.length > 0 || certificates.length > MOST_CERTIFICATES)
    return null;
  // version, who signs, digest, signed attributes, algorithm, signature
  const [, named, digestIn, attributes, algorithmIn, value] = partsOf(one);
  const digest = DIGESTS[oidOf(partsOf(digestIn)[0]) ?? ''];
  const algorithm = ALGORITHMS[oidOf(partsOf(algorithmIn)[0]) ?? ''];
  const signature = octetsOf(value);
  if (!digest || algorithm === undefined || !signature) return null;
  if (!attributes || !isTagged(attributes, 0)) return null;
  if (oidOf(attributeIn(attributes, OID.contentType)) !== OID.timeStampInfo) return null;
  const hash = createHash(digest).update(content).digest();
  if (!octetsOf(attributeIn(attributes, OID.messageDigest))?.equals(hash)) return null;
  const own =
    namedIn(attributeIn(attributes, OID.signingCertificateV2), certificates) ??
    namedIn(attributeIn(attributes, OID.signingCertificate), certificates, 'sha1');
  const certificate = own && new X509Certificate(own);
  if (!certificate || !isNamedBy(named, certificate) || !isForStamps(certificate)) return null;
  const bytes = Buffer.from(rawOf(attributes));
  bytes[0] = SET_TAG;
  if (!verify(algorithm ?? digest, bytes, certificate.publicKey, signature)) return null;
  return {
    ...info,
    certificate,
    certificates: certificates.map((each) => new X509Certificate(each)),
  };
}

/** Returns whether a signer is named by the issuer and the number of a certificate; also where it is named by its key alone (RFC 5652, 5.3). */
function isNamedBy(named: BaseBlock | undefined, { raw }: X509Certificate): boolean {
  if (!named || isTagged(named, 0)) return named !== undefined;
  const [issuer, serial, ...more] = partsOf(named);
  const own = nameIn(raw);
  if (!issuer || !serial || more.length > 0) return false;
  return rawOf(issuer).equals(rawOf(own.issuer)) && rawOf(serial).equals(rawOf(own.serial));
}

/** Returns whether a certificate is for time stamps, for nothing else, and says so to everybody (RFC 3161, 2.3). */
function isForStamps({ raw }: X509Certificate): boolean {
  const { extensions = [] } = AsnConvert.parse(raw, Certificate).tbsCertificate;
  const found = extensions.find((each) => each.extnID === id_ce_extKeyUsage);
  if (!found?.critical) return false;
  const purposes = AsnConvert.parse(found.extnValue.buffer, ExtendedKeyUsage);
  return purposes.length === 1 && purposes[0] === id_kp_timeStamping;
}
