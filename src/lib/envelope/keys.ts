import { randomBytes } from 'node:crypto';
import type { PurposeKey } from '../secrets.ts';
import { type Place, placeData } from './place.ts';
import { seal, unseal } from './seal.ts';

/** An office's key, wrapped by a version of the key of documents. */
export interface WrappedOfficeKey {
  wrapped: Buffer;
  /** Version of the purpose `documents`. */
  keyVersion: number;
}

/** Wraps the keys of offices. */
export interface OfficeKeys {
  /** The version used for wrapping. */
  readonly version: number;
  wrap(key: Buffer, office: number): WrappedOfficeKey;
  /** @throws Broken when it was wrapped for another office, or by another key */
  unwrap(wrapped: WrappedOfficeKey, office: number): Promise<Buffer>;
}

/**
 * Returns the wrapping of offices' keys by the key of documents. `refresh` reads that key again, when a row names a version that another
 * process made.
 */
export function documentKeys(
  key: PurposeKey,
  refresh: () => Promise<void> = async () => {},
): OfficeKeys {
  return {
    get version() {
      return key.version;
    },
    wrap(clear, office) {
      const by = key.at(key.version);
      const wrapped = seal(by.deriveKey('documents'), keyData({ office }), clear);
      return { wrapped, keyVersion: by.version };
    },
    async unwrap({ wrapped, keyVersion }, office) {
      if (!key.live().some((each) => each.version >= keyVersion)) await refresh();
      return unseal(key.at(keyVersion).deriveKey('documents'), keyData({ office }), wrapped);
    },
  };
}

export const newKey = (): Buffer => randomBytes(32);

/** Returns the data that binds a wrapped key to its owner. */
export const keyData = (place: Place): Buffer => placeData(place, 'key');

/** Wraps a key with the key above it. */
export const wrapKey = (above: Buffer, place: Place, key: Buffer): Buffer =>
  seal(above, keyData(place), key);

/** @throws Broken */
export const unwrapKey = (above: Buffer, place: Place, wrapped: Buffer): Buffer =>
  unseal(above, keyData(place), wrapped);
