import type { EncounterLanguage } from '../../../lib/i18n/languages.ts';
import { attends } from '../../booking/slots/rules.ts';
import { isPassedOver, isWaiting } from '../delays/rules.ts';
import type { Turn } from '../delays/types.ts';
import { LATE_AFTER_MINUTES, minutesBetween } from '../encounter/rules.ts';
import type { DayTurn } from '../encounter/types.ts';
import type { Standing } from '../presence/types.ts';
import type { DeskState, Outlook, ToPlace, Unfit } from './types.ts';

const { compare } = Temporal.Instant;
const later = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) >= 0 ? a : b);

/** From so many minutes before its hour on, an appointment is given to whoever is free, whatever the rota has. */
export const HOUR_COMES_MINUTES = 5;
/** A shorter pause between two appointments is of no use for a third. */
const LEAST_GAP_MINUTES = 5;

/** Whether the hour of an appointment has come, so that presence and calls decide who can attend it. */
export const hasCome = (start: Temporal.Instant, now: Temporal.Instant): boolean =>
  minutesBetween(now, start) <= HOUR_COMES_MINUTES;

/** Why a desk can't serve an appointment at any hour; null: it can. */
export function unfitFor(
  desk: Pick<DeskState, 'skills' | 'languages' | 'channels' | 'site'>,
  wanted: Pick<ToPlace, 'procedure' | 'further' | 'language' | 'channel' | 'site'>,
): Unfit | null {
  if (!attends(desk, wanted)) return 'skill';
  if (!desk.languages.includes(wanted.language)) return 'language';
  if (!desk.channels.includes(wanted.channel)) return 'channel';
  return wanted.site && desk.site !== wanted.site ? 'site' : null;
}

/** What is known of a desk at this moment. */
export interface DeskSigns {
  /** Null: nobody has been there today. */
  standing: Standing | null;
  /** Its appointments of today. */
  turns: readonly Turn[];
  /** How long a call is owed; see `isPassedOver`. */
  windowMinutes: number;
}

/**
 * When the agent of a desk has nothing to do that is owed: now, or when the call that goes on and the appointments whose hour has come are
 * over, each as long as it was booked for. Who writes up a call can take another one. Nobody is free who is on a break, or not there.
 */
export function outlookOf(
  { standing, turns, windowMinutes }: DeskSigns,
  now: Temporal.Instant,
): Outlook {
  const isThere = standing && standing.state !== 'away' && standing.state !== 'break';
  if (!isThere) return { standing, freeAt: null, until: null };
  let free = now;
  for (const turn of turns)
    if (turn.id === standing.work?.appointment && standing.state === 'in_call')
      free = later(free, standing.since.add(turn.start.until(turn.end)));
  const waiting = turns
    .filter((each) => isWaiting(each) && !isPassedOver(each, turns, windowMinutes, now))
    .sort((a, b) => compare(a.start, b.start) || (a.id < b.id ? -1 : 1));
  for (const { start, end } of waiting) {
    const gap = minutesBetween(free, start);
    if (gap >= LEAST_GAP_MINUTES) return { standing, freeAt: free, until: start };
    free = later(free, start).add(start.until(end));
  }
  return { standing, freeAt: free, until: null };
}

/** Whether an appointment of so many minutes is over before the desk's own next one. */
export const fitsIn = ({ freeAt, until }: Outlook, minutes: number): boolean =>
  freeAt !== null && (until === null || minutesBetween(freeAt, until) >= minutes);

const HANDS = ['available', 'wrap_up', 'in_call', 'break', 'away'];

/**
 * Compares two desks that could attend somebody whose hour has come: one that has the time before its own next appointment comes first,
 * then the one that is free soonest, then the one that is at nothing.
 */
export function compareOutlooks(a: Outlook, b: Outlook, minutes: number): number {
  const isFree = (each: Outlook) => Number(each.freeAt === null);
  const fits = (each: Outlook) => Number(!fitsIn(each, minutes));
  const rank = (each: Outlook) => HANDS.indexOf(each.standing?.state ?? 'away');
  return (
    isFree(a) - isFree(b) ||
    fits(a) - fits(b) ||
    (a.freeAt && b.freeAt ? compare(a.freeAt, b.freeAt) : 0) ||
    rank(a) - rank(b)
  );
}

