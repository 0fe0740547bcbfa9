import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** The dictionary of a PDF's standard security handler (ISO 32000-2, 7.6.4). */
export interface Lock {
  version: number;
  revision: number;
  permissions: number;
  /** The length of the key, if the version leaves a choice. */
  bits: number;
  owner: Buffer;
  user: Buffer;
  /** The first half of the file's identifier. */
  id: Buffer;
  hidesMetadata: boolean;
  /** The encrypted key of the file, from version 5 on. */
  sealedKey: Buffer;
  /** The encryption of streams; null: not supported here. */
  method: 'RC4' | 'AESV2' | 'AESV3' | 'none' | null;
}

/** The bytes that fill a short password. They also represent the empty password. */
const PADDING = Buffer.from(
  '28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a',
  'hex',
);

/**
 * Returns the file's key if the empty user password is right; then any program opens the document without a password. Null: it isn't right.
 * Pure.
 */
export function keyWithoutPassword(lock: Lock): Buffer | null {
  const { revision, user } = lock;
  if (revision >= 2 && revision <= 4) return keyByDigest(lock);
  if (user.length < 48 || (revision !== 5 && revision !== 6)) return null;
  const digest = (from: number) => emptyDigest(revision, user.subarray(from, from + 8));
  if (!digest(32).equals(user.subarray(0, 32))) return null;
  const cipher = createDecipheriv('aes-256-cbc', digest(40), Buffer.alloc(16));
  return cipher.setAutoPadding(false).update(lock.sealedKey.subarray(0, 32));
}

/** Returns the digest of the empty password with a salt, in revisions 5 and 6. */
export const emptyDigest = (revision: 5 | 6, salt: Buffer): Buffer =>
  revision === 5 ? sha(256, salt) : hardened(salt);

/**
 * Returns the decrypted bytes of a stream (7.6.3, algorithms 1 and 1.A).
 * @throws for bytes that can't be encrypted in this way
 */
export function decrypted(
  lock: Pick<Lock, 'method'>,
  key: Buffer,
  bytes: Buffer,
  { number, generation }: { number: number; generation: number },
): Buffer {
  const { method } = lock;
  if (method === null) throw new Error('encrypted in a way that is not followed');
  if (method === 'none') return bytes;
  if (method === 'AESV3') return openAes(256, key, bytes);
  const place = Buffer.alloc(5);
  place.writeUIntLE(number, 0, 3);
  place.writeUIntLE(generation, 3, 2);
  const salt = method === 'AESV2' ? Buffer.from('sAlT') : Buffer.alloc(0);
  const own = md5(key, place, salt).subarray(0, Math.min(key.length + 5, 16));
  return method === 'AESV2' ? openAes(128, own, bytes) : rc4(own, bytes);
}

function openAes(bits: 128 | 256, key: Buffer, bytes: Buffer): Buffer {
  const cipher = createDecipheriv(`aes-${bits}-cbc`, key, bytes.subarray(0, 16));
  return Buffer.concat([cipher.update(bytes.subarray(16)), cipher.final()]);
}

const md5 = (...parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();
const sha = (bits: number, bytes: Buffer): Buffer =>
  createHash(`sha${bits}`).update(bytes).digest();

/** Returns the key by algorithms 2, 4, 5 and 6; null: the empty password is wrong. */
function keyByDigest(lock: Lock): Buffer | null {
  const { version, revision, user, id } = lock;
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(lock.permissions | 0);
  const open = revision >= 4 && !lock.hidesMetadata ? Buffer.alloc(4, 0xff) : Buffer.alloc(0);
  const length = revision === 2 ? 5 : version === 4 ? 16 : lock.bits / 8;
  if (!(Number.isInteger(length) && length >= 5 && length <= 16)) return null;
  let key = md5(PADDING, lock.owner.subarray(0, 32), permissions, id, open).subarray(0, length);
  if (revision === 2) return rc4(key, PADDING).equals(user.subarray(0, 32)) ? key : null;
  for (let round = 0; round < 50; round++) key = md5(key).subarray(0, length);
  let check = md5(PADDING, id);
  for (let round = 0; round < 20; round++)
    check = rc4(
      key.map((each) => each ^ round),
      check,
    );
  return check.equals(user.subarray(0, 16)) ? key : null;
}

/** Returns the digest of the empty password by algorithm 2.B. */
function hardened(salt: Buffer): Buffer {
  let key = sha(256, salt);
  for (let round = 1; ; round++) {
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32));
    const long = cipher.setAutoPadding(false).update(Buffer.concat(Array(64).fill(key)));
    const rest = long.subarray(0, 16).reduce((sum, each) => sum + each, 0) % 3;
    key = sha([256, 384, 512][rest] ?? 256, long);
    if (round >= 64 && (long.at(-1) ?? 0) <= round - 32) return key.subarray(0, 32);
  }
}

/** RC4, the cipher of PDF 1.1 to 1.6, which OpenSSL 3 no longer has. It protects nothing here: the files open without a password. */
function rc4(key: Uint8Array, bytes: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number) => state[index & 0xff] ?? 0;
  const swap = (a: number, b: number) => {
    [state[a & 0xff], state[b & 0xff]] = [at(b), at(a)];
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 0xff;
    swap(i, j);
  }
  let j = 0;
  return bytes.map((byte, index) => {
    const i = index + 1;
    j = (j + at(i)) & 0xff;
    swap(i, j);
    return byte ^ at(at(i) + at(j));
  }) as Buffer;
}
