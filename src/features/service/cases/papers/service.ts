import { createHash } from 'node:crypto';
import type { FileAnswer } from '../../../../domain/form/answers/things.ts';
import { fileQuestion, filesIn } from '../../../../domain/form/files.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { StaffViewer, Viewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { cleanName, kindLike, limitsOf } from '../../documents/rules.ts';
import type { CaseSpace } from '../../documents/service.ts';
import type { CasePaper, OpenDocument } from '../../documents/types.ts';
import { contextToAmend, isOpenIn } from '../amendment/corrections.ts';
import { openAmendments } from '../amendment/opened.ts';
import { changeDraft, type OpenAnswers, openAnswers } from '../answering.ts';
import { type CasesDeps, findTheirs, formOf } from '../keeping.ts';
import { withItem } from '../rules.ts';
import { openSealed } from '../sealing.ts';
import type { Case, CaseRow, Change, Draft } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { papersNamedIn } from './handed-in.ts';
import { filesAt, opensPapers, slipsOf } from './rules.ts';
import type { GivenFile, PaperAt, PaperResult, RemoveResult } from './types.ts';

/** The papers of a case: the files with which questions are answered. */
export interface Papers {
  /** Adds a file to the answer of a question. It is sealed at once, and checked before anybody opens it. */
  addPaper(
    viewer: Viewer,
    office: Office,
    id: string,
    at: PaperAt,
    file: GivenFile,
  ): Promise<PaperResult>;
  /** Takes a file out of an answer, and destroys it. */
  removePaper(
    viewer: Viewer,
    office: Office,
    id: string,
    at: PaperAt,
    document: string,
  ): Promise<RemoveResult>;
  /**
   * Opens a paper; each look is recorded. Null: there is none, it was not checked yet, or the case is not of an identified person. The office
   * opens what was handed in, and not what somebody is still amending.
   */
  openPaper(
    viewer: Viewer,
    office: Office,
    id: string,
    document: string,
  ): Promise<OpenDocument | null>;
  /**
   * Releases a paper that was handed in and that the antivirus can't look into, so that it opens. Only viewers who may release documents
   * can do it. Returns whether it did; null: there is no such paper for the viewer.
   */
  releasePaper(
    viewer: StaffViewer,
    office: Office,
    id: string,
    document: string,
  ): Promise<boolean | null>;
}

type Deps = Pick<CasesDeps, 'db' | 'unit' | 'forms' | 'keyring' | 'papers'>;

export function createPapers(deps: Deps): Papers {
  const { unit } = deps;
  return {
    async addPaper(viewer, office, id, at, file) {
      const form = await formOf(deps, office, id);
      const on = form && { viewer, office, id, at, form };
      return on ? addPaper(deps, on, file) : { ok: false, reason: 'not_found' };
    },

    async removePaper(viewer, office, id, at, document) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, (each) =>
        removePaper(deps, each, { office, id, at, form }, document),
      );
    },

    async openPaper(viewer, office, id, document) {
      const form = await formOf(deps, office, id);
      return (
        form && unit(viewer, office.id, (each) => openPaper(deps, each, { id, form, document }))
      );
    },

    async releasePaper(viewer, office, id, document) {
      const form = await formOf(deps, office, id);
      if (!form) return null;
      return unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCaseForUpdate);
        if (!row?.handedInAt || !(await handedInFiles(deps, each, row, form)).has(document))
          return null;
        return deps.papers.release(each, spaceOf(row), document);
      });
    },
  };
}

/** Takes a file out of an answer. It is destroyed, unless it was handed in: then it stays with what it was handed in with. */
async function removePaper(
  deps: Pick<Deps, 'keyring' | 'papers'>,
  unit: Unit,
  { office, id, at, form }: Omit<Adding, 'viewer'>,
  document: string,
): Promise<RemoveResult> {
  let isHandedIn = false;
  const done = await changeDraft<Gone>(deps, unit, { id, office, form }, (opened) => {
    const there = filesAt(opened.draft.answers, at);
    const left = there?.filter((file) => file.document !== document) ?? [];
    const isThere = there !== null && left.length < there.length;
    if (!isThere || !mayChange(opened, { at, form, office }, unit.now))
      return { ok: false, reason: 'gone' };
    const { corrections } = opened;
    isHandedIn = !!corrections && papersNamedIn(form.form, corrections.handedIn).has(document);
    return changeAt(opened.draft, form, at, left);
  });
  if (!done.ok) return done;
  if (!isHandedIn) await deps.papers.remove(unit, spaceOf({ id, office: office.id }), [document]);
  return { ok: true };
}

