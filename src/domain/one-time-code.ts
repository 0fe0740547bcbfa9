import type { PurposeKey } from '../lib/secrets.ts';

/** Returns the six digits of a code. They can't be computed from the database alone. */
export const digitsOf = (key: PurposeKey, id: string): string =>
  String(key.of(id).deriveKey(`code ${id}`).readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