/** An appointment whose hour has come and whose citizen waits. */
export interface LateCall
  extends Pick<ToPlace, 'id' | 'procedure' | 'further' | 'channel' | 'site'> {
  language: EncounterLanguage;
  reference: string;
  desk: number;
  start: Temporal.Instant;
  end: Temporal.Instant;
  /** Since when its citizen is owed it: its hour, or when the next try is due. Whoever came to the room late counts from the hour too. */
  owedSince: Temporal.Instant;
  /** When its own desk is likely to begin with it; null: nobody is there, or nobody answers. */
  expected: Temporal.Instant | null;
}

/**
 * Returns which of these a call is owed to now, and since when: its hour, or when the next try is due. Whose number is another
 * person's is not called, nor who ends as missed since the last call failed.
 */
export function owedOf<T extends { id: string }>(
  unattended: readonly T[],
  turns: ReadonlyMap<string, Pick<DayTurn, 'dueAt' | 'endsAt' | 'lacksNumber'>>,
  now: Temporal.Instant,
): (T & { owedSince: Temporal.Instant })[] {
  return unattended.flatMap((each) => {
    const turn = turns.get(each.id);
    const isOwed = turn && !turn.endsAt && !turn.lacksNumber && compare(turn.dueAt, now) <= 0;
    return isOwed ? [{ ...each, owedSince: turn.dueAt }] : [];
  });
}

/** An appointment whose citizen nobody has called. */
export interface Uncalled {
  id: string;
  desk: number;
  start: Temporal.Instant;
  /** The most minutes that the citizen was told that the call would be late; 0: they were told nothing. */
  told: number;
  /** When a step of its desk was last taken back; null: none was. */
  undoneAt: Temporal.Instant | null;
}

/** How long after the promised time a desk at which somebody is can still call. */
const STILL_CALLS_MINUTES = 120;

/**
 * Whether a promise to call is broken: its time is over, late by as much as the citizen was told, and nobody is at the desk. Where
 * somebody is, who runs late, it is broken two hours later: a late call is better than none.
 */
export function isPromiseBroken(
  { start, told, undoneAt }: Omit<Uncalled, 'id' | 'desk'>,
  standing: Pick<Standing, 'state'> | null,
  windowMinutes: number,
  now: Temporal.Instant,
): boolean {
  const isThere = standing !== null && standing.state !== 'away';
  const minutes = told + windowMinutes + (isThere ? STILL_CALLS_MINUTES : 0);
  const again = (undoneAt ?? start).add({ minutes: LATE_AFTER_MINUTES });
  return compare(later(start.add({ minutes }), again), now) <= 0;
}

/** The desk of the person who asks for the next one. */
export interface Asking {
  desk: Pick<DeskState, 'id' | 'skills' | 'languages' | 'channels' | 'site'>;
  outlook: Outlook;
}

/**
 * Returns the colleague's call that a free agent is offered; null: none. It is late, its own desk won't begin with it in the next minutes,
 * this desk can serve it, and it is over before the desk's own next appointment. Of several, the one that is owed longest.
 */
export function lateCallFor(
  { desk, outlook }: Asking,
  calls: readonly LateCall[],
  now: Temporal.Instant,
): LateCall | null {
  const isFree = outlook.standing?.state === 'available' && outlook.freeAt?.equals(now) === true;
  if (!isFree) return null;
  const isLong = (at: Temporal.Instant) => minutesBetween(at, now) >= LATE_AFTER_MINUTES;
  const isStuck = ({ expected }: LateCall) =>
    expected === null || minutesBetween(now, expected) >= LATE_AFTER_MINUTES;
  const fits = (each: LateCall) =>
    unfitFor(desk, each) === null &&
    fitsIn(outlook, Math.round(each.start.until(each.end).total('minutes')));
  const [first] = calls
    .filter(
      (each) => each.desk !== desk.id && isLong(each.owedSince) && isStuck(each) && fits(each),
    )
    .toSorted((a, b) => compare(a.owedSince, b.owedSince) || (a.id < b.id ? -1 : 1));
  return first ?? null;
}
