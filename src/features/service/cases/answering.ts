import { createHash } from 'node:crypto';
import type { FormContext } from '../../../domain/form/applied.ts';
import { feeOf } from '../../../domain/form/fee.ts';
import { statesOf } from '../../../domain/form/states.ts';
import { validate } from '../../../domain/form/validate.ts';
import { isEnough } from '../../../domain/identity.ts';
import type { Office } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type ApplicantViewer, actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { PublishedForm } from '../../foundation/forms/types.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { type CasesDeps, findTheirs, tell } from './keeping.ts';
import { stateOf } from './moving.ts';
import { discardedAt, handsOf, withChange } from './rules.ts';
import { openSealed, sealDraft, sealRecord } from './sealing.ts';
import { setHandedIn, updateDraft } from './store.ts';
import {
  type AnswerResult,
  type CaseRecord,
  type CaseRow,
  type Change,
  DRAFT,
  type HandInResult,
} from './types.ts';
import { readCaseForUpdate } from './views.ts';

/** Changes answers of a case that was not handed in. */
export async function answer(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { id, form, change }: { id: string; form: PublishedForm; change: Change },
): Promise<AnswerResult> {
  const { tx, now, viewer } = unit;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  const { draft } = await openSealed(keyring, tx, row);
  if (row.state !== DRAFT || !draft) return { ok: false, reason: 'handed_in' };
  const hand = { by: actorOf(viewer), at: now.toString() };
  const changed = withChange(draft, form.form, change, hand);
  const version = row.version + 1;
  const sealed = await sealDraft(keyring, tx, row, changed);
  await updateDraft(unit, id, { sealed, version, discardAt: discardedAt(now, form.form) });
  // The citizen's own answers are theirs. Those of others are on the trail, by name and without the value.
  if (viewer.kind !== 'applicant')
    await unit.record('case_answered', { data: { case: id, questions: Object.keys(change) } });
  return { ok: true, version };
}

/** Checks, seals and registers a case in one unit of work. */
export async function handIn(
  deps: Pick<CasesDeps, 'keyring' | 'registry'>,
  unit: Unit<ApplicantViewer>,
  { id, office, form }: { id: string; office: Office; form: PublishedForm },
): Promise<HandInResult> {
  const { tx, now, viewer } = unit;
  const { keyring, registry } = deps;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  const { draft } = await openSealed(keyring, tx, row);
  if (row.state !== DRAFT || !draft) return { ok: false, reason: 'handed_in' };
  const { form: asked } = form;
  const level = viewer.identified?.level ?? 'none';
  if (!isEnough(level, asked.identity)) return { ok: false, reason: 'needs_identity' };
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const context: FormContext = { today, language: row.language };
  const checked = validate(asked, draft.answers, context);
  if (!checked.ok) return { ok: false, reason: 'invalid', mistakes: checked.mistakes };
  const fee = feeOf(asked, draft.answers, context);
  const isSigned = asked.sign === 'none' || (asked.sign === 'session' && viewer.identified);
  if (!isSigned || (fee && fee.cents > 0)) return { ok: false, reason: 'needs_more' };
  const { answers } = checked;
  const hands = handsOf(draft, answers);
  const record = recordOf(unit, row, { office, form, answers, hands });
  const { sealed, text } = await sealRecord(keyring, tx, row, record);
  const content = createHash('sha256').update(text).digest('hex');
  const about = `case ${id} application`;
  const entry = await registry.register(unit, office, { direction: 'entry', about, content });
  const number = numberText(entry);
  const { start } = statesOf(asked);
  const state = stateOf(office, form, {
    state: start,
    at: now,
    from: entry.countsFrom,
    events: [],
  });
  await setHandedIn(unit, id, { sealed, hash: content, state });
  await tell(unit, id, 'handed_in', { number, state: start, from: entry.countsFrom.toString() });
  return { ok: true, number };
}

function recordOf(
  { viewer, now }: Unit<ApplicantViewer>,
  row: CaseRow,
  on: {
    office: Office;
    form: PublishedForm;
    answers: CaseRecord['answers'];
    hands: CaseRecord['hands'];
  },
): CaseRecord {
  const { office, form, answers, hands } = on;
  const { language } = row;
  const procedure = office.procedure(row.procedure);
  return {
    version: 1,
    case: row.id,
    reference: row.reference,
    office: { code: office.code, name: textIn(office.name, language) },
    procedure: procedure?.code ?? form.form.procedure,
    name: textIn(procedure?.name, language),
    language,
    form: { number: form.number, sha256: form.sha256 },
    door: row.door,
    answers,
    hands,
    applicant: viewer.identified && {
      identification: viewer.identified.identification,
      level: viewer.identified.level,
    },
    handedInAt: now.toString(),
  };
}
