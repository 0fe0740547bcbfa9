import type { ComponentChildren } from 'preact';
import type { SlotAsk } from '../../../features/booking/slots/service.ts';
import type { DayPart } from '../../../ui/slot-days.ts';
import type { ProcedureVisit } from '../visit.tsx';
import { lastDay, today } from './days.ts';
import { readWanted, type Wanted } from './wanted.ts';

/** The conditions of an encounter, and the parameters for them. */
export interface Asking {
  ask: SlotAsk;
  /** The parameters besides the day and its part. */
  keep: Record<string, string>;
}

export interface TimeProblem {
  text: string;
  /** The field to correct, when it isn't the time. */
  href?: string;
}

/** A page for choosing a time: for a new booking, in the middle of one, or to move an appointment. */
export interface TimePage extends Asking {
  title: string;
  /** The page's address, with the times as parameters; a chosen time is posted to it. */
  path: string;
  back: { href: string; text: string };
  button: string;
  /** The content above the times. */
  intro?: ComponentChildren;
  /** More fields in the form of the times; the first free time then has no form of its own. */
  fields?: ComponentChildren;
  /** Alternative conditions, for when there are no times. */
  others?: () => readonly Asking[];
  /** The page of the wait list. */
  waiting?: string | undefined;
  /** An appointment whose own time counts as free. */
  except?: string;
  /** A time that isn't offered: the appointment has it already. */
  own?: Temporal.Instant | undefined;
  /** The start that is already chosen. */
  chosen?: Temporal.Instant | undefined;
  /** The words for a chosen time that is no longer free. */
  taken: 'citizen.times.taken' | 'citizen.times.takenKept' | 'citizen.times.takenMove';
  /** The mistake in another field of the sent form. */
  problem?: TimeProblem | undefined;
  isPersonal?: boolean;
  /** Whether it says the same to everybody who asks for its address while the same times are free. */
  isSame?: boolean;
}

/** Returns the days that the address asks for. */
export function wantedBy({ c, office, now }: ProcedureVisit): Wanted {
  return readWanted((name) => c.req.query(name), today(office, now), lastDay(office, now));
}

/** The days, their part and the time in an address; the defaults are the beginning, the whole day and none. */
export interface Days {
  from?: Temporal.PlainDate | string | null;
  before?: Temporal.PlainDate | string | null;
  part?: DayPart | null;
  /** The time to choose. */
  start?: Temporal.Instant | null;
  /** Whether a time is missing in the sent form. */
  isMissing?: boolean;
}

/** Returns the address of a page of times. */
export function addressOf(page: Pick<TimePage, 'path' | 'keep'>, days: Days): string {
  const query = new URLSearchParams({ ...page.keep, ...queryOf(days) }).toString();
  return query ? `${page.path}?${query}` : page.path;
}

function queryOf(days: Days): Record<string, string> {
  const { from, before, part, start, isMissing } = days;
  return {
    ...(from && { from: from.toString() }),
    ...(before && { before: before.toString() }),
    ...(part && { part }),
    ...(start && { start: start.toString() }),
    ...(isMissing && { missing: '1' }),
  };
}

/** Returns the days that the address asks for, without a time. */
export function daysAsked(visit: ProcedureVisit): Days {
  const { from, before, part } = wantedBy(visit);
  return { from, before, part };
}

/**
 * Answers a form whose time is missing, or no longer free: with the same page by its own address, so that the browser's Back doesn't send
 * the form again.
 */
export const askAgain = (
  visit: ProcedureVisit,
  page: Pick<TimePage, 'path' | 'keep'>,
  start: Temporal.Instant | null,
): Response =>
  visit.redirect(
    addressOf(page, { ...daysAsked(visit), ...(start ? { start } : { isMissing: true }) }),
  );

/** Returns the hidden fields that keep the day and its part. */
export const keptIn = (visit: ProcedureVisit): Record<string, string> => queryOf(daysAsked(visit));
