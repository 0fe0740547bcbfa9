import { randomUUID } from 'node:crypto';
import { type Blobs, NoBlobs } from '../../lib/blobs/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Db, within } from '../../lib/db/database.ts';
import { cut, SEGMENT_BYTES, sealSegment, segmentsOf } from '../../lib/envelope/segments.ts';
import type { DocumentPlace } from './keyring.ts';
import { insertPiece, setState } from './store.ts';
import type { DocumentRow, Piece } from './types.ts';
import { readDocumentForUpdate } from './views.ts';

/** Segments in one blob at most: what a crash may cost who hands over, and what one upload takes of memory. */
const PIECE_SEGMENTS = 16;

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
  let { received } = document;
  let gathered: Buffer[] = [];
  let length = 0;
  const of = segmentsOf(size);

  const keep = async (): Promise<boolean> => {
    if (gathered.length === 0) return true;
    const first = received / SEGMENT_BYTES;
    const piece = { first, segments: gathered.length, blob: randomUUID() };
    await deps.blobs.put(piece.blob, Buffer.concat(gathered));
    const isNext = await commit(deps, document, piece, { before: received, length });
    if (!isNext) await deps.blobs.remove([piece.blob]);
    else received += length;
    gathered = [];
    length = 0;
    return isNext;
  };

  const parts = cut(bytes)[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Who sends may go away at any time; what came is kept all the same.
      const part = await parts.next().catch(() => null);
      if (!part || part.done) break;
      const clear = part.value;
      const after = received + length + clear.length;
      if (after > size) return { ok: false, reason: 'too_large', received };
      if (clear.length < SEGMENT_BYTES && after < size) break;
      const index = (received + length) / SEGMENT_BYTES;
      gathered.push(sealSegment(key, place, { index, of }, clear));
      length += clear.length;
      const isFull = gathered.length === PIECE_SEGMENTS || after === size;
      if (isFull && !(await keep())) return { ok: false, reason: 'conflict', received };
    }
    return (await keep()) ? { ok: true, received } : { ok: false, reason: 'conflict', received };
  } catch (error) {
    if (!(error instanceof NoBlobs)) throw error;
    return { ok: false, reason: error.why === 'full' ? 'no_room' : 'not_now', received };
  } finally {
    await parts.return?.(undefined);
  }
}

/** Says that a piece is there; not where another came meanwhile. */
function commit(
  { db, clock }: Deps,
  { id, body, size }: DocumentRow,
  piece: Piece,
  { before, length }: { before: number; length: number },
): Promise<boolean> {
  return within(db, body, async (tx) => {
    const found = await readDocumentForUpdate(tx, id);
    if (found?.state !== 'receiving' || found.received !== before) return false;
    await insertPiece(tx, found, piece, before + length);
    const now = clock.now();
    if (before + length === size) await setState(tx, id, 'checking', { now, checkAt: now });
    return true;
  });
}
