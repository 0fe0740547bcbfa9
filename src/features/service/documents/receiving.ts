import { randomUUID } from 'node:crypto';
import { type Blobs, NoBlobs } from '../../../lib/blobs/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { cut, SEGMENT_BYTES, sealSegment, segmentsOf } from '../../../lib/envelope/segments.ts';
import { insertLoosePiece, insertPiece, setState } from './store.ts';
import type { DocumentPlace, DocumentRow, Piece } from './types.ts';
import { readDocumentForUpdate } from './views.ts';

/** Segments in one blob at most: what a crash may cost who hands over, and what one upload takes of memory. */
const PIECE_SEGMENTS = 64;

export type Received =
  | { ok: true; received: number }
  | { ok: false; reason: 'conflict' | 'too_large' | 'no_room' | 'not_now'; received: number };

interface Deps {
  db: Db;
  blobs: Blobs;
  clock: Clock;
}

/**
 * Takes what comes of a document, sealed as it comes: in memory a piece of it is clear at most, elsewhere nothing. Where it
 * breaks off, what filled segments stays. What has come is always whole segments, so what is left over is sent again.
 */
export async function receive(
  deps: Deps,
  { document, key, place }: { document: DocumentRow; key: Buffer; place: DocumentPlace },
  bytes: AsyncIterable<Uint8Array>,
): Promise<Received> {
  const { size } = document;
  const of = segmentsOf(size);
  let { received } = document;
  let gathered: Buffer[] = [];
  /** Clear bytes that were sealed so far, and of those the ones that are gathered. */
  let sealed = received;
  let length = 0;
  /** One piece is written while the next is sealed; whether it is the next that counts. */
  let writing: Promise<boolean> = Promise.resolve(true);

  const write = async (piece: Piece, blob: Buffer, upTo: number): Promise<boolean> => {
    const { db, clock } = deps;
    const { office } = document;
    await within(db, office, (tx) => insertLoosePiece(tx, office, piece.blob, clock.now()));
    await deps.blobs.put(piece.blob, blob);
    const isNext = await commit(deps, document, piece, { before: received, after: upTo });
    if (isNext) received = upTo;
    else await deps.blobs.remove([piece.blob]);
    return isNext;
  };
  const keep = async (): Promise<boolean> => {
    if (!(await writing) || gathered.length === 0) return writing;
    const first = (sealed - length) / SEGMENT_BYTES;
    const piece = { first, segments: gathered.length, blob: randomUUID() };
    writing = write(piece, Buffer.concat(gathered), sealed);
    writing.catch(() => {}); // told where it is waited for
    gathered = [];
    length = 0;
    return true;
  };

  const parts = cut(bytes)[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Who sends may go away at any time; what came is kept all the same.
      const part = await parts.next().catch(() => null);
      if (!part || part.done) break;
      const clear = part.value;
      const after = sealed + clear.length;
      if (after > size) {
        await writing;
        return { ok: false, reason: 'too_large', received };
      }
      if (clear.length < SEGMENT_BYTES && after < size) break;
      const index = sealed / SEGMENT_BYTES;
      gathered.push(sealSegment(key, place, { index, of }, clear));
      sealed = after;
      length += clear.length;
      const isFull = gathered.length === PIECE_SEGMENTS || after === size;
      if (isFull && !(await keep())) return { ok: false, reason: 'conflict', received };
    }
    const isKept = (await keep()) && (await writing);
    return isKept ? { ok: true, received } : { ok: false, reason: 'conflict', received };
  } catch (error) {
    if (!(error instanceof NoBlobs)) throw error;
    return { ok: false, reason: error.why === 'full' ? 'no_room' : 'not_now', received };
  } finally {
    await parts.return?.(undefined);
  }
}

/** Says that a piece is there; not where another came meanwhile, or it was taken back or announced anew. */
function commit(
  { db, clock }: Deps,
  { id, office, size, madeAt }: DocumentRow,
  piece: Piece,
  { before, after }: { before: number; after: number },
): Promise<boolean> {
  return within(db, office, async (tx) => {
    const found = await readDocumentForUpdate(tx, id);
    const isOn = found?.state === 'receiving' && !found.destroyedAt && madeAt.equals(found.madeAt);
    if (!isOn || found.received !== before) return false;
    const now = clock.now();
    await insertPiece(tx, found, piece, { received: after, now });
    if (after === size) await setState(tx, id, 'checking', { now, checkAt: now });
    return true;
  });
}