/** Returns the ids of the files that were handed in with a case. */
async function handedInFiles(
  { keyring }: Pick<Deps, 'keyring'>,
  { tx }: Unit,
  row: CaseRow,
  { form }: PublishedForm,
): Promise<Set<string>> {
  const { record } = await openSealed(keyring, tx, row);
  return papersNamedIn(form, { record, amendments: await openAmendments(keyring, tx, row) });
}

async function openPaper(
  deps: Pick<Deps, 'keyring' | 'papers'>,
  unit: Unit,
  { id, form, document }: { id: string; form: PublishedForm; document: string },
): Promise<OpenDocument | null> {
  const row = await findTheirs(unit, id, readCase);
  if (!row || !opensPapers(unit.viewer, row)) return null;
  const isOwn = unit.viewer.kind === 'applicant';
  const isHandedIn = async () =>
    row.handedInAt !== null && (await handedInFiles(deps, unit, row, form)).has(document);
  if (!isOwn && !(await isHandedIn())) return null;
  return deps.papers.open(unit, spaceOf(row), document);
}

export const spaceOf = ({ id, office }: Pick<Case, 'id' | 'office'>): CaseSpace => ({
  office,
  case: id,
});

/** A file that is being added, and where. */
interface Adding {
  viewer: Viewer;
  office: Office;
  id: string;
  at: PaperAt;
  form: PublishedForm;
}

async function addPaper(deps: Deps, on: Adding, given: GivenFile): Promise<PaperResult> {
  const { papers, unit } = deps;
  const { viewer, office, id } = on;
  if (given.bytes.length === 0) return { ok: false, reason: 'empty' };
  const file = fileOf(given);
  const announced = await unit(viewer, office.id, (each) =>
    announce(deps, each, on, { file, type: given.type }),
  );
  if (!announced.ok) return announced;
  const { document } = announced;
  const taken = await papers.receive(viewer, office.id, document, given.bytes);
  const done: PaperResult = taken.ok
    ? await unit(viewer, office.id, (each) => keepPaper(deps, each, on, { ...file, document }))
    : { ok: false, reason: 'no_room' };
  if (!done.ok)
    await unit(viewer, office.id, (each) =>
      papers.remove(each, spaceOf({ id, office: office.id }), [document]),
    );
  return done;
}

