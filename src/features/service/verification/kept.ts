import { createHash } from 'node:crypto';
import { sealIn } from '../../../lib/seal/pdf.ts';
import type { OpenDocument, Verified } from '../documents/types.ts';

/** Whoever has a verification code, on the trail. */
export const VERIFIER = { kind: 'verifier' } as const;

const PDF = 'application/pdf';

/** A document that was issued, which is kept whole, as its verification code finds it. */
export interface KeptDocument {
  id: string;
  office: number;
  madeAt: Temporal.Instant;
  /** The PDF. */
  bytes: Buffer;
}

/** Returns what anybody who has its code is told of a document. */
export const verifiedOf = ({ bytes, ...of }: KeptDocument): Verified => ({
  ...of,
  what: {
    standing: 'here',
    type: PDF,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    seal: sealIn(bytes),
  },
});

/** Opens a document for anybody who has its code. `name`: of the file. */
export const openedBy = (
  code: string,
  { bytes, ...of }: KeptDocument,
  name: string,
): OpenDocument & { office: number } => ({
  ...of,
  name,
  code,
  type: PDF,
  size: bytes.length,
  async *read(from = 0, to = bytes.length) {
    yield bytes.subarray(from, to);
  },
});
