import { createHash, verify, X509Certificate } from 'node:crypto';
import {
  AuthorityInfoAccessSyntax,
  ExtendedKeyUsage,
  id_ce_extKeyUsage,
  id_pe_authorityInfoAccess,
} from '@peculiar/asn1-x509';
import { type BaseBlock, BitString, Enumerated, GeneralizedTime, Null } from 'asn1js';
import { limitedBody } from '../http/limited-fetch.ts';
import { nameIn } from '../seal/cms.ts';
import {
  decode,
  encode,
  OID,
  octets,
  octetsOf,
  oid,
  oidOf,
  partsOf,
  rawOf,
  sequence,
} from '../seal/der.ts';
import { extension, isIssuedBy } from './path.ts';

/** Milliseconds that an authority has to answer. A person waits meanwhile. */
const PATIENCE_MS = 6_000;
const MOST_BYTES = 100_000;
/** Minutes by which clocks may differ. */
const SKEW_MINUTES = 5;
/** Hours for which an answer counts that does not say until when it does. */
const FRESH_HOURS = 24;

const UNIVERSAL = 1;
const CONTEXT = 3;

const OCSP = '1.3.6.1.5.5.7.48.1';
const OCSP_BASIC = '1.3.6.1.5.5.7.48.1.1';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const SHA1 = '1.3.14.3.2.26';
/** The hash of each algorithm with which authorities sign answers. */
const SIGNED_BY: Readonly<Record<string, string>> = {
  [OID.rsaWithSha256]: 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  [OID.ecdsaWithSha256]: 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/** `unknown`: nobody could be asked, or the answer tells nothing. */
export type Revocation = 'good' | 'revoked' | 'unknown';

/**
 * Asks the authority of a certificate whether it was revoked, where the certificate says that it answers (OCSP, RFC 6960). It throws nothing: what
 * is not known is `unknown`.
 */
export async function revocationOf(
  certificate: X509Certificate,
  issuer: X509Certificate,
  now: Temporal.Instant,
): Promise<Revocation> {
  const url = responderOf(certificate);
  if (!url) return 'unknown';
  try {
    const id = certificateId(certificate, issuer);
    const request = encode(sequence(sequence(sequence(sequence(id)))));
    return statusIn(await post(url, request), { id: encode(id), issuer, now });
  } catch {
    return 'unknown';
  }
}

/** Returns where a certificate says that its authority answers; null: nowhere. */
export function responderOf(certificate: X509Certificate): string | null {
  const access = extension(certificate, id_pe_authorityInfoAccess, AuthorityInfoAccessSyntax);
  const urls = (access ?? []).flatMap(({ accessMethod, accessLocation }) =>
    accessMethod === OCSP ? (accessLocation.uniformResourceIdentifier ?? []) : [],
  );
  return urls.find((each) => /^https?:\/\//.test(each)) ?? null;
}

/** Authorities know certificates by the SHA-1 of their own name and key: it names them, and proves nothing. */
function certificateId(certificate: X509Certificate, issuer: X509Certificate): BaseBlock {
  const { issuer: name, serial } = nameIn(certificate.raw);
  const [, key] = partsOf(decode(issuer.publicKey.export({ type: 'spki', format: 'der' })));
  if (!(key instanceof BitString)) throw new Error('This key can’t be read');
  const sha1 = (bytes: Uint8Array) => octets(createHash('sha1').update(bytes).digest());
  return sequence(
    sequence(oid(SHA1), new Null()),
    sha1(rawOf(name)),
    sha1(key.valueBlock.valueHexView),
    decode(rawOf(serial)),
  );
}

async function post(url: string, body: Buffer): Promise<Buffer> {
  const answer = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'Content-Type': 'application/ocsp-request' },
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`The authority answers ${answer.status}`);
  return limitedBody(answer, MOST_BYTES);
}

interface Asked {
  id: Buffer;
  issuer: X509Certificate;
  now: Temporal.Instant;
}

/** Reads an answer that the issuer signed, or somebody to whom it left that, and that counts now. */
function statusIn(answer: Buffer, { id, issuer, now }: Asked): Revocation {
  const [status, wrapped] = partsOf(decode(answer));
  if (!(status instanceof Enumerated) || status.valueBlock.valueDec !== 0) return 'unknown';
  const [type, bytes] = partsOf(partsOf(wrapped)[0]);
  const basic = octetsOf(bytes);
  if (oidOf(type) !== OCSP_BASIC || !basic) return 'unknown';
  const [data, algorithm, signature, certificates] = partsOf(decode(basic));
  if (!data || !(signature instanceof BitString)) return 'unknown';
  const hash = SIGNED_BY[oidOf(partsOf(algorithm)[0]) ?? ''];
  const signed = rawOf(data);
  const value = Buffer.from(signature.valueBlock.valueHexView);
  const own = partsOf(partsOf(certificates)[0]).map((each) => new X509Certificate(rawOf(each)));
  const isRight = [issuer, ...own.filter((each) => maySignFor(each, issuer, now))].some(
    ({ publicKey }) => hash !== undefined && verify(hash, signed, publicKey, value),
  );
  return isRight ? statusOf(data, id, now) : 'unknown';
}

function maySignFor(
  certificate: X509Certificate,
  issuer: X509Certificate,
  now: Temporal.Instant,
): boolean {
  const uses = extension(certificate, id_ce_extKeyUsage, ExtendedKeyUsage) ?? [];
  const at = now.epochMilliseconds;
  return (
    isIssuedBy(certificate, issuer) &&
    [...uses].includes(OCSP_SIGNING) &&
    certificate.validFromDate.getTime() <= at &&
    at <= certificate.validToDate.getTime()
  );
}

function statusOf(data: BaseBlock, id: Buffer, now: Temporal.Instant): Revocation {
  // Version and responder have tags of their context, the time has no parts: the answers are what remains.
  const list = partsOf(data).find(
    (each) => each.idBlock.tagClass === UNIVERSAL && partsOf(each).length > 0,
  );
  for (const each of partsOf(list)) {
    const [about, status, from, until] = partsOf(each);
    if (!about || !status || !rawOf(about).equals(id)) continue;
    if (!isFresh(from, partsOf(until)[0], now)) return 'unknown';
    const { tagClass, tagNumber } = status.idBlock;
    if (tagClass !== CONTEXT) return 'unknown';
    return tagNumber === 0 ? 'good' : tagNumber === 1 ? 'revoked' : 'unknown';
  }
  return 'unknown';
}

function isFresh(from: BaseBlock | undefined, until: BaseBlock | undefined, now: Temporal.Instant) {
  if (!(from instanceof GeneralizedTime)) return false;
  const skew = { minutes: SKEW_MINUTES };
  const since = from.toDate().getTime();
  const end =
    until instanceof GeneralizedTime ? until.toDate().getTime() : since + FRESH_HOURS * 3_600_000;
  return since <= now.add(skew).epochMilliseconds && now.subtract(skew).epochMilliseconds <= end;
}
