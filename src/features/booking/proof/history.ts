import { ADDRESS_KINDS, type AddressKind } from '../../../domain/address.ts';
import type { Step } from './types.ts';

/** How long codes don't go to a new address after the former addresses were informed. */
export const FREEZE_HOURS = 24;

/** Returns whether an actor is a member of staff or a token; they act for the town and never as the citizen. */
const isInsider = (actor: string): boolean => /^(staff|token):/.test(actor);

/** The known facts about one value of an address. */
interface Known {
  setBy: string;
  setAt: Temporal.Instant | null;
  /** Members of staff and tokens who may control it. */
  holders: readonly string[];
}

interface Trusted extends Known {
  /** It became trusted only because its waiting period ended. */
  isByTime: boolean;
}

interface Pending extends Known {
  setAt: Temporal.Instant;
  toldAt: Temporal.Instant | null;
  isDisputed: boolean;
}

/** The history of an address, each value as a hash. A null hash: there is none. */
export interface History {
  current: string | null;
  trusted: Map<string, Trusted>;
  pending: Map<string | null, Pending>;
}

/** Possible authors of a change: see `holdersOf`. */
interface Able {
  proved: readonly string[];
  unproved: readonly string[];
}

/**
 * Replays the history of both addresses: which values are the citizen's according to the steps, and which wait.
 * `current`: hashes of the present addresses.
 */
export function historyOf(
  current: Record<AddressKind, string | null>,
  bookedBy: string,
  steps: readonly Step[],
  now: Temporal.Instant,
): Record<AddressKind, History> {
  const begin = (kind: AddressKind): History => {
    const first = steps.find((each) => each.address === kind && each.kind === 'set');
    const original = first ? first.before : current[kind];
    const known = { setBy: bookedBy, setAt: null, holders: insider(bookedBy), isByTime: false };
    const trusted = new Map(original === null ? [] : [[original, known] as const]);
    return { current: original, trusted, pending: new Map() };
  };
  const all = { email: begin('email'), phone: begin('phone') };
  const settleAll = (at: Temporal.Instant) => {
    for (const kind of ADDRESS_KINDS) settle(all[kind], at);
  };
  // Who was given the link, and which one (see `Appointment.link`).
  const given = new Map<string, number | null>();
  let able: Able = { proved: [], unproved: [] };
  let last: Step | null = null;
  for (const step of steps) {
    settleAll(step.at);
    // A change of both addresses is two steps: its possible authors are determined before the first.
    if (!last || !isOneChange(last, step)) able = ableNow(all, [...given.keys()]);
    last = step;
    if (step.kind === 'link_given') given.set(step.actor, step.link);
    else if (step.address && step.kind === 'set')
      set(all[step.address], step, holdersOf(step, able));
    else if (step.address) answer(all[step.address], step, able);
    // A change that makes a new link ends the former ones. The possible authors of the new address are among its holders.
    if (step.kind === 'set' && step.link !== null) endLinksBefore(step.link, given);
  }
  settleAll(now);
  return all;
}

function endLinksBefore(link: number, given: Map<string, number | null>): void {
  for (const [actor, had] of given) if (had !== link) given.delete(actor);
}

const isOneChange = (one: Step, next: Step): boolean =>
  one.kind === 'set' && next.kind === 'set' && one.actor === next.actor && one.at.equals(next.at);

const insider = (actor: string): string[] => (isInsider(actor) ? [actor] : []);

/** Returns which staff and tokens could act as the citizen: by a code, or by the link alone. */
function ableNow({ email, phone }: Record<AddressKind, History>, given: readonly string[]): Able {
  const trusted = [email, phone].flatMap(({ current, trusted }) =>
    current === null ? [] : (trusted.get(current)?.holders ?? []),
  );
  const pending = [email, phone].flatMap(
    ({ current, pending }) => pending.get(current)?.holders ?? [],
  );
  return { proved: unique(trusted), unproved: unique([...trusted, ...pending, ...given]) };
}

const unique = (actors: readonly string[]): string[] => [...new Set(actors)];

