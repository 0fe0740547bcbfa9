/** When a town of many goes to sleep, and which one is woken next. All times are milliseconds of one clock that never goes back. */

/** What decides whether an awake town may go to sleep. */
export interface Awake {
  /** Whether requests are being answered. */
  isAnswering: boolean;
  /** Whether a page is open that is told what happens. */
  isWatched: boolean;
  /** When somebody with a session of staff asked for it last; -Infinity: never. */
  staffAt: number;
  /** Whether anybody asked for it since it was woken; otherwise only its own work did. */
  wasAsked: boolean;
  /** Since when it has had its place. */
  placeSince: number;
  /** Since when nobody asked for it. */
  idleSince: number;
  /** Since when its idle connections are closed, so that the server counts all that they wrote; null: not since it was busy. */
  settledAt: number | null;
  /** Whether its work is done here. */
  isWorking: boolean;
  /** Before that it isn't worth asking whether its work rests. */
  askAgainAt: number;
  /** Whether another process serves it and relies on this one for its work. */
  isServed: boolean;
}

export interface SleepLimits {
  now: number;
  /** How long nobody must have asked. */
  idleMs: number;
  /** Whether others need its place. */
  isCrowded: boolean;
}

/** A shorter rest, or one shorter than a town is kept awake anyway, isn't worth falling asleep. */
const SHORT_REST_MS = 30_000;
/** Work that was busy is asked again after that. */
const BUSY_MS = 2_000;
/** Within this, PostgreSQL has counted what an ended connection wrote: what comes on top is from others. */
const COUNTED_MS = 900;
/** What somebody needs between two pages, at least. */
const BETWEEN_PAGES_MS = 2_000;
/**
 * So long whoever isn't known holds a place, when others wait for it: less than these wait. Neither requests that never end nor a new one each
 * second make it longer.
 */
const TURN_MS = 3_000;
/** The same for a town that another process serves. */
const SERVED_TURN_MS = 30_000;

/** Returns whether what a town wrote is counted, so that what others write can be told from it. Pure. */
export const isCounted = ({ isWorking, settledAt }: Awake, now: number): boolean =>
  !isWorking || (settledAt !== null && now - settledAt >= COUNTED_MS);

/** Returns whether a town is awake for its own work alone. Pure. */
export const isForWork = ({ wasAsked, isServed }: Pick<Awake, 'wasAsked' | 'isServed'>): boolean =>
  !wasAsked && !isServed;

/** What a town that is awake for its own work alone does has time: a few connections are enough, and the others are for people. */
const MOST_FOR_WORK = 4;

/** Returns how many connections a pool of a town may have. Pure. */
export const mostConnections = (town: Pick<Awake, 'wasAsked' | 'isServed'>): number =>
  isForWork(town) ? MOST_FOR_WORK : Number.POSITIVE_INFINITY;

/** Returns whether an awake town may go to sleep, if its work rests. Pure. */
export function maySleep(town: Awake, { now, idleMs, isCrowded }: SleepLimits): boolean {
  if (town.isWatched) return false;
  if (isCrowded) return mayGive(town, now, idleMs);
  if (town.isAnswering || town.isServed) return false;
  const idleFor = town.wasAsked ? now - town.idleSince : Number.POSITIVE_INFINITY;
  return now >= town.askAgainAt && idleFor >= idleMs;
}

/** Returns whether a town without open pages may give its place to others that wait for it. */
function mayGive(town: Awake, now: number, idleMs: number): boolean {
  if (isForWork(town)) return true;
  if (now - town.staffAt < idleMs) return false;
  const hadFor = now - town.placeSince;
  if (town.isServed) return hadFor >= SERVED_TURN_MS;
  return hadFor >= TURN_MS || (!town.isAnswering && now - town.idleSince >= BETWEEN_PAGES_MS);
}

/**
 * Returns when to ask an awake town again, whose work answered for how long it rests (null: it is at work); null: it may sleep now. Pure.
 */
export function askAgain(
  restsForMs: number | null,
  { now, idleMs, isCrowded }: SleepLimits,
): number | null {
  if (restsForMs === null) return now + BUSY_MS;
  const isLong = restsForMs >= Math.min(SHORT_REST_MS, idleMs);
  return isCrowded || isLong ? null : now + restsForMs + 1;
}

/** A moment by the clock that never goes back, which may stand still while the machine is suspended, and by the clock on the wall. */
export interface BothClocks {
  now: number;
  wallMs: number;
}

/** A wall clock that gained more than this on the other one was set, or the machine slept. */
const LEAP_MS = 60_000;

