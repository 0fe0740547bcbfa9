import type { ComponentChildren } from 'preact';
import type { SlotAsk } from '../../../features/booking/slots/service.ts';
import type { DayPart } from '../../../ui/slot-days.ts';
import type { ProcedureVisit } from '../visit.tsx';
import { lastDay, today } from './days.ts';
import { readWanted, type Wanted } from './wanted.ts';

/** Something to be attended in, and what the address must say for it. */
export interface Asking {
  ask: SlotAsk;
  /** What the address keeps besides the day and its part. */
  keep: Record<string, string>;
}

export interface TimeProblem {
  status: 409 | 422;
  text: string;
  /** The time that is no longer free, near which others are shown. */
  lost?: Temporal.Instant | undefined;
  /** The field to mend, when it isn't the time. */
  href?: string;
}

/** A page where a time is chosen: for a new booking, in the middle of one, or to move an appointment. */
export interface TimePage extends Asking {
  title: string;
  /** The page's address; its times are asked for after it, and a chosen one is posted there. */
  path: string;
  back: { href: string; text: string };
  button: string;
  /** Above the times. */
  intro?: ComponentChildren;
  /** What else is asked for, in the form of the times; the first free time then has no form of its own. */
  fields?: ComponentChildren;
  /** What else could be asked for on this page, where there is no time. */
  others?: readonly Asking[];
  /** Where one can wait for a time to become free. */
  waiting?: string | undefined;
  /** An appointment whose own time counts as free. */
  except?: string;
  /** The start that is chosen already. */
  chosen?: Temporal.Instant;
  /** What was wrong with what was sent. */
  problem?: TimeProblem | undefined;
  isPersonal?: boolean;
}

/** What the visit's address asks for. */
export function wantedBy({ c, office, now }: ProcedureVisit): Wanted {
  return readWanted((name) => c.req.query(name), today(office, now), lastDay(office, now));
}

/** The days and the part of them that a page's address asks for; what isn't given is the beginning, and the whole day. */
export interface Days {
  from?: Temporal.PlainDate | string | null;
  before?: Temporal.PlainDate | string | null;
  part?: DayPart | null;
}

/** The address of a page of times. */
export function addressOf(page: Pick<TimePage, 'path' | 'keep'>, days: Days): string {
  const query = new URLSearchParams({ ...page.keep, ...queryOf(days) }).toString();
  return query ? `${page.path}?${query}` : page.path;
}

function queryOf(days: Days): Record<string, string> {
  const { from, before, part } = days;
  return {
    ...(from && { from: from.toString() }),
    ...(before && { before: before.toString() }),
    ...(part && { part }),
  };
}

/** What a form must send along so that the day and its part stay. */
export const keptIn = (visit: ProcedureVisit): Record<string, string> => queryOf(wantedBy(visit));
