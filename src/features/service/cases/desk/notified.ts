import type { Unit } from '../../../foundation/audit/service.ts';
import type { Keyring } from '../../documents/service.ts';
import { applicantOf } from '../applicant.ts';
import type { Applicant, CaseRow } from '../types.ts';
import { openDecision, openDocument } from './decided.ts';
import type { Decision } from './types.ts';
import { readDecision } from './views.ts';

type Keys = Pick<Keyring, 'shelf'>;

/** The decision of a case that was issued, with its document. */
export interface IssuedDecision extends Decision {
  issued: NonNullable<Decision['issued']>;
  document: Buffer;
}

/** Returns the decision of a case; null: none was issued, or it is destroyed. @throws Broken where it was changed or moved since */
export async function issuedDecision(
  keys: Keys,
  { tx }: Unit,
  of: Pick<CaseRow, 'id' | 'office'>,
): Promise<IssuedDecision | null> {
  const row = await readDecision(tx, of.id);
  const decision = await openDecision(keys, tx, of, row);
  const document = await openDocument(keys, tx, of, row);
  return decision?.issued && document ? { ...decision, issued: decision.issued, document } : null;
}

/** Returns who handed a case in; null: nobody has, or it is destroyed. */
export const handedInBy = (keys: Keys, { tx }: Unit, row: CaseRow): Promise<Applicant | null> =>
  applicantOf(keys, tx, row);
