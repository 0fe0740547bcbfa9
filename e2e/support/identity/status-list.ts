import { sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { cborDecode, cborEncode, DataItem } from '@owf/mdoc';
import { CompactSign } from 'jose';
import type { Issued } from './certificates.ts';

export interface StatusListWishes {
  uri: string;
  /** The values that are not 0, by their place. */
  values: ReadonlyMap<number, number>;
  bits?: 1 | 2 | 4 | 8;
  signer: Issued;
  at: Temporal.Instant;
  /** Claims that are otherwise than they should be. */
  claims?: Record<string, unknown>;
  typ?: string;
}

/** Returns the list in which an authority says what it has taken back (IETF Token Status List), of a thousand places. */
export function statusList(wishes: StatusListWishes): Promise<string> {
  const { uri, values, bits = 1, signer, at, claims = {}, typ = 'statuslist+jwt' } = wishes;
  const bytes = Buffer.alloc((1000 * bits) / 8);
  for (const [index, value] of values) {
    const bit = index * bits;
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (value << (bit & 7));
  }
  const payload = {
    sub: uri,
    iat: at.epochMilliseconds / 1000,
    exp: at.add({ hours: 12 }).epochMilliseconds / 1000,
    status_list: { bits, lst: deflateSync(bytes).toString('base64url') },
    ...claims,
  };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', typ, x5c: [signer.der.toString('base64')] })
    .sign(signer.key);
}

/** Lets an authority sign a mobile document again, with a place in a list. The library that issues them has no status. */
export function withStatus(response: Uint8Array, status: object, signer: Issued): Uint8Array {
  // biome-ignore lint/suspicious/noExplicitAny: another library's maps
  const whole = cborDecode<Map<string, any>>(response);
  const auth = whole.get('documents')[0].get('issuerSigned').get('issuerAuth');
  const security = cborDecode<Map<string, unknown>>(auth[2]);
  security.set('status', status);
  auth[2] = cborEncode(DataItem.fromData(security));
  const signed = cborEncode(['Signature1', auth[0], new Uint8Array(), auth[2]]);
  auth[3] = Uint8Array.from(sign('sha256', signed, { key: signer.key, dsaEncoding: 'ieee-p1363' }));
  return cborEncode(whole);
}
