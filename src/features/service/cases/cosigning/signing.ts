import { createHash } from 'node:crypto';
import { signingWaysOf } from '../../../../domain/form/online.ts';
import { statesOf } from '../../../../domain/form/states.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { sealText } from '../../../../lib/envelope/seal.ts';
import type { PersonViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { holdIdentification } from '../../../foundation/identification/service.ts';
import { numberText } from '../../../foundation/registry/service.ts';
import { type CasesDeps, tell } from '../keeping.ts';
import { enter } from '../moving.ts';
import { aboutCosigner } from '../rules.ts';
import { openPrepared, openSealed, placeOf, sealPrepared } from '../sealing.ts';
import { tellApplicant } from '../telling.ts';
import type { CaseRecord, CaseRow } from '../types.ts';
import { readCosigned } from '../views.ts';
import { cosignLevel, findOwn, isOpen, isSignedElsewhere, type On } from './own.ts';
import { setCosignAnswer } from './store.ts';
import type {
  CosignerRow,
  CosignPrepareResult,
  CosignRecord,
  CosignRefusal,
  CosignResult,
  PreparedCosignature,
  ToPrepare,
} from './types.ts';
import { isUnsigned, readCosigner } from './views.ts';

type Deps = Pick<CasesDeps, 'forms' | 'keyring' | 'registry'>;

type Ready = { ok: true; record: PreparedCosignature } | { ok: false; reason: CosignRefusal };

/** Returns what somebody would sign now who has read what has this hash. */
async function readyToSign(
  { keyring }: Pick<Deps, 'keyring'>,
  unit: Unit<PersonViewer>,
  on: On,
  hash: string,
): Promise<Ready> {
  const { row } = on;
  if (!isOpen(on)) return { ok: false, reason: 'over' };
  const { record } = await openSealed(keyring, unit.tx, row);
  if (!record || row.recordHash !== hash) return { ok: false, reason: 'changed' };
  const { identification, level } = unit.viewer;
  if (!(await holdIdentification(unit, identification))) return { ok: false, reason: 'other' };
  return { ok: true, record: preparedOf(record, hash, { identification, level }) };
}

const preparedOf = (
  { version, case: of, reference, office, procedure, name, language }: CaseRecord,
  hash: string,
  signer: CosignRecord['signer'],
): PreparedCosignature => ({
  ...{ version, case: of, reference, office, procedure, name, language },
  ...{ what: 'signature', of: hash, signer },
});

/** Signs by the session of whoever is identified. */
export async function signBySession(
  deps: Deps,
  unit: Unit<PersonViewer>,
  on: On,
  hash: string,
): Promise<CosignResult> {
  if (isSignedElsewhere(on.form.form)) return { ok: false, reason: 'needs_signature' };
  const ready = await readyToSign(deps, unit, on, hash);
  if (!ready.ok) return ready;
  const signed = { ...ready.record, at: unit.now.toString() };
  return { ok: true, number: await registerSignature(deps, unit, on, signed) };
}

/** Prepares what somebody signs by more than their session: see `Cosigning.prepare`. */
export async function prepareToSign(
  deps: Deps,
  unit: Unit<PersonViewer>,
  office: Office,
  on: ToPrepare & { id: string },
): Promise<CosignPrepareResult> {
  const { id, by, way, hash, known } = on;
  const own = await findOwn(deps, unit, { id, office, known });
  if (typeof own === 'string') return { ok: false, reason: own };
  const { row, form } = own;
  if (!signingWaysOf(form.form).includes(way)) return { ok: false, reason: 'closed' };
  const ready = await readyToSign(deps, unit, own, hash);
  if (!ready.ok) return ready;
  const { record } = ready;
  const sealed = await sealPrepared(deps.keyring, unit.tx, row, { by, record });
  const of = createHash('sha256').update(canonicalJson(record)).digest();
  return { ok: true, row, sealed, hash: of, level: cosignLevel(form.form) };
}

/** Returns whether somebody who must sign a locked case still can. */
export async function canSign(
  { forms }: Pick<Deps, 'forms'>,
  { tx, office }: Pick<Unit, 'tx' | 'office'>,
  row: CaseRow,
  id: string,
): Promise<boolean> {
  const cosigner = await readCosigner(tx, id);
  const { form } = await forms.version(office, row.form);
  return cosigner?.answered === null && row.state === form.cosigners?.state;
}

/** Registers what somebody signed by more than their session, of a locked case: see `Cosigning.registerSigned`. */
export async function registerSigned(
  deps: Deps,
  unit: Unit,
  office: Office,
  on: { row: CaseRow; id: string },
): Promise<void> {
  const { row, id } = on;
  const cosigner = await readCosigner(unit.tx, id);
  const found = await readCosigned(unit.tx, id);
  if (!cosigner || cosigner.answered || !found) return;
  const { sealed, ...signature } = found;
  const by = { by: signature.id, sealed };
  const record = await openPrepared<PreparedCosignature>(deps.keyring, unit.tx, row, by);
  const form = await deps.forms.version(office.id, row.form);
  const signed = { ...record, signature, at: unit.now.toString() };
  await registerSignature(deps, unit, { row, office, form, cosigner }, signed);
}

/** Seals and registers a signature, and takes the case on with the last one. Returns the number of its entry. */
async function registerSignature(
  deps: Deps,
  unit: Unit,
  on: Pick<On, 'row' | 'office' | 'form'> & { cosigner: Pick<CosignerRow, 'id' | 'nth'> },
  signed: CosignRecord,
): Promise<string> {
  const { row, office, cosigner } = on;
  const text = canonicalJson(signed);
  const content = createHash('sha256').update(text).digest('hex');
  const about = aboutCosigner(row.id, cosigner.nth);
  const entry = await deps.registry.register(unit, office, { direction: 'entry', about, content });
  const number = numberText(entry);
  const key = await deps.keyring.make(unit.tx, placeOf(row));
  const sealed = sealText(key, placeOf(row), `cosigned ${cosigner.id}`, text);
  const { identification } = signed.signer;
  await setCosignAnswer(unit, cosigner.id, 'signed', {
    number,
    record: sealed,
    hash: content,
    identification,
  });
  await tell(unit, row.id, 'cosigned', { nth: cosigner.nth, number });
  await goOn(deps, unit, on);
  return number;
}

/** Takes a case on when everybody has signed, and tells its applicant. */
async function goOn(
  { keyring }: Pick<Deps, 'keyring'>,
  unit: Unit,
  { row, office, form }: Pick<On, 'row' | 'office' | 'form'>,
): Promise<void> {
  const isWaiting = row.state === form.form.cosigners?.state;
  const next = statesOf(form.form).transitions.find(
    ({ from, who }) => who === 'cosigners' && from === row.state,
  );
  if (next && isWaiting && !(await isUnsigned(unit.tx, row.id)))
    await enter(unit, row, { office, form, to: next.to });
  await tellApplicant(keyring, unit, row, { news: 'moved' });
}
