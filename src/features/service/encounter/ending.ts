import type { AppointmentEvent, EventKind, Status } from '../../../domain/appointment.ts';
import { can } from '../../../domain/roles.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import type { Attempt, AttemptOutcome, AttemptPolicy, Encounter, Undo, UndoStep } from './types.ts';

/** How long a notice waits that can't be called back, so that what it tells can be taken back before. */
export const GRACE: Temporal.DurationLike = { seconds: 30 };

/** How long the beginning of an encounter, or a call that failed, can be taken back. */
const UNDO_FOR: Temporal.DurationLike = { minutes: 2 };

/** From how many minutes after its time a call that nobody made is late. */
export const LATE_AFTER_MINUTES = 5;

const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) > 0 ? a : b;

/** The calls to a citizen that failed. */
export interface Tries {
  failed: number;
  lastAt: Temporal.Instant | null;
  lastOutcome?: AttemptOutcome | null;
  /** The number on file is another person's. */
  lacksNumber?: boolean;
  /** When a call was last taken back; null: none was. */
  undoneAt?: Temporal.Instant | null;
}

/**
 * When to call: at the start, and after a call that failed, once the spacing has gone by. Whose number is another person's is
 * not called: there is something to do once the time is over within which the call was promised. A new number is called at once.
 */
export function dueAt(
  start: Temporal.Instant,
  tries: Tries,
  policy: AttemptPolicy,
): Temporal.Instant {
  if (tries.lacksNumber) return start.add({ minutes: policy.windowMinutes });
  const isNumberNew = tries.lastOutcome === 'wrong_number';
  if (tries.failed === 0 || !tries.lastAt || isNumberNew) return start;
  return later(start, tries.lastAt.add({ minutes: policy.spacingMinutes }));
}

/**
 * When an appointment ends as missed, since the last of the promised calls failed too: not before the window is over within which
 * the citizen was told to expect a call, and never at once. Null: calls are left.
 */
export const endsAt = (
  start: Temporal.Instant,
  { failed, lastAt }: { failed: number; lastAt: Temporal.Instant | null },
  { max, windowMinutes }: AttemptPolicy,
): Temporal.Instant | null =>
  failed < max || !lastAt ? null : later(start.add({ minutes: windowMinutes }), lastAt.add(GRACE));

/**
 * When an appointment ends as missed whose citizen was called, though less often than promised: once the window is over, and once
 * nobody made the call that is due next while it was not late, nor within as long after one was taken back. Whoever calls as often
 * as promised is never cut short. Null: nobody has called.
 */
export const stopsAt = (
  start: Temporal.Instant,
  tries: Tries,
  policy: AttemptPolicy,
): Temporal.Instant | null => {
  if (tries.failed === 0) return null;
  const all = endsAt(start, tries, policy);
  if (all) return all;
  const due = later(dueAt(start, tries, policy), tries.undoneAt ?? start);
  const isLateAt = due.add({ minutes: LATE_AFTER_MINUTES });
  return later(start.add({ minutes: policy.windowMinutes }), isLateAt);
};

/**
 * Returns the calls that failed since an appointment got its hour. A call to a number that was another person's has reached nobody,
 * and counts only while there is no other number.
 */
export function triesSince(
  attempts: readonly Pick<Attempt, 'at' | 'outcome'>[],
  events: readonly Pick<AppointmentEvent, 'kind' | 'at'>[],
  lacksNumber: boolean,
): Tries {
  const last = (kind: EventKind) => events.findLast((each) => each.kind === kind)?.at ?? null;
  const movedAt = last('moved');
  const failed = attempts.filter(
    ({ at, outcome }) =>
      outcome !== 'answered' &&
      (outcome !== 'wrong_number' || lacksNumber) &&
      (!movedAt || Temporal.Instant.compare(at, movedAt) > 0),
  );
  const { at: lastAt = null, outcome: lastOutcome = null } = failed.at(-1) ?? {};
  return { failed: failed.length, lastAt, lastOutcome, lacksNumber, undoneAt: last('undone') };
}

/** Returns whether a call that failed was made at least a minute before its time, so that the citizen did not expect it. */
export const isEarly = (
  outcome: AttemptOutcome,
  due: Temporal.Instant,
  now: Temporal.Instant,
): boolean => outcome !== 'answered' && Temporal.Instant.compare(now.add({ minutes: 1 }), due) <= 0;

/** What of an appointment decides whether its last step can be taken back. */
export interface Steps {
  status: Status;
  attempts: readonly Pick<Attempt, 'at' | 'outcome' | 'actor'>[];
  encounter: Pick<Encounter, 'startedAt' | 'version' | 'ticks' | 'actor'> | null;
  /** Somebody wrote in the room of the encounter, or its call was measured: the two have met. */
  hasMet: boolean;
  endsAt: Temporal.Instant | null;
  /** When a member of staff closed it as not reached, and who; null: nobody did. */
  givenUp: { at: Temporal.Instant; actor: string } | null;
  /**
   * When a member of staff cancelled it, and who; null: nobody of them did, the citizen was told already, or the place in the wait list
   * or the promise of another hour ended with it.
   */
  cancelled: { at: Temporal.Instant; actor: string } | null;
}

/**
 * Returns the last step while this member of staff can take it back: their own, or any as a coordinator. The beginning of an encounter: for two minutes, while nothing was written and
 * nobody met. A call that failed: for two minutes, and the last one until the appointment ends; a wrong number, after which the
 * citizen is written to, the end as not reached, and a cancellation: until their notice leaves.
 */
export function undoOf(of: Steps, viewer: StaffViewer, now: Temporal.Instant): Undo | null {
  const found = lastStep(of);
  if (!found || Temporal.Instant.compare(now, found.until) >= 0) return null;
  const { actor, ...undo } = found;
  return actor === actorOf(viewer) || can(viewer, 'coordinate') ? undo : null;
}

/** The last step, until when it can be taken back, and who did it. */
function lastStep({
  status,
  attempts,
  encounter,
  hasMet,
  ...of
}: Steps): (Undo & { actor: string }) | null {
  const last = attempts.at(-1);
  switch (status) {
    case 'in_progress':
      return encounter && encounter.version === 1 && encounter.ticks.length === 0 && !hasMet
        ? { step: 'begin', until: encounter.startedAt.add(UNDO_FOR), actor: encounter.actor }
        : null;
    case 'noshow':
      return untilTold('given_up', of.givenUp);
    case 'cancelled':
      return untilTold('cancelled', of.cancelled);
    case 'booked':
    case 'arrived': {
      if (!last) return null;
      const isTold = last.outcome === 'wrong_number' && !of.endsAt;
      const until = of.endsAt ?? last.at.add(isTold ? GRACE : UNDO_FOR);
      return { step: 'attempt', until, actor: last.actor };
    }
    default:
      return null;
  }
}

/** A step that the citizen is told of once the grace is over, and that cannot be taken back then. */
const untilTold = (
  step: UndoStep,
  done: { at: Temporal.Instant; actor: string } | null,
): (Undo & { actor: string }) | null =>
  done && { step, until: done.at.add(GRACE), actor: done.actor };

/** Returns the status of an appointment without its encounter, by its events, the latest last: who came meanwhile is there. */
export function statusBefore(kinds: readonly EventKind[]): Status {
  const last = kinds.findLast((each) => each in STATUS_AFTER);
  return (last && STATUS_AFTER[last]) ?? 'booked';
}

const STATUS_AFTER: Partial<Record<EventKind, Status>> = {
  booked: 'booked',
  moved: 'booked',
  left: 'booked',
  arrived: 'arrived',
  noshow: 'noshow',
};
