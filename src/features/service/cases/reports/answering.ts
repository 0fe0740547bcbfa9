import { createHash } from 'node:crypto';
import { applyForm } from '../../../../domain/form/applied.ts';
import { filesIn } from '../../../../domain/form/files.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { can } from '../../../../domain/roles.ts';
import { within } from '../../../../lib/db/database.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { OpenDocument } from '../../documents/types.ts';
import { applicantOf } from '../applicant.ts';
import type { CasesDeps } from '../keeping.ts';
import { openCase } from '../opening.ts';
import { spaceOf } from '../papers/service.ts';
import { contextOf } from '../rules.ts';
import { placeOf } from '../sealing.ts';
import type { CaseRow } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { tellEnded } from './asking.ts';
import { openReport, sealAnswer } from './opened.ts';
import { isAskedOf, isOwnRequest, REPORT_LENGTH } from './rules.ts';
import { setReportEnded } from './store.ts';
import type {
  AnswerReportResult,
  Report,
  ReportAnswer,
  ReportRow,
  ReportToAnswer,
} from './types.ts';
import { countAsked, readAsked, readReport } from './views.ts';

/** What somebody does who is asked for a report, perhaps in another office than that of the case. */
export interface AnsweringReports {
  /** Returns the requests for reports of an office: those that are open, and those that ended last. */
  asked(
    viewer: StaffViewer,
    office: Office,
  ): Promise<{ open: readonly ReportRow[]; ended: readonly ReportRow[] }>;
  /** Returns how many are open. */
  count(viewer: StaffViewer, office: Office): Promise<number>;
  /**
   * Returns a request with what of the case is shown for it, as long as it can be answered; afterwards with its answer alone. Null: it is not asked
   * of the viewer. Each look is on the trail of the case's office.
   */
  read(viewer: StaffViewer, id: string, language: Language): Promise<ReportToAnswer | null>;
  /** Gives a report, which can't be changed afterwards, or declines it (`opinion` null) with the reason. */
  answer(viewer: StaffViewer, id: string, answer: ReportAnswer): Promise<AnswerReportResult>;
  /** Opens a file that is shown for a request; null: it is not, or can't be opened. */
  openPaper(viewer: StaffViewer, id: string, document: string): Promise<OpenDocument | null>;
}

/** Requests that are listed at most, of those that are open and of those that ended. */
const LISTED = 100;

type Deps = Pick<CasesDeps, 'db' | 'unit' | 'forms' | 'offices' | 'keyring' | 'papers'>;

export function createAnsweringReports(deps: Deps): AnsweringReports {
  const { db, unit } = deps;
  const whose = (viewer: StaffViewer) => ({
    office: viewer.office,
    only: can(viewer, 'coordinate') ? null : viewer.staff,
  });
  return {
    async asked(viewer, office) {
      if (!can(viewer, 'serve_citizens')) return { open: [], ended: [] };
      return within(db, office.id, (tx) => readAsked(tx, whose(viewer), LISTED));
    },

    async count(viewer, office) {
      if (!can(viewer, 'serve_citizens')) return 0;
      return within(db, office.id, (tx) => countAsked(tx, whose(viewer)));
    },

    async read(viewer, id, language) {
      const from = await officeOf(deps, viewer, id);
      return from && unit(viewer, from.id, (each) => read(deps, each, { id, from, language }));
    },

    async answer(viewer, id, given) {
      const from = await officeOf(deps, viewer, id);
      if (!from) return { ok: false, reason: 'not_found' };
      return unit(viewer, from.id, (each) => answer(deps, each, { id, from }, given));
    },

    async openPaper(viewer, id, document) {
      const from = await officeOf(deps, viewer, id);
      if (!from) return null;
      return unit(viewer, from.id, async (each) => {
        const found = await find(deps, each, id);
        const isShown =
          found?.report.ended === null && (await openShown(deps, each, found)).files.has(document);
        return found && isShown ? deps.papers.open(each, spaceOf(found.row), document) : null;
      });
    },
  };
}

