import { createHash } from 'node:crypto';
import type { Binding } from './binding.ts';
import { encode } from './cbor.ts';

/** Returns the session that a device signs, CBOR (OpenID4VP 1.0, annex B.2.6): what binds a mobile document to the request and its answer. */
export function sessionTranscript(
  binding: Pick<Binding, 'way' | 'clientId' | 'nonce' | 'responseUri' | 'origin' | 'thumbprint'>,
): Buffer {
  const { way, clientId, nonce, responseUri, origin, thumbprint } = binding;
  const isDirect = way === 'direct';
  const info = isDirect
    ? [
        encode.text(clientId),
        encode.text(nonce),
        encode.bytes(thumbprint),
        encode.text(responseUri),
      ]
    : [encode.text(origin), encode.text(nonce), encode.bytes(thumbprint)];
  const hash = createHash('sha256').update(encode.list(info)).digest();
  const handover = encode.list([
    encode.text(isDirect ? 'OpenID4VPHandover' : 'OpenID4VPDCAPIHandover'),
    encode.bytes(hash),
  ]);
  return encode.list([encode.null(), encode.null(), handover]);
}
