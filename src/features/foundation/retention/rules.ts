import type { Periods } from '../../../domain/office/retention.ts';
import { reasonsKeptFrom } from '../../../domain/office/retention.ts';
import { columnsOf, nobody } from '../../../domain/person.ts';

/** How many appointments one transaction forgets, so that none holds up a booking for long. */
export const FORGOTTEN_AT_ONCE = 500;

/** What stands in place of who a person was and what they said. That they sign or can't hear is about their health. */
export const NOBODY = columnsOf(nobody());

/** Before when what an office keeps of people is destroyed, but for what has clocks of its own. */
export interface Bounds {
  /** Whom appointments were for that ended before. */
  contacts: Temporal.Instant;
  /** What was written about encounters that ended before, and how calls went. */
  notes: Temporal.Instant;
  /** What surveys say in words of appointments that began before: always whole local months. */
  words: Temporal.Instant;
  /** Why desks were away that were back before this local day. */
  reasons: string;
}

/** The bounds of an office's periods at an instant. */
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

/** When the local month of an instant is over: all of it goes as soon as its first day is due. */
const monthAfter = (at: Temporal.Instant, timeZone: string): Temporal.Instant =>
  at
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .with({ day: 1 })
    .add({ months: 1 })
    .toZonedDateTime(timeZone)
    .toInstant();
