import { randomBytes } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import type { OpenDocument } from '../documents/types.ts';
import { eniAround, inBase64 } from './eni.ts';
import { codeFrom, RANDOM_SIGNS } from './rules.ts';

export { ENI, eniIdentifier, formatName, xml } from './eni.ts';
export { createIssuing, type Issuing, type Sealing, type ToIssue } from './issuing.ts';
export { type KeptDocument, openedBy, VERIFIER, verifiedOf } from './kept.ts';

/** A new verification code. */
export const newCode = (): string => codeFrom(randomBytes(RANDOM_SIGNS));

/** Whether an office's documents can be exported for other public offices: the export names its code and its rules. */
export const exportsEni = ({ settings }: Pick<Office, 'settings'>): boolean =>
  settings.dir3 !== undefined && settings.verification.regulation !== undefined;

/** A document with its metadata and its code, as public offices exchange it (ENI); null: it has no code, or see `exportsEni`. */
export function eniDocument(
  { settings, timeZone }: Pick<Office, 'settings' | 'timeZone'>,
  document: OpenDocument,
): Pick<OpenDocument, 'type' | 'size' | 'read'> | null {
  const { id, code, madeAt, type, size } = document;
  const { dir3, verification } = settings;
  const { regulation } = verification;
  if (!code || !dir3 || !regulation) return null;
  const around = eniAround({ document: id, code, madeAt, type, dir3, regulation, timeZone });
  const [before, after] = [Buffer.from(around.before), Buffer.from(around.after)];
  return {
    type: 'application/xml',
    size: before.length + 4 * Math.ceil(size / 3) + after.length,
    async *read() {
      yield before;
      yield* inBase64(document.read());
      yield after;
    },
  };
}
