/*
 * Computes the number of people for unannounced calls. Erlang B and C after A. K. Erlang (1917); Erlang A, in which
 * callers hang up, after Palm (1946) and Garnett, Mandelbaum & Reiman (2002). Sources and limits of the formulas:
 * docs/planning.md.
 */

/** Calls that come at random (Poisson), of exponential lengths. */
export interface CallLoad {
  /** Calls per second. */
  rate: number;
  /** Mean seconds of a call, including the notes after it. */
  length: number;
}

/** The performance of a team. Shares are from 0 to 1, times in seconds. */
export interface Answering {
  /** Share of all calls that are answered within the promised time. */
  served: number;
  /** Over all calls. */
  meanWait: number;
  /** Share of callers who hang up before an answer. */
  gaveUp: number;
  /** Share of the team's time. */
  occupied: number;
}

/** Returns the share of calls that find all `agents` busy when nobody waits: Erlang B, by its stable recurrence. */
export function blocked(offered: number, agents: number): number {
  let b = 1;
  for (let k = 1; k <= agents; k++) b = (offered * b) / (k + offered * b);
  return b;
}

/** Returns the share of calls that must wait when everybody waits: Erlang C. 1 when the queue grows without limit. */
export function mustWait(offered: number, agents: number): number {
  if (agents <= offered) return 1;
  const b = blocked(offered, agents);
  return (agents * b) / (agents - offered * (1 - b));
}

/** The performance when callers never hang up: Erlang C. `within`: promised seconds. */
export function patient({ rate, length }: CallLoad, agents: number, within: number): Answering {
  const offered = rate * length;
  const spare = agents - offered;
  if (spare <= 0)
    return { served: 0, meanWait: Number.POSITIVE_INFINITY, gaveUp: 0, occupied: agents && 1 };
  const c = mustWait(offered, agents);
  return {
    served: 1 - c * Math.exp((-spare * within) / length),
    meanWait: (c * length) / spare,
    gaveUp: 0,
    occupied: offered / agents,
  };
}

/** Above it, sums are scaled down, so that long queues cause no overflow. */
const LARGE = 1e150;
/** So much likelier is it that somebody is free: nobody waits. */
const MOST_WEIGHT = 1e300;

/**
 * The performance when callers hang up after `patience` seconds on average: Erlang A (M/M/n+M).
 */
export function impatient(
  { rate, length }: CallLoad,
  agents: number,
  within: number,
  patience: number,
): Answering {
  if (rate <= 0) return { served: 1, meanWait: 0, gaveUp: 0, occupied: 0 };
  if (agents < 1) return { served: 0, meanWait: patience, gaveUp: 1, occupied: 0 };
  const offered = rate * length;
  const free = 1 / blocked(offered, agents) - 1;
  const how = queue({ rate, patience, serve: agents / length, free }, within);
  return { ...how, occupied: Math.min(1, (offered * (1 - how.gaveUp)) / agents) };
}

/** A line of people who give up, before a team that is busy. */
export interface ImpatientLine {
  /** How many come per second. */
  rate: number;
  /** Mean seconds before somebody gives up. */
  patience: number;
  /** How many the team is done with per second while nobody of it is free. */
  serve: number;
  /** The weight of the states in which somebody is free, relative to the state "all busy, nobody waits", which has the weight 1. */
  free: number;
}

/**
 * How a line goes whose team works at the same rate whenever somebody waits.
 *
 * With j people ahead, a patient one would wait for a sum of exponential times with rates s, s+θ, … s+jθ. That sum is −ln(B)/θ with B
 * distributed as Beta(s/θ, j+1), so being answered within T has a closed form in sums of positive terms: E[B; B ≥ x] with x = e^(−θT).
 */
export function queue(
  { rate, patience, serve, free: weight }: ImpatientLine,
  within: number,
): Omit<Answering, 'occupied'> {
  const leave = 1 / patience;
  const r = serve / leave;
  const left = 1 - Math.exp(-leave * within);
  // Weights of states relative to the state "all busy, nobody waits", which has the weight 1.
  let term = 1;
  let free = Math.min(MOST_WEIGHT, weight); // somebody is free
  let taken = 0; // nobody is
  let waiting = 0;
  let served = 0;
  // P(Beta(r+1, j+1) < x), grown by a term with each j; the term as a logarithm, for it may be tiny.
  let logNext = -(serve + leave) * within;
  let tooLate = 0;
  for (let j = 0; ; j++) {
    tooLate += Math.exp(logNext);
    logNext += Math.log(((r + 1 + j) / (j + 1)) * left);
    taken += term;
    waiting += term * j;
    served += term * (r / (r + j + 1)) * Math.max(0, 1 - tooLate);
    const ratio = rate / (serve + (j + 1) * leave);
    term *= ratio;
    if (ratio < 1 && term * (j + 1) < 1e-15 * (taken + free)) break;
    if (taken > LARGE) {
      [term, taken, waiting] = [term / LARGE, taken / LARGE, waiting / LARGE];
      [free, served] = [free / LARGE, served / LARGE];
    }
  }
  const all = free + taken;
  return {
    served: Math.min(1, (free + served) / all),
    meanWait: waiting / all / rate,
    gaveUp: Math.min(1, (leave * waiting) / all / rate),
  };
}

/** More than the telephones of any town. */
const MOST_DESKS = 10_000;

/** Returns the smallest number that `keeps` the promise, which larger numbers keep better; at most `MOST_DESKS`. */
export function fewest(keeps: (agents: number) => boolean): number {
  if (keeps(0)) return 0;
  let high = 1;
  while (high < MOST_DESKS && !keeps(high)) high *= 2;
  let low = high >> 1;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (keeps(middle)) high = middle;
    else low = middle;
  }
  return Math.min(high, MOST_DESKS);
}

/** The promise to callers: a `share` (0 to 1) of all is answered within so many seconds. */
export interface CallPromise {
  within: number;
  share: number;
}

/**
 * Returns the smallest number of people that keeps the promise.
 * @param patience seconds; null: nobody ever hangs up
 */
export function desksForCalls(
  load: CallLoad,
  { within, share }: CallPromise,
  patience: number | null,
): number {
  if (load.rate <= 0) return 0;
  return fewest((agents) => {
    const how =
      patience === null ? patient(load, agents, within) : impatient(load, agents, within, patience);
    return how.served >= share;
  });
}
