import type { Language } from '../../../lib/i18n/languages.ts';

/**
 * `begun`: the person was sent to the page of the bank. `failed`: nothing was paid; another attempt can be made, and a payment that arrives later
 * counts all the same. `refunded`: paid, and given back.
 */
export const PAYMENT_STATES = ['begun', 'paid', 'failed', 'refunded'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/**
 * Why a payment is to be given back. `double`: the case was handed in already. `changed`: the answers were changed after the person went to pay.
 * `gone`: the case was deleted. `ended`: they paid for another
 * person, by an authorisation that ended meanwhile. `office`: somebody of the office decided it.
 */
export const REFUND_REASONS = ['double', 'changed', 'gone', 'ended', 'office'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** One attempt to pay the fee of a case. */
export interface Payment {
  id: string;
  office: number;
  case: string;
  /** The reference of the case. */
  reference: string;
  /** The id of its procedure. */
  procedure: number;
  /** Its number at the bank: 12 characters, the first four of them digits. */
  order: string;
  cents: number;
  /** The version of the answers that are handed in with it. */
  version: number;
  state: PaymentState;
  /** The answer of the bank: 0000 to 0099 are authorised; null: none yet. */
  code: string | null;
  /** The number of the authorisation, which the person has in the papers of their bank. */
  authorization: string | null;
  begunAt: Temporal.Instant;
  /** When the bank's answer came: paid or failed. */
  decidedAt: Temporal.Instant | null;
  /** When nothing was left to do with a paid one: its case was handed in, or it is to be given back. */
  settledAt: Temporal.Instant | null;
  refund: RefundReason | null;
  refundedAt: Temporal.Instant | null;
}

/** A payment as its row has it. */
export interface PaymentRow extends Payment {
  /** What is handed in when it is paid, sealed under the key of the case; null: it was, or never will be. */
  prepared: Buffer | null;
}

/** What the person is sent to the bank with. */
export interface Departing {
  order: string;
  cents: number;
  language: Language;
  /** What it is for. */
  about: string;
  notifyUrl: string;
  /** Where the person comes back, paid or not. */
  paidUrl: string;
  failedUrl: string;
}

/** A form that takes a browser to the page of the bank. */
export interface Departure {
  url: string;
  fields: Readonly<Record<string, string>>;
}

/** What the bank sends, as it came. */
export interface Sent {
  version: string;
  parameters: string;
  signature: string;
}

/** What became of a payment or of a refund. `none`: not known yet. */
export interface BankResult {
  outcome: 'done' | 'failed' | 'none';
  /** The answer of the bank. */
  code: string;
  authorization: string | null;
}

/**
 * What was sent, read. `unsigned`: somebody else signed it. `foreign`: it is of another merchant, terminal or currency. `unreadable`: it is none of the
 * bank's messages.
 */
export type Reading =
  | { ok: true; order: string; cents: number; what: 'payment' | 'refund'; result: BankResult }
  | { ok: false; reason: 'unsigned' | 'foreign' | 'unreadable'; order: string | null };

/** What the bank says when it is asked. `away`: nobody answered. `refused`: it doesn't answer such questions. */
export type BankAnswer =
  | { ok: true; result: BankResult; cents: number | null }
  | { ok: false; reason: 'away' | 'refused'; code: string };

/** What somebody is asked to pay on the page of a demonstration. */
export interface DemoAsked {
  order: string;
  cents: number;
  paidUrl: string;
  failedUrl: string;
}

/** What the bank of a demonstration can be made to answer: paid, denied by the bank, and left without paying. */
export const DEMO_ANSWERS = ['pay', 'deny', 'leave'] as const;
export type DemoAnswer = (typeof DEMO_ANSWERS)[number];

/** The bank of a demonstration, whose page is ours. */
export interface DemoBank {
  /** Reads what a browser brought; null: the bank did not sign it. */
  open(sent: Sent): DemoAsked | null;
  /** Returns what the bank sends then. */
  answer(asked: DemoAsked, answer: DemoAnswer): Sent;
}

/** Where fees are paid: a bank, by the protocol of its page. */
export interface PaymentProvider {
  /** The bank of a demonstration; null: it is a real one. */
  demo: DemoBank | null;
  /** Returns the form that takes somebody there. */
  departure(departing: Departing): Departure;
  /** Reads what the bank sent, by itself or with the browser. */
  read(sent: Sent): Reading;
  /** Asks what became of an order. */
  look(order: string, what: 'payment' | 'refund'): Promise<BankAnswer>;
  /** Gives a payment back, whole. Doing it twice gives back once: the bank refuses more than was paid. */
  refund(order: string, cents: number): Promise<BankAnswer>;
}

/** `cases`: see `HandInResult`. `free`: there is nothing to pay. `paid`: it is paid already. `closed`: the town takes no payments. */
export type BeginResult =
  | { ok: true; payment: Payment }
  | {
      ok: false;
      reason:
        | 'not_found'
        | 'handed_in'
        | 'changed'
        | 'needs_identity'
        | 'not_citizen'
        | 'not_independent'
        | 'needs_signature'
        | 'needs_more'
        | 'invalid'
        | 'free'
        | 'paid'
        | 'closed'
        | 'checking'
        | 'too_many';
    };

/** `not_paid`: there is nothing to give back. `away`, `refused`: the bank did not do it. */
export type RefundResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'not_allowed' | 'not_paid' | 'away' | 'refused' };

/** A payment for the treasury. */
export interface TreasuryLine extends Payment {
  /** Why somebody of the office gave it back, in their words. */
  note: string | null;
}
