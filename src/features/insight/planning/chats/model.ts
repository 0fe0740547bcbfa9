import { type Answering, fewest, queue } from '../erlang.ts';

/*
 * Computes the number of desks for conversations in writing, of which a desk has several at once. Each conversation goes back and forth: the
 * agent reads and writes (one at a time), then the person does. A desk with k of them is the machine repairman's problem (Palm 1947): its rate
 * comes by mean value analysis (Reiser & Lavenberg 1980). All desks together are a line whose team works at a rate that depends on how many
 * conversations there are, with people who give up (docs/planning.md).
 */

/** Conversations that begin at random (Poisson). */
export interface ChatLoad {
  /** Conversations per second. */
  rate: number;
  /** Seconds that the agent reads and writes in one, altogether. */
  attention: number;
  /** Seconds in which the person does, altogether. */
  person: number;
}

/** Returns how many conversations a desk is done with per second while it has 0, 1, … `atOnce` of them. */
export function ratesOf({ attention, person }: Omit<ChatLoad, 'rate'>, atOnce: number): number[] {
  const rates = [0];
  // How many of them wait for the agent's words, on average.
  let waiting = 0;
  for (let k = 1; k <= atOnce; k++) {
    const answering = attention * (1 + waiting);
    const rate = k / (person + answering);
    waiting = rate * answering;
    rates.push(rate);
  }
  return rates;
}

/** Returns the seconds that a conversation takes at a desk that has `atOnce` of them all the time. */
export const lengthAtOnce = (load: Omit<ChatLoad, 'rate'>, atOnce: number): number =>
  atOnce / (ratesOf(load, atOnce)[atOnce] ?? Number.POSITIVE_INFINITY);

/** Conversations may have a desk to themselves only so often: the states below are too unlikely to count. */
const LEAST_WEIGHT = 1e-15;

/**
 * How conversations are answered by so many desks with so many at once, when a new one goes to the desk with the most room.
 * `within`: promised seconds; `patience`: mean seconds before somebody gives up. `occupied`: the share of the places that are taken.
 */
export function chatting(
  load: ChatLoad,
  { desks, atOnce }: { desks: number; atOnce: number },
  within: number,
  patience: number,
): Answering {
  if (load.rate <= 0) return { served: 1, meanWait: 0, gaveUp: 0, occupied: 0 };
  const places = desks * atOnce;
  if (places < 1) return { served: 0, meanWait: patience, gaveUp: 1, occupied: 0 };
  const rates = ratesOf(load, atOnce);
  const serve = desks * rates[atOnce]!;
  // From "all places are taken, nobody waits" downwards: the weight of each number of conversations, and those conversations.
  let [weight, free, held] = [1, 0, 0];
  for (let j = places; j > 0; j--) {
    weight *= rateOfAll(rates, j, desks) / load.rate;
    free += weight;
    held += weight * (j - 1);
    if (weight < LEAST_WEIGHT * (1 + free)) break;
  }
  const how = queue({ rate: load.rate, patience, serve, free }, within);
  // The states in which all places are taken share what is left.
  const full = fullShare(load.rate, serve, patience, free);
  const taken = full + (free > 0 ? ((1 - full) * held) / free / places : 0);
  return { ...how, occupied: Math.min(1, taken) };
}

/** Returns the rate of all desks with `j` conversations that are spread as evenly as can be. */
function rateOfAll(rates: readonly number[], j: number, desks: number): number {
  const [each, more] = [Math.floor(j / desks), j % desks];
  return more * (rates[each + 1] ?? 0) + (desks - more) * (rates[each] ?? 0);
}

/** Returns the share of time in which all places are taken. */
function fullShare(rate: number, serve: number, patience: number, free: number): number {
  let [term, taken] = [1, 0];
  for (let j = 0; term > LEAST_WEIGHT * taken || rate > serve + j / patience; j++) {
    taken += term;
    term *= rate / (serve + (j + 1) / patience);
    if (taken > Number.MAX_VALUE / 1e6) return 1;
  }
  return taken / (taken + free);
}

/** The promise to those who write: a `share` (0 to 1) of all is answered within so many seconds. */
export interface ChatPromise {
  within: number;
  share: number;
}

/** Returns the smallest number of desks that keeps the promise. @param patience seconds */
export function desksForChats(
  load: ChatLoad,
  atOnce: number,
  { within, share }: ChatPromise,
  patience: number,
): number {
  if (load.rate <= 0 || atOnce < 1) return 0;
  return fewest((desks) => chatting(load, { desks, atOnce }, within, patience).served >= share);
}
