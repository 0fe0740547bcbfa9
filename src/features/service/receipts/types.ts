import type { RegistryEntry } from '../../foundation/registry/types.ts';
import type { HandedInKind } from '../cases/rules.ts';
import type { HandedIn } from '../cases/service.ts';

/** What a receipt is of: something that was handed in to a case, with its entry in the registry. */
export interface ReceiptOf extends HandedIn {
  entry: RegistryEntry;
  /** The number of the application that it amends, withdraws or signs; null: it is the application. */
  application: string | null;
}

/** A line of a receipt. */
export interface ReceiptRow {
  label: string;
  text: string;
  /** Whether it is a code, which people compare letter by letter. */
  isCode?: boolean;
}

/** A receipt in words, for its page and its document, besides the answers (`summaryOf`): Ley 39/2015, arts. 16.3 and 21.4. */
export interface ReceiptWords {
  title: string;
  rows: readonly ReceiptRow[];
  /** How long the office has, and what its silence means; empty: the form says nothing of it, or it is no application. */
  term: readonly string[];
  /** What the answers are called. */
  answers: string;
  /** What was corrected, and what was answered besides. */
  corrected: readonly ReceiptRow[];
  /** The papers, each with its SHA-256. */
  papers: readonly ReceiptRow[];
}

/** A receipt as it was issued. */
export interface IssuedReceipt {
  /** What its verification code opens. */
  id: string;
  office: number;
  issuedAt: Temporal.Instant;
  /** The verification code. */
  code: string;
  document: Buffer;
}

/** A receipt for whoever may open it. */
export interface Receipt extends ReceiptOf {
  /** Null: the document can't be issued now, since the town's seal can't be used. */
  issued: IssuedReceipt | null;
}

/** What the holder of a receipt's code is told. It names no person. */
export interface VerifiedReceipt {
  what: HandedInKind;
  /** The number of the application that it amends, withdraws or signs; null: it is the application. */
  application: string | null;
  /** As people read it: E2026000123. */
  number: string;
  at: Temporal.Instant;
  countsFrom: Temporal.PlainDate;
  /** SHA-256 of what was handed in, in hexadecimal. */
  content: string;
}
