import type { Tx } from '../../../../lib/db/database.ts';
import { placeData } from '../../../../lib/envelope/place.ts';
import { seal, sealText, unseal, unsealText } from '../../../../lib/envelope/seal.ts';
import type { Keyring } from '../../documents/service.ts';
import { placeOf } from '../sealing.ts';
import type { CaseRow } from '../types.ts';
import type { Decision, DecisionText } from './types.ts';
import type { DecisionRow } from './views.ts';

type Which = Pick<CaseRow, 'id' | 'office'>;

/** The labels under which the parts of a decision are sealed. */
const TEXT = 'decision';
const CODE = 'decision code';
const DOCUMENT = 'decision document';

export const sealDecision = (key: Buffer, of: Which, text: DecisionText): Buffer =>
  sealText(key, placeOf(of), TEXT, JSON.stringify(text));

export const sealCode = (key: Buffer, of: Which, code: string): Buffer =>
  sealText(key, placeOf(of), CODE, code);

export const sealDocument = (key: Buffer, of: Which, document: Buffer): Buffer =>
  seal(key, placeData(placeOf(of), DOCUMENT), document);

/** Opens a decision. @throws Broken where it was changed or moved since */
export async function openDecision(
  keys: Pick<Keyring, 'shelf'>,
  tx: Tx,
  of: Which,
  row: DecisionRow | undefined,
): Promise<Decision | null> {
  const key = row && (await keys.shelf(tx, placeOf(of)));
  if (!row || !key) return null;
  const { issued_at: at, issued_by: by, code, document_hash: hash } = row;
  const isIssued = at && by && code && hash;
  return {
    id: row.id,
    outcome: row.outcome,
    content: JSON.parse(unsealText(key, placeOf(of), TEXT, row.content)) as DecisionText,
    writtenAt: row.written_at,
    writtenBy: row.written_by,
    issued: isIssued
      ? { at, by, code: unsealText(key, placeOf(of), CODE, code), sha256: hash.toString('hex') }
      : null,
  };
}

/** Opens the document of a decision; null: it was not issued, or is destroyed. @throws Broken */
export async function openDocument(
  keys: Pick<Keyring, 'shelf'>,
  tx: Tx,
  of: Which,
  row: DecisionRow | undefined,
): Promise<Buffer | null> {
  const key = row?.document && (await keys.shelf(tx, placeOf(of)));
  return key && row?.document ? unseal(key, placeData(placeOf(of), DOCUMENT), row.document) : null;
}
