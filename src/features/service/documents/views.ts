import { sql } from 'kysely';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { FREQUENT } from '../../../lib/db/frequent/client.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { WrappedOfficeKey } from '../../../lib/envelope/keys.ts';
import type { DueSql } from '../../../lib/jobs/due.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { readDocumentDeeds } from '../../foundation/audit/views.ts';
import { isReady } from './rules.ts';
import type {
  AppointmentDocument,
  DocumentKind,
  DocumentPlace,
  DocumentRow,
  DocumentState,
  Piece,
  Review,
  Shelf,
  ShelfPlace,
} from './types.ts';

/** Returns those of these blobs that are pieces of a document. */
export async function readStillUsed(tx: Tx, blobs: readonly string[]): Promise<Set<string>> {
  if (blobs.length === 0) return new Set();
  const rows = await tx
    .selectFrom('document_piece')
    .select('blob')
    .where('blob', 'in', [...blobs])
    .execute();
  return new Set(rows.map((each) => each.blob));
}

const select = (tx: Tx) => tx.selectFrom('document').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const bytesIn = ({
  office_id: office,
  bytes_document: document,
  bytes_space: space,
  bytes_shelf: shelf,
}: Row): DocumentPlace | null =>
  document !== null && space !== null && shelf !== null
    ? { office, space, shelf: shelf as ShelfPlace['shelf'], document }
    : null;

const fromRow = (row: Row): DocumentRow => ({
  id: row.id,
  office: row.office_id,
  appointment: row.appointment_id,
  case: row.case_id,
  request: row.request_id,
  kind: row.kind as DocumentKind,
  shelf: row.shelf as ShelfPlace['shelf'],
  requested: row.requested,
  state: row.state as DocumentState,
  stateAt: row.state_at,
  why: row.why,
  declared: row.declared,
  type: row.type,
  size: row.size,
  received: row.received,
  madeAt: row.made_at,
  madeBy: row.made_by,
  checks: row.checks,
  review: row.review as Review | null,
  reviewedAt: row.reviewed_at,
  heldAt: row.held_at,
  destroyedAt: row.destroyed_at,
  withdrawnAt: row.withdrawn_at,
  bytes: bytesIn(row),
  sealedName: row.name,
  sealedReason: row.reason,
  sealedCode: row.code,
  sealedHeldReason: row.held_reason,
});

/** Returns a row of an appointment's document. */
const ofAppointment = (row: Row): AppointmentDocument => fromRow(row) as AppointmentDocument;

