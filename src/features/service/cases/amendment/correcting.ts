import { createHash } from 'node:crypto';
import { filesIn } from '../../../../domain/form/files.ts';
import { levelOf } from '../../../../domain/form/online.ts';
import { statesOf } from '../../../../domain/form/states.ts';
import { validate } from '../../../../domain/form/validate.ts';
import { isEnough } from '../../../../domain/identity.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import { sealText } from '../../../../lib/envelope/seal.ts';
import type { ApplicantViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { numberText } from '../../../foundation/registry/service.ts';
import { applicantIn, asRecorded, sealApplicant } from '../applicant.ts';
import { preparedRecordOf } from '../handing-in.ts';
import { type CasesDeps, findTheirs, formOf, tell } from '../keeping.ts';
import { move } from '../moving.ts';
import { papersNamedIn } from '../papers/handed-in.ts';
import { dropOthers, refusalOfPapers } from '../papers/handing-in.ts';
import { type KnownApplicant, mayStillAct, whoActs } from '../represented/acting.ts';
import { aboutAmendment, handsOf } from '../rules.ts';
import { placeOf, sealDraft } from '../sealing.ts';
import { updateDraft } from '../store.ts';
import type { AmendedResult, AmendmentRecord, CaseRow, ReplyResult } from '../types.ts';
import { readCaseForUpdate } from '../views.ts';
import { type Corrections, contextToAmend, correctionsOf, isOpenIn } from './corrections.ts';
import { recordOf } from './opened.ts';
import { amendedTo, changedIn, REPLY_LENGTH } from './rules.ts';
import { setAnswered } from './store.ts';

/** How whoever handed a case in amends it. Answers are changed as those of a draft are (`Cases.answer`). */
export interface Correcting {
  /** Keeps what is answered besides the questions. Empty takes it back. */
  reply(viewer: ApplicantViewer, office: Office, id: string, text: string): Promise<ReplyResult>;
  /**
   * Hands in what was corrected: all answers are checked, sealed as a record of their own and registered, and the case goes on, in one unit of
   * work. What was handed in before stays. `seen`: the version of the answers that the applicant has checked; absent: any.
   */
  amend(viewer: ApplicantViewer, office: Office, id: string, seen?: number): Promise<AmendedResult>;
}

export function createCorrecting(deps: CasesDeps): Correcting {
  const { unit } = deps;
  return {
    reply: (viewer, office, id, text) =>
      unit(viewer, office.id, (each) => reply(deps, each, { id, text })),

    async amend(viewer, office, id, seen) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      const known = await whoActs(deps, viewer, office, id);
      return unit(viewer, office.id, (each) =>
        amend(deps, each, { id, office, form, seen, known }),
      );
    },
  };
}

interface On {
  id: string;
  office: Office;
  form: PublishedForm;
}

async function reply(
  { keyring }: Pick<CasesDeps, 'keyring'>,
  unit: Unit<ApplicantViewer>,
  { id, text }: { id: string; text: string },
): Promise<ReplyResult> {
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row) return { ok: false, reason: 'not_found' };
  const open = await correctionsOf(keyring, unit, row);
  if (!open) return { ok: false, reason: 'closed' };
  const said = text.trim();
  if (said.length > REPLY_LENGTH) return { ok: false, reason: 'invalid' };
  const { reply: _, ...rest } = open.draft;
  const draft = said === '' ? rest : { ...rest, reply: said };
  const sealed = await sealDraft(keyring, unit.tx, row, draft);
  await updateDraft(unit, id, { sealed, version: row.version + 1, discardAt: null });
  return { ok: true };
}

async function amend(
  deps: Pick<CasesDeps, 'keyring' | 'registry' | 'papers'>,
  unit: Unit<ApplicantViewer>,
  on: On & { seen: number | undefined; known: KnownApplicant | null },
): Promise<AmendedResult> {
  const { id, office, form, seen, known } = on;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row || !(await mayStillAct(unit, row))) return { ok: false, reason: 'not_found' };
  const open = await correctionsOf(deps.keyring, unit, row);
  if (!open) return { ok: false, reason: 'closed' };
  const to = amendedTo(statesOf(form.form));
  if (to === null) return { ok: false, reason: 'not_allowed' };
  if (seen !== undefined && seen !== row.version) return { ok: false, reason: 'changed' };
  if (!isEnough(unit.viewer.identified?.level ?? 'none', levelOf(form.form)))
    return { ok: false, reason: 'needs_identity' };
  const made = amendmentIn(unit, row, open, { office, form, known });
  if (!made.ok) return made;
  const refused = await settlePapers(deps.papers, unit, row, {
    office,
    form,
    open,
    record: made.record,
  });
  if (refused) return refused;
  const number = await register(deps, unit, row, { office, form, open, known, ...made });
  const moved = await move(unit, row, { office, form, to });
  if (!moved.ok) throw new Error(`Case ${id} was amended and did not move`);
  return { ok: true, number };
}

