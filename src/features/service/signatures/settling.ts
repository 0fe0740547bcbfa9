import { createHash } from 'node:crypto';
import { maskedIdentifier } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { formatError } from '../../../lib/format-error.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import { mayStillAct } from '../cases/service.ts';
import { type CaseRow, DRAFT } from '../cases/types.ts';
import { readCaseForUpdate } from '../cases/views.ts';
import type { SignerViewer } from './kept.ts';
import { SIGNING_MINUTES } from './rules.ts';
import { sealPart } from './sealing.ts';
import type { SignaturesDeps } from './service.ts';
import { setSignatureSettled, setSigned, setSigningFailed } from './store.ts';
import type { SignatureRow, Signed, SigningFailure } from './types.ts';
import { readBegunBefore, readSignatureForUpdate, readSignedToSettle } from './views.ts';

const SYSTEM = { kind: 'system', why: 'signatures' } as const;

/** The most signatures in one pass of the job. */
const AT_ONCE = 50;

type Which = Pick<SignatureRow, 'id' | 'office' | 'case' | 'cosigner' | 'way'>;

/** What is read before the unit of work, which holds locks. `known`: who signed, as their provider says. */
interface Known {
  office: Office;
  known: IdentificationOf | null;
}

async function readKnown(
  { offices, identification }: SignaturesDeps,
  of: Pick<SignatureRow, 'office' | 'identification'>,
): Promise<Known> {
  const known = of.identification === null ? null : await identification.of(of.identification);
  return { office: await offices.byId(of.office), known };
}

/** Notes that nothing was signed with an attempt, if it is still open. */
export async function failSigning(
  { unit }: Pick<SignaturesDeps, 'unit'>,
  viewer: Viewer,
  which: Which,
  failure: SigningFailure,
): Promise<void> {
  await unit(viewer, which.office, async (each) => {
    const row = await readSignatureForUpdate(each.tx, which.id);
    if (row?.state === 'begun') await fail(each, which, failure);
  });
}

async function fail(unit: Unit, { id, case: of, way }: Which, failure: SigningFailure) {
  await setSigningFailed(unit, id, failure);
  await unit.record('signature_failed', { data: { case: of, signature: id, way, failure } });
}

/**
 * Keeps a signature, and registers what is signed where nothing is to be paid, in one unit of work: the case, or the signature of somebody else. When
 * it can't be registered now, the signature is kept alone, and the job goes on with it.
 */
export async function settleSigned(
  deps: SignaturesDeps,
  viewer: SignerViewer,
  which: Which & Pick<SignatureRow, 'identification'>,
  signed: Signed,
): Promise<void> {
  const of = await readKnown(deps, which);
  const work = (isWhole: boolean) =>
    deps.unit(viewer, which.office, async (unit) => {
      const isToHandIn = await keep(deps, unit, which, { ...signed, ...of });
      if (isToHandIn && isWhole) await register(deps, unit, { ...which, ...of });
    });
  try {
    await work(true);
  } catch (error) {
    deps.log.error(formatError(error), 'A signed case was not handed in; it is tried again');
    await work(false);
  }
}

/** Keeps a signature of an attempt that has none. Returns whether it is of the answers as they are now. */
async function keep(
  { keyring, cosigning }: SignaturesDeps,
  unit: Unit<SignerViewer>,
  which: Which,
  { evidence, signer, known }: Signed & Known,
): Promise<boolean> {
  const { tx } = unit;
  const { id, case: of, cosigner, way } = which;
  // The case first, as everybody does who locks both.
  const row = await readCaseForUpdate(tx, of);
  const signature = await readSignatureForUpdate(tx, id);
  if (!signature || signature.state === 'signed') return false;
  const isCurrent =
    cosigner === null
      ? row?.state === DRAFT && row.version === signature.version && (await mayStillSign(unit, row))
      : row !== null && (await cosigning.isOpen(unit, row, cosigner));
  if (!row || !isCurrent) {
    if (signature.state === 'begun') await fail(unit, which, 'changed');
    return false;
  }
  const who = { ...signer, masked: known ? maskedIdentifier(known.of) : '' };
  const seal = (what: 'signer' | 'evidence', text: string) =>
    sealPart(keyring, tx, row, { what, id, text });
  await setSigned(unit, id, {
    signer: await seal('signer', JSON.stringify(who)),
    evidence: await seal('evidence', evidence.toString('base64')),
    hash: createHash('sha256').update(evidence).digest(),
    isSettled: signature.cents > 0,
  });
  await unit.record('signature_made', { data: { case: of, signature: id, way } });
  return signature.cents === 0;
}

/** Returns whether whoever signs for another person may still act for them. */
const mayStillSign = async (
  { viewer, ...unit }: Unit<SignerViewer>,
  row: CaseRow,
): Promise<boolean> => viewer.kind !== 'applicant' || mayStillAct({ ...unit, viewer }, row);

/** Hands in the case of a signed one, if it still is as it was signed, or registers the signature of somebody else who must sign it. */
async function register(
  { cases, cosigning }: SignaturesDeps,
  unit: Unit<Viewer>,
  { id, case: of, cosigner, office, known }: Pick<Which, 'id' | 'case' | 'cosigner'> & Known,
): Promise<void> {
  const row = await readCaseForUpdate(unit.tx, of);
  if (row && cosigner !== null) await cosigning.registerSigned(unit, office, row, cosigner);
  else if (row?.state === DRAFT) await cases.handInSigned(unit, office, row, known);
  await setSignatureSettled(unit, id);
}

/** Hands in what is signed and was not handed in. Returns how many. */
export async function settleAll(deps: SignaturesDeps): Promise<number> {
  const due = await within(deps.db, INSTALLATION, (tx) => readSignedToSettle(tx, AT_ONCE));
  for (const each of due)
    try {
      const of = await readKnown(deps, each);
      await deps.unit(SYSTEM, each.office, async (unit) => {
        await readCaseForUpdate(unit.tx, each.case);
        const row = await readSignatureForUpdate(unit.tx, each.id);
        if (row && !row.settledAt) await register(deps, unit, { ...row, ...of });
      });
    } catch (error) {
      // One that can't be handed in holds up no other.
      deps.log.error(formatError(error), 'A signed case was not handed in; it is tried again');
    }
  return due.length;
}

/** Ends attempts that are too late to sign with, and destroys what they keep: nobody came back. */
export async function endAbandoned(
  deps: Pick<SignaturesDeps, 'db' | 'clock' | 'unit'>,
): Promise<void> {
  const before = deps.clock.now().subtract({ minutes: SIGNING_MINUTES });
  const late = await within(deps.db, INSTALLATION, (tx) => readBegunBefore(tx, before, AT_ONCE));
  for (const each of late) await failSigning(deps, SYSTEM, each, 'expired');
}
