import type { Office } from '../../../domain/office/types.ts';
import { type ApplicantViewer, actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { PublishedForm } from '../../foundation/forms/types.ts';
import {
  type Corrections,
  contextToAmend,
  correctionsOf,
  onlyOpen,
} from './amendment/corrections.ts';
import { mayFillIn } from './assisted/filling.ts';
import { giveToApplicant, readyToHandIn, registerCase, type ToHandIn } from './handing-in.ts';
import { type CasesDeps, findTheirs } from './keeping.ts';
import { withoutNewFiles } from './papers/rules.ts';
import { discardedAt, withChange, withItem } from './rules.ts';
import { openSealed, sealDraft } from './sealing.ts';
import { keepConfirmation, setAssisted, updateDraft } from './store.ts';
import {
  type AnswerResult,
  type CaseRow,
  type Change,
  DRAFT,
  type Draft,
  type HandInResult,
  type ItemChange,
  type ItemResult,
} from './types.ts';
import { isOnItsWay, readCaseForUpdate } from './views.ts';

type Asked = { id: string; office: Office; form: PublishedForm };

/** Changes answers of a case that was not handed in, or of what its applicant corrects in one that was. */
export function answer(
  deps: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { change, ...asked }: Asked & { change: Change },
): Promise<AnswerResult> {
  const { form } = asked.form;
  return changeDraft<never>(deps, unit, asked, ({ draft }) => ({
    ok: true,
    change: withoutNewFiles(form, draft, change),
  }));
}

/** Changes one item of a group. */
export async function answerItem(
  deps: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { change, ...asked }: Asked & { change: ItemChange },
): Promise<ItemResult> {
  let at = 0;
  const { form } = asked.form;
  const done = await changeDraft<NotChanged>(deps, unit, asked, ({ draft }) => {
    const changed = withItem(draft.answers, form, change);
    if (!changed.ok) return changed;
    at = changed.at;
    return { ok: true, change: withoutNewFiles(form, draft, { [change.group]: changed.items }) };
  });
  return done.ok ? { ok: true, at } : done;
}

type NotChanged = Extract<ReturnType<typeof withItem>, { ok: false }>;

/** The answers of a locked case that its viewer may change now. */
export interface OpenAnswers {
  row: CaseRow;
  draft: Draft;
  /** What is asked to be amended; null: it was not handed in, and all of it can be changed. */
  corrections: Corrections | null;
}

/** Locks a case of the viewer, and opens the answers that can be changed in it: those of a draft that is not on its way to be handed in, or what they amend. */
export async function openAnswers(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  id: string,
): Promise<({ ok: true } & OpenAnswers) | { ok: false; reason: 'not_found' | 'handed_in' }> {
  const row = await findTheirs(unit, id, readCaseForUpdate);
  const { viewer } = unit;
  const isKeptOff = viewer.kind === 'staff' && row && !(await mayFillIn(unit, viewer, row));
  if (!row || isKeptOff) return { ok: false, reason: 'not_found' };
  const isDraft = row.state === DRAFT;
  const corrections = await correctionsOf(keyring, unit, row);
  const draft = isDraft ? (await openSealed(keyring, unit.tx, row)).draft : corrections?.draft;
  if (!draft || (isDraft && (await isOnItsWay(unit.tx, id))))
    return { ok: false, reason: 'handed_in' };
  return { ok: true, row, draft, corrections };
}

/** Returns a change without what is declared, which only the applicant does (Ley 39/2015, art. 69). */
const withoutDeclared = (change: Change): Change =>
  Object.fromEntries(Object.entries(change).filter(([name]) => !name.startsWith('declarations.')));

/** Locks a case, and keeps its answers with a change that depends on them. */
export async function changeDraft<F extends { ok: false; reason: string }>(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit,
  { id, office, form }: Asked,
  changeOf: (open: OpenAnswers) => { ok: true; change: Change } | F,
): Promise<AnswerResult | F> {
  const { tx, now, viewer } = unit;
  const open = await openAnswers({ keyring }, unit, id);
  if (!open.ok) return open;
  const { row, draft, corrections } = open;
  const made = changeOf(open);
  if (!made.ok) return made;
  const mine = viewer.kind === 'applicant' ? made.change : withoutDeclared(made.change);
  const change = corrections
    ? onlyOpen(mine, corrections, form, contextToAmend(row, office, now))
    : mine;
  const hand = { by: actorOf(viewer), at: now.toString() };
  const changed: Draft = { ...draft, ...withChange(draft, form.form, change, hand) };
  if (viewer.kind === 'staff')
    changed.helpers = [...new Set([...(draft.helpers ?? []), viewer.staff])];
  // What stays the same is no other version: a page that is sent again voids nothing that was checked.
  if (Object.values(changed.hands).every((each) => each !== hand))
    return { ok: true, version: row.version };
  const version = row.version + 1;
  const sealed = await sealDraft(keyring, tx, row, changed);
  const discardAt = row.state === DRAFT ? discardedAt(now, form.form) : null;
  await updateDraft(unit, id, { sealed, version, discardAt });
  if (viewer.kind === 'staff' && !row.isAssisted) await setAssisted(tx, id);
  // What they declare is a part of confirming it, and changes nothing of what they were asked to confirm.
  const isDeclared = Object.keys(withoutDeclared(change)).length === 0;
  if (isDeclared && row.confirmation?.version === row.version)
    await keepConfirmation(tx, id, version);
  // The citizen's own answers are theirs. Those of others are on the trail, by name and without the value.
  const questions = Object.keys(mine);
  if (viewer.kind === 'applicant') unit.tell(id);
  else await unit.record('case_answered', { data: { case: id, questions }, topic: id });
  return { ok: true, version };
}

/** Checks, seals and registers a case in one unit of work. */
export async function handIn(
  deps: Pick<CasesDeps, 'keyring' | 'registry' | 'papers' | 'key'>,
  unit: Unit<ApplicantViewer>,
  asked: ToHandIn,
): Promise<HandInResult> {
  const ready = await readyToHandIn(deps, unit, asked);
  if (!ready.ok) return ready;
  if (ready.cents > 0) return { ok: false, reason: 'needs_payment' };
  const { row, record } = ready;
  await giveToApplicant(unit, row, asked.form);
  return registerCase(deps, unit, row, { ...asked, record });
}
