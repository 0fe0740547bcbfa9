import { createHash } from 'node:crypto';
import type {
  AddressKind,
  AddressStanding,
  CodeWay,
  LinkCopy,
  Reached,
  Standing,
  Step,
  WayResult,
} from './types.ts';

/** How long codes don't go to an address after those who were reached before were told of it. */
export const FREEZE_HOURS = 24;

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

/** Whether an actor is a member of staff or a token, who act for the town and never as the citizen. */
const isInsider = (actor: string): boolean => /^(staff|token):/.test(actor);

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
  const one = (kind: AddressKind): AddressStanding | null => {
    const address = citizen[kind];
    if (address === null) return null;
    const own = steps.filter((each) => each.address === kind);
    return addressStanding(addressHash(id, address), bookedBy, own, now);
  };
  const copies = steps.flatMap((each): LinkCopy[] =>
    each.kind === 'link_given' && each.link === link ? [{ by: each.actor, at: each.at }] : [],
  );
  return { email: one('email'), phone: one('phone'), copies };
}

/** The last time that an address was set, and what was said about it since. */
interface Pending {
  setBy: string;
  setAt: Temporal.Instant;
  toldAt: Temporal.Instant | null;
  isDisputed: boolean;
}

/** Walks through an address's history: which values are the citizen's for all that is known, and which wait. */
function addressStanding(
  current: string,
  bookedBy: string,
  steps: readonly Step[],
  now: Temporal.Instant,
): AddressStanding {
  const trusted = new Map<
    string,
    { setBy: string; setAt: Temporal.Instant | null; heldBy: string | null }
  >();
  const pending = new Map<string, Pending>();
  const first = steps.find((each) => each.kind === 'set');
  const original = first ? first.before : current;
  if (original !== null)
    trusted.set(original, { setBy: bookedBy, setAt: null, heldBy: holderOf(bookedBy) });

  const settle = (at: Temporal.Instant) => {
    for (const [hash, { setBy, setAt, toldAt, isDisputed }] of pending) {
      const until = thawAt(toldAt, isDisputed);
      if (!until || Temporal.Instant.compare(at, until) < 0) continue;
      pending.delete(hash);
      trusted.set(hash, { setBy, setAt, heldBy: holderOf(setBy) });
    }
  };

  for (const step of steps) {
    settle(step.at);
    const { hash, before, actor, at } = step;
    if (step.kind === 'set') {
      if (before !== null) pending.delete(before);
      // The citizen left the address themselves: it may be lost or another person's by now.
      if (step.proved && before !== null) trusted.delete(before);
      if (hash === null || trusted.has(hash)) continue;
      pending.delete(hash);
      if (step.proved) trusted.set(hash, { setBy: actor, setAt: at, heldBy: null });
      else pending.set(hash, { setBy: actor, setAt: at, toldAt: step.toldAt, isDisputed: false });
    } else if (hash !== null && step.kind === 'disputed') {
      const was = pending.get(hash) ?? trusted.get(hash);
      trusted.delete(hash);
      if (was)
        pending.set(hash, {
          setBy: was.setBy,
          setAt: was.setAt ?? at,
          toldAt: null,
          isDisputed: true,
        });
    } else if (hash !== null && (step.kind === 'confirmed' || step.kind === 'vouched')) {
      const was = pending.get(hash) ?? trusted.get(hash);
      pending.delete(hash);
      if (was) trusted.set(hash, { setBy: was.setBy, setAt: was.setAt, heldBy: null });
    }
  }
  settle(now);

  const known = trusted.get(current);
  if (known) return { ...known, state: 'trusted', until: null };
  const waits = pending.get(current);
  // An address that no step tells of was written past the service: nothing is known of it.
  if (!waits) return { setBy: 'unknown', setAt: null, state: 'frozen', until: null, heldBy: null };
  const { setBy, setAt, toldAt, isDisputed } = waits;
  return {
    setBy,
    setAt,
    state: 'frozen',
    until: thawAt(toldAt, isDisputed),
    heldBy: holderOf(setBy),
  };
}

const holderOf = (actor: string): string | null => (isInsider(actor) ? actor : null);

/** From when on time alone makes an address trusted; null: it never does. */
const thawAt = (toldAt: Temporal.Instant | null, isDisputed: boolean): Temporal.Instant | null =>
  toldAt && !isDisputed ? toldAt.add({ hours: FREEZE_HOURS }) : null;

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
 * Whether a member of staff could pass for the citizen of an appointment: they set an address that nobody else has confirmed, or
 * were given the link that opens it. What then comes by a code or from the citizen's page proves nothing against them.
 */
export const couldBeCitizen = (actor: string, { email, phone, copies }: Standing): boolean =>
  [email, phone].some((each) => each?.heldBy === actor) || copies.some((each) => each.by === actor);

/** The members of staff and tokens for whom `couldBeCitizen`, each once. */
export const insidersOf = ({ email, phone, copies }: Standing): string[] => [
  ...new Set([
    ...[email, phone].flatMap((each) => each?.heldBy ?? []),
    ...copies.map((each) => each.by),
  ]),
];
