import { createHash, X509Certificate } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { infoIn } from '../../../lib/seal/stamp.ts';
import { signedStamp } from '../../../lib/seal/token.ts';
import {
  allOf,
  attributeOf,
  childrenOf,
  isNamed,
  parsed,
  refuse,
  textOf,
} from '../../../lib/xml/xml.ts';
import { C14N, DS, EXCLUSIVE, RSA_SHA256, RSA_SHA512, SHA256, SHA512, XADES } from './names.ts';

/** What a signature covers, and who made it. */
export interface Verified {
  /** What was signed, as canonical XML that the signature covers, without the element `Object` around it. */
  message: Element;
  /** Of the signer. */
  certificate: X509Certificate;
  /** When an authority stamped the signature, by a stamp of SHA-256; null: it has none. */
  stampedAt: Temporal.Instant | null;
}

const SIGNATURES: readonly string[] = [RSA_SHA256, RSA_SHA512];
const DIGESTS: Readonly<Record<string, string>> = { [SHA256]: 'sha256', [SHA512]: 'sha512' };
const CANONICAL: readonly string[] = [C14N, EXCLUSIVE];
const MOST_ELEMENTS = 20_000;
const MOST_CERTIFICATES = 10;

/**
 * Verifies an enveloping XAdES signature, of which one message is signed. What is read afterwards is what the signature covers, never the
 * document as it came.
 * @throws XmlRefused with a code, when it isn't one, or isn't right
 */
export function verifiedXades(xml: string): Verified {
  const root = rootOf(xml);
  const certificates = certificatesIn(root);
  const certificate = certificates.find((each) => isSignedBy(xml, root, each));
  if (!certificate) return refuse('signature');
  const { message, properties } = coveredBy(xml, root, certificate);
  if (!isNamedIn(properties, certificate)) refuse('other_certificate');
  return { message, certificate, stampedAt: stampOn(root) };
}

/** Returns whether a certificate is one of some, or was issued by one of them. */
export const isTrusted = (
  certificate: X509Certificate,
  anchors: readonly X509Certificate[],
): boolean =>
  anchors.some(
    (each) =>
      each.fingerprint256 === certificate.fingerprint256 ||
      (certificate.checkIssued(each) && certificate.verify(each.publicKey)),
  );

/** Returns the signature that is the whole document, with its parts where the schema has them. */
function rootOf(xml: string): Element {
  if (/<!(?!--|\[CDATA\[)/.test(xml)) refuse('doctype');
  const mistake = () => refuse('malformed');
  const parser = new DOMParser({
    errorHandler: { warning: mistake, error: mistake, fatalError: mistake },
  });
  const root = parser.parseFromString(xml, 'text/xml')?.documentElement;
  if (!root || !isNamed(root, DS, 'Signature')) return refuse('no_signature');
  const [info, value, keys, ...objects] = childrenOf(root);
  const isRight =
    [info, value, keys].every((each, at) =>
      each ? isNamed(each, DS, ['SignedInfo', 'SignatureValue', 'KeyInfo'][at] ?? '') : false,
    ) && objects.every((each) => isNamed(each, DS, 'Object'));
  return isRight ? root : refuse('malformed');
}

/** Returns the certificates that come with the signature. They count only when their key fits it. */
function certificatesIn(root: Element): X509Certificate[] {
  const [, , keys] = childrenOf(root);
  const found = keys
    ? Array.from(keys.getElementsByTagNameNS(DS, 'X509Certificate')).slice(0, MOST_CERTIFICATES)
    : [];
  return found.map((each) => {
    try {
      return new X509Certificate(Buffer.from(each.textContent ?? '', 'base64'));
    } catch {
      return refuse('certificate');
    }
  });
}

const loaded = (root: Element, { publicKey }: X509Certificate): SignedXml => {
  const signed = new SignedXml({ publicCert: publicKey });
  signed.loadSignature(root as never);
  return signed;
};

function isSignedBy(xml: string, root: Element, certificate: X509Certificate): boolean {
  try {
    return loaded(root, certificate).checkSignature(xml);
  } catch {
    return false;
  }
}

/** Returns the message and the properties that the signature covers. */
function coveredBy(xml: string, root: Element, certificate: X509Certificate) {
  const signed = loaded(root, certificate);
  if (!signed.checkSignature(xml)) refuse('signature');
  if (!SIGNATURES.includes(String(signed.signatureAlgorithm))) refuse('algorithm');
  for (const { digestAlgorithm, transforms } of signed.getReferences()) {
    if (!(String(digestAlgorithm) in DIGESTS)) refuse('algorithm');
    if (transforms.some((each) => !CANONICAL.includes(String(each)))) refuse('transform');
  }
  const covered = signed.getSignedReferences().map((each) => parsed(each, MOST_ELEMENTS));
  const isProperties = (each: Element) => isNamed(each, XADES, 'SignedProperties');
  const [properties, ...others] = covered.filter(isProperties);
  const [message, ...more] = covered.filter((each) => !isProperties(each));
  if (!properties || !message || others.length + more.length > 0) return refuse('references');
  return { message, properties };
}

/** Returns whether the signed properties name a certificate as the signer's. */
function isNamedIn(properties: Element, certificate: X509Certificate): boolean {
  const [first] = allOf(properties).filter(
    (each) => each.localName === 'CertDigest' && each.namespaceURI === XADES,
  );
  const [method, value] = first ? childrenOf(first) : [];
  const algorithm = method && DIGESTS[attributeOf(method, 'Algorithm') ?? ''];
  if (!algorithm || !value) return false;
  const digest = createHash(algorithm).update(certificate.raw).digest();
  return digest.equals(Buffer.from(textOf(value), 'base64'));
}

/**
 * Returns when the signature was stamped; null: by no stamp that can be verified here. The profile asks for none, so one of an unknown shape or
 * algorithm keeps nobody from signing. A stamp that is of something else is refused.
 */
function stampOn(root: Element): Temporal.Instant | null {
  const [stamp] = Array.from(root.getElementsByTagNameNS(XADES, 'SignatureTimeStamp'));
  const [encoded] = stamp
    ? Array.from(stamp.getElementsByTagNameNS(XADES, 'EncapsulatedTimeStamp'))
    : [];
  if (!stamp || !encoded) return null;
  const [method] = Array.from(stamp.getElementsByTagNameNS(DS, 'CanonicalizationMethod'));
  const algorithm = method ? (attributeOf(method, 'Algorithm') ?? C14N) : C14N;
  if (!CANONICAL.includes(algorithm)) return null;
  const [, value] = childrenOf(root);
  const bytes = new SignedXml().getCanonXml([algorithm], value as never);
  const token = Buffer.from(encoded.textContent ?? '', 'base64');
  const info = readableIn(token);
  if (!info) return null;
  if (!info.imprint.equals(createHash('sha256').update(bytes).digest())) refuse('stamp');
  return signedStamp(token)?.at ?? null;
}

/** Returns what a token says, whoever signed it; null: it is none, or of another digest than SHA-256. */
function readableIn(token: Buffer): ReturnType<typeof infoIn> {
  try {
    return infoIn(token);
  } catch {
    return null;
  }
}
