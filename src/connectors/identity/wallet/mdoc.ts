import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Binding, type Claims, checkValidity, type Trust } from './binding.ts';
import { type Cbor, decode, encode, Tagged } from './cbor.ts';
import { signerOf } from './chain.ts';
import { PID_DOC_TYPE } from './query.ts';
import { refuse } from './refusal.ts';
import { curveOf } from './signing.ts';
import { statusIn } from './status.ts';
import { sessionTranscript } from './transcript.ts';

/**
 * Returns the person's data in a presentation of a mobile document (ISO/IEC 18013-5; OpenID4VP 1.0, annex B.2): signed by an authority that
 * the town trusts, valid now, presented by whoever has the device's key, for this attempt.
 *
 * @param bytes a `DeviceResponse`
 * @throws NotIdentified
 */
export function claimsInMdoc(bytes: Buffer, binding: Binding, trust: Trust): Claims {
  const document = documentIn(decode(bytes));
  if (document.get('docType') !== PID_DOC_TYPE) return refuse('pid_type');
  const issuerSigned = mapIn(document.get('issuerSigned'));
  const { payload, country } = issuerAuth(listIn(issuerSigned.get('issuerAuth')), trust);
  const security = mapIn(decode(embeddedIn(decode(payload))));
  if (security.get('docType') !== PID_DOC_TYPE) return refuse('pid_type');
  checkTimes(mapIn(security.get('validityInfo')), trust);
  const values = elementsIn(mapIn(issuerSigned.get('nameSpaces')), security);
  const device = mapIn(mapIn(security.get('deviceKeyInfo')).get('deviceKey'));
  checkDevice(mapIn(document.get('deviceSigned')), keyIn(device), binding);
  return { values, country, status: statusIn(plain(security.get('status'))) };
}

function documentIn(response: Cbor): ReadonlyMap<string | number, Cbor> {
  const map = mapIn(response);
  if (map.get('status') !== 0) return refuse('mdoc_status');
  const documents = listIn(map.get('documents'));
  return documents.length === 1 ? mapIn(documents[0]) : refuse('presentation_several');
}

/** Checks the signature of the authority (ISO/IEC 18013-5, 9.1.2.4). Returns what it signed, and its country. */
function issuerAuth(sign1: readonly Cbor[], trust: Trust): { payload: Buffer; country: string } {
  const [, unprotected, payload] = sign1;
  const chain = mapIn(unprotected).get(33);
  const certificates = (Array.isArray(chain) ? chain : [chain]).map((each) =>
    each instanceof Buffer ? each : refuse('chain_missing'),
  );
  const { key, country } = signerOf(certificates, trust.anchors, trust.now);
  const signed = bytesIn(payload);
  checkSignature(sign1, signed, key, 'issuer_signature');
  return { payload: signed, country };
}