/** Returns the office of the case that a request is about; null: it is not asked of the viewer. */
async function officeOf(
  { db, offices }: Pick<Deps, 'db' | 'offices'>,
  viewer: StaffViewer,
  id: string,
): Promise<Office | null> {
  if (!isUuid(id)) return null;
  const report = await within(db, viewer.office, (tx) => readReport(tx, id));
  return report && isAskedOf(viewer, report) ? offices.byId(report.office) : null;
}

/** A request with the case that it is about. */
interface Asked {
  report: Report;
  row: CaseRow;
  form: PublishedForm;
}

async function find(
  { keyring, forms }: Pick<Deps, 'keyring' | 'forms'>,
  { tx, office }: Unit,
  id: string,
): Promise<Asked | null> {
  const sealed = await readReport(tx, id);
  const row = sealed && (await readCase(tx, sealed.case));
  const key = row && (await keyring.shelf(tx, placeOf(row)));
  if (!sealed || !row || !key) return null;
  return { report: openReport(key, sealed), row, form: await forms.version(office, row.form) };
}

/** Opens a case with what of it is shown for a request: the ids of its steps, and of the files in them. */
async function openShown(deps: Deps, unit: Unit, { report, row, form }: Asked) {
  const opened = await openCase(deps, unit, row, form);
  const shown = new Set(report.request.steps);
  const ofShown = { steps: form.form.steps.filter((each) => shown.has(each.id)) };
  const files = new Set(filesIn(ofShown, opened.draft.answers).map(({ file }) => file.document));
  return { opened, shown, files };
}

async function read(
  deps: Deps,
  unit: Unit<StaffViewer>,
  { id, from, language }: { id: string; from: Office; language: Language },
): Promise<ReportToAnswer | null> {
  const found = await find(deps, unit, id);
  if (!found) return null;
  const { report, row, form } = found;
  const isOpen = report.ended === null;
  await unit.record('case_report_read', { data: { case: row.id, report: id } });
  const base = { report, from, form: form.form, isOpen };
  if (!isOpen) return { ...base, steps: [], papers: [], person: null };
  const { opened, shown, files } = await openShown(deps, unit, found);
  const context = contextOf(from, row.handedInAt ?? unit.now, language);
  const { steps } = applyForm(form.form, opened.draft.answers, context);
  const person = report.request.showsPerson ? await applicantOf(deps.keyring, unit.tx, row) : null;
  return {
    ...base,
    steps: steps.filter(({ step }) => shown.has(step.id)),
    papers: opened.papers.filter((paper) => files.has(paper.id)),
    person: person?.name ?? null,
  };
}

async function answer(
  deps: Deps,
  unit: Unit<StaffViewer>,
  { id, from }: { id: string; from: Office },
  given: ReportAnswer,
): Promise<AnswerReportResult> {
  const { tx, viewer } = unit;
  const found = await readReport(tx, id);
  const row = found && (await readCaseForUpdate(tx, found.case));
  if (!found || !row) return { ok: false, reason: 'not_found' };
  if (isOwnRequest(viewer, found)) return { ok: false, reason: 'own' };
  const text = given.text.trim();
  if (text === '') return { ok: false, reason: 'empty' };
  if (text.length > REPORT_LENGTH) return { ok: false, reason: 'long' };
  const how = given.opinion === null ? 'declined' : 'given';
  const said = JSON.stringify({ opinion: given.opinion, text });
  const sealed = sealAnswer(await deps.keyring.make(tx, placeOf(row)), row, id, said);
  const hash = createHash('sha256').update(said).digest();
  const isDone = await setReportEnded(unit, id, {
    how,
    answer: sealed,
    ...(how === 'given' && { hash }),
  });
  if (!isDone) return { ok: false, reason: 'ended' };
  const form = await deps.forms.version(from.id, row.form);
  await tellEnded(deps, unit, { row, office: from, form }, { ...found, how });
  return { ok: true };
}
