import { createHash } from 'node:crypto';
import { sealIn } from '../../../lib/seal/pdf.ts';
import type { SealShown } from '../../../lib/seal/types.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { openLocked, openOf } from './reading.ts';
import { standingOf } from './rules.ts';
import { putOnTrail, type SpaceDeps } from './space.ts';
import type { DocumentRow, OpenDocument, Verified } from './types.ts';
import { readDocument } from './views.ts';

/**
 * Answers verification codes, to anybody who has one (RD 203/2021, art. 21). Each answer is on the audit trail, which the citizen can read.
 * Codes have the form of `readCode` of the verification feature.
 */
export interface Verifying {
  /** Returns the standing of the document with this code; null: there is none, or it was never given out. */
  verify(code: string): Promise<Verified | null>;
  /** Opens the original; null: there is none, or it was destroyed. */
  openByCode(code: string): Promise<(OpenDocument & { office: number }) | null>;
}

const VERIFIER = { kind: 'verifier' } as const;

export function createVerifying(deps: SpaceDeps): Verifying {
  const { db, unit } = deps;

  const withDocument = async <T>(
    code: string,
    work: (unit: Unit, document: DocumentRow) => Promise<T | null>,
  ): Promise<T | null> => {
    const found = await readOpened(db, 'document', code, async (_, id, office) => ({ id, office }));
    if (!found) return null;
    return unit(VERIFIER, found.office, async (each) => {
      const document = await readDocument(each.tx, found.id);
      return document && work(each, document);
    });
  };

  /** Opens the document if its bytes are still stored, and records it on the audit trail. */
  const open = async (each: Unit, document: DocumentRow, as: 'told' | 'fetched') => {
    const opened = await openLocked(deps, each.tx, document);
    if (!opened) return null;
    await putOnTrail(each, document, 'document_verified', { fetched: as === 'fetched' });
    return openOf(document, opened);
  };

  return {
    async verify(code) {
      const found = await withDocument(code, async (each, document) => {
        const what = standingOf(document);
        const opened = what?.standing === 'here' ? await open(each, document, 'told') : null;
        return what && { document, what, opened };
      });
      if (!found) return null;
      const { document, what, opened } = found;
      const { id, office, madeAt } = document;
      if (what.standing !== 'here') return { id, office, madeAt, what };
      if (!opened) return null;
      const { type, size } = opened;
      return {
        id,
        office,
        madeAt,
        what: { ...what, type, size, ...(await factsOf(opened, document)) },
      };
    },

    openByCode: (code) =>
      withDocument(code, async (each, document) => {
        const isHere = standingOf(document)?.standing === 'here';
        const opened = isHere ? await open(each, document, 'fetched') : null;
        return opened && { ...opened, office: document.office };
      }),
  };
}

/** Who made what the town itself issues; see `actorOf`. */
const OURS = actorOf({ kind: 'system', why: 'issuing' });

/** Bytes of the longest file in which a seal is looked for: what the town itself makes is short. */
const MOST_SEALED = 4_000_000;

/**
 * Returns the SHA-256 of a document, and the seal of the town in it. Only what the service itself made can have one: a seal in a file that
 * somebody handed over is whoever's.
 */
async function factsOf(
  document: OpenDocument,
  { madeBy }: Pick<DocumentRow, 'madeBy'>,
): Promise<{ sha256: string; seal: SealShown | null }> {
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  const mayBeSealed =
    madeBy === OURS && document.type === 'application/pdf' && document.size <= MOST_SEALED;
  for await (const part of document.read()) {
    hash.update(part);
    if (mayBeSealed) parts.push(part);
  }
  return { sha256: hash.digest('hex'), seal: mayBeSealed ? sealIn(Buffer.concat(parts)) : null };
}
