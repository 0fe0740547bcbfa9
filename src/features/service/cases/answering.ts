import { createHash } from 'node:crypto';
import { feeOf } from '../../../domain/form/fee.ts';
import { levelOf } from '../../../domain/form/online.ts';
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
import { contextOf, discardedAt, handsOf, withChange, withItem } from './rules.ts';
import { openSealed, sealDraft, sealRecord } from './sealing.ts';
import { setHandedIn, updateDraft } from './store.ts';
import {
  type AnswerResult,
  type CaseRecord,
  type CaseRow,
  type Change,
  DRAFT,
  type Draft,
  type HandInResult,
  type ItemChange,
  type ItemResult,
} from './types.ts';
import { readCaseForUpdate } from './views.ts';

type Asked = { id: string; form: PublishedForm };

/** Changes answers of a case that was not handed in. */
export function answer(
  deps: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { change, ...asked }: Asked & { change: Change },
): Promise<AnswerResult> {
  return changeDraft(deps, unit, asked, () => ({ ok: true, change }));
}

/** Changes one item of a group. */
export async function answerItem(
  deps: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { change, ...asked }: Asked & { change: ItemChange },
): Promise<ItemResult> {
  let at = 0;
  const done = await changeDraft(deps, unit, asked, ({ answers }) => {
    const changed = withItem(answers, asked.form.form, change);
    if (!changed.ok) return changed;
    at = changed.at;
    return { ok: true, change: { [change.group]: changed.items } };
  });
  return done.ok ? { ok: true, at } : done;
}

type Changed<R extends string> = { ok: true; change: Change } | { ok: false; reason: R };

/** Locks a case, and keeps its answers with a change that depends on them. */
async function changeDraft<R extends string>(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { id, form }: Asked,
  changeOf: (draft: Draft) => Changed<R>,
): Promise<AnswerResult | { ok: false; reason: R }> {
  const { tx, now, viewer } = unit;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  const { draft } = await openSealed(keyring, tx, row);
  if (row.state !== DRAFT || !draft) return { ok: false, reason: 'handed_in' };
  const made = changeOf(draft);
  if (!made.ok) return made;
  const hand = { by: actorOf(viewer), at: now.toString() };
  const changed = withChange(draft, form.form, made.change, hand);
  const version = row.version + 1;
  const sealed = await sealDraft(keyring, tx, row, changed);
  await updateDraft(unit, id, { sealed, version, discardAt: discardedAt(now, form.form) });
  // The citizen's own answers are theirs. Those of others are on the trail, by name and without the value.
  if (viewer.kind !== 'applicant')
    await unit.record('case_answered', { data: { case: id, questions: Object.keys(made.change) } });
  return { ok: true, version };
}

/** Checks, seals and registers a case in one unit of work. */
export async function handIn(
  deps: Pick<CasesDeps, 'keyring' | 'registry'>,
  unit: Unit<ApplicantViewer>,
  { id, office, form, seen }: Asked & { office: Office; seen?: number | undefined },
): Promise<HandInResult> {
  const { tx, now, viewer } = unit;
  const { keyring, registry } = deps;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  const { draft } = await openSealed(keyring, tx, row);
  if (row.state !== DRAFT || !draft) return { ok: false, reason: 'handed_in' };
  if (seen !== undefined && seen !== row.version) return { ok: false, reason: 'changed' };
  const { form: asked } = form;
  const level = viewer.identified?.level ?? 'none';
  if (!isEnough(level, levelOf(asked))) return { ok: false, reason: 'needs_identity' };
  const context = contextOf(office, now, row.language);
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
  const identification = viewer.identified?.identification ?? null;
  await setHandedIn(unit, id, { sealed, hash: content, state, identification });
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
