import { randomUUID } from 'node:crypto';
import type { Tx } from '../../../lib/db/database.ts';
import { wrapKey } from '../../../lib/envelope/keys.ts';
import { sealText, unsealText } from '../../../lib/envelope/seal.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Keyring } from './keyring.ts';
import { nameOf, shelfPlace } from './reading.ts';
import { putOnTrail } from './space.ts';
import { insertDocument, insertSharedBytes, lockBytes } from './store.ts';
import type { AppointmentDocument, DocumentRow, ShelfPlace, SpacePaper } from './types.ts';
import { readDocument, readDocumentForUpdate, readDocuments } from './views.ts';

/** The space to which a document is brought. */
type Target = { case: string } | { appointment: string };

/** Returns whether a document may be shared: checked, there, and no evidence. */
const isShareable = ({ state, kind, destroyedAt, withdrawnAt }: DocumentRow): boolean =>
  state === 'clean' && kind !== 'evidence' && !destroyedAt && !withdrawnAt;

/** Returns the documents of an appointment that can be shared, in the order in which they came. */
export async function shareableIn(
  keyring: Keyring,
  tx: Tx,
  appointment: string,
): Promise<SpacePaper[]> {
  const rows = (await readDocuments(tx, appointment)).filter(isShareable);
  return Promise.all(rows.map(async (row) => ({ ...entryOf(row), name: await nameIn(row) })));

  async function nameIn(row: AppointmentDocument): Promise<string> {
    const place = shelfPlace(row);
    const key = row.sealedName && (await keyring.shelf(tx, place));
    return key && row.sealedName ? unsealText(key, place, nameOf(row), row.sealedName) : '';
  }
}

const entryOf = ({ id, size, madeAt }: DocumentRow) => ({ id, size, madeAt });

/**
 * Makes a document of another space that has the bytes of this one: one stored object, of which each document has the key, wrapped for its own
 * space. Each ends by itself; the bytes go with the last one (docs/adr/0108). The space to which it comes is locked. Returns its id; null: the document
 * is not there any more, or is none that can be shared.
 */
export async function share(
  keyring: Keyring,
  unit: Unit,
  source: string,
  to: Target,
): Promise<string | null> {
  const { tx, office } = unit;
  if (!isUuid(source)) return null;
  const row = await readDocumentForUpdate(tx, source);
  await lockBytes(tx, source);
  if (row?.office !== office || !isShareable(row) || !row.sealedName) return null;
  const from = shelfPlace(row);
  const above = await keyring.shelf(tx, from);
  const key = await keyring.document(tx, { ...from, document: row.id });
  if (!above || !key) return null;
  const name = unsealText(above, from, nameOf(row), row.sealedName);
  const place = placeOf(office, to);
  const under = await keyring.make(tx, place);
  const id = randomUUID();
  await insertDocument(
    unit,
    {
      id,
      ...to,
      shelf: place.shelf,
      wrapped: wrapKey(under, { ...place, document: id }, key),
      sealedName: sealText(under, place, nameOf({ id }), name),
      code: null,
    },
    { kind: 'inbox', type: row.declared, size: row.size, requested: null },
  );
  await insertSharedBytes(unit, id, row, row.bytes ?? { ...from, document: row.id });
  const made = { appointment: null, case: null, request: null, ...to, id };
  await putOnTrail(unit, made, 'document_handed', { kind: 'inbox', from: row.id });
  return id;
}

/** Returns whether an appointment has a document with the bytes of this one already. */
export async function hasSame(tx: Tx, appointment: string, id: string): Promise<boolean> {
  const row = isUuid(id) ? await readDocument(tx, id) : null;
  if (!row) return false;
  const rows = await readDocuments(tx, appointment);
  return rows.some((each) => !each.destroyedAt && rootOf(each) === rootOf(row));
}

/** Returns the id of the document as which the bytes were sealed. */
const rootOf = ({ id, bytes }: DocumentRow): string => bytes?.document ?? id;

const placeOf = (office: number, to: Target): ShelfPlace =>
  'case' in to
    ? { office, space: to.case, shelf: 'case' }
    : { office, space: to.appointment, shelf: 'working' };
