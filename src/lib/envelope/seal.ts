import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type Place, placeData } from './place.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The bytes that sealing adds: the nonce before, the tag behind. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

/** The sealed data was changed or moved, or the key is wrong. */
export class Broken extends Error {
  override name = 'Broken';
}

/** Seals with AES-256-GCM and a random nonce (NIST SP 800-38D, 8.2.2): nonce, ciphertext, tag. */
export function seal(key: Buffer, data: Buffer, clear: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(data);
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Broken */
export function unseal(key: Buffer, data: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < SEAL_BYTES) throw new Broken('It is too short to have been sealed');
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(data);
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const clear = cipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([clear, cipher.final()]);
  } catch {
    throw new Broken('It was changed, or moved, since it was sealed');
  }
}

/** Seals a short text, such as a file's name, under the key of its place; `what` names its kind. */
export const sealText = (key: Buffer, place: Place, what: string, text: string): Buffer =>
  seal(key, placeData(place, what), Buffer.from(text));

/** @throws Broken */
export const unsealText = (key: Buffer, place: Place, what: string, sealed: Buffer): string =>
  unseal(key, placeData(place, what), sealed).toString('utf8');
