import { createHash } from 'node:crypto';

import { atOnceOf } from '../../../domain/form/at-once.ts';
import { selfNamed } from '../../../domain/form/cosigners.ts';
import { feeOf } from '../../../domain/form/fee.ts';
import { filesIn } from '../../../domain/form/files.ts';
import { isSigned, levelOf } from '../../../domain/form/online.ts';
import { statesOf } from '../../../domain/form/states.ts';
import { validate } from '../../../domain/form/validate.ts';
import { highestOf, isEnough } from '../../../domain/identity.ts';
import { teamOf } from '../../../domain/office/teams.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { PublishedForm } from '../../foundation/forms/types.ts';
import { holdIdentification } from '../../foundation/identification/service.ts';
import type { IdentificationOf } from '../../foundation/identification/types.ts';
import { numberText } from '../../foundation/registry/service.ts';
import { applicantIn, applicantOf, asRecorded, sealApplicant } from './applicant.ts';
import { confirmationOf, type HandingIn } from './assisted/confirming.ts';
import type { Assisted } from './assisted/types.ts';
import { askCosigners } from './cosigning/asking.ts';
import { type CasesDeps, findTheirs, tell } from './keeping.ts';
import { stateOf } from './moving.ts';
import { dropOthers, refusalOfPapers } from './papers/handing-in.ts';
import {
  isStillValid,
  type KnownApplicant,
  mayStillAct,
  representedIn,
} from './represented/acting.ts';
import { aboutApplication, contextOf, handsOf } from './rules.ts';
import { openPrepared, openSealed, sealPrepared, sealRecord } from './sealing.ts';
import { setHandedIn, setOwner } from './store.ts';
import {
  type CaseRecord,
  type CaseRow,
  DRAFT,
  type HandInRefusal,
  type PaidFee,
  type PreparedRecord,
  type PrepareResult,
} from './types.ts';
import { readCaseForUpdate, readSigned } from './views.ts';

type Deps = Pick<CasesDeps, 'keyring' | 'registry' | 'papers' | 'key'>;

/**
 * The case that is to be handed in. `seen`: the version of the answers that the applicant has checked; undefined: any. `isToSign`: whether it is
 * about to be signed.
 */
export interface ToHandIn extends HandingIn {
  id: string;
  office: Office;
  form: PublishedForm;
  seen?: number | undefined;
  isToSign?: boolean;
}

type Ready = { ok: true; row: CaseRow; record: PreparedRecord; cents: number } | HandInRefusal;

/** Returns what a case would be handed in with now, and what it costs. The case is locked. */
export async function readyToHandIn(
  { keyring, papers }: Pick<Deps, 'keyring' | 'papers'>,
  unit: Unit<ApplicantViewer>,
  { id, office, form, seen, known, helpers, isToSign = false }: ToHandIn,
): Promise<Ready> {
  const { tx, now, viewer } = unit;
  const row = await findTheirs(unit, id, readCaseForUpdate);
  if (!row || !(await mayStillAct(unit, row))) return { ok: false, reason: 'not_found' };
  const { draft } = await openSealed(keyring, tx, row);
  if (row.state !== DRAFT || !draft) return { ok: false, reason: 'handed_in' };
  if (seen !== undefined && seen !== row.version) return { ok: false, reason: 'changed' };
  const { form: asked } = form;
  const level = viewer.identified?.level ?? 'none';
  if (!isEnough(level, levelOf(asked))) return { ok: false, reason: 'needs_identity' };
  const context = contextOf(office, now, row.language);
  const checked = validate(asked, draft.answers, context);
  if (!checked.ok) return { ok: false, reason: 'invalid', mistakes: checked.mistakes };
  // In the name of somebody else, whoever acts may be one of those who must sign.
  const own = row.representation ? null : (known?.of.identifier ?? null);
  const mistakes = selfNamed(asked, checked.answers, own);
  if (mistakes.length > 0) return { ok: false, reason: 'invalid', mistakes };
  if (asked.sign !== 'none' && !viewer.identified) return { ok: false, reason: 'needs_more' };
  const signed = !isSigned(asked) ? null : await signedRecord(keyring, tx, row);
  const { answers } = checked;
  const confirming = { draft, answers, known, helpers };
  // What is signed was confirmed when it was sealed.
  const isToConfirm = row.isAssisted && !signed;
  const confirmed = isToConfirm ? await confirmationOf(unit, row, confirming) : null;
  if (confirmed?.ok === false) return confirmed;
  const refused = await refusalOfPapers(papers, unit, row, filesIn(asked, answers));
  if (refused) return refused;
  // Nobody is sent to sign what can't be handed in then.
  if (isSigned(asked) && !signed && !isToSign) return { ok: false, reason: 'needs_signature' };
  const hands = handsOf(draft, answers);
  const assisted = confirmed?.assisted ?? null;
  const record =
    signed ?? preparedRecordOf(viewer, row, { office, form, answers, hands, assisted, known });
  return { ok: true, row, record, cents: feeOf(asked, draft.answers, context)?.cents ?? 0 };
}

