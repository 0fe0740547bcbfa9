import { createHash } from 'node:crypto';
import type { Office } from '../../../../domain/office/types.ts';
import { hashSecret } from '../../../../lib/secrets.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { insertOpening } from '../../../foundation/openings/service.ts';
import { numberText } from '../../../foundation/registry/service.ts';
import { type CasesDeps, tell } from '../keeping.ts';
import { placeOf } from '../sealing.ts';
import { tellApplicant } from '../telling.ts';
import type { CaseRow } from '../types.ts';
import { sealCode, sealDocument } from './decided.ts';
import { setIssued } from './store.ts';

/** A document that was drawn, with its verification code. */
export interface IssuedDocument {
  code: string;
  document: Buffer;
}

/**
 * Keeps the document of what is decided in a locked case, which has come to its state: sealed, with its code, its entry in the registry of
 * exits, its event and the notice. Returns whether there is an address to tell its applicant. `notify`: makes its notification, by the hash of the
 * document; absent: it needs none, since its person has asked for it and fetches it at once.
 */
export async function keepIssued(
  { keyring, registry }: Pick<CasesDeps, 'keyring' | 'registry'>,
  unit: Unit,
  row: CaseRow,
  on: IssuedDocument & {
    office: Office;
    written: { id: string; outcome: string };
    notify?: (hash: string) => Promise<{ until: Temporal.PlainDate | null }>;
  },
): Promise<boolean> {
  const { office, written, code, document, notify } = on;
  const content = createHash('sha256').update(document).digest('hex');
  const key = await keyring.make(unit.tx, placeOf(row));
  await setIssued(unit, row.id, {
    document: sealDocument(key, row, document),
    hash: content,
    code: sealCode(key, row, code),
  });
  await insertOpening(unit, { opens: 'decision', subject: written.id }, hashSecret(code));
  const about = `case ${row.id} decision`;
  const entry = await registry.register(unit, office, { direction: 'exit', about, content });
  await tell(unit, row.id, 'decided', { outcome: written.outcome, number: numberText(entry) });
  const until = (await notify?.(content))?.until ?? null;
  return tellApplicant(keyring, unit, row, { news: 'decided', ...(until && { until }) });
}
