import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
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
  const sealed = Buffer.alloc(clear.length + SEAL_BYTES);
  sealTo(sealed, key, data, clear);
  return sealed;
}

/** Seals as `seal` does, to the beginning of `to`. Returns the length of what was sealed. */
export function sealTo(to: Buffer, key: Buffer, data: Buffer, clear: Uint8Array): number {
  const nonce = randomFillSync(to.subarray(0, NONCE_BYTES));
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(data);
  const body = cipher.update(clear);
  // It adds nothing, here and in `unseal`: this cipher has no blocks to fill.
  cipher.final();
  to.set(body, NONCE_BYTES);
  to.set(cipher.getAuthTag(), NONCE_BYTES + body.length);
  return body.length + SEAL_BYTES;
}

/** @throws Broken */
export function unseal(key: Buffer, data: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < SEAL_BYTES) throw new Broken('It is too short to have been sealed');
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(data);
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const clear = cipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    cipher.final();
    return clear;
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
