import { randomUUID } from 'node:crypto';
import { statesOf } from '../../../../domain/form/states.ts';
import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { rolesThatCan } from '../../../../domain/roles.ts';
import type { Tx } from '../../../../lib/db/database.ts';
import { within } from '../../../../lib/db/database.ts';
import { isUuid } from '../../../../lib/uuid.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import { readStaffWith } from '../desk/views.ts';
import { type CasesDeps, findTheirs, formOf, tell } from '../keeping.ts';
import { stateOf } from '../moving.ts';
import { isOver, lastStandstill } from '../rules.ts';
import { placeOf } from '../sealing.ts';
import { setDecideBy } from '../store.ts';
import { tellApplicant } from '../telling.ts';
import { type CaseEvent, type CaseRow, DRAFT } from '../types.ts';
import { readCaseEvents, readCaseForUpdate } from '../views.ts';
import { sealRequest } from './opened.ts';
import { askMistakes, MOST_OPEN_REPORTS, mayAskReports, stepsShown } from './rules.ts';
import { insertReport, setReportEnded } from './store.ts';
import type {
  AskedReport,
  AskReportResult,
  ReportAddressee,
  WithdrawReportResult,
} from './types.ts';
import { readReport, readReports } from './views.ts';

/** Whom an official can ask for a report. */
export interface Addressees {
  /** The ids of the colleagues in their office. */
  colleagues: readonly number[];
  /** The other offices of the town. */
  offices: readonly Office[];
}

/** What an office does with the reports that it asks for. */
export interface AskingReports {
  /** Returns whom an official can ask. */
  addressees(viewer: StaffViewer, office: Office): Promise<Addressees>;
  /** Asks a colleague or another office for a report about a case (Ley 39/2015, arts. 79 and 80). */
  ask(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: AskedReport,
  ): Promise<AskReportResult>;
  /** Goes on without a report that was asked for. */
  withdraw(
    viewer: StaffViewer,
    office: Office,
    id: string,
    report: string,
  ): Promise<WithdrawReportResult>;
}

type Deps = Pick<CasesDeps, 'db' | 'unit' | 'forms' | 'offices' | 'keyring'>;

export function createAskingReports(deps: Deps): AskingReports {
  const { db, unit, offices } = deps;
  return {
    async addressees(viewer, office) {
      const colleagues = await within(db, office.id, (tx) => readServing(tx, office.id));
      const all = await offices.list();
      return {
        colleagues: colleagues.filter((each) => each !== viewer.staff),
        offices: all.filter(({ id }) => id !== office.id),
      };
    },

    async ask(viewer, office, id, asked) {
      const form = await formOf(deps, office, id);
      const to = (await offices.list()).find((each) => each.id === asked.to.office);
      if (!form) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCaseForUpdate);
        return row && row.state !== DRAFT
          ? ask(deps, each, { row, office, form, to }, asked)
          : { ok: false, reason: 'not_found' };
      });
    },

    async withdraw(viewer, office, id, report) {
      const form = await formOf(deps, office, id);
      if (!form) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, async (each) => {
        const row = await findTheirs(each, id, readCaseForUpdate);
        const found = row && isUuid(report) ? await readReport(each.tx, report) : null;
        if (!row || found?.case !== id) return { ok: false, reason: 'not_found' };
        if (!mayAskReports(viewer, row)) return { ok: false, reason: 'untaken' };
        const isDone = await setReportEnded(each, report, { how: 'withdrawn' });
        if (!isDone) return { ok: false, reason: 'ended' };
        await tellEnded(deps, each, { row, office, form }, { ...found, how: 'withdrawn' });
        return { ok: true };
      });
    },
  };
}

interface On {
  row: CaseRow;
  office: Office;
  form: PublishedForm;
}

