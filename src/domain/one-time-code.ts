import type { PurposeKey } from '../lib/secrets.ts';

/** The six digits of a code. Whoever has the database alone can't make them. */
export const digitsOf = (key: PurposeKey, id: string): string =>
  String(key.of(id).deriveKey(`code ${id}`).readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
