import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { WrappedOfficeKey } from '../../../lib/envelope/keys.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { insertOpening, removeOpening } from '../../foundation/openings/service.ts';
import type {
  AppointmentDocument,
  DocumentPlace,
  DocumentRow,
  DocumentState,
  NewDocument,
  Piece,
  Review,
  ShelfPlace,
} from './types.ts';
import { type KeptOfficeKey, readDocument, readStillUsed } from './views.ts';

/** Inserts a version of an office's key. If two processes make the same version at once, one is kept. */
export async function insertOfficeKey(
  tx: Tx,
  office: number,
  { version, wrapped, keyVersion }: KeptOfficeKey,
): Promise<void> {
  await tx
    .insertInto('office_key')
    .values({ office_id: office, version, wrapped, key_version: keyVersion })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Replaces the wrapped form of an office's key. */
export async function replaceOfficeKey(
  tx: Tx,
  { office, version }: { office: number; version: number },
  { wrapped, keyVersion }: WrappedOfficeKey,
): Promise<void> {
  await tx
    .updateTable('office_key')
    .set({ wrapped, key_version: keyVersion })
    .where('office_id', '=', office)
    .where('version', '=', version)
    .execute();
}

/** Removes the earlier keys of an office that wrap no other key. */
export async function removeOldOfficeKeys(tx: Tx, office: number): Promise<void> {
  await sql`
    delete from office_key k where k.office_id = ${office}
      and k.version < (select max(version) from office_key where office_id = ${office})
      and not exists (select from space_key a where a.office_id = k.office_id and a.office_key_version = k.version)`.execute(
    tx,
  );
}

/** The key of a space, wrapped by a version of its office's key. */
interface WrappedShelfKey {
  wrapped: Buffer;
  officeKeyVersion: number;
}

export async function insertShelfKey(
  tx: Tx,
  { office, space, shelf }: ShelfPlace,
  { wrapped, officeKeyVersion }: WrappedShelfKey,
): Promise<void> {
  const on = { office_id: office, space_id: space, shelf };
  await tx
    .insertInto('space_key')
    .values({ ...on, wrapped, office_key_version: officeKeyVersion })
    .execute();
}

/** Replaces the wrapped form of the key of a space. */
export async function replaceShelfKey(
  tx: Tx,
  { space, shelf }: ShelfPlace,
  { wrapped, officeKeyVersion }: WrappedShelfKey,
): Promise<void> {
  await tx
    .updateTable('space_key')
    .set({ wrapped, office_key_version: officeKeyVersion })
    .where('space_id', '=', space)
    .where('shelf', '=', shelf)
    .execute();
}

export async function deleteShelfKey(tx: Tx, { space, shelf }: ShelfPlace): Promise<void> {
  await tx
    .deleteFrom('space_key')
    .where('space_id', '=', space)
    .where('shelf', '=', shelf)
    .execute();
}

/** Whose a new document is, its shelf, and its sealed columns. */
interface DocumentAt {
  id: string;
  /** One of these is given. */
  appointment?: string;
  case?: string;
  request?: string;
  shelf: ShelfPlace['shelf'];
  wrapped: Buffer;
  sealedName: Buffer;
  /** Null: it has no verification code. */
  code: { hash: Buffer; sealed: Buffer } | null;
}

export async function insertDocument(
  unit: Unit,
  on: DocumentAt,
  { kind, requested, type, size }: Omit<NewDocument, 'id' | 'name' | 'code'>,
): Promise<void> {
  const { tx, viewer, office, now } = unit;
  const at = now.toString();
  await tx
    .insertInto('document')
    .values({
      ...{ id: on.id, office_id: office, kind, requested },
      appointment_id: on.appointment ?? null,
      case_id: on.case ?? null,
      request_id: on.request ?? null,
      shelf: on.shelf,
      ...{ state: 'receiving', state_at: at, declared: type, size, name: on.sealedName },
      ...{ made_at: at, made_by: actorOf(viewer) },
      has_code: on.code !== null,
      code: on.code?.sealed ?? null,
    })
    .execute();
  if (on.code) await insertOpening(unit, { opens: 'document', subject: on.id }, on.code.hash);
  await tx
    .insertInto('document_key')
    .values({ document_id: on.id, office_id: office, wrapped: on.wrapped })
    .execute();
}

/** Inserts loose pieces before they are written, so that their owner is known whatever happens then. */
export async function insertLoosePieces(
  tx: Tx,
  office: number,
  blobs: readonly string[],
  now: Temporal.Instant,
): Promise<void> {
  const at = now.toString();
  await tx
    .insertInto('loose_piece')
    .values(blobs.map((blob) => ({ blob, office_id: office, at })))
    .execute();
}

/** Removes the rows of loose pieces from before `at`, which were deleted. */
export async function forgetLoosePieces(db: Db, at: Temporal.Instant): Promise<void> {
  await within(db, INSTALLATION, (tx) =>
    tx.deleteFrom('loose_piece').where('at', '<=', moment(at)).execute(),
  );
}

/** Adds a piece to a locked document, and updates its received bytes. */
export async function insertPiece(
  tx: Tx,
  { id, office }: Pick<DocumentRow, 'id' | 'office'>,
  piece: Piece,
  { received, now }: { received: number; now: Temporal.Instant },
): Promise<void> {
  await tx
    .insertInto('document_piece')
    .values({ document_id: id, office_id: office, ...piece })
    .execute();
  await tx.deleteFrom('loose_piece').where('blob', '=', piece.blob).execute();
  await tx
    .updateTable('document')
    .set({ received, state_at: now.toString() })
    .where('id', '=', id)
    .execute();
}

/** Changes the state of a locked document. `checkAt`: when to check it; null: never again. */
export async function setState(
  tx: Tx,
  id: string,
  state: DocumentState,
  { now, checkAt }: { now: Temporal.Instant; checkAt: Temporal.Instant | null },
  found: { type?: string; why?: string; sealedName?: Buffer } = {},
): Promise<void> {
  await tx
    .updateTable('document')
    .set({
      ...{ state, state_at: now.toString(), check_at: checkAt?.toString() ?? null },
      ...{ why: found.why ?? null },
      ...(found.type && { type: found.type }),
      ...(found.sealedName && { name: found.sealedName }),
    })
    .where('id', '=', id)
    .execute();
}

/** Claims the document whose check has been due longest, until `until`: then it is due again, in case this check crashed. */
export function claimToCheck(
  db: Db,
  now: Temporal.Instant,
  until: Temporal.Instant,
): Promise<DocumentRow | null> {
  return within(db, INSTALLATION, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      update document set check_at = ${until.toString()}::timestamptz, checks = checks + 1
      where id = (
        select id from document where check_at <= ${now.toString()}::timestamptz and destroyed_at is null
        order by check_at limit 1 for update skip locked
      ) returning id`.execute(tx);
    return rows[0] ? readDocument(tx, rows[0].id) : null;
  });
}

export async function setReview(
  tx: Tx,
  id: string,
  { review, reason }: { review: Review; reason: Buffer | null },
  { actor, now }: { actor: string; now: Temporal.Instant },
): Promise<void> {
  await tx
    .updateTable('document')
    .set({ review, reason, reviewed_at: now.toString(), reviewed_by: actor })
    .where('id', '=', id)
    .execute();
}

/** Waits until nobody else shares or shreds the bytes of a document, whichever documents have them. */
export async function lockBytes(tx: Tx, document: string): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtext('finestreta.bytes'),
      hashtext((select coalesce(bytes_document, id)::text from document where id = ${document}::uuid)))`.execute(
    tx,
  );
}

/** Gives a new document the bytes of another one, which is locked, and says that they are checked. Returns how many pieces. */
export async function insertSharedBytes(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  id: string,
  source: DocumentRow,
  place: DocumentPlace,
): Promise<number> {
  const done = await sql`
    insert into document_piece (document_id, first, segments, office_id, blob)
    select ${id}::uuid, first, segments, office_id, blob from document_piece where document_id = ${source.id}::uuid`.execute(
    tx,
  );
  await tx
    .updateTable('document')
    .set({
      state: source.state,
      state_at: now.toString(),
      type: source.type,
      received: source.received,
      bytes_document: place.document,
      bytes_space: place.space,
      bytes_shelf: place.shelf,
    })
    .where('id', '=', id)
    .execute();
  return Number(done.numAffectedRows ?? 0);
}

/**
 * Removes a document's key and the names of its blobs; nothing opens the bytes any more. Returns the blobs that no other document has, which are
 * removed after the commit; until then they are loose.
 */
export async function shred(tx: Tx, document: string, now: Temporal.Instant): Promise<string[]> {
  await lockBytes(tx, document);
  await tx.deleteFrom('document_key').where('document_id', '=', document).execute();
  const pieces = await tx
    .deleteFrom('document_piece')
    .where('document_id', '=', document)
    .returning(['blob', 'office_id'])
    .execute();
  const blobs = pieces.map(({ blob }) => blob);
  const used = await readStillUsed(tx, blobs);
  const gone = pieces.filter(({ blob }) => !used.has(blob));
  const loose = gone.map((each) => ({ ...each, at: now.toString() }));
  if (loose.length > 0) await tx.insertInto('loose_piece').values(loose).execute();
  return gone.map(({ blob }) => blob);
}

/** Removes an unfinished document, as if it had not been announced. */
export async function forgetUnfinished(
  unit: Unit,
  { id, appointment }: Pick<AppointmentDocument, 'id' | 'appointment'>,
): Promise<void> {
  const { tx, now } = unit;
  const found = await tx
    .selectFrom('document')
    .select('id')
    .where('id', '=', id)
    .where('appointment_id', '=', appointment)
    .where('state', '=', 'receiving')
    .forUpdate()
    .executeTakeFirst();
  if (!found) return;
  await shred(tx, id, now);
  await removeOpening(unit, 'document', id);
  await tx.deleteFrom('document').where('id', '=', id).execute();
}

/** Deletes papers of a case or photos of a request that were shredded, as if they had never been. */
export async function deletePapers(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .deleteFrom('document')
    .where('id', 'in', ids)
    .where('appointment_id', 'is', null)
    .execute();
}

/** Records that a document was destroyed, and removes its name. The hash of its code stays. */
export async function setDestroyed(
  tx: Tx,
  id: string,
  now: Temporal.Instant,
  { isWithdrawn = false } = {},
): Promise<void> {
  const at = now.toString();
  await tx
    .updateTable('document')
    .set({
      ...{ destroyed_at: at, check_at: null, name: null, reason: null, code: null },
      held_reason: null,
      withdrawn_at: isWithdrawn ? at : null,
    })
    .where('id', '=', id)
    .execute();
}

/** Removes the keys of an appointment's empty shelves. Sealed names in backups can't be opened then. */
export async function dropKeyOf(tx: Tx, appointment: string): Promise<void> {
  await sql`
    delete from space_key k where k.space_id = ${appointment}::uuid and not exists (
      select from document d where d.appointment_id = k.space_id and d.destroyed_at is null
        and d.shelf = k.shelf
    ) and not exists (
      select from act a where a.appointment_id = k.space_id and k.shelf = 'evidence' and a.record is not null
    )`.execute(tx);
}

/** Holds a document beyond its retention; null: no longer. */
export async function setHeld(
  tx: Tx,
  id: string,
  held: { viewer: Viewer; reason: Buffer; now: Temporal.Instant } | null,
): Promise<void> {
  await tx
    .updateTable('document')
    .set({
      held_at: held?.now.toString() ?? null,
      held_by: held ? actorOf(held.viewer) : null,
      held_reason: held?.reason ?? null,
    })
    .where('id', '=', id)
    .execute();
}
