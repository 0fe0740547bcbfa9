import { createHash } from 'node:crypto';
import type { Tx } from '../../../lib/db/database.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { openLocked, openOf } from './reading.ts';
import { standingOf } from './rules.ts';
import { putOnTrail, type SpaceDeps } from './space.ts';
import type { DocumentRow, OpenDocument, Verified } from './types.ts';
import { readDocument } from './views.ts';

/**
 * What a verification code opens, to whoever has it (RD 203/2021, art. 21). That somebody looked is on the trail, for the
 * citizen to read too. Codes are as `readCode` of the verification feature gives them.
 */
export interface Verifying {
  /** What the code says of its document; null: it is no document's, or of one that was never given out. */
  verify(code: string): Promise<Verified | null>;
  /** The original; null: there is none, or no longer. */
  openByCode(code: string): Promise<(OpenDocument & { office: number }) | null>;
}

const VERIFIER = { kind: 'verifier' } as const;

export function createVerifying(deps: SpaceDeps): Verifying {
  const { db, clock } = deps;

  const withDocument = async <T>(
    code: string,
    work: (tx: Tx, document: DocumentRow) => Promise<T | null>,
  ): Promise<T | null> => {
    return readOpened(db, 'document', code, async (tx, id) => {
      const document = await readDocument(tx, id);
      return document && work(tx, document);
    });
  };

  /** The document, where its bytes are here still; on the trail. */
  const open = async (tx: Tx, document: DocumentRow, as: 'told' | 'fetched') => {
    const opened = await openLocked(deps, tx, document);
    if (!opened) return null;
    const data = { fetched: as === 'fetched' };
    await putOnTrail(tx, VERIFIER, document, {
      ...{ action: 'document_verified', now: clock.now(), data },
    });
    return openOf(document, opened);
  };

  return {
    async verify(code) {
      const found = await withDocument(code, async (tx, document) => {
        const what = standingOf(document);
        const opened = what?.standing === 'here' ? await open(tx, document, 'told') : null;
        return what && { document, what, opened };
      });
      if (!found) return null;
      const { document, what, opened } = found;
      const { office, madeAt } = document;
      if (what.standing !== 'here') return { office, madeAt, what };
      if (!opened) return null;
      const { type, size } = opened;
      return { office, madeAt, what: { ...what, type, size, sha256: await digestOf(opened) } };
    },

    openByCode: (code) =>
      withDocument(code, async (tx, document) => {
        const isHere = standingOf(document)?.standing === 'here';
        const opened = isHere ? await open(tx, document, 'fetched') : null;
        return opened && { ...opened, office: document.office };
      }),
  };
}

async function digestOf(document: OpenDocument): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of document.read()) hash.update(part);
  return hash.digest('hex');
}