/** Returns whether the time of day leapt ahead between two moments, so that what was due later may be due by now. Pure. */
export const hasLeapt = (before: BothClocks, after: BothClocks): boolean =>
  after.wallMs - before.wallMs - (after.now - before.now) > LEAP_MS;

/** A sleeping town is looked at after this time at the latest, whatever is known of it. */
const LOOKED_AT_MS = 6 * 3_600_000;

/** Returns when a town that falls asleep has to be woken for its work; Infinity: never here. Pure. */
export const dueAfter = (now: number, restsForMs: number): number =>
  restsForMs === Number.POSITIVE_INFINITY ? restsForMs : now + Math.min(restsForMs, LOOKED_AT_MS);

/** Returns those of the towns that have to be woken now, at most `room`, the longest due first. Pure. */
export function dueNow<T extends { dueAt: number }>(
  towns: Iterable<T>,
  now: number,
  room: number,
): T[] {
  const due = [...towns].filter(({ dueAt }) => dueAt <= now);
  return due.sort((a, b) => a.dueAt - b.dueAt).slice(0, Math.max(0, room));
}

/**
 * Returns who may be put to sleep when others need the place, first who was not asked for the longest time; of those that are being asked, who
 * has had its place for the longest time. Pure.
 */
export function toSleepFirst<T extends { awake: Awake }>(
  towns: Iterable<T>,
  limits: Omit<SleepLimits, 'isCrowded'>,
): T[] {
  const may = [...towns].filter(({ awake }) => maySleep(awake, { ...limits, isCrowded: true }));
  const since = ({ awake }: T) => (awake.wasAsked ? awake.idleSince : awake.placeSince);
  const rank = ({ awake }: T) => (isForWork(awake) ? 0 : awake.isAnswering ? 2 : 1);
  return may.sort((a, b) => rank(a) - rank(b) || since(a) - since(b));
}

/** How many towns of each kind may be awake, or are. */
export interface Places {
  all: number;
  /** Those that somebody asked for, or another process serves. */
  people: number;
  /** Those that are awake for their own work alone. */
  work: number;
}

/** So many places are for work alone, where there are enough. */
const FOR_WORK = 4;

/** Returns how many towns may be awake, of `all` places: people leave some for work, and work leaves half for people. Pure. */
export const mostPlaces = (all: number): Places => ({
  all,
  people: all - Math.min(FOR_WORK, Math.floor(all / 4)),
  work: Math.ceil(all / 2),
});

/** Returns whether one more town gets a place, which is awake already or not. Pure. */
export function getsPlace(
  { kind, isAwake }: { kind: 'people' | 'work'; isAwake: boolean },
  taken: Places,
  most: Places,
): boolean {
  return taken[kind] < most[kind] && (isAwake || taken.all < most.all);
}

/** The maximum of simultaneous openings that somebody waits for, and of towns that are put to sleep for them. */
export const AT_ONCE = 8;
/** An opening that takes longer is a migration, or the server is silent: it isn't what others wait for. */
const LONG_MS = 2_000;

/**
 * Returns whether one more town that somebody asks for may be opened beside those that are being opened, each given by since when. `isKnown`: it was open before, so
 * that it needs no migration. Pure.
 */
export function mayOpen(since: readonly number[], isKnown: boolean, now: number): boolean {
  const long = since.filter((each) => now - each >= LONG_MS).length;
  return since.length - long < AT_ONCE && (isKnown || long < AT_ONCE);
}

/** What another process did in the database of a sleeping town, as the server tells it. */
export interface Seen {
  isServed: boolean;
  writes: number;
}

/** Returns whether a sleeping town must be woken, since others did something in its database. `before`: when it fell asleep; null: unknown. Pure. */
export const isStirred = (seen: Seen, before: Seen | null): boolean =>
  seen.isServed || (before !== null && seen.writes > before.writes);

/** A sleeping town in whose database nobody sees what others do is looked at this often. */
const UNSEEN_MS = 300_000;

/**
 * Returns when a sleeping town must be woken in whose database it can't be seen what others do: soon, so that those who serve it don't wait for
 * hours for its work. `since`: when it was seen last, or fell asleep. Pure.
 */
export const dueUnseen = (dueAt: number, since: number, now: number): number =>
  now - since < UNSEEN_MS ? dueAt : Math.min(dueAt, now);

/** Milliseconds after which a town that can't be opened is tried again: longer each time, up to five minutes. Pure. */
export const againAfter = (failures: number, firstMs: number): number =>
  Math.min(firstMs * 2 ** Math.min(failures - 1, 10), Math.max(firstMs, 300_000));
