import { companyIn, maskedIdentifier, nifIn, type PersonId } from '../../../../domain/identity.ts';
import {
  isWaiting,
  STOPPED_STATES,
  type StoppedState,
  type WhyHere,
} from '../../../../domain/notification.ts';
import type { PersonName } from '../../../foundation/identification/types.ts';
import type { FailureReason } from '../../../foundation/registry/types.ts';
import type { Applicant } from '../../cases/types.ts';
import type { HandedNews, HandedSigner, Notification, ToHandOver } from '../types.ts';
import type { Owed } from './views.ts';

/** The most bytes of a document that e-NOTUM takes within a message. */
export const MOST_DOCUMENT = 1_000_000;

/** Whoever is notified. */
export interface Receiver {
  applicant: Pick<Applicant, 'represents' | 'email' | 'phone'> | null;
  /** Who handed the case in, as their provider says; null: nobody was identified. */
  known: { of: PersonId; name: PersonName } | null;
}

/**
 * Returns why a notification can't be handed over to e-NOTUM; null: it can. It knows people by their DNI or NIE, with the name and the first
 * surname apart, and an e-mail or a telephone (its errors 701 to 703); organisations by their NIF.
 */
export function whyHere(of: Receiver & { bytes: number }): WhyHere | null {
  const { applicant, known, bytes } = of;
  if (bytes > MOST_DOCUMENT) return 'size';
  const represents = applicant?.represents ?? null;
  if (represents) return companyIn(represents.identifier) ? null : 'represented';
  if (known?.of.scheme !== 'dni' && known?.of.scheme !== 'nie') return 'identifier';
  if (partsOf(known.name) === null) return 'name';
  return applicant?.email || applicant?.phone ? null : 'address';
}

/** Returns whom a notification is handed over to; null: see `whyHere`. */
export function receiverOf({ applicant, known }: Receiver): ToHandOver['to'] | null {
  const represents = applicant?.represents ?? null;
  if (represents) return { ...represents, parts: null };
  if (!known) return null;
  const { of, name } = known;
  return { identifier: of.identifier, name: name.full, parts: partsOf(name) };
}

/** Words that begin a surname and are none: `de la Fuente`. */
const PARTICLES = new Set([
  ...['de', 'del', 'dels', 'la', 'las', 'los', 'les', 'el', 'els', 'd', 'da', 'do', 'dos', 'das'],
  ...['van', 'von', 'der', 'den', 'san', 'santa', 'ben', 'al', 'ait', 'mc', 'mac', 'le', 'di'],
]);

/**
 * Returns a name with the surnames apart; null: no surname is known. The first surname is the first word of them with the particles before it; the
 * rest is the second one, without the conjunction between them.
 */
export function partsOf({
  given,
  family,
}: Pick<PersonName, 'given' | 'family'>): NonNullable<ToHandOver['to']['parts']> | null {
  const words = (family ?? '').split(/\s+/).filter(Boolean);
  const name = given?.trim() ?? '';
  const end = words.findIndex((word) => !PARTICLES.has(word.toLowerCase().replace(/[’']$/, '')));
  if (name === '' || end === -1) return null;
  const rest = words.slice(end + 1);
  const second = /^[iy]$/i.test(rest[0] ?? '') ? rest.slice(1) : rest;
  return { given: name, first: words.slice(0, end + 1).join(' '), second: second.join(' ') };
}

const FIRST_WAIT_SECONDS = 60;
/** e-NOTUM that is away is asked every hour at most. One that refuses will do so until somebody mends something. */
const LONGEST_WAIT_SECONDS = { away: 3_600, unclear: 3_600, refused: 6 * 3_600 } as const;
/** Seconds after which what was sent is found there, or was never taken: nobody says how long its search takes. */
const SETTLES_SECONDS = 600;

/**
 * Returns the seconds until the next try: a minute, doubled each time, shortened by up to a quarter. What may have been sent is not looked for
 * at once. `random` is in [0, 1).
 */
export function secondsUntilTry(
  attempts: number,
  on: { reason: FailureReason; wasSent: boolean; random: number },
): number {
  const { reason, wasSent, random } = on;
  const doubled = FIRST_WAIT_SECONDS * 2 ** Math.min(Math.max(attempts, 1) - 1, 12);
  const wait = Math.min(doubled, LONGEST_WAIT_SECONDS[reason]) * (1 - random / 4);
  return wasSent ? Math.max(wait, SETTLES_SECONDS) : wait;
}

/** What somebody did there with a notification. */
const DONE: readonly HandedNews['state'][] = ['accepted', 'rejected'];

/**
 * Returns whether e-NOTUM tells something new of a notification: what it was settled by first stays. Of what is in the folder by now, or was handed
 * over again (`isPast`), only what the person did there counts (Ley 39/2015, art. 41.7): they were told that its ten days run elsewhere.
 */
export function isNews(
  {
    via,
    state,
    depositedAt,
    stopped,
  }: Pick<Notification, 'via' | 'state' | 'depositedAt' | 'stopped'>,
  news: Pick<HandedNews, 'state'>,
  isPast = false,
): boolean {
  if (!isWaiting(state)) return false;
  if (isPast || via !== 'enotum') return DONE.includes(news.state);
  if (isStopped(news.state)) return stopped === null;
  return news.state !== 'available' || depositedAt === null;
}

/** Returns whether what e-NOTUM tells ends a notification there without its counting. */
export const isStopped = (state: HandedNews['state']): state is StoppedState =>
  STOPPED_STATES.some((each) => each === state);

/** The most times that a notification is handed over. */
const MOST_ROUNDS = 9;

/** Returns under which reference a notification is handed over the nth time, from 1: e-NOTUM finds what it has by it. */
export const referenceOf = (id: string, round: number): string =>
  round === 1 ? id : `${id}-${round}`;

/** Returns whether an official may hand a notification over once more: it was stopped there before it counted. */
export const canHandAgain = (
  { via, state, stopped }: Pick<Notification, 'via' | 'state' | 'stopped'>,
  { round }: Pick<Owed, 'round'>,
): boolean => via === 'enotum' && isWaiting(state) && stopped !== null && round < MOST_ROUNDS;

/**
 * Returns whether an official may notify a decision in the folder after all: it was stopped at e-NOTUM, or e-NOTUM refused it, nothing that was sent
 * may be there, and no worker is at it.
 */
export const canTakeBack = (
  of: Pick<Notification, 'via' | 'state' | 'stopped'>,
  {
    failing,
    number,
    sentAt,
    takenUntil,
  }: Pick<Owed, 'failing' | 'number' | 'sentAt' | 'takenUntil'>,
  now: Temporal.Instant,
): boolean =>
  of.via === 'enotum' &&
  isWaiting(of.state) &&
  (of.stopped !== null ||
    (failing === 'refused' &&
      number === null &&
      sentAt === null &&
      (takenUntil === null || Temporal.Instant.compare(takenUntil, now) < 0)));

/** Returns who opened or rejected a notification as others read it: a person's identifier is masked, that of an organisation is not. */
export const shownSigner = ({
  name,
  identifier,
}: HandedSigner): { name: string; identifier: string } => ({
  name,
  identifier:
    companyIn(identifier) ?? maskedIdentifier(nifIn(identifier) ?? { scheme: 'other', identifier }),
});
