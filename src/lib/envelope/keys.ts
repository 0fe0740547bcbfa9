import { randomBytes } from 'node:crypto';
import type { PurposeKey } from '../secrets.ts';
import { type Place, placeData } from './place.ts';
import { seal, unseal } from './seal.ts';

/**
 * Who keeps the key above all others: wraps those of the bodies and never gives its own away. An HSM (PKCS #11), a vault
 * or a cloud's KMS does the same behind this; each wraps 32 bytes with the data that they are bound to.
 */
export interface KeyProvider {
  wrap(key: Buffer, data: Buffer): Promise<Buffer>;
  /** @throws when it isn't one that it wrapped with the same data */
  unwrap(wrapped: Buffer, data: Buffer): Promise<Buffer>;
}

/** The default: a key made from the installation's, which lives outside the database. */
export function localKeys(installation: PurposeKey): KeyProvider {
  const key = installation.deriveKey('documents');
  return {
    wrap: async (clear, data) => seal(key, data, clear),
    unwrap: async (wrapped, data) => unseal(key, data, wrapped),
  };
}

export const newKey = (): Buffer => randomBytes(32);

/** What binds a wrapped key to whose it is. */
export const keyData = (place: Place): Buffer => placeData(place, 'key');

/** A key under the one above it. */
export const wrapKey = (above: Buffer, place: Place, key: Buffer): Buffer =>
  seal(above, keyData(place), key);

/** @throws Broken */
export const unwrapKey = (above: Buffer, place: Place, wrapped: Buffer): Buffer =>
  unseal(above, keyData(place), wrapped);