async function ask(
  deps: Pick<Deps, 'keyring'>,
  unit: Unit<StaffViewer>,
  on: On & { to: Office | undefined },
  asked: AskedReport,
): Promise<AskReportResult> {
  const { row, office, form, to } = on;
  const { tx, viewer, now } = unit;
  if (!mayAskReports(viewer, row)) return { ok: false, reason: 'untaken' };
  if (isOver(statesOf(form.form), row.state)) return { ok: false, reason: 'over' };
  const isThere = to !== undefined && (await isAddressee(unit, asked.to));
  const mistakes = [...(isThere ? [] : (['to'] as const)), ...askMistakes(asked)];
  if (!to || mistakes.length > 0) return { ok: false, reason: 'invalid', mistakes };
  const open = (await readReports(tx, row.id)).filter(({ ended }) => ended === null);
  if (open.length >= MOST_OPEN_REPORTS) return { ok: false, reason: 'many' };
  const id = randomUUID();
  const today = now.toZonedDateTimeISO(to.timeZone).toPlainDate();
  const until =
    workingDaysOf(to.settings).endOf({ workingDays: asked.workingDays }, today) ?? today;
  const events = asked.suspends ? await readCaseEvents(tx, row.id) : [];
  const suspends = asked.suspends && mayStandStill(row, office, { now, events });
  const request = {
    question: asked.question.trim(),
    steps: stepsShown(form.form, asked.steps),
    showsPerson: asked.showsPerson,
  };
  const sealed = sealRequest(await deps.keyring.make(tx, placeOf(row)), row, id, request);
  await insertReport(unit, row, { id, to: asked.to, until, suspends, sealed });
  await tell(unit, row.id, 'report_asked', {
    report: id,
    office: to.code,
    until: until.toString(),
    suspends,
  });
  if (suspends) await tellSuspension(deps, unit, on);
  return { ok: true };
}

/**
 * Returns whether the time to decide can stand still: it runs, its last day has not passed, with which silence may have granted something, and the three
 * months since the first report that the law demands are not over.
 */
function mayStandStill(
  { decideBy }: Pick<CaseRow, 'decideBy'>,
  { timeZone }: Pick<Office, 'timeZone'>,
  { now, events }: { now: Temporal.Instant; events: readonly CaseEvent[] },
): boolean {
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  const last = lastStandstill(events, dayOf);
  const isBefore = (day: Temporal.PlainDate) => Temporal.PlainDate.compare(dayOf(now), day) <= 0;
  return decideBy !== null && isBefore(decideBy) && (!last || isBefore(last));
}

/** Returns whether somebody can be asked: another office, or a colleague of the viewer. */
async function isAddressee(
  { tx, viewer, office }: Unit<StaffViewer>,
  to: ReportAddressee,
): Promise<boolean> {
  if (to.staff === null) return to.office !== office;
  if (to.office !== office || to.staff === viewer.staff) return false;
  return (await readServing(tx, office)).includes(to.staff);
}

/** Returns who of an office can give a report. */
const readServing = (tx: Tx, office: number): Promise<number[]> =>
  readStaffWith(tx, office, rolesThatCan('serve_citizens'));

/** Records that a request of a locked case ended, and lets the time to decide run on where it stood still for it. */
export async function tellEnded(
  deps: Pick<Deps, 'keyring'>,
  unit: Unit,
  on: On,
  { id, how, suspends }: { id: string; how: string; suspends: boolean },
): Promise<void> {
  await tell(unit, on.row.id, 'report_ended', { report: id, how, suspends });
  if (suspends) await tellSuspension(deps, unit, on);
}

/** Counts the time to decide again, and tells the person that it changed, as the law wants (Ley 39/2015, art. 22.1.d). */
async function tellSuspension(
  { keyring }: Pick<Deps, 'keyring'>,
  unit: Unit,
  { row, office, form }: On,
): Promise<void> {
  const events = await readCaseEvents(unit.tx, row.id);
  const first = events.find(({ kind }) => kind === 'handed_in');
  const from = Temporal.PlainDate.from(String(first?.data.from));
  const { decideBy } = stateOf(office, form, { state: row.state, at: row.stateAt, from, events });
  await setDecideBy(unit.tx, row.id, decideBy);
  await tellApplicant(keyring, unit, row, { news: 'moved' });
}
