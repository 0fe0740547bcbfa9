import { createHash, randomUUID } from 'node:crypto';
import { statesOf } from '../../../../domain/form/states.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { sealText } from '../../../../lib/envelope/seal.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import type { ApplicantViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { holdIdentification } from '../../../foundation/identification/service.ts';
import { numberText } from '../../../foundation/registry/service.ts';
import { actsAs } from '../access.ts';
import { type CasesDeps, findTheirs, formOf, tell } from '../keeping.ts';
import { move } from '../moving.ts';
import { type KnownApplicant, mayStillAct, representedIn, whoActs } from '../represented/acting.ts';
import { aboutWithdrawal, stepsFrom, WITHDRAWN } from '../rules.ts';
import { placeOf } from '../sealing.ts';
import { tellApplicant } from '../telling.ts';
import type { CaseRow, WithdrawalRecord, WithdrawResult } from '../types.ts';
import { readCaseForUpdate } from '../views.ts';
import { insertSubmission } from './store.ts';

/** Withdrawals: Ley 39/2015, art. 94. */
export interface Withdrawing {
  /**
   * Withdraws what was handed in, by whoever is identified (Ley 39/2015, art. 11.2.d). The withdrawal is sealed and registered, the case ends,
   * and the applicant is told, in one unit of work.
   */
  withdraw(viewer: ApplicantViewer, office: Office, id: string): Promise<WithdrawResult>;
}

export const createWithdrawing = (deps: CasesDeps): Withdrawing => ({
  async withdraw(viewer, office, id) {
    const form = await formOf(deps, office, id);
    if (!form) return { ok: false, reason: 'not_found' };
    const known = await whoActs(deps, viewer, office, id);
    return deps.unit(viewer, office.id, (each) =>
      withdraw(deps, each, { id, office, form, known }),
    );
  },
});

async function withdraw(
  { keyring, registry }: Pick<CasesDeps, 'keyring' | 'registry'>,
  unit: Unit<ApplicantViewer>,
  {
    id,
    office,
    form,
    known,
  }: { id: string; office: Office; form: PublishedForm; known: KnownApplicant | null },
): Promise<WithdrawResult> {
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row?.recordHash || !(await mayStillAct(unit, row)))
    return { ok: false, reason: 'not_found' };
  const steps = stepsFrom(statesOf(form.form), row.state, actsAs(unit.viewer));
  const key = await keyring.shelf(unit.tx, placeOf(row));
  if (!key || !steps.some(({ to }) => to === WITHDRAWN))
    return { ok: false, reason: 'not_allowed' };
  const identification = unit.viewer.identified?.identification;
  // Who erases themselves at this moment must identify again: nobody withdraws who can't be named.
  if (!identification || !(await holdIdentification(unit, identification)))
    return { ok: false, reason: 'needs_identity' };
  const text = canonicalJson(recordOf(unit, row, { office, form, of: row.recordHash, known }));
  const content = createHash('sha256').update(text).digest('hex');
  const about = aboutWithdrawal(id);
  const entry = await registry.register(unit, office, { direction: 'entry', about, content });
  const number = numberText(entry);
  const submission = randomUUID();
  const sealed = sealText(key, placeOf(row), `withdrawal ${submission}`, text);
  const hash = content;
  await insertSubmission(unit, { id: submission, case: id, number, sealed, hash, identification });
  await tell(unit, id, 'submitted', { what: 'withdrawal', number });
  const moved = await move(unit, row, { office, form, to: WITHDRAWN });
  if (!moved.ok) throw new Error(`Case ${id} was withdrawn and did not move`);
  await tellApplicant(keyring, unit, row, { news: 'moved' });
  return { ok: true, number };
}

function recordOf(
  { viewer, now }: Unit<ApplicantViewer>,
  row: CaseRow,
  on: { office: Office; form: PublishedForm; of: string; known: KnownApplicant | null },
): WithdrawalRecord {
  const { office, form, of, known } = on;
  const represents = representedIn(row, known);
  const { language } = row;
  const procedure = office.procedure(row.procedure);
  const { identified } = viewer;
  return {
    version: 1,
    what: 'withdrawal',
    case: row.id,
    reference: row.reference,
    office: { code: office.code, name: textIn(office.name, language) },
    procedure: procedure?.code ?? form.form.procedure,
    name: textIn(procedure?.name, language),
    language,
    of,
    ...(represents && { represents }),
    applicant: identified && {
      identification: identified.identification,
      level: identified.level,
    },
    at: now.toString(),
  };
}
