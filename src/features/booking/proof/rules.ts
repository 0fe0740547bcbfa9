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

/** An address as the history keeps it. Bound to its appointment, so equal addresses of two appointments don't show. */
export const addressHash = (appointment: string, address: string): string =>
  createHash('sha256').update(`${appointment} ${address}`).digest('hex');

/** An address as somebody who knows it recognises it, and nobody else learns it. */
export function maskAddress({
  channel,
  recipient,
}: Pick<CodeWay, 'channel' | 'recipient'>): string {
  if (channel === 'sms') return recipient.slice(-3);
  const [name = '', domain = ''] = recipient.split('@');
  return `${name.slice(0, 1)}•••@${domain}`;
}

/**
 * How an appointment's addresses and link stand. `bookedBy`: the actor who booked it; the addresses of the booking are the first
 * that anybody knew, so they are trusted, and it is kept who gave them.
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
  // An address that no step tells of was written past the service: nothing is known of it.
  if (!waits) return { setBy: 'unknown', setAt: null, state: 'frozen', until: null, heldBy: [] };
  const { setBy, setAt, holders: heldBy } = waits;
  return { setBy, setAt, state: 'frozen', until: thawAt(waits), heldBy };
}

/**
 * Where a one-time code goes: by the way that the link did not take. Links go by mail where there is an address, so codes go by SMS
 * if there is a telephone that SMS reach; else by a mail of their own. Never to a frozen address.
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
 * Whether a member of staff could pass for the citizen of an appointment: they hold an address (`AddressStanding.heldBy`), or were
 * given the link that opens it. What then comes by a code or from the citizen's page proves nothing against them.
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