/** Returns the staff and tokens who may control a new address: its author, or those who could have acted as the citizen. */
function holdersOf({ actor, proved }: Step, able: Able): readonly string[] {
  if (isInsider(actor)) return [actor];
  return proved ? able.proved : able.unproved;
}

/** Marks values as trusted whose waiting period has ended. */
function settle({ trusted, pending }: History, at: Temporal.Instant): void {
  for (const [hash, known] of pending) {
    const until = thawAt(known);
    if (!until || Temporal.Instant.compare(at, until) < 0) continue;
    pending.delete(hash);
    const { setBy, setAt, holders } = known;
    if (hash !== null) trusted.set(hash, { setBy, setAt, holders, isByTime: true });
  }
}

/** Returns when an address becomes trusted by time alone; null: never. */
export const thawAt = ({
  toldAt,
  isDisputed,
}: Pick<Pending, 'toldAt' | 'isDisputed'>): Temporal.Instant | null =>
  toldAt && !isDisputed ? toldAt.add({ hours: FREEZE_HOURS }) : null;

/** Applies a confirmation of or an objection to the present value. */
function answer({ trusted, pending }: History, step: Step, able: Able): void {
  const { hash } = step;
  const was = pending.get(hash) ?? (hash === null ? undefined : trusted.get(hash));
  if (!was) return;
  const { setBy, setAt } = was;
  if (step.kind === 'disputed') {
    if (hash !== null) trusted.delete(hash);
    pending.set(hash, { ...was, setAt: setAt ?? step.at, toldAt: null, isDisputed: true });
  } else if (hash !== null) {
    pending.delete(hash);
    // Actors who could have typed the confirming code may control it too.
    const holders = step.kind === 'confirmed' ? able.proved : [];
    trusted.set(hash, { setBy, setAt, holders, isByTime: false });
  }
}

function set(of: History, step: Step, holders: readonly string[]): void {
  const { trusted, pending } = of;
  const { hash, before, actor, at, proved } = step;
  of.current = hash;
  const left = pending.get(before);
  pending.delete(before);
  // The citizen replaced it themselves, so it may be lost; or it was never confirmed as theirs.
  if (before !== null && (proved || trusted.get(before)?.isByTime)) trusted.delete(before);
  if (hash !== null && trusted.has(hash)) return;
  pending.delete(hash);
  const known = { setBy: actor, setAt: at, holders };
  if (!proved) pending.set(hash, { ...known, ...waitOf(step, left) });
  else if (hash !== null) trusted.set(hash, { ...known, isByTime: false });
}

/**
 * Returns the waiting period of a new address. If the one before was waiting itself (`left`), a notice to it doesn't inform the citizen:
 * then the notice to the earlier address counts, and so do the objections from there.
 */
function waitOf({ at, toldAt }: Step, left: Pending | undefined) {
  if (!left) return { toldAt, isDisputed: false };
  const told = left.toldAt;
  const isEarlier = told && Temporal.Instant.compare(told, at) < 0;
  return { toldAt: isEarlier ? at : told, isDisputed: left.isDisputed };
}

/**
 * Returns whether the present address is the result of an announced change, perhaps by further changes, so that the recipient of the
 * first notice may still object. `current`: its hash. False when the citizen, proved, or a second member of staff has since decided
 * otherwise, or when it was changed back.
 */
export function cameOf(
  steps: readonly Step[],
  told: { address: AddressKind; hash: string | null },
  current: string | null,
): boolean {
  const own = steps.filter((each) => each.address === told.address);
  const from = own.findLastIndex((each) => each.kind === 'set' && each.hash === told.hash);
  const start = own[from];
  if (!start) return false;
  let isAnswered = start.proved;
  let hash = start.hash;
  for (const step of own.slice(from + 1)) {
    if (step.kind !== 'set') isAnswered = step.kind !== 'disputed';
    else if (isAnswered || step.proved || step.hash === start.before) return false;
    else hash = step.hash;
  }
  return hash === current;
}
