import type { Obstacle } from '../../../domain/residence/certify.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import type { Keyring } from '../documents/service.ts';
import type { PreparedCosignature } from './cosigning/types.ts';
import type { Case, CaseRecord, CaseRow, Draft, PreparedRecord } from './types.ts';

type Which = Pick<Case, 'id' | 'office'>;
type Keys = Pick<Keyring, 'make' | 'shelf'>;

/** The place of a case's key. All of a case ends together. */
export const placeOf = ({ id, office }: Which) => ({ office, space: id, shelf: 'case' }) as const;

/** Seals the answers of a locked case, whose key is made when there is none. */
export async function sealDraft(keys: Keys, tx: Tx, of: Which, draft: Draft): Promise<Buffer> {
  const key = await keys.make(tx, placeOf(of));
  return sealText(key, placeOf(of), 'draft', JSON.stringify(draft));
}

/** Seals what was handed in. Returns the text whose hash is registered, too. */
export async function sealRecord(
  keys: Keys,
  tx: Tx,
  of: Which,
  record: CaseRecord,
): Promise<{ sealed: Buffer; text: string }> {
  const text = canonicalJson(record);
  const key = await keys.make(tx, placeOf(of));
  return { sealed: sealText(key, placeOf(of), 'record', text), text };
}

/** What is sealed of a case; null where there is none. */
export interface Opened {
  draft: Draft | null;
  record: CaseRecord | null;
  obstacle: Obstacle | null;
}

/** Opens a case. @throws Broken where it was changed or moved since */
export async function openSealed(keys: Keys, tx: Tx, row: CaseRow): Promise<Opened> {
  const key = await keys.shelf(tx, placeOf(row));
  if (!key) return { draft: null, record: null, obstacle: null };
  const open = <T>(what: string, sealed: Buffer | null): T | null =>
    sealed && (JSON.parse(unsealText(key, placeOf(row), what, sealed)) as T);
  return {
    draft: open('draft', row.sealedDraft),
    record: open('record', row.sealedRecord),
    obstacle: open(OBSTACLE, row.sealedObstacle),
  };
}

const OBSTACLE = 'obstacle';

/** Seals why a locked case was not answered at once: it tells how somebody lives. */
export async function sealObstacle(
  keys: Keys,
  tx: Tx,
  of: Which,
  obstacle: Obstacle,
): Promise<Buffer> {
  const key = await keys.make(tx, placeOf(of));
  return sealText(key, placeOf(of), OBSTACLE, JSON.stringify(obstacle));
}

const preparedFor = (by: string): string => `prepared ${by}`;

/** Seals what a locked case is handed in with once it is paid or signed, or what somebody else signs of it. `by`: the payment or the signature, for which alone it opens. */
export async function sealPrepared(
  keys: Keys,
  tx: Tx,
  of: Which,
  { by, record }: { by: string; record: PreparedRecord | PreparedCosignature },
): Promise<Buffer> {
  const key = await keys.make(tx, placeOf(of));
  return sealText(key, placeOf(of), preparedFor(by), JSON.stringify(record));
}

/** Opens it. @throws Broken where it was changed or moved since, Error where the case's key has ended */
export async function openPrepared<R extends PreparedRecord | PreparedCosignature = PreparedRecord>(
  keys: Keys,
  tx: Tx,
  of: Which,
  { by, sealed }: { by: string; sealed: Buffer },
): Promise<R> {
  const key = await keys.shelf(tx, placeOf(of));
  if (!key) throw new Error(`The key of case ${of.id} has ended`);
  return JSON.parse(unsealText(key, placeOf(of), preparedFor(by), sealed)) as R;
}
