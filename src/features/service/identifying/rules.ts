import type { Appointment, AppointmentEvent } from '../../../domain/appointment.ts';
import {
  GIVEN_LEVELS,
  type GivenLevel,
  isComparableName,
  nameWords,
} from '../../../domain/identity.ts';
import { FAILURES, type PersonName } from '../../foundation/identification/types.ts';
import type { Asking, NotIdentified } from './types.ts';

export { formatCode } from './code-rules.ts';

/** How long the citizen's screens ask for an identification. */
const ASKED_MINUTES = 20;

/**
 * The level from which an identity opens documents and consents, where an office demands no other: at a low one somebody with the
 * telephone or the mailbox of the citizen may pass for them, which is what the second code is to prevent.
 */
export const PROVING_LEVEL: GivenLevel = 'substantial';

const isGiven = (level: unknown): level is GivenLevel =>
  GIVEN_LEVELS.some((each) => each === level);

const REASONS: readonly string[] = [...FAILURES, 'gone', 'declined'];
const isReason = (reason: unknown): reason is NotIdentified =>
  REASONS.some((each) => each === reason);

/** Returns what became of the last request to identify; null: nobody was asked lately. */
export function askingOf(
  events: readonly Pick<AppointmentEvent, 'kind' | 'at' | 'data'>[],
  now: Temporal.Instant,
): Asking | null {
  const last = events.findLast(
    ({ kind }) => kind === 'identity_asked' || kind === 'identified' || kind === 'identity_failed',
  );
  if (!last || last.at.until(now).total('minutes') >= ASKED_MINUTES) return null;
  const { kind, at, data } = last;
  if (kind === 'identified') return { state: 'identified', at };
  if (kind === 'identity_failed')
    return { state: 'failed', at, reason: isReason(data.reason) ? data.reason : 'gone' };
  return { state: 'asked', at, level: isGiven(data.level) ? data.level : PROVING_LEVEL };
}

const hasSome = (words: readonly string[], of: readonly string[]): boolean =>
  of.length === 0 || of.some((each) => words.includes(each));

/**
 * Returns whether a name that somebody typed is that of an identified person: a given name and a family name at least, and all words of the
 * shorter one in the longer. People often give one family name of two, and providers too.
 */
export function isSameName(booked: string, { full, given, family }: PersonName): boolean {
  const typed = nameWords(booked);
  const theirs = nameWords(full);
  if (!isComparableName(booked) || !isComparableName(full)) return false;
  const [shorter, longer] = typed.length <= theirs.length ? [typed, theirs] : [theirs, typed];
  return (
    shorter.every((word) => longer.includes(word)) &&
    hasSome(typed, nameWords(given ?? '')) &&
    hasSome(typed, nameWords(family ?? ''))
  );
}

/** Returns whether nobody has changed the name and the addresses of an appointment since it was booked. */
export const isAsBooked = (events: readonly Pick<AppointmentEvent, 'kind'>[]): boolean =>
  events.every(({ kind }) => kind !== 'contact_changed');

/**
 * Returns what shows that an identified person is the citizen of an appointment whose link they have; null: nothing does. The name counts
 * only as it was booked: whoever has the link, or works here, could have changed it into their own.
 */
export function shownByOf(on: {
  appointment: Pick<Appointment, 'citizen'>;
  events: readonly Pick<AppointmentEvent, 'kind'>[];
  name: PersonName;
  /** Whether a one-time code was typed in the same browser. */
  hasCode: boolean;
}): 'name' | 'code' | null {
  if (on.hasCode) return 'code';
  return isAsBooked(on.events) && isSameName(on.appointment.citizen.name, on.name) ? 'name' : null;
}
