import type { ChatRow } from '../types.ts';

type Waiting = Pick<ChatRow, 'place' | 'officeToldAt' | 'personToldAt'>;

/** The longest time after which those who coordinate are told of a message, and before which its person is told of its end, in hours. */
const MOST_HOURS = 72;
/** The same as a part of the days for which messages are kept, where those are few. */
const PART = 4;

/** Days after its own for which a message is kept while its person can't be told that it ends. */
const LATE_DAYS = 7;

const compare = Temporal.Instant.compare;

/**
 * Returns after how many hours those who coordinate are told that nobody has answered a message; and how many before its end they are told again, and its
 * person. `keepDays`: for how many days it is kept.
 */
export const warningHours = (keepDays: number): number =>
  Math.min(MOST_HOURS, (keepDays * 24) / PART);

/** Returns when a message that nobody answers is destroyed: after its days, but never before its person has known of it for some time; see `latestSince`. */
export function messageEnd({ place, personToldAt }: Waiting, keepDays: number): Temporal.Instant {
  const end = place.add({ hours: keepDays * 24 });
  const known = personToldAt?.add({ hours: warningHours(keepDays) });
  return known && compare(known, end) > 0 ? known : end;
}

/**
 * Returns the time before which a message was left that is destroyed though its person was not told: something keeps them from being told, and it isn't
 * kept for ever.
 */
export const latestSince = (keepDays: number, now: Temporal.Instant): Temporal.Instant =>
  now.subtract({ hours: 24 * (keepDays + LATE_DAYS) });

const endingSince = ({ place }: Waiting, keepDays: number): Temporal.Instant =>
  place.add({ hours: keepDays * 24 - warningHours(keepDays) });

/** Returns whether the person of a message is to be told now that nobody has answered it and when it ends. */
export const isPersonDue = (message: Waiting, keepDays: number, now: Temporal.Instant): boolean =>
  message.personToldAt === null && compare(endingSince(message, keepDays), now) <= 0;

/** Returns whether nobody has answered a message for so long that those who coordinate should know. */
export const isLate = ({ place }: Waiting, keepDays: number, now: Temporal.Instant): boolean =>
  compare(place.add({ hours: warningHours(keepDays) }), now) <= 0;

/** Returns whether those who coordinate are to be told of a message now: once it is late, and again when its end is near. */
export function isOfficeDue(message: Waiting, keepDays: number, now: Temporal.Instant): boolean {
  const { officeToldAt } = message;
  if (officeToldAt === null) return isLate(message, keepDays, now);
  const since = endingSince(message, keepDays);
  return compare(since, now) <= 0 && compare(officeToldAt, since) < 0;
}
