import { randomUUID } from 'node:crypto';
import { NoBlobs } from '../../../lib/blobs/types.ts';
import { within } from '../../../lib/db/database.ts';
import { cut, SEGMENT_BYTES, sealSegment, segmentsOf } from '../../../lib/envelope/segments.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { SpaceDeps } from './space.ts';
import { insertLoosePiece, insertPiece, setState } from './store.ts';
import type { DocumentPlace, DocumentRow, Piece } from './types.ts';
import { readDocumentForUpdate } from './views.ts';

/** Maximum segments of one blob: the sender may lose that much in a crash, and one upload takes that much memory. */
const PIECE_SEGMENTS = 64;

export type Received =
  | { ok: true; received: number }
  | { ok: false; reason: 'conflict' | 'too_large' | 'no_room' | 'not_now'; received: number };

type Deps = Pick<SpaceDeps, 'db' | 'blobs' | 'clock' | 'unit'>;

/** A document that is being received, and its key. */
interface Going {
  document: DocumentRow;
  key: Buffer;
  place: DocumentPlace;
}

/**
 * Receives a document and seals it at once: at most one piece is clear in memory, and nothing elsewhere. When the upload stops, the full
 * segments are kept. Only whole segments are received, so the rest is sent again.
 */
export async function receive(
  deps: Deps,
  viewer: Viewer,
  going: Going,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Received> {
  const { size } = going.document;
  const pieces = createPieces(deps, viewer, going);
  const parts = cut(bytes)[Symbol.asyncIterator]();
  try {
    for (;;) {
      // The sender may disconnect at any time; the received bytes are kept.
      const part = await parts.next().catch(() => null);
      if (!part || part.done) break;
      const clear = part.value;
      const after = pieces.sealed() + clear.length;
      if (after > size) {
        await pieces.written();
        return { ok: false, reason: 'too_large', received: pieces.received() };
      }
      if (clear.length < SEGMENT_BYTES && after < size) break;
      if (!(await pieces.add(clear)))
        return { ok: false, reason: 'conflict', received: pieces.received() };
    }
    const isKept = (await pieces.keep()) && (await pieces.written());
    const received = pieces.received();
    return isKept ? { ok: true, received } : { ok: false, reason: 'conflict', received };
  } catch (error) {
    if (!(error instanceof NoBlobs)) throw error;
    const reason = error.why === 'full' ? 'no_room' : 'not_now';
    return { ok: false, reason, received: pieces.received() };
  } finally {
    await parts.return?.(undefined);
  }
}

/** Gathers sealed segments into pieces. One piece is written while the next is sealed. */
function createPieces(deps: Deps, viewer: Viewer, { document, key, place }: Going) {
  const of = segmentsOf(document.size);
  let { received } = document;
  let gathered: Buffer[] = [];
  /** The number of clear bytes that were sealed so far; `length`: those of them that are gathered. */
  let sealed = received;
  let length = 0;
  /** Whether the piece that is being written continues the document. */
  let writing: Promise<boolean> = Promise.resolve(true);

  const write = async (piece: Piece, blob: Buffer, upTo: number): Promise<boolean> => {
    const { db, blobs, clock, unit } = deps;
    const { office } = document;
    await within(db, office, (tx) => insertLoosePiece(tx, office, piece.blob, clock.now()));
    await blobs.put(piece.blob, blob);
    const isNext = await unit(viewer, office, (each) =>
      commit(each, document, piece, { before: received, after: upTo }),
    );
    if (isNext) received = upTo;
    else await blobs.remove([piece.blob]);
    return isNext;
  };

  /** Starts to write the gathered segments. Returns whether the earlier piece was accepted. */
  const keep = async (): Promise<boolean> => {
    if (!(await writing) || gathered.length === 0) return writing;
    const first = (sealed - length) / SEGMENT_BYTES;
    const piece = { first, segments: gathered.length, blob: randomUUID() };
    writing = write(piece, Buffer.concat(gathered), sealed);
    writing.catch(() => {}); // `written` throws it
    gathered = [];
    length = 0;
    return true;
  };

  return {
    sealed: () => sealed,
    received: () => received,
    written: () => writing,
    keep,
    /** Adds the next segment. False: another upload continued the document meanwhile. */
    async add(clear: Uint8Array): Promise<boolean> {
      const index = sealed / SEGMENT_BYTES;
      gathered.push(sealSegment(key, place, { index, of }, clear));
      sealed += clear.length;
      length += clear.length;
      const isFull = gathered.length === PIECE_SEGMENTS || sealed === document.size;
      return isFull ? keep() : true;
    },
  };
}

/** Adds a written piece to its document; false: another upload continued it, or it was taken back or announced again meanwhile. */
async function commit(
  { tx, now, tell }: Unit,
  { id, size, madeAt }: DocumentRow,
  piece: Piece,
  { before, after }: { before: number; after: number },
): Promise<boolean> {
  const found = await readDocumentForUpdate(tx, id);
  const isOn = found?.state === 'receiving' && !found.destroyedAt && madeAt.equals(found.madeAt);
  if (!isOn || found.received !== before) return false;
  await insertPiece(tx, found, piece, { received: after, now });
  if (after === size) {
    await setState(tx, id, 'checking', { now, checkAt: now });
    tell();
  }
  return true;
}
