import type { Form } from '../../../../domain/form/schema.ts';
import { can } from '../../../../domain/roles.ts';
import { actorOf, type StaffViewer } from '../../../../lib/viewer.ts';
import type { Case } from '../types.ts';
import type { AskedReport, AskMistake, ReportRow } from './types.ts';

/** Working days in which a report is given, where nothing else is said: Ley 39/2015, art. 80.2. */
export const REPORT_DAYS = 10;
/** The most working days for a report. */
export const MOST_REPORT_DAYS = 60;
/** The most requests of a case that are open at once. */
export const MOST_OPEN_REPORTS = 10;
/** Characters of a question. */
export const REPORT_QUESTION_LENGTH = 4000;
/** Characters of a report. */
export const REPORT_LENGTH = 20_000;

/** Returns whether somebody may ask for reports about a case: whoever handles it, and those who coordinate. */
export const mayAskReports = (viewer: StaffViewer, { assignee }: Pick<Case, 'assignee'>): boolean =>
  assignee === viewer.staff || can(viewer, 'coordinate');

/** Returns whether a request is for somebody: they are named in it, or serve citizens where it is for anybody; those who coordinate there see all. */
export const isAskedOf = (viewer: StaffViewer, { to }: Pick<ReportRow, 'to'>): boolean =>
  viewer.office === to.office &&
  can(viewer, 'serve_citizens') &&
  (to.staff === null || to.staff === viewer.staff || can(viewer, 'coordinate'));

/** Returns whether somebody asked for a report: they don't give it themselves. */
export const isOwnRequest = (viewer: StaffViewer, { askedBy }: Pick<ReportRow, 'askedBy'>) =>
  askedBy === actorOf(viewer);

/** Returns what is wrong with a request. That there is such an addressee is for the caller to know. */
export function askMistakes({ question, workingDays }: AskedReport): AskMistake[] {
  const asked = question.trim();
  const isTerm =
    Number.isInteger(workingDays) && workingDays >= 1 && workingDays <= MOST_REPORT_DAYS;
  return [
    ...(asked === '' ? (['question'] as const) : []),
    ...(asked.length > REPORT_QUESTION_LENGTH ? (['question_long'] as const) : []),
    ...(isTerm ? [] : (['days'] as const)),
  ];
}

/** Returns the steps of a form that are shown with a request, in the form's order. */
export const stepsShown = ({ steps }: Pick<Form, 'steps'>, asked: readonly string[]): string[] =>
  steps.map(({ id }) => id).filter((id) => asked.includes(id));
