import { Broken, seal, unseal } from '../../../lib/envelope/seal.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';

/** The password of a connected calendar, sealed for its connection. */
export interface SealedPassword {
  sealed: Buffer;
  keyVersion: number;
}

const dataOf = (id: string): Buffer => Buffer.from(`calendar ${id}`);

/** Seals a password with a key that only this office, this connection and this version of the purpose key give. */
export function sealPassword(
  key: PurposeKey,
  { office, id }: { office: number; id: string },
  password: string,
): SealedPassword {
  const { version } = key;
  const own = key.at(version).deriveKey(`office ${office}`);
  return { sealed: seal(own, dataOf(id), Buffer.from(password)), keyVersion: version };
}

/** Returns a password; null: it can't be opened any more. */
export function openPassword(
  key: PurposeKey,
  { office, id }: { office: number; id: string },
  { sealed, keyVersion }: SealedPassword,
): string | null {
  try {
    const own = key.at(keyVersion).deriveKey(`office ${office}`);
    return unseal(own, dataOf(id), sealed).toString('utf8');
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
