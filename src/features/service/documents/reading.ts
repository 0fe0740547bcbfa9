import type { Blobs } from '../../../lib/blobs/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { Broken, unsealText } from '../../../lib/envelope/seal.ts';
import {
  openSegments,
  SEALED_BYTES,
  SEGMENT_BYTES,
  segmentsOf,
} from '../../../lib/envelope/segments.ts';
import type { Keyring } from './keyring.ts';
import type {
  DocumentPlace,
  DocumentRow,
  OpenDocument,
  Piece,
  ShelfPlace,
  Source,
} from './types.ts';
import { readPieces } from './views.ts';

/** A document's size in clear bytes, its key, and the pieces that store it. */
export interface Lying {
  /** Where its bytes were sealed. */
  place: DocumentPlace;
  key: Buffer;
  size: number;
  pieces: readonly Piece[];
}

export const shelfPlace = ({
  office,
  shelf,
  ...of
}: Pick<DocumentRow, 'office' | 'appointment' | 'case' | 'request' | 'shelf'>): ShelfPlace => ({
  office,
  space: spaceOf(of),
  shelf,
});

/** Returns the id of the appointment, the case or the request whose document it is. */
function spaceOf(of: Pick<DocumentRow, 'appointment' | 'case' | 'request'>): string {
  const space = of.appointment ?? of.case ?? of.request;
  if (space === null) throw new Error('A document is of an appointment, a case or a request');
  return space;
}

/** The labels under which a document's name, the reason to send it again, its verification code, and the reason of its hold are sealed. */
export const nameOf = ({ id }: { id: string }): string => `name ${id}`;
export const reasonOf = ({ id }: { id: string }): string => `reason ${id}`;
export const codeOf = ({ id }: { id: string }): string => `code ${id}`;
export const heldReasonOf = ({ id }: { id: string }): string => `held ${id}`;

/** Returns a document's verification code; null: it has none, or its key was destroyed. */
export async function readCode(
  { keyring }: { keyring: Keyring },
  tx: Tx,
  document: DocumentRow,
): Promise<string | null> {
  const shelf = shelfPlace(document);
  const key = document.sealedCode && (await keyring.shelf(tx, shelf));
  return (
    key && document.sealedCode && unsealText(key, shelf, codeOf(document), document.sealedCode)
  );
}

/** Returns a document's name, code and bytes; null: its key was destroyed. */
export async function openLocked(
  { keyring, blobs }: { keyring: Keyring; blobs: Blobs },
  tx: Tx,
  document: DocumentRow,
): Promise<(Source & { name: string; code: string | null }) | null> {
  const { id, size, sealedName, sealedCode } = document;
  const shelf = shelfPlace(document);
  const place = { ...shelf, document: id };
  const above = await keyring.shelf(tx, shelf);
  const key = await keyring.document(tx, place);
  if (!above || !key || !sealedName) return null;
  const name = unsealText(above, shelf, nameOf(document), sealedName);
  const code = sealedCode && unsealText(above, shelf, codeOf(document), sealedCode);
  const at = document.bytes ?? place;
  const pieces = await readPieces(tx, id);
  return { name, code, ...sourceOf(blobs, { place: at, key, size, pieces }) };
}

/** Returns a document as viewers who may open it get it. */
export const openOf = (
  { id, madeAt, type }: DocumentRow,
  opened: Source & { name: string; code: string | null },
): OpenDocument => ({ ...opened, id, madeAt, type: type ?? 'application/octet-stream' });

/**
 * Returns a document's bytes. Reading throws if bytes are missing or changed; the bytes before that are right.
 * @throws Broken, NoBlobs
 */
export function sourceOf(blobs: Blobs, { place, key, size, pieces }: Lying): Source {
  const of = segmentsOf(size);

  /** Returns the segments of a piece from `from` to `to` (excluded), both numbered within the document. */
  const segments = async (piece: Piece, from: number, to: number): Promise<Generator<Buffer>> => {
    const sealed = await blobs.get(piece.blob);
    if (!sealed) throw new Broken('A part of it is not there');
    const start = (from - piece.first) * SEALED_BYTES;
    const whole = piece.first + piece.segments;
    const isOfItsLength = Math.ceil(sealed.length / SEALED_BYTES) === piece.segments;
    if (!isOfItsLength) throw new Broken('A part of it is not of its length');
    const end = to < whole ? (to - piece.first) * SEALED_BYTES : sealed.length;
    return openSegments(key, place, { first: from, of }, sealed.subarray(start, end));
  };

  return {
    size,
    async *read(from = 0, to = size) {
      const [start, end] = [Math.max(0, from), Math.min(to, size)];
      if (start >= end) return;
      const last = Math.ceil(end / SEGMENT_BYTES);
      let next = Math.floor(start / SEGMENT_BYTES);
      for (const piece of pieces) {
        const past = piece.first + piece.segments;
        if (past <= next) continue;
        if (piece.first > next) break;
        for (const clear of await segments(piece, next, Math.min(past, last))) {
          const at = next++ * SEGMENT_BYTES;
          yield clear.subarray(Math.max(0, start - at), end - at);
        }
        if (next >= last) return;
      }
      throw new Broken('A part of it is missing');
    },
  };
}
