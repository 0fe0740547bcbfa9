import { randomBytes } from 'node:crypto';
import { Boolean as DerBoolean, GeneralizedTime, Integer } from 'asn1js';
import { sha256Of } from './cms.ts';
import {
  decode,
  encode,
  integer,
  isTagged,
  OID,
  octets,
  octetsOf,
  oidOf,
  partsOf,
  sequence,
  sha256,
} from './der.ts';

/** Milliseconds that an authority has to answer. A person may be waiting for the document. */
const PATIENCE_MS = 8_000;
const NONCE_BYTES = 8;

/** A time-stamping authority. */
export interface StampAuthority {
  /** Its address, with a user and a password where it demands them. */
  url: string;
  /** Whether a token counts. */
  accepts(token: Buffer): boolean;
}

/**
 * Returns the time stamp of some bytes, from an authority (RFC 3161): a token in DER.
 * @throws when the authority is away, refuses, its answer is not about these bytes, or its token does not count
 */
export async function stampOf(data: Buffer, { url, accepts }: StampAuthority): Promise<Buffer> {
  const nonce = randomBytes(NONCE_BYTES);
  // A positive number in the fewest bytes, as DER has it.
  nonce[0] = (nonce.readUInt8(0) & 0x7f) | 0x40;
  const imprint = sha256Of(data);
  const asked = sequence(
    integer(1),
    sequence(sha256(), octets(imprint)),
    new Integer({ valueHex: Uint8Array.from(nonce).buffer }),
    new DerBoolean({ value: true }),
  );
  const answer = await post(url, encode(asked));
  const [status, token] = partsOf(decode(answer));
  const [code] = partsOf(status);
  const granted = code instanceof Integer ? code.valueBlock.valueDec : -1;
  // 0: granted; 1: granted with changes.
  if (granted !== 0 && granted !== 1) throw new Error(`The authority refuses: status ${granted}`);
  if (!token) throw new Error('The authority gave no token');
  const bytes = Buffer.from(token.valueBeforeDecodeView);
  const info = infoIn(bytes);
  if (!info?.imprint.equals(imprint) || !info.nonce?.equals(nonce))
    throw new Error('The token is not about what was asked');
  if (!accepts(bytes)) throw new Error('The token is not signed by an authority that counts');
  return bytes;
}

async function post(url: string, body: Buffer): Promise<Buffer> {
  const { username, password, ...at } = partsOfUrl(url);
  const secret = Buffer.from(`${username}:${password}`).toString('base64');
  const answer = await fetch(at.url, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: {
      'Content-Type': 'application/timestamp-query',
      ...(username && { Authorization: `Basic ${secret}` }),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`The authority answers ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

function partsOfUrl(text: string) {
  const url = new URL(text);
  const [username, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = '';
  url.password = '';
  return { url, username, password };
}

/** What a time stamp is of, and when it was made. */
export interface StampInfo {
  imprint: Buffer;
  at: Temporal.Instant;
  nonce: Buffer | null;
}

/** Reads a token (TSTInfo, RFC 3161, 2.4.2); null: it is none with SHA-256. */
export function infoIn(token: Buffer): StampInfo | null {
  const signed = partsOf(partsOf(partsOf(decode(token))[1])[0]);
  const [type, wrapped] = partsOf(signed[2]);
  const content = octetsOf(partsOf(wrapped)[0]);
  if (oidOf(type) !== OID.timeStampInfo || !content) return null;
  const parts = partsOf(decode(content));
  const [algorithm, hash] = partsOf(parts[2]);
  const imprint = octetsOf(hash);
  const time = parts.find((each) => each instanceof GeneralizedTime);
  if (oidOf(partsOf(algorithm)[0]) !== OID.sha256 || !imprint || !time) return null;
  const after = parts.slice(parts.indexOf(time) + 1);
  const nonce = after.find((each) => each instanceof Integer && !isTagged(each, 0));
  return {
    imprint,
    at: Temporal.Instant.fromEpochMilliseconds(time.toDate().getTime()),
    nonce: nonce instanceof Integer ? Buffer.from(nonce.valueBlock.valueHexView) : null,
  };
}
