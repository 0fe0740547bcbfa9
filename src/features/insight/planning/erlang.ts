/*
 * How many people answer calls that nobody announced. Erlang B and C after A. K. Erlang (1917); Erlang A, which knows that
 * callers hang up, after Palm (1946) and Garnett, Mandelbaum & Reiman (2002). Where the formulas come from and what they
 * can't say: docs/planning.md.
 */

/** Calls that come at random (Poisson), of exponential lengths. */
export interface CallLoad {
  /** Calls in a second. */
  rate: number;
  /** Seconds that one takes on average, with what is written afterwards. */
  length: number;
}

/** How a team stands to its calls. Shares are from 0 to 1, times in seconds. */
export interface Answering {
  /** Of all calls, those answered within the time promised. */
  served: number;
  /** Over all calls. */
  meanWait: number;
  /** Hung up before anybody answered. */
  gaveUp: number;
  /** Of the team's time. */
  occupied: number;
}

/** The share of calls that find all of `agents` taken where nobody waits: Erlang B, by its stable recurrence. */
export function blocked(offered: number, agents: number): number {
  let b = 1;
  for (let k = 1; k <= agents; k++) b = (offered * b) / (k + offered * b);
  return b;
}

/** The share of calls that must wait where everybody waits: Erlang C. 1 where the queue would grow for ever. */
export function mustWait(offered: number, agents: number): number {
  if (agents <= offered) return 1;
  const b = blocked(offered, agents);
  return (agents * b) / (agents - offered * (1 - b));
}

/** Callers who never hang up: Erlang C. `within`: seconds promised. */
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

/** Beyond it, what is summed up is scaled down, so that long queues overflow nothing. */
const LARGE = 1e150;
/** So much likelier is it that somebody is free: nobody waits. */
const MOST_WEIGHT = 1e300;

/**
 * Callers who hang up after `patience` seconds on average: Erlang A (M/M/n+M).
 *
 * With j callers before them, who is patient would wait for a sum of exponential times with rates nμ, nμ+θ, … nμ+jθ. That sum
 * is −ln(B)/θ with B distributed as Beta(nμ/θ, j+1), so being answered within T has a closed form in sums of positive terms:
 * E[B; B ≥ x] with x = e^(−θT).
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
  const leave = 1 / patience;
  const serve = agents / length;
  const r = serve / leave;
  const left = 1 - Math.exp(-leave * within);
  // Weights of states relative to all agents taken and nobody waiting, which has the weight 1.
  let term = 1;
  let free = Math.min(MOST_WEIGHT, 1 / blocked(offered, agents)) - 1; // somebody is free
  let taken = 0; // nobody is
  let queue = 0;
  let served = 0;
  // P(Beta(r+1, j+1) < x), grown by a term with each j; the term as a logarithm, for it may be tiny.
  let logNext = -(serve + leave) * within;
  let tooLate = 0;
  for (let j = 0; ; j++) {
    tooLate += Math.exp(logNext);
    logNext += Math.log(((r + 1 + j) / (j + 1)) * left);
    taken += term;
    queue += term * j;
    served += term * (r / (r + j + 1)) * Math.max(0, 1 - tooLate);
    const ratio = rate / (serve + (j + 1) * leave);
    term *= ratio;
    if (ratio < 1 && term * (j + 1) < 1e-15 * (taken + free)) break;
    if (taken > LARGE) {
      [term, taken, queue] = [term / LARGE, taken / LARGE, queue / LARGE];
      [free, served] = [free / LARGE, served / LARGE];
    }
  }
  const all = free + taken;
  const gaveUp = Math.min(1, (leave * queue) / all / rate);
  return {
    served: Math.min(1, (free + served) / all),
    meanWait: queue / all / rate,
    gaveUp,
    occupied: Math.min(1, (offered * (1 - gaveUp)) / agents),
  };
}

/** More than any town's telephones. */
const MOST_DESKS = 10_000;

/** The fewest that `keeps` the promise, which more of them keep the better; at most `MOST_DESKS`. */
function fewest(keeps: (agents: number) => boolean): number {
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

/** What is promised to who calls: a `share` (0 to 1) of all is answered within so many seconds. */
export interface CallPromise {
  within: number;
  share: number;
}

/**
 * The fewest people who keep the promise.
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