/**
 * Makes a case that was begun with an official the own one of whoever identified to hand it in: from then on it opens to them alone, also
 * while they sign or pay.
 */
export async function giveToApplicant(
  { tx, viewer }: Unit<ApplicantViewer>,
  row: CaseRow,
  { form }: PublishedForm,
): Promise<void> {
  const { identified } = viewer;
  if (row.level !== 'none' || !row.isAssisted || !identified) return;
  const level = highestOf([levelOf(form), 'low']);
  await setOwner(tx, row.id, { person: identified.person, level });
}

/** Seals and registers what a locked case is handed in with. `known`: who hands it in, as their provider says. */
export async function registerCase(
  deps: Deps,
  unit: Unit,
  row: CaseRow,
  on: {
    office: Office;
    form: PublishedForm;
    record: PreparedRecord;
    payment?: PaidFee;
    known?: Pick<IdentificationOf, 'name' | 'of' | 'represents'> | null;
  },
): Promise<{ ok: true; number: string }> {
  const { keyring, registry, papers } = deps;
  const { tx, now } = unit;
  const { office, form, payment, known = null } = on;
  const { id } = row;
  const record: CaseRecord = {
    ...on.record,
    ...(payment && { payment }),
    handedInAt: now.toString(),
  };
  await dropOthers(papers, unit, row, filesIn(form.form, record.answers));
  const { sealed, text } = await sealRecord(keyring, tx, row, record);
  const content = createHash('sha256').update(text).digest('hex');
  const about = aboutApplication(id);
  const entry = await registry.register(unit, office, { direction: 'entry', about, content });
  const number = numberText(entry);
  const own = record.represents?.identifier ?? known?.of.identifier ?? null;
  const waits = await askCosigners(deps, unit, row, { form: form.form, record, own });
  const start = waits ?? statesOf(form.form).start;
  const first = { state: start, at: now, from: entry.countsFrom, events: [] };
  const state = stateOf(office, form, first);
  const identification = record.applicant?.identification ?? null;
  const who = applicantIn(form.form, record.answers, known && asRecorded(known, record));
  const applicant = await sealApplicant(keyring, tx, row, who);
  const context = contextOf(office, now, row.language);
  const isAtOnce = atOnceOf(form.form, record.answers, context) !== null;
  await setHandedIn(unit, id, {
    sealed,
    hash: content,
    state,
    identification,
    applicant,
    isAtOnce,
    team: teamOf(office.settings, form.form.procedure),
  });
  unit.tell(id);
  const act = record.handedInFor?.act;
  const from = entry.countsFrom.toString();
  await tell(unit, id, 'handed_in', { number, state: start, from, ...(act && { act }) });
  return { ok: true, number };
}

/** Returns what a case is handed in with once it is signed or paid, sealed. `by`: the payment or the signature, to which it is bound. */
export async function prepare(
  deps: Pick<Deps, 'keyring' | 'papers'>,
  unit: Unit<ApplicantViewer>,
  asked: ToHandIn & { by: string },
): Promise<PrepareResult> {
  const ready = await readyToHandIn(deps, unit, asked);
  if (!ready.ok) return ready;
  const { row, record, cents } = ready;
  await giveToApplicant(unit, row, asked.form);
  const sealed = await sealPrepared(deps.keyring, unit.tx, row, { by: asked.by, record });
  const hash = createHash('sha256').update(canonicalJson(record)).digest();
  const { version, reference, procedure } = row;
  const level = levelOf(asked.form.form);
  const identification = record.applicant?.identification ?? null;
  return { ok: true, sealed, hash, level, cents, version, reference, procedure, identification };
}

