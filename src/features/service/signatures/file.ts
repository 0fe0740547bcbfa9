import type { SigningWay } from '../../../domain/form/online.ts';
import type { Office } from '../../../domain/office/types.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { PersonViewer, Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { isTheirs } from '../cases/rules.ts';
import { signedContent } from '../cases/service.ts';
import type { CaseRow } from '../cases/types.ts';
import { readCase } from '../cases/views.ts';
import { openPart } from './sealing.ts';
import type { SignatureFile, SignaturesDeps } from './service.ts';
import type { SignatureRow } from './types.ts';
import { readCosignaturesOf, readSignaturesOf } from './views.ts';

type What = 'signature' | 'content';

/**
 * Returns the signature of a case, or what was signed; null: there is none, or it isn't the viewer's. `cosigner`: who else signed; null: the
 * applicant.
 */
export function signatureFile(
  deps: SignaturesDeps,
  viewer: Viewer,
  {
    office,
    id,
    what,
    cosigner,
  }: { office: Office; id: string; what: What; cosigner: string | null },
): Promise<SignatureFile | null> {
  return deps.unit(viewer, office.id, async (unit) => {
    const { tx } = unit;
    const row = isUuid(id) ? await readCase(tx, id) : null;
    if (!row || row.office !== office.id || !isTheirs(viewer, row)) return null;
    const found =
      cosigner === null ? await signedOf(unit, row) : await cosignedOf(unit, row, cosigner);
    const file = found && (await fileOf(deps, unit, row, { found, what }));
    if (!file) return null;
    if (viewer.kind === 'staff')
      await unit.record('signature_read', { data: { case: id, signature: found.id, what } });
    return file;
  });
}

/** Returns the signature of somebody who must sign, too, or what they signed, for them alone; null: there is none, or they aren't them. */
export async function cosignedFile(
  deps: SignaturesDeps,
  viewer: PersonViewer,
  { office, cosigner, what }: { office: Office; cosigner: string; what: What },
): Promise<SignatureFile | null> {
  if (!(await deps.cosigning.isFor(viewer, office, cosigner))) return null;
  return deps.unit(viewer, office.id, async (unit) => {
    const [found] = (await readCosignaturesOf(unit.tx, { cosigner })).filter(isSigned);
    const row = found && (await readCase(unit.tx, found.case));
    return row ? fileOf(deps, unit, row, { found, what }) : null;
  });
}

const isSigned = ({ state }: SignatureRow): boolean => state === 'signed';

const signedOf = async ({ tx }: Unit, { id, version }: CaseRow) =>
  (await readSignaturesOf(tx, id)).find((each) => isSigned(each) && each.version === version);

const cosignedOf = async ({ tx }: Unit, { id }: CaseRow, cosigner: string) =>
  (await readCosignaturesOf(tx, { case: id })).find(
    (each) => isSigned(each) && each.cosigner === cosigner,
  );

const fileOf = (
  deps: SignaturesDeps,
  unit: Unit,
  row: CaseRow,
  { found, what }: { found: SignatureRow; what: What },
) => (what === 'signature' ? evidenceOf : contentOf)(deps, unit, row, found);

/** The kind of file that is the signature of each way. */
const EVIDENCE: Record<SigningWay, (reference: string) => Pick<SignatureFile, 'name' | 'type'>> = {
  valid: (reference) => ({ name: `${reference}.xades.xml`, type: 'application/xml' }),
  autofirma: (reference) => ({ name: `${reference}.pdf`, type: 'application/pdf' }),
};

async function evidenceOf(
  { keyring }: SignaturesDeps,
  { tx }: Unit,
  row: CaseRow,
  { id, way, evidence }: SignatureRow,
): Promise<SignatureFile | null> {
  const part = { what: 'evidence', id, sealed: evidence } as const;
  const base64 = await openPart(keyring, tx, row, part);
  return base64 === null
    ? null
    : {
        ...EVIDENCE[way](row.reference),
        bytes: Buffer.from(base64, 'base64'),
      };
}

/** What was signed, byte by byte: its SHA-256 is what the signature has. */
async function contentOf(
  { keyring }: SignaturesDeps,
  unit: Unit,
  row: CaseRow,
  { id, prepared }: SignatureRow,
): Promise<SignatureFile | null> {
  const bytes = await signedContent(keyring, unit, row, { by: id, sealed: prepared });
  return bytes && { name: signedName(row), type: 'application/json', bytes };
}

/** Returns the name of what is signed, as the signature has it. */
export const signedName = ({ reference }: Pick<CaseRow, 'reference'>): string =>
  `${reference}.json`;
