import type { Office } from '../../../domain/office/types.ts';
import { sealText } from '../../../lib/envelope/seal.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { recordForgotten } from '../../booking/appointments/service.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { Keyring } from './keyring.ts';
import { heldReasonOf, shelfPlace } from './reading.ts';
import { LONGEST_REASON, mayHold, mayTakeOrphans, UNFINISHED_HOURS } from './rules.ts';
import {
  dropKeys,
  findDocument,
  putOnTrail,
  type Refused,
  removeOrLeave,
  type SpaceDeps,
} from './space.ts';
import { forgetLoosePieces, setDestroyed, setHeld, shred } from './store.ts';
import type { DocumentRow } from './types.ts';
import { readDocumentForUpdate, readDue, readKnownBlobs, readLoosePieces } from './views.ts';

/** Maximum documents that one transaction destroys, so that other transactions don't wait long. */
const AT_ONCE = 50;
/** Maximum names in one query. */
const NAMES_AT_ONCE = 1000;
/** Minutes after which an unknown piece is an orphan: twice as long as a request of an upload may last (`FILE_SECONDS` in src/timeouts.ts). */
const ORPHAN_SWEEPS_APART_MINUTES = 60;

/** Thrown when most stored pieces are orphans: the database is probably not the one of this bucket. Nothing was removed. */
class ForeignPieces extends Error {
  override name = 'ForeignPieces';
}

/** Destroys documents after their retention, and holds those that a law keeps longer. */
export interface Destroying {
  /** Destroys the documents of an office whose retention has ended: first the keys, then the bytes. Returns how many documents. */
  destroy(office: Office): Promise<number>;
  /** Destroys a document in a unit of work, before its time: what it is a copy of has ended. */
  destroyIn(unit: Unit, id: string): Promise<void>;
  /**
   * Removes stored pieces that belong to no document, left by a crash. Returns how many pieces.
   * @throws ForeignPieces
   */
  sweepOrphans(): Promise<number>;
  /** Keeps a document beyond its retention for a legal reason; null: no longer. Only viewers who may hold documents can do it. */
  hold(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
    reason: string | null,
  ): Promise<{ ok: true } | Refused<'not_found' | 'no_reason'>>;
  /** The same in a unit of work. */
  holdIn(
    unit: Unit,
    appointment: string,
    id: string,
    reason: string | null,
  ): ReturnType<Destroying['hold']>;
}

export function createDestroying(deps: SpaceDeps): Destroying {
  const { db, blobs, clock, keyring, unit } = deps;
  return {
    async destroy(office) {
      let destroyed = 0;
      for (;;) {
        const { done, left } = await unit(RETENTION, office.id, (each) =>
          destroySome(each, office),
        );
        await removeOrLeave(blobs, left);
        destroyed += done;
        if (done < AT_ONCE) return destroyed;
      }
    },
    async destroyIn(each, id) {
      const document = await readDocumentForUpdate(each.tx, id);
      if (!document || document.destroyedAt) return;
      const left = await destroyOne(each, document);
      if (left.length > 0) each.afterCommit(() => void removeOrLeave(blobs, left));
    },
    sweepOrphans: createSweep({ db, blobs, clock }),
    hold: (viewer, office, appointment, id, reason) =>
      unit(viewer, office.id, (each) => hold(keyring, each, appointment, id, reason)),
    holdIn: (each, appointment, id, reason) => hold(keyring, each, appointment, id, reason),
  };
}

const RETENTION = { kind: 'system', why: 'retention' } as const;

