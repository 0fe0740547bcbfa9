import { eurosInWords } from '../../../domain/form/answers/amounts.ts';
import type { Periods } from '../../../domain/office/retention.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Payment, RefundReason } from './types.ts';

const LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * Returns a new number for the bank: year and month in four digits, and eight characters of which nobody guesses the next. `random`: at least
 * eight bytes.
 */
export function orderFrom(random: Buffer, day: Temporal.PlainDate): string {
  const digits = `${String(day.year % 100).padStart(2, '0')}${String(day.month).padStart(2, '0')}`;
  const rest = Array.from(random.subarray(0, 8), (byte) => LETTERS[byte % LETTERS.length]);
  return `${digits}${rest.join('')}`;
}

/** Minutes for which a page of the bank can be paid on, and some more. Redsys gives thirty. */
export const OPEN_MINUTES = 45;

/** Minutes for which another press of the button leads to the attempt that was begun. */
export const SAME_MINUTES = 20;

/** The most attempts to pay for one case. */
export const MOST_ATTEMPTS = 30;

/** Days after which the bank is no longer asked what became of an attempt: Redsys answers for ninety. */
const ASKED_DAYS = 30;

/**
 * Returns when the bank is asked next what became of an attempt; null: never again. Soon at first, since people wait for it, and then as often as the
 * age of the attempt says.
 */
export function nextLook(
  { begunAt }: Pick<Payment, 'begunAt'>,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const minutes = begunAt.until(now).total('minutes');
  if (minutes > ASKED_DAYS * 24 * 60) return null;
  return now.add({ seconds: Math.round(60 * Math.max(1, minutes / 4)) });
}

/** Returns whether nobody can pay any more on the page of the bank. */
export const isOver = ({ begunAt }: Pick<Payment, 'begunAt'>, now: Temporal.Instant): boolean =>
  begunAt.until(now).total('minutes') > OPEN_MINUTES;

/** Returns whether a new press of the button leads to an attempt: it was begun just now, for the same answers. */
export const isSame = (
  { state, version, begunAt }: Pick<Payment, 'state' | 'version' | 'begunAt'>,
  now: Temporal.Instant,
  answers: number,
): boolean =>
  state === 'begun' && version === answers && begunAt.until(now).total('minutes') < SAME_MINUTES;

/** What stands of a case when its payment comes. */
export interface CaseNow {
  isDraft: boolean;
  version: number;
}

/** Returns what follows from a payment that came: its case is handed in, or it is to be given back. */
export function settlement(
  { version }: Pick<Payment, 'version'>,
  of: CaseNow | null,
): 'hand_in' | Exclude<RefundReason, 'office'> {
  if (of === null) return 'gone';
  if (!of.isDraft) return 'double';
  return of.version === version ? 'hand_in' : 'changed';
}

/** Returns an amount in words: 12,50 €. */
export const amountInWords = (cents: number, language: Language): string =>
  eurosInWords(cents, language);

/** Returns how it stands with the payments of a case, the newest attempt first, for whoever pays. */
export function standing(
  payments: readonly Payment[],
  version: number,
): { kind: 'none' } | { kind: 'open' | 'failed' | 'paid' | 'returning'; payment: Payment } {
  const paid = payments.find(({ state, refund }) => state === 'paid' && refund === null);
  if (paid) return { kind: 'paid', payment: paid };
  const [newest] = payments.filter((each) => each.version === version);
  if (newest?.state === 'begun') return { kind: 'open', payment: newest };
  const returning = payments.find(({ state, refund }) => state === 'paid' && refund !== null);
  if (returning && !newest) return { kind: 'returning', payment: returning };
  if (newest?.state === 'failed') return { kind: 'failed', payment: newest };
  return { kind: 'none' };
}

/** Months for which an attempt is kept that nobody paid: whoever finds it on their card has as long to say so (Real Decreto-ley 19/2018, art. 43). */
const UNPAID_MONTHS = 13;

/** The instants before which payments are over. */
export interface EndedPayments {
  /** Of one that was paid, or given back. */
  paid: Temporal.Instant;
  /** Of an attempt that nobody paid. */
  unpaid: Temporal.Instant;
}

/** Returns the instants before which the payments of an office are destroyed. */
export const endedPayments = (
  { timeZone, retention }: Periods,
  now: Temporal.Instant,
): EndedPayments => ({
  paid: now.subtract({ hours: 24 * retention.paymentDays }),
  unpaid: now.toZonedDateTimeISO(timeZone).subtract({ months: UNPAID_MONTHS }).toInstant(),
});
