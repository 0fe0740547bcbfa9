import { type KeyObject, sign, type X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../clock.ts';
import { signWithToken } from '../keys/pkcs11.ts';
import { PlainError } from '../plain-error.ts';
import { faultOf } from './certificate.ts';
import { signDigest } from './cms.ts';
import type { SealSettings } from './settings.ts';
import { stampOf } from './stamp.ts';
import { isOfAuthority, signedStamp } from './token.ts';
import type { Seal, SealKey } from './types.ts';

/** Bytes of a signature without its certificates: digests, names, the signature itself. */
const ROOM = 2_048;
/** Bytes of a time stamp with the certificates of its authority. */
const STAMP_ROOM = 14_336;

export interface SealDeps {
  clock: Clock;
  /** Hears that an authority could not stamp: the document was issued without a stamp. */
  onUnstamped(error: unknown): void;
}

/** Returns the town's seal. */
export function createSeal(settings: SealSettings, { clock, onUnstamped }: SealDeps): Seal {
  const key = keyOf(settings);
  const { stampUrl: url, stampAuthorities } = settings;
  const accepts = acceptedBy(stampAuthorities);
  const [certificate] = key.certificates;
  if (!certificate) throw new PlainError('The seal has no certificate.');
  const chain = key.certificates.reduce((sum, { raw }) => sum + raw.length, 0);
  const stamp = async (signature: Buffer): Promise<Buffer | null> => {
    try {
      const token = url && (await stampOf(signature, { url, accepts }));
      if (token && token.length > STAMP_ROOM) throw new Error('The time stamp is too large');
      return token || null;
    } catch (error) {
      onUnstamped(error);
      return null;
    }
  };
  return {
    certificate,
    room: ROOM + chain + (url ? STAMP_ROOM : 0),
    seal(digest) {
      const fault = faultOf(certificate, clock.now());
      if (fault) throw new PlainError(`The certificate of the town's seal ${fault}.`);
      return signDigest(digest, key, stamp);
    },
  };
}

/** Returns what tells whether a time stamp counts: it is signed, by one of some authorities where they are known. */
export const acceptedBy =
  (authorities: readonly X509Certificate[] | null) =>
  (token: Buffer): boolean => {
    const stamp = signedStamp(token);
    return stamp !== null && (authorities === null || isOfAuthority(stamp, authorities));
  };

const signAsync = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('sha256', data, key, done),
);

/** Returns the key of a seal, wherever it is. */
export function keyOf({ key, certificates }: SealSettings): SealKey {
  const kind = certificates[0]?.publicKey.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec';
  const sign = (data: Buffer) =>
    'place' in key ? signWithToken(key.place, key.label, kind, data) : signAsync(data, key);
  return { kind, certificates, sign };
}