async function destroySome(
  unit: Unit,
  { settings }: Office,
): Promise<{ done: number; left: string[] }> {
  const { tx, office, now } = unit;
  const { documentsHours, evidenceDays } = settings.retention;
  const due = await readDue(tx, office, {
    working: now.subtract({ hours: documentsHours }),
    evidence: now.subtract({ hours: 24 * evidenceDays }),
    unfinished: now.subtract({ hours: UNFINISHED_HOURS }),
    most: AT_ONCE,
  });
  const left: string[] = [];
  for (const each of due) left.push(...(await destroyOne(unit, each)));
  const appointments = [...new Set(due.map((each) => each.appointment))].sort();
  for (const each of appointments) await dropKeys(unit, each);
  if (appointments.length > 0)
    await recordForgotten(unit, { office, appointments, what: 'documents' }, now);
  return { done: due.length, left };
}

/** Destroys a document. The certificate stays on the audit trail: which document, its kind, its size. Returns the names of the pieces. */
async function destroyOne(unit: Unit, document: DocumentRow): Promise<string[]> {
  const { id, kind, size, state } = document;
  const left = await shred(unit.tx, id, unit.now);
  await setDestroyed(unit.tx, id, unit.now);
  const data = { kind, size, pieces: left.length, unfinished: state === 'receiving' };
  await putOnTrail(unit, document, 'document_destroyed', data);
  return left;
}

/** Returns the sweep of orphans, which keeps the unknown names between sweeps. */
function createSweep({ db, blobs, clock }: Pick<SpaceDeps, 'db' | 'blobs' | 'clock'>) {
  /** The unknown names, and when each was first found. */
  let strangers = new Map<string, Temporal.Instant>();

  return async (): Promise<number> => {
    const now = clock.now();
    const since = now.subtract({ minutes: ORPHAN_SWEEPS_APART_MINUTES });
    const found = new Map<string, Temporal.Instant>();
    const doomed: string[] = [];
    const loose: string[] = [];
    const count = { there: 0, known: 0 };
    for await (const names of inBatches(blobs.list())) {
      const pieces = names.filter(isPiece);
      const known = await readKnownBlobs(db, pieces);
      const ours = await readLoosePieces(db, pieces, since);
      count.there += names.length;
      count.known += known.size;
      for (const name of names.filter((each) => !known.has(each))) {
        const first = strangers.get(name) ?? now;
        if (ours.has(name)) loose.push(name);
        else if (Temporal.Instant.compare(first, since) <= 0) doomed.push(name);
        else found.set(name, first);
      }
    }
    await blobs.remove(loose);
    await forgetLoosePieces(db, since);
    const isLikely = mayTakeOrphans({ ...count, orphans: doomed.length });
    if (doomed.length > 0 && !isLikely) throw new ForeignPieces();
    strangers = found;
    await blobs.remove(doomed);
    return loose.length + doomed.length;
  };
}

async function* inBatches(all: AsyncIterable<string>): AsyncGenerator<string[]> {
  let names: string[] = [];
  for await (const name of all) {
    if (names.push(name) < NAMES_AT_ONCE) continue;
    yield names;
    names = [];
  }
  if (names.length > 0) yield names;
}

async function hold(
  keyring: Keyring,
  unit: Unit,
  appointment: string,
  id: string,
  reason: string | null,
): ReturnType<Destroying['hold']> {
  const { tx, viewer, now } = unit;
  const words = reason?.trim().slice(0, LONGEST_REASON);
  const document = mayHold(viewer) ? await findDocument(tx, viewer, appointment, id) : null;
  if (!document) return { ok: false, reason: 'not_found' };
  if (words === '') return { ok: false, reason: 'no_reason' };
  const shelf = shelfPlace(document);
  const key = words ? await keyring.shelf(tx, shelf) : null;
  if (words && !key) return { ok: false, reason: 'not_found' };
  const sealed = key && words ? sealText(key, shelf, heldReasonOf(document), words) : null;
  await setHeld(tx, id, sealed && { viewer, reason: sealed, now });
  await putOnTrail(unit, document, sealed ? 'document_held' : 'document_let_go');
  return { ok: true };
}

const isPiece = (name: string): boolean => /^[0-9a-f-]{36}$/.test(name);