/** `gone`: whoever paid erased what identified them; `ended`: they paid for another person, by an authorisation that ended meanwhile. */
export type HandInPaidResult =
  | { ok: true; number: string }
  | { ok: false; reason: 'gone' | 'ended' };

/**
 * Registers what was prepared for a payment. `gone`: the person erased what identified them since, as they can once nobody asks the bank any more;
 * `ended`: the authorisation ended by which somebody paid for another person.
 * The case is locked, and its answers are those of then.
 */
export async function handInPaid(
  deps: Deps,
  unit: Unit,
  row: CaseRow,
  on: { office: Office; form: PublishedForm; sealed: Buffer; payment: PaidFee },
): Promise<HandInPaidResult> {
  const { office, form, sealed, payment } = on;
  const { order } = payment;
  const record = await openPrepared(deps.keyring, unit.tx, row, { by: order, sealed });
  const identification = record.applicant?.identification;
  if (identification && !(await holdIdentification(unit, identification)))
    return { ok: false, reason: 'gone' };
  const authorisation = record.represents?.authorisation;
  if (authorisation && !(await isStillValid(unit, authorisation)))
    return { ok: false, reason: 'ended' };
  return registerCase(deps, unit, row, { office, form, record, payment });
}

/** Registers what was signed of a locked case that costs nothing; null: nothing of its answers is signed. */
export async function handInSigned(
  deps: Deps,
  unit: Unit,
  row: CaseRow,
  { office, form, known }: { office: Office; form: PublishedForm; known: IdentificationOf | null },
): Promise<{ ok: true; number: string } | null> {
  const record = await signedRecord(deps.keyring, unit.tx, row);
  if (!record) return null;
  return registerCase(deps, unit, row, { office, form, record, known });
}

/** Returns what was sealed to be signed, byte by byte as its hash was told; null: the case was destroyed. `by`: the id of the signature. */
export async function signedContent(
  keyring: Pick<Deps['keyring'], 'make' | 'shelf'>,
  { tx }: Unit,
  row: CaseRow,
  on: { by: string; sealed: Buffer },
): Promise<Buffer | null> {
  if (!row.sealedRecord && !row.sealedDraft) return null;
  return Buffer.from(canonicalJson(await openPrepared(keyring, tx, row, on)));
}

/** Returns what was handed in with a case, who did, and its hash, for whoever else must sign it; null: the case was destroyed. */
export async function applicationToSign(
  keyring: Pick<Deps['keyring'], 'make' | 'shelf'>,
  { tx }: Unit,
  row: CaseRow,
): Promise<{ record: CaseRecord; applicant: string; hash: string } | null> {
  const { record } = await openSealed(keyring, tx, row);
  const who = await applicantOf(keyring, tx, row);
  return record && row.recordHash
    ? { record, applicant: who?.name ?? '', hash: row.recordHash }
    : null;
}

/** Returns what was signed of the answers of a case as they are now; null: nothing was. */
async function signedRecord(
  keyring: Deps['keyring'],
  tx: Tx,
  row: CaseRow,
): Promise<PreparedRecord | null> {
  const found = await readSigned(tx, row);
  if (!found) return null;
  const { sealed, ...signature } = found;
  const record = await openPrepared(keyring, tx, row, { by: signature.id, sealed });
  return { ...record, signature };
}

/** Returns what answers are handed in with, besides when. */
export function preparedRecordOf(
  viewer: Pick<ApplicantViewer, 'identified'>,
  row: CaseRow,
  on: {
    office: Office;
    form: PublishedForm;
    answers: CaseRecord['answers'];
    hands: CaseRecord['hands'];
    assisted?: Assisted | null;
    known?: KnownApplicant | null;
  },
): PreparedRecord {
  const { office, form, answers, hands, assisted, known = null } = on;
  const represents = representedIn(row, known);
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
    ...(assisted && { assisted }),
    ...(represents && { represents }),
    applicant: viewer.identified && {
      identification: viewer.identified.identification,
      level: viewer.identified.level,
    },
  };
}
