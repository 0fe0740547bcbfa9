import type { AppliedStep } from '../../../../domain/form/applied.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { CasePaper } from '../../documents/types.ts';

/** What a report says in short. `none`: it has no opinion for or against. */
export const OPINIONS = ['for', 'conditions', 'against', 'none'] as const;
export type Opinion = (typeof OPINIONS)[number];

/** How a request ended. `withdrawn`: whoever asked went on without it. `closed`: the case was closed. */
export const REPORT_ENDINGS = ['given', 'declined', 'withdrawn', 'closed'] as const;
export type ReportEnding = (typeof REPORT_ENDINGS)[number];

/** What is asked, and what of the case is shown for it. */
export interface ReportRequest {
  question: string;
  /** The ids of the form's steps whose answers and files are shown. */
  steps: readonly string[];
  /** Whether who handed it in is shown. */
  showsPerson: boolean;
}

/** Who is asked. */
export interface ReportAddressee {
  office: number;
  /** Null: whoever serves citizens there. */
  staff: number | null;
}

/** A request for a report, without what is sealed of it. */
export interface ReportRow {
  id: string;
  /** The office of the case. */
  office: number;
  case: string;
  /** Of the case. */
  reference: string;
  /** The id of the case's procedure. */
  procedure: number;
  askedAt: Temporal.Instant;
  /** See `actorOf`. */
  askedBy: string;
  to: ReportAddressee;
  /** The last local day. */
  until: Temporal.PlainDate;
  /** Whether the time to decide stands still until it comes. */
  suspends: boolean;
  /** Null: it is open. */
  ended: { at: Temporal.Instant; by: string; how: ReportEnding } | null;
}

/** What was answered: a report, or why there is none. */
export interface ReportAnswer {
  /** Null: it was declined. */
  opinion: Opinion | null;
  text: string;
}

/** A request for a report with what is sealed of it. */
export interface Report extends ReportRow {
  request: ReportRequest;
  answer: ReportAnswer | null;
  /** SHA-256 of the report, in hexadecimal; null: none was given. */
  hash: string | null;
}

/** A request as the one who is asked sees it, with what of the case is shown. */
export interface ReportToAnswer {
  report: Report;
  /** Of the case. */
  from: Office;
  form: Form;
  /** The steps that are shown, with their answers. */
  steps: readonly AppliedStep[];
  /** The files among them. */
  papers: readonly CasePaper[];
  /** What whoever handed it in is called; null: it is not shown. */
  person: string | null;
  /** Whether it can be answered now. */
  isOpen: boolean;
}

/** What is asked for with a report. */
export interface AskedReport extends ReportRequest {
  to: ReportAddressee;
  workingDays: number;
  suspends: boolean;
}

/** What is wrong with one of the fields of a request. */
export type AskMistake = 'to' | 'question' | 'question_long' | 'days';

/**
 * `untaken`: the viewer neither handles the case nor coordinates. `many`: too many requests are open. `over`: nothing can follow the case's state.
 */
export type AskReportResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'untaken' | 'over' | 'many' }
  | { ok: false; reason: 'invalid'; mistakes: readonly AskMistake[] };

/** `ended`: it was answered or is not asked any more. */
export type AnswerReportResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'ended' | 'own' | 'empty' | 'long' };

/** `untaken`: see `AskReportResult`. `ended`: see `AnswerReportResult`. */
export type WithdrawReportResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'untaken' | 'ended' };
