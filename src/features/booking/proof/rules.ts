import { createHash } from 'node:crypto';
import type { AddressKind } from '../../../domain/address.ts';
import { FREEZE_HOURS, type History, historyOf, thawAt } from './history.ts';
import type {
  AddressStanding,
  CodeWay,
  LinkCopy,
  Reached,
  Standing,
  Step,
  WayResult,
} from './types.ts';

export { FREEZE_HOURS };

/** Returns the history's hash of an address. It depends on the appointment, so equal addresses of two appointments aren't visible. */
export const addressHash = (appointment: string, address: string): string =>
  createHash('sha256').update(`${appointment} ${address}`).digest('hex');

/** Returns an address in a masked form, which only a person who knows it recognises. */
export function maskAddress({
  channel,
  recipient,
}: Pick<CodeWay, 'channel' | 'recipient'>): string {
  if (channel === 'sms') return recipient.slice(-3);
  const [name = '', domain = ''] = recipient.split('@');
  return `${name.slice(0, 1)}•••@${domain}`;
}

/**
 * Returns the state of an appointment's addresses and link. `bookedBy`: the actor who booked it. The addresses of the booking are
 * the first known ones, so they are trusted, and their author is stored.
 */
export function standingOf(
  { id, citizen, link }: Reached,
  bookedBy: string,
  steps: readonly Step[],
  now: Temporal.Instant,
): Standing {
  const hashed = (address: string | null) => address && addressHash(id, address);
  const current = { email: hashed(citizen.email), phone: hashed(citizen.phone) };
  const history = historyOf(current, bookedBy, steps, now);
  const one = (kind: AddressKind): AddressStanding | null =>
    current[kind] === null ? null : addressStanding(history[kind], current[kind]);
  const copies = steps.flatMap((each): LinkCopy[] =>
    each.kind === 'link_given' && each.link === link ? [{ by: each.actor, at: each.at }] : [],
  );
  return { email: one('email'), phone: one('phone'), copies };
}

function addressStanding({ trusted, pending }: History, current: string): AddressStanding {
  const known = trusted.get(current);
  if (known) {
    const { setBy, setAt, holders: heldBy } = known;
    return { setBy, setAt, state: 'trusted', until: null, heldBy };
  }
  const waits = pending.get(current);
  // An address without a step was not written by the service: nothing is known about it.
  if (!waits) return { setBy: 'unknown', setAt: null, state: 'frozen', until: null, heldBy: [] };
  const { setBy, setAt, holders: heldBy } = waits;
  return { setBy, setAt, state: 'frozen', until: thawAt(waits), heldBy };
}

/**
 * Returns the address of a one-time code: the telephone if SMS go there, else the mailbox. Also of a citizen who chose SMS for notices:
 * links reach the mailbox in other ways (an earlier notice, a lost link, an SMS that failed), which must not open documents alone. Never to a
 * frozen address.
 */
export function codeWay(
  { citizen: { email, phone } }: Pick<Reached, 'citizen'>,
  standing: Standing,
  isReached: (phone: string) => boolean,
): WayResult {
  const ways = [
    phone && standing.phone && isReached(phone)
      ? ({ channel: 'sms', recipient: phone, at: standing.phone } as const)
      : null,
    email && standing.email
      ? ({ channel: 'email', recipient: email, at: standing.email } as const)
      : null,
  ].filter((each) => each !== null);
  const open = ways.find((each) => each.at.state === 'trusted');
  if (open) {
    const { channel, recipient, at } = open;
    return { ok: true, way: { channel, recipient, setBy: at.setBy } };
  }
  if (ways.length === 0) return { ok: false, reason: 'none' };
  const ends = ways.flatMap((each) => each.at.until ?? []).sort(Temporal.Instant.compare);
  return { ok: false, reason: 'frozen', until: ends[0] ?? null };
}

/**
 * Returns whether a member of staff could act as the citizen of an appointment: they control an address (`AddressStanding.heldBy`), or
 * were given its link. Then a code or an action on the citizen's page is no evidence against them.
 */
export const couldBeCitizen = (actor: string, { email, phone, copies }: Standing): boolean =>
  [email, phone].some((each) => each?.heldBy.includes(actor) ?? false) ||
  copies.some((each) => each.by === actor);

/** The members of staff and tokens for whom `couldBeCitizen`, each once. */
export const insidersOf = ({ email, phone, copies }: Standing): string[] => [
  ...new Set([
    ...[email, phone].flatMap((each) => each?.heldBy ?? []),
    ...copies.map((each) => each.by),
  ]),
];
