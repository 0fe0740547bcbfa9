import { Broken, seal, unseal } from '../../../lib/envelope/seal.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';

/** What opens a connected calendar (a password, or tokens), sealed for its connection. */
export interface SealedCredential {
  sealed: Buffer;
  keyVersion: number;
}

const dataOf = (id: string): Buffer => Buffer.from(`calendar ${id}`);

/** Seals a credential with a key that only this office, this connection and this version of the purpose key give. */
export function sealCredential(
  key: PurposeKey,
  { office, id }: { office: number; id: string },
  credential: string,
): SealedCredential {
  const { version } = key;
  const own = key.at(version).deriveKey(`office ${office}`);
  return { sealed: seal(own, dataOf(id), Buffer.from(credential)), keyVersion: version };
}

/** Returns a credential; null: it can't be opened any more. */
export function openCredential(
  key: PurposeKey,
  { office, id }: { office: number; id: string },
  { sealed, keyVersion }: SealedCredential,
): string | null {
  try {
    const own = key.at(keyVersion).deriveKey(`office ${office}`);
    return unseal(own, dataOf(id), sealed).toString('utf8');
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
