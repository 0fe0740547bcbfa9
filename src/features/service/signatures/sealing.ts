import type { Tx } from '../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import { keyPlaceOf } from '../cases/service.ts';
import type { CaseRow } from '../cases/types.ts';
import type { Keyring } from '../documents/service.ts';

type Which = Pick<CaseRow, 'id' | 'office'>;

/** What is sealed of a signature. */
type What = 'kept' | 'signer' | 'evidence' | 'document' | 'result';

const nameOf = (what: What, id: string): string => `signature ${what} ${id}`;

/** Seals a part of a signature under the key of its case. */
export async function sealPart(
  keys: Pick<Keyring, 'make'>,
  tx: Tx,
  of: Which,
  { what, id, text }: { what: What; id: string; text: string },
): Promise<Buffer> {
  const key = await keys.make(tx, keyPlaceOf(of));
  return sealText(key, keyPlaceOf(of), nameOf(what, id), text);
}

/** Opens a part of a signature; null: there is none, or its case was destroyed. @throws Broken where it was changed or moved since */
export async function openPart(
  keys: Pick<Keyring, 'shelf'>,
  tx: Tx,
  of: Which,
  { what, id, sealed }: { what: What; id: string; sealed: Buffer | null },
): Promise<string | null> {
  const key = sealed && (await keys.shelf(tx, keyPlaceOf(of)));
  return key && sealed && unsealText(key, keyPlaceOf(of), nameOf(what, id), sealed);
}