const fileOf = ({ name, bytes }: GivenFile): FileAnswer => ({
  document: 'new',
  name: cleanName(name),
  kind: kindLike(Buffer.from(bytes.subarray(0, HEAD_BYTES)), name),
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** The bytes that tell the kind of a file. */
const HEAD_BYTES = 64;

/** Makes room for a file, when nothing is wrong with it. */
async function announce(
  { keyring, papers }: Deps,
  unit: Unit,
  on: Adding,
  { file, type }: { file: FileAnswer; type: string },
): Promise<{ ok: true; document: string } | Extract<PaperResult, { ok: false }>> {
  const refusal = await roomFor({ keyring, papers }, unit, on, file);
  if (refusal) return refusal;
  const space = spaceOf({ id: on.id, office: on.office.id });
  const { name, bytes: size } = file;
  return {
    ok: true,
    document: await papers.announce(unit, space, { kind: 'inbox', name, type, size }),
  };
}

/** Returns why an answer takes no such file now; null: it does, and the case is locked. What nothing names any more is removed first. */
export async function roomFor(
  { keyring, papers }: Pick<Deps, 'keyring' | 'papers'>,
  unit: Unit,
  { id, office, at, form }: Adding,
  file: FileAnswer,
): Promise<Extract<PaperResult, { ok: false }> | null> {
  const found = await openAnswers({ keyring }, unit, id);
  if (!found.ok) return found;
  const refusal = refusalOf(found, { at, form, office }, file, unit.now);
  if (refusal) return refusal;
  const there = await onlyKept(papers, unit, spaceOf({ id, office: office.id }), found, form);
  const total = there.reduce((sum, { size }) => sum + size, file.bytes);
  return total > limitsOf(office.settings).total ? { ok: false, reason: 'full' } : null;
}

/** Minutes after which a file that no answer names has no request of its own any more, which would put it into one. */
const LEFT_MINUTES = 5;

/**
 * Removes the files of a locked case that nothing names, so that no case is full of what nobody can take out: those of a removed thing of a
 * group, of corrections that were never handed in, and of a process that ended. Returns the others.
 */
async function onlyKept(
  papers: Deps['papers'],
  unit: Unit,
  space: CaseSpace,
  { draft, corrections }: OpenAnswers,
  { form }: PublishedForm,
): Promise<CasePaper[]> {
  const named = new Set(filesIn(form, draft.answers).map(({ file }) => file.document));
  const handedIn = corrections ? papersNamedIn(form, corrections.handedIn) : new Set();
  const before = unit.now.subtract({ minutes: LEFT_MINUTES });
  const isLeft = ({ id, kind, madeAt }: CasePaper): boolean =>
    kind === 'inbox' &&
    !named.has(id) &&
    !handedIn.has(id) &&
    Temporal.Instant.compare(madeAt, before) <= 0;
  const all = await papers.list(unit.tx, space);
  const left = all.filter(isLeft).map(({ id }) => id);
  if (left.length > 0) await papers.remove(unit, space, left);
  return all.filter(({ id }) => !left.includes(id));
}

/** Returns why a file can't be added to an answer, as it stands by now; null: it can. */
function refusalOf(
  open: OpenAnswers,
  on: Where,
  file: FileAnswer,
  now: Temporal.Instant,
): Extract<PaperResult, { ok: false }> | null {
  const question = fileQuestion(on.form.form, on.at.question);
  const there = filesAt(open.draft.answers, on.at);
  if (!question || !there || !mayChange(open, on, now)) return { ok: false, reason: 'gone' };
  const slips = slipsOf(question, there, file);
  return slips.length > 0 ? { ok: false, reason: 'invalid', slips } : null;
}

type Where = Pick<Adding, 'at' | 'form' | 'office'>;

/** Whether the answer to a question can be changed: of what was handed in, only what is asked to be amended. */
const mayChange = (
  { row, corrections }: OpenAnswers,
  { at, form, office }: Where,
  now: Temporal.Instant,
): boolean =>
  corrections === null ||
  isOpenIn(corrections, form, at.question, contextToAmend(row, office, now));

/** Adds a file that has arrived to the answer. */
export async function keepPaper(
  { keyring }: Pick<Deps, 'keyring'>,
  unit: Unit,
  { id, office, form, at }: Adding,
  file: FileAnswer,
): Promise<PaperResult> {
  const changed = await changeDraft({ keyring }, unit, { id, office, form }, (open) => {
    const refusal = refusalOf(open, { at, form, office }, file, unit.now);
    if (refusal) return refusal;
    const { draft } = open;
    return changeAt(draft, form, at, [...(filesAt(draft.answers, at) ?? []), file]);
  });
  return changed.ok ? { ok: true } : changed;
}

type Gone = { ok: false; reason: 'gone' };

/** Returns the change that gives a question these files. */
function changeAt(
  { answers }: Draft,
  { form }: PublishedForm,
  { question, item }: PaperAt,
  files: readonly FileAnswer[],
): { ok: true; change: Change } | Gone {
  const value = files.length > 0 ? files : undefined;
  if (item === undefined) return { ok: true, change: { [question]: value } };
  const [step, id, inner = ''] = question.split('.');
  const group = `${step}.${id}`;
  const made = withItem(answers, form, { group, key: item, set: { [inner]: value } });
  return made.ok ? { ok: true, change: { [group]: made.items } } : { ok: false, reason: 'gone' };
}
