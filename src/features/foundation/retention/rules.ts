import type { Periods } from '../../../domain/office/retention.ts';
import { reasonsKeptFrom } from '../../../domain/office/retention.ts';
import { columnsOf, nobody } from '../../../domain/person.ts';

/** Maximum appointments per transaction, so that bookings are not delayed for long. */
export const FORGOTTEN_AT_ONCE = 500;

/** Hours after the end of its appointment within which an encounter begins. */
const LATEST_BEGINNING_HOURS = 72;

/**
 * Returns a moment before which all encounters began that ended before `bound`: an index finds them by it. An encounter that began more than three days after the
 * end of its appointment is destroyed later by the difference.
 */
export const begunBefore = (bound: Temporal.Instant): Temporal.Instant =>
  bound.add({ hours: LATEST_BEGINNING_HOURS });

/** Values in place of the person and their texts. Whether a person signs or can’t hear is health data. */
export const NOBODY = columnsOf(nobody());

/** Bounds before which personal data of an office is destroyed, except data with retention periods of its own. */
export interface Bounds {
  /** The bound for the citizens of ended appointments. */
  contacts: Temporal.Instant;
  /** The bound for notes of ended encounters, and for the quality of calls. */
  notes: Temporal.Instant;
  /** The bound for survey comments of appointments that began before: always whole local months. */
  words: Temporal.Instant;
  /** The bound, a local day, for the reasons of ended absences. */
  reasons: string;
}

/** Returns the bounds of an office's retention periods at an instant. */
export function boundsOf(settings: Periods, now: Temporal.Instant): Bounds {
  const { contactDays, notesDays } = settings.retention;
  const daysAgo = (days: number) => now.subtract({ hours: 24 * days });
  const notes = daysAgo(notesDays);
  return {
    contacts: daysAgo(contactDays),
    notes,
    words: monthAfter(notes, settings.timeZone),
    reasons: reasonsKeptFrom(settings, now),
  };
}

/** Returns when the local month of an instant ends: the whole month is destroyed when its first day is due. */
const monthAfter = (at: Temporal.Instant, timeZone: string): Temporal.Instant =>
  at
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .with({ day: 1 })
    .add({ months: 1 })
    .toZonedDateTime(timeZone)
    .toInstant();