/** Checks a signature of COSE (RFC 9052, section 4.4). */
function checkSignature(
  sign1: readonly Cbor[],
  payload: Buffer,
  key: KeyObject,
  code: string,
): void {
  if (sign1.length !== 4) refuse('cose');
  const header = bytesIn(sign1[0]);
  const curve = curveOf(key);
  const headers = mapIn(decode(header));
  const algorithm = headers.get(1);
  if (headers.has(2)) refuse('cose_critical');
  if (typeof algorithm !== 'number' || !curve.cose.includes(algorithm)) refuse('cose_algorithm');
  const signed = encode.list([
    encode.text('Signature1'),
    encode.bytes(header),
    encode.bytes(Buffer.alloc(0)),
    encode.bytes(payload),
  ]);
  const signature = bytesIn(sign1[3]);
  if (!verify(curve.hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) refuse(code);
}

function checkTimes(validity: ReadonlyMap<string | number, Cbor>, trust: Trust): void {
  const moment = (name: string): number => {
    const value = validity.get(name);
    if (!(value instanceof Tagged) || value.tag !== 0 || typeof value.value !== 'string')
      return refuse('mdoc_validity');
    return Temporal.Instant.from(value.value).epochMilliseconds / 1000;
  };
  checkValidity(trust, Math.max(moment('signed'), moment('validFrom')), moment('validUntil'));
}

const DIGESTS = new Map<Cbor, string>([
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

/** Returns the elements that are presented. The digest of each must be one that the authority signed (ISO/IEC 18013-5, 9.1.2.5). */
function elementsIn(
  namespaces: ReadonlyMap<string | number, Cbor>,
  security: ReadonlyMap<string | number, Cbor>,
): Map<string, unknown> {
  if ([...namespaces.keys()].some((each) => each !== PID_DOC_TYPE)) refuse('mdoc_namespace');
  const algorithm = DIGESTS.get(security.get('digestAlgorithm')) ?? refuse('hash_unknown');
  const digests = mapIn(mapIn(security.get('valueDigests')).get(PID_DOC_TYPE));
  const elements = new Map<string, unknown>();
  for (const item of listIn(namespaces.get(PID_DOC_TYPE))) {
    const bytes = embeddedIn(item);
    const element = mapIn(decode(bytes));
    const id = element.get('digestID');
    const signed = typeof id === 'number' ? digests.get(id) : undefined;
    const digest = createHash(algorithm).update(encode.embedded(bytes)).digest();
    if (!(signed instanceof Buffer) || !signed.equals(digest)) refuse('disclosure_not_signed');
    const name = textIn(element.get('elementIdentifier'));
    if (elements.has(name)) refuse('disclosure_twice');
    elements.set(name, element.get('elementValue'));
  }
  return elements;
}

/** Checks the signature of the device over the session (ISO/IEC 18013-5, 9.1.3.4). */
function checkDevice(
  signed: ReadonlyMap<string | number, Cbor>,
  key: KeyObject,
  binding: Binding,
): void {
  const auth = mapIn(signed.get('deviceAuth'));
  if (auth.has('deviceMac')) refuse('device_mac');
  if (!auth.has('deviceSignature')) refuse('key_binding_missing');
  const sign1 = listIn(auth.get('deviceSignature'));
  if (sign1[2] !== null) refuse('cose');
  const authentication = encode.list([
    encode.text('DeviceAuthentication'),
    sessionTranscript(binding),
    encode.text(PID_DOC_TYPE),
    encode.embedded(embeddedIn(signed.get('nameSpaces'))),
  ]);
  checkSignature(sign1, encode.embedded(authentication), key, 'device_signature');
}

const COSE_CURVES = new Map<Cbor, string>([
  [1, 'P-256'],
  [2, 'P-384'],
  [3, 'P-521'],
]);

/** Returns a key of COSE (RFC 9053, section 7.1.1). */
function keyIn(key: ReadonlyMap<string | number, Cbor>): KeyObject {
  const crv = COSE_CURVES.get(key.get(-1));
  if (key.get(1) !== 2 || !crv) return refuse('key_unsuited');
  const x = bytesIn(key.get(-2)).toString('base64url');
  const y = bytesIn(key.get(-3)).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv, x, y }, format: 'jwk' });
}

/** Returns maps as objects. */
const plain = (value: Cbor): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]))
    : value;

const mapIn = (value: Cbor): ReadonlyMap<string | number, Cbor> =>
  value instanceof Map ? value : refuse('mdoc');
const listIn = (value: Cbor): readonly Cbor[] => (Array.isArray(value) ? value : refuse('mdoc'));
const bytesIn = (value: Cbor): Buffer => (value instanceof Buffer ? value : refuse('mdoc'));
const textIn = (value: Cbor): string => (typeof value === 'string' ? value : refuse('mdoc'));

/** Returns the bytes in `#6.24(bstr)`. */
const embeddedIn = (value: Cbor): Buffer =>
  value instanceof Tagged && value.tag === 24 ? bytesIn(value.value) : refuse('mdoc');
