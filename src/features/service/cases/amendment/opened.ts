import type { Tx } from '../../../../lib/db/database.ts';
import { unsealText } from '../../../../lib/envelope/seal.ts';
import type { Keyring } from '../../documents/service.ts';
import { placeOf } from '../sealing.ts';
import type { Amendment, AmendmentPoint, AmendmentRecord, CaseRow } from '../types.ts';
import { type AmendmentRow, readAmendments } from './views.ts';

/** What the parts of a request are sealed as. */
export const pointsOf = (id: string): string => `amendment ${id}`;
export const extensionOf = (id: string): string => `extension ${id}`;
export const recordOf = (id: string): string => `amended ${id}`;

/** Opens the requests to amend a case, the newest first. @throws Broken where one was changed or moved since */
export async function openAmendments(
  keys: Pick<Keyring, 'shelf'>,
  tx: Tx,
  row: CaseRow,
): Promise<Amendment[]> {
  const rows = await readAmendments(tx, row.id);
  const key = rows.length > 0 ? await keys.shelf(tx, placeOf(row)) : null;
  return key ? openRows(key, row, rows) : [];
}

/** Opens requests by the key of their case. */
export function openRows(key: Buffer, of: CaseRow, rows: readonly AmendmentRow[]): Amendment[] {
  const open = (what: string, sealed: Buffer) => unsealText(key, placeOf(of), what, sealed);
  return rows.map(({ sealedPoints, sealedExtension, extendedAt, answered, ...row }) => ({
    ...row,
    points: JSON.parse(open(pointsOf(row.id), sealedPoints)) as AmendmentPoint[],
    extended: extendedAt &&
      sealedExtension && {
        at: extendedAt,
        reason: open(extensionOf(row.id), sealedExtension),
      },
    answered: answered && {
      at: answered.at,
      number: answered.number,
      hash: answered.hash,
      record: JSON.parse(open(recordOf(row.id), answered.sealed)) as AmendmentRecord,
    },
  }));
}
