import { ADDRESS_KINDS, type AddressKind } from '../../../domain/address.ts';
import type { Step } from './types.ts';

/** How long codes don't go to an address after those who were reached before were told of it. */
export const FREEZE_HOURS = 24;

/** Whether an actor is a member of staff or a token, who act for the town and never as the citizen. */
const isInsider = (actor: string): boolean => /^(staff|token):/.test(actor);

/** What is known of one value that an address has had. */
interface Known {
  setBy: string;
  setAt: Temporal.Instant | null;
  /** Members of staff and tokens who could be at the other end of it. */
  holders: readonly string[];
}

interface Trusted extends Known {
  /** Nobody said that it is the citizen's: its time of waiting ended. */
  isByTime: boolean;
}

interface Pending extends Known {
  setAt: Temporal.Instant;
  toldAt: Temporal.Instant | null;
  isDisputed: boolean;
}

/** One address through time, each value by its hash. A null hash: there is none. */
export interface History {
  current: string | null;
  trusted: Map<string, Trusted>;
  pending: Map<string | null, Pending>;
}

/** Who could have made a change: see `holdersOf`. */
interface Able {
  proved: readonly string[];
  unproved: readonly string[];
}

/**
 * Walks through the history of both addresses: which values are the citizen's for all that is known, and which wait.
 * `current`: hashes of the addresses that stand now.
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
  const given = new Set<string>();
  let able: Able = { proved: [], unproved: [] };
  let last: Step | null = null;
  for (const step of steps) {
    settleAll(step.at);
    // One change of both addresses is two steps: who could make it stands before the first.
    if (!last || !isOneChange(last, step)) able = ableNow(all, given);
    last = step;
    if (step.kind === 'link_given') given.add(step.actor);
    else if (step.address && step.kind === 'set')
      set(all[step.address], step, holdersOf(step, able));
    else if (step.address) answer(all[step.address], step, able);
    // A new e-mail address makes a new link. Whoever could have set that address is among those who hold it.
    if (step.kind === 'set' && step.address === 'email') given.clear();
  }
  settleAll(now);
  return all;
}

const isOneChange = (one: Step, next: Step): boolean =>
  one.kind === 'set' && next.kind === 'set' && one.actor === next.actor && one.at.equals(next.at);

const insider = (actor: string): string[] => (isInsider(actor) ? [actor] : []);

/** Which insiders could act as the citizen: by a code, or by the link alone. */
function ableNow({ email, phone }: Record<AddressKind, History>, given: Set<string>): Able {
  const trusted = [email, phone].flatMap(({ current, trusted }) =>
    current === null ? [] : (trusted.get(current)?.holders ?? []),
  );
  const pending = [email, phone].flatMap(
    ({ current, pending }) => pending.get(current)?.holders ?? [],
  );
  return { proved: unique(trusted), unproved: unique([...trusted, ...pending, ...given]) };
}

const unique = (actors: readonly string[]): string[] => [...new Set(actors)];

/** The insiders who could be at the other end of an address that was set: whoever set it, or could have passed for the citizen. */
function holdersOf({ actor, proved }: Step, able: Able): readonly string[] {
  if (isInsider(actor)) return [actor];
  return proved ? able.proved : able.unproved;
}

/** Trusts what has waited long enough. */
function settle({ trusted, pending }: History, at: Temporal.Instant): void {
  for (const [hash, known] of pending) {
    const until = thawAt(known);
    if (!until || Temporal.Instant.compare(at, until) < 0) continue;
    pending.delete(hash);
    const { setBy, setAt, holders } = known;
    if (hash !== null) trusted.set(hash, { setBy, setAt, holders, isByTime: true });
  }
}

/** From when on time alone makes an address trusted; null: it never does. */
export const thawAt = ({
  toldAt,
  isDisputed,
}: Pick<Pending, 'toldAt' | 'isDisputed'>): Temporal.Instant | null =>
  toldAt && !isDisputed ? toldAt.add({ hours: FREEZE_HOURS }) : null;

/** What was said about a value that stands: that it is the citizen's, or isn't. */
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
    // Whoever could have typed the code that confirms it could be at its other end too.
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
  // The citizen left it themselves, so that it may be lost by now; or nobody has ever said that it was theirs.
  if (before !== null && (proved || trusted.get(before)?.isByTime)) trusted.delete(before);
  if (hash !== null && trusted.has(hash)) return;
  pending.delete(hash);
  const known = { setBy: actor, setAt: at, holders };
  if (!proved) pending.set(hash, { ...known, ...waitOf(step, left) });
  else if (hash !== null) trusted.set(hash, { ...known, isByTime: false });
}

/**
 * How long a new address waits. Where the one before was waiting itself (`left`), what reached that one tells the citizen nothing:
 * the notice counts that went to whoever was reached before it, and so does what they answered.
 */
function waitOf({ at, toldAt }: Step, left: Pending | undefined) {
  if (!left) return { toldAt, isDisputed: false };
  const told = left.toldAt;
  const isEarlier = told && Temporal.Instant.compare(told, at) < 0;
  return { toldAt: isEarlier ? at : told, isDisputed: left.isDisputed };
}

/**
 * Whether the address that stands now came of a change that was told, perhaps by further changes, so that whoever was told of the
 * first may still object. `current`: its hash. Not where the citizen, proved, or a second member of staff has since said something
 * else, nor where it went back to what it was.
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
