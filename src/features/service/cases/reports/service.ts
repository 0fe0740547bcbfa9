import type { CasesDeps } from '../keeping.ts';
import { type AnsweringReports, createAnsweringReports } from './answering.ts';
import { type AskingReports, createAskingReports } from './asking.ts';

/** Reports about cases, which an office asks of a colleague or of another office before it decides (docs/adr/0109). */
export interface Reports extends AskingReports, AnsweringReports {}

export type ReportsDeps = Pick<
  CasesDeps,
  'db' | 'unit' | 'forms' | 'offices' | 'keyring' | 'papers'
>;

export const createReports = (deps: ReportsDeps): Reports => ({
  ...createAskingReports(deps),
  ...createAnsweringReports(deps),
});
