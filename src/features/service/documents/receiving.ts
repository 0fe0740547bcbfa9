import { randomUUID } from 'node:crypto';
import { NoBlobs } from '../../../lib/blobs/types.ts';
import { within } from '../../../lib/db/database.ts';
import {
  cut,
  SEALED_BYTES,
  SEGMENT_BYTES,
  sealSegment,
  segmentsOf,
} from '../../../lib/envelope/segments.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { SpaceDeps } from './space.ts';
import { insertLoosePieces, insertPiece, setState } from './store.ts';
import type { DocumentPlace, DocumentRow, Piece } from './types.ts';
import { readDocumentForUpdate } from './views.ts';

/** Maximum segments of one blob: the sender may lose twice as much in a crash, and one upload takes twice as much memory. */
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

/** Gathers sealed segments into pieces. While the next piece is sealed, one is written, and the one before it is recorded. */
function createPieces(deps: Deps, viewer: Viewer, { document, key, place }: Going) {
  const { db, blobs, clock, unit } = deps;
  const { office, size } = document;
  const of = segmentsOf(size);
  let { received } = document;
  /** The number of clear bytes that were sealed so far. */
  let sealed = received;
  const left = of - received / SEGMENT_BYTES;
  const gathering = createGathering(Math.min(left, PIECE_SEGMENTS));
  const names = createNames(Math.ceil(left / PIECE_SEGMENTS), (all) =>
    within(db, office, (tx) => insertLoosePieces(tx, office, all, clock.now())),
  );
  /** Whether all pieces so far continue the document, and whether those before the last do. */
  let kept: Promise<boolean> = Promise.resolve(true);
  let before = kept;
  /** Whether the last piece was written. */
  let isWritten: Promise<boolean> = kept;

  /** Records a piece as the document's next one, once it and all pieces before are there. */
  const record = async (piece: Piece, writing: Promise<void>, upTo: number): Promise<boolean> => {
    const isOn = await before;
    await writing;
    const next = { before: received, after: upTo };
    const isNext =
      isOn && (await unit(viewer, office, (each) => commit(each, document, piece, next)));
    if (isNext) received = upTo;
    else await blobs.remove([piece.blob]);
    return isNext;
  };

  /** Starts to write the gathered segments. Returns whether the earlier pieces were accepted. */
  const keep = async (): Promise<boolean> => {
    if (!(await before) || !(await isWritten) || gathering.segments() === 0) return kept;
    const { bytes, segments } = gathering.take();
    const first = Math.ceil(sealed / SEGMENT_BYTES) - segments;
    const { blob, announced } = names.next();
    const writing = announced.then(() => blobs.put(blob, bytes));
    isWritten = isDone(writing);
    before = kept;
    kept = record({ first, segments, blob }, writing, sealed);
    kept.catch(() => {}); // `written` throws it
    return true;
  };

  return {
    sealed: () => sealed,
    received: () => received,
    written: () => kept,
    keep,
    /** Adds the next segment. False: another upload continued the document meanwhile. */
    async add(clear: Uint8Array): Promise<boolean> {
      const index = sealed / SEGMENT_BYTES;
      names.announceNext().catch(() => {}); // who writes the piece throws it
      gathering.add((to) => sealSegment(to, key, place, { index, of }, clear));
      sealed += clear.length;
      const isFull = gathering.segments() === PIECE_SEGMENTS || sealed === size;
      return isFull ? keep() : true;
    },
  };
}

const isDone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/**
 * Gathers segments of a piece in one of two buffers, while the other is written: what is made anew for each segment is garbage of hundreds of megabytes, and
 * collecting it took ten times as long as sealing.
 */
function createGathering(most: number) {
  const buffers: Buffer[] = [];
  let nth = 0;
  let length = 0;
  let segments = 0;
  return {
    segments: () => segments,
    /** `seal`: writes a segment, and returns its length. */
    add(seal: (to: Buffer) => number): void {
      buffers[nth] ??= Buffer.allocUnsafeSlow(most * SEALED_BYTES);
      length += seal(buffers[nth]!.subarray(length));
      segments++;
    },
    /** Returns what was gathered. It stays as it is until the next piece is taken. */
    take() {
      const taken = { bytes: buffers[nth]!.subarray(0, length), segments };
      nth = 1 - nth;
      length = 0;
      segments = 0;
      return taken;
    },
  };
}

/**
 * The names of at most so many pieces, announced before they are written: a transaction for each would wait for the disk as often as the pieces do. The
 * first is announced alone, and then as many more as there were: browsers send a document in small parts, each of one piece. What is announced and doesn't
 * come is forgotten by the sweep of orphans, which waits for longer than an upload may take.
 */
function createNames(most: number, announce: (names: readonly string[]) => Promise<void>) {
  const names: string[] = [];
  let nth = 0;
  let announced: Promise<void> = Promise.resolve();
  /** Announces more names where none is left. Resolves once the next one is announced. */
  const announceNext = (): Promise<void> => {
    if (nth < names.length) return announced;
    const length = Math.max(1, Math.min(names.length, most - names.length));
    const more = Array.from({ length }, () => randomUUID());
    names.push(...more);
    announced = announce(more);
    return announced;
  };
  return {
    announceNext,
    next() {
      const known = announceNext();
      return { blob: names[nth++]!, announced: known };
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