/** Returns the documents of a case or of a request, in the order in which they came. */
export async function readPapers(
  tx: Tx,
  of: { case: string } | { request: string },
): Promise<DocumentRow[]> {
  const rows = await ('case' in of
    ? select(tx).where('case_id', '=', of.case)
    : select(tx).where('request_id', '=', of.request)
  )
    .orderBy('made_at')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Returns all documents of an appointment, destroyed ones too, in the order in which they came. */
export async function readDocuments(tx: Tx, appointment: string): Promise<AppointmentDocument[]> {
  const rows = await select(tx)
    .modifyFront(FREQUENT)
    .where('appointment_id', '=', appointment)
    .orderBy('made_at')
    .orderBy('id')
    .execute();
  return rows.map(ofAppointment);
}

/** Returns by appointment how many results its citizen can fetch and has not opened. An appointment without any is left out. */
export async function countToFetch(
  tx: Tx,
  appointments: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await select(tx)
    .where('appointment_id', 'in', appointments)
    .where('kind', '=', 'outbox')
    .execute();
  const ready = rows.map(ofAppointment).filter(isReady);
  const counts = new Map<string, number>();
  for (const [id, results] of Map.groupBy(ready, ({ appointment }) => appointment)) {
    const citizen = actorOf({ kind: 'citizen', appointment: id });
    const deeds = await readDocumentDeeds(tx, id, 'document_opened');
    const opened = new Set(deeds.filter(({ by }) => by === citizen).map((each) => each.document));
    counts.set(id, results.filter((each) => !opened.has(each.id)).length);
  }
  return counts;
}

export async function readDocument(tx: Tx, id: string): Promise<DocumentRow | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Whether a document is the signed paper of an act to which its citizen consented (docs/adr/0106). */
export async function isSignedPaper(tx: Tx, id: string): Promise<boolean> {
  const act = tx.selectFrom('act').select('id').where('scan_id', '=', id);
  return (await act.executeTakeFirst()) !== undefined;
}

/** Returns a document, locked until the transaction ends. */
export async function readDocumentForUpdate(tx: Tx, id: string): Promise<DocumentRow | null> {
  const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns the pieces that store a document, in order. */
export function readPieces(tx: Tx, document: string): Promise<Piece[]> {
  return tx
    .selectFrom('document_piece')
    .select(['first', 'segments', 'blob'])
    .where('document_id', '=', document)
    .orderBy('first')
    .execute();
}

/** A version of an office's key. */
export interface KeptOfficeKey extends WrappedOfficeKey {
  version: number;
}

/** Returns an office's newest key, which can't be removed until the transaction ends; null: it has none. */
export async function readNewestOfficeKey(tx: Tx, office: number): Promise<KeptOfficeKey | null> {
  const row = await tx
    .selectFrom('office_key')
    .select(['version', 'wrapped', 'key_version as keyVersion'])
    .where('office_id', '=', office)
    .orderBy('version', 'desc')
    .limit(1)
    .forKeyShare()
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the offices that have more than one key. */
export async function readOfficesWithOldKeys(tx: Tx): Promise<number[]> {
  const rows = await tx
    .selectFrom('office_key')
    .select('office_id')
    .groupBy('office_id')
    .having((eb) => eb.fn.countAll(), '>', 1)
    .execute();
  return rows.map((each) => each.office_id);
}

/** Returns the offices' keys that another version of the key of documents wrapped, locked. */
export async function readOfficeKeysNotBy(
  tx: Tx,
  keyVersion: number,
): Promise<(KeptOfficeKey & { office: number })[]> {
  return tx
    .selectFrom('office_key')
    .select(['office_id as office', 'version', 'wrapped', 'key_version as keyVersion'])
    .where('key_version', '<>', keyVersion)
    .forNoKeyUpdate()
    .execute();
}

const selectShelfKeys = (tx: Tx) =>
  tx
    .selectFrom('space_key as a')
    .innerJoin('office_key as b', (join) =>
      join.onRef('b.office_id', '=', 'a.office_id').onRef('b.version', '=', 'a.office_key_version'),
    )
    .select(['a.wrapped', 'b.wrapped as officeKey', 'b.key_version as keyVersion']);

/** Returns the key of a space and the office's key that wraps it, in one query: both may be replaced meanwhile. */
export async function readShelfKey(
  tx: Tx,
  { space, shelf }: Pick<ShelfPlace, 'space' | 'shelf'>,
): Promise<{ wrapped: Buffer; above: WrappedOfficeKey } | null> {
  const row = await selectShelfKeys(tx)
    .where('a.space_id', '=', space)
    .where('a.shelf', '=', shelf)
    .executeTakeFirst();
  if (!row) return null;
  return { wrapped: row.wrapped, above: { wrapped: row.officeKey, keyVersion: row.keyVersion } };
}

/** Returns the keys of several spaces, all of one office and shelf. */
export async function readShelfKeys(
  tx: Tx,
  places: readonly ShelfPlace[],
): Promise<{ place: ShelfPlace; wrapped: Buffer; above: WrappedOfficeKey }[]> {
  const [first] = places;
  if (!first) return [];
  const rows = await selectShelfKeys(tx)
    .select('a.space_id as space')
    .where(
      'a.space_id',
      'in',
      places.map(({ space }) => space),
    )
    .where('a.shelf', '=', first.shelf)
    .execute();
  return rows.map(({ wrapped, officeKey, keyVersion, space }) => ({
    place: { ...first, space },
    ...{ wrapped, above: { wrapped: officeKey, keyVersion } },
  }));
}

/** Returns some keys of spaces that another version of their office's key wrapped, locked. */
export async function readShelfKeysNotUnder(
  tx: Tx,
  version: number,
  most: number,
): Promise<{ place: ShelfPlace; wrapped: Buffer; above: WrappedOfficeKey }[]> {
  const rows = await selectShelfKeys(tx)
    .select(['a.office_id as office', 'a.space_id as space', 'a.shelf'])
    .where('a.office_key_version', '<>', version)
    .limit(most)
    .forNoKeyUpdate('a')
    .execute();
  return rows.map(({ wrapped, officeKey, keyVersion, office, space, shelf }) => ({
    place: { office, space, shelf: shelf as ShelfPlace['shelf'] },
    ...{ wrapped, above: { wrapped: officeKey, keyVersion } },
  }));
}

export async function readDocumentKey(tx: Tx, document: string): Promise<Buffer | null> {
  const row = await tx
    .selectFrom('document_key')
    .select('wrapped')
    .where('document_id', '=', document)
    .executeTakeFirst();
  return row?.wrapped ?? null;
}

type Due = Record<Shelf, Temporal.Instant> & { unfinished?: Temporal.Instant };

function selectDue(tx: Tx, office: number, before: Due) {
  const isBefore = (shelf: Shelf, at: Temporal.Instant) =>
    sql<boolean>`(document.shelf = ${shelf} and greatest(made_at, ends) <= ${at.toString()}::timestamptz)`;
  return tx
    .selectFrom('document')
    .innerJoin('appointment', 'appointment.id', 'document.appointment_id')
    .where('document.office_id', '=', office)
    .where('destroyed_at', 'is', null)
    .where('held_at', 'is', null)
    .where((eb) =>
      eb.or([
        isBefore('working', before.working),
        isBefore('evidence', before.evidence),
        // The service continues its own unfinished documents, however old they are.
        ...(before.unfinished
          ? [
              eb.and([
                eb('state', '=', 'receiving'),
                eb('made_by', '<>', 'system'),
                eb('state_at', '<=', moment(before.unfinished)),
              ]),
            ]
          : []),
      ]),
    );
}

/**
 * Returns the documents whose retention has ended and that nothing holds: those that came, and whose appointment ended, before `working` or
 * `evidence`, and uploads that were unfinished since before `unfinished`.
 */
export async function readDue(
  tx: Tx,
  office: number,
  before: Due & { most: number },
): Promise<AppointmentDocument[]> {
  const rows = await selectDue(tx, office, before)
    .selectAll('document')
    .orderBy('made_at')
    .limit(before.most)
    .forUpdate('document')
    .execute();
  return rows.map(ofAppointment);
}

/** Returns how many of these documents there are. */
export async function countDue(tx: Tx, office: number, before: Due): Promise<number> {
  const { count } = await selectDue(tx, office, before)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns which of these blobs have been loose since `at` or before. */
export async function readLoosePieces(
  db: Db,
  names: readonly string[],
  at: Temporal.Instant,
): Promise<Set<string>> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('loose_piece')
      .select('blob')
      .where('blob', '=', sql<string>`any (${names}::uuid[])`)
      .where('at', '<=', moment(at))
      .execute(),
  );
  return new Set(rows.map((each) => each.blob));
}

/** Returns which of these blobs belong to a document. */
export async function readKnownBlobs(db: Db, names: readonly string[]): Promise<Set<string>> {
  const rows = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('document_piece')
      .select('blob')
      .where('blob', '=', sql<string>`any (${names}::uuid[])`)
      .execute(),
  );
  return new Set(rows.map((each) => each.blob));
}

/** When the first document is to be checked. */
export const checksDue: DueSql = sql`select min(check_at) from document where check_at is not null and destroyed_at is null`;