/**
 * Returns why a case can't be amended with its files now; null: it can, and the files that came meanwhile and are not handed in are gone. Only
 * the files of what can be changed are looked at: nobody can do anything about the others.
 */
async function settlePapers(
  papers: CasesDeps['papers'],
  unit: Unit<ApplicantViewer>,
  row: CaseRow,
  on: { office: Office; form: PublishedForm; open: Corrections; record: AmendmentRecord },
): Promise<Extract<AmendedResult, { ok: false }> | null> {
  const { office, form, open, record } = on;
  const context = contextToAmend(row, office, unit.now);
  const files = filesIn(form.form, record.answers);
  const changeable = files.filter(({ name }) => isOpenIn(open, form, name, context));
  const refused = await refusalOfPapers(papers, unit, row, changeable);
  if (refused) return refused;
  await dropOthers(papers, unit, row, files, papersNamedIn(form.form, open.handedIn));
  return null;
}

type Made = { ok: true; record: AmendmentRecord } | Extract<AmendedResult, { ok: false }>;

/** Returns what is handed in, checked. The answers are those that the form demands of the day on which the case was handed in. */
function amendmentIn(
  unit: Unit<ApplicantViewer>,
  row: CaseRow,
  { amendment, draft, before, hash }: Corrections,
  { office, form, known }: Omit<On, 'id'> & { known: KnownApplicant | null },
): Made {
  const context = contextToAmend(row, office, unit.now);
  const checked = validate(form.form, draft.answers, context);
  if (!checked.ok) return { ok: false, reason: 'invalid', mistakes: checked.mistakes };
  const { answers } = checked;
  const { points } = amendment;
  const { reply: said } = draft;
  const changed = changedIn(form.form, { before, now: answers });
  if (!said && points.some(({ question }) => question === null))
    return { ok: false, reason: 'no_reply' };
  if (!said && changed.length === 0) return { ok: false, reason: 'empty' };
  const hands = handsOf(draft, answers);
  const { door: _, ...whole } = preparedRecordOf(unit.viewer, row, {
    office,
    form,
    answers,
    hands,
    known,
  });
  const record: AmendmentRecord = {
    ...whole,
    what: 'amendment',
    of: hash,
    asked: points,
    changed,
    reply: said ?? null,
    at: unit.now.toString(),
  };
  return { ok: true, record };
}

/** Seals and registers what a locked case is amended with. Returns the number of the entry. */
async function register(
  { keyring, registry }: Pick<CasesDeps, 'keyring' | 'registry'>,
  unit: Unit,
  row: CaseRow,
  on: {
    office: Office;
    form: PublishedForm;
    open: Corrections;
    known: KnownApplicant | null;
    record: AmendmentRecord;
  },
): Promise<string> {
  const { office, form, open, known, record } = on;
  const { amendment, nth } = open;
  const text = canonicalJson(record);
  const hash = createHash('sha256').update(text).digest('hex');
  const about = aboutAmendment(row.id, nth);
  const entry = await registry.register(unit, office, {
    direction: 'entry',
    about,
    content: hash,
  });
  const number = numberText(entry);
  const key = await keyring.make(unit.tx, placeOf(row));
  const sealed = sealText(key, placeOf(row), recordOf(amendment.id), text);
  const who = applicantIn(form.form, record.answers, known && asRecorded(known, record));
  const applicant = await sealApplicant(keyring, unit.tx, row, who);
  await setAnswered(unit, amendment.id, { case: row.id, number, record: sealed, hash, applicant });
  await tell(unit, row.id, 'amended', { number, amendment: nth, changed: record.changed.length });
  return number;
}
