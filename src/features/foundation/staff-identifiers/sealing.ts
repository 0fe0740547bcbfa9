import type { PersonId } from '../../../domain/identity.ts';
import { seal, unseal } from '../../../lib/envelope/seal.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';

/** A NIF, sealed by a version of the purpose key `people`. */
export interface SealedIdentifier {
  sealed: Buffer;
  keyVersion: number;
}

/** Seals a NIF for one member of staff, by the newest version. */
export function sealIdentifier(key: PurposeKey, staff: number, id: PersonId): SealedIdentifier {
  const by = key.at(key.version);
  const clear = Buffer.from(JSON.stringify(id));
  return { sealed: seal(by.deriveKey(PURPOSE), dataOf(staff), clear), keyVersion: by.version };
}

/** @throws Broken when it belongs to another person */
export function openIdentifier(
  key: PurposeKey,
  staff: number,
  { sealed, keyVersion }: SealedIdentifier,
): PersonId {
  const clear = unseal(key.at(keyVersion).deriveKey(PURPOSE), dataOf(staff), sealed);
  return JSON.parse(clear.toString('utf8'));
}

const PURPOSE = 'staff identifier';
const dataOf = (staff: number): Buffer => Buffer.from(`staff|${staff}|identifier`);
