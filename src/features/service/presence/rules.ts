import { minutesBetween } from '../encounter/rules.ts';
import {
  type Change,
  type DeskPresence,
  type PresencePolicy,
  SAID,
  type Said,
  type Signs,
  type Standing,
  type State,
  type Work,
} from './types.ts';

const { compare } = Temporal.Instant;
const isBy = (moment: Temporal.Instant | null, at: Temporal.Instant): moment is Temporal.Instant =>
  moment !== null && compare(moment, at) <= 0;
const later = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) >= 0 ? a : b);
const latest = (some: readonly Temporal.Instant[]) => some.toSorted(compare).at(-1) ?? null;

/** Nobody talks for longer: an encounter that was left open is no call for ever. */
const LONGEST_CALL: Temporal.DurationLike = { hours: 3 };

/** What was begun before is neither a call nor being written any more, whatever the town file says. */
export const LONGEST_WORK_HOURS = 4;

/** When the call of an encounter is over, whether or not anybody said so. */
const endOfCall = ({ startedAt, callEndedAt, endedAt }: Work): Temporal.Instant => {
  const known = [callEndedAt, endedAt, startedAt.add(LONGEST_CALL)];
  return known.filter((each) => each !== null).toSorted(compare)[0]!;
};

/** When its writing is over: once it is closed, and some minutes after the call. */
const endOfWork = (work: Work, { wrapUpMinutes }: PresencePolicy): Temporal.Instant => {
  const enough = endOfCall(work).add({ minutes: wrapUpMinutes });
  return work.endedAt && compare(work.endedAt, enough) < 0 ? work.endedAt : enough;
};

/**
 * How a desk stands at a moment: what goes on says it before what was said.
 * - A call goes on: in call, whatever they say meanwhile, which then holds after it.
 * - A call is over and its encounter open, for some minutes: wrap-up, unless they said something since.
 * - What they said last, if they have begun nothing since; else available.
 * - Without an open console, away.
 */
export function standingOf(signs: Signs, policy: PresencePolicy, at: Temporal.Instant): Standing {
  const { said, seenAt } = signs;
  const begun = signs.work.filter((each) => isBy(each.startedAt, at));
  const [call] = begun
    .filter((each) => !isBy(endOfCall(each), at))
    .toSorted((a, b) => compare(a.startedAt, b.startedAt));
  if (call) return { state: 'in_call', since: call.startedAt, why: 'call', work: call };

  /** When somebody at the desk has no more to write: whoever says something once the call is over has none. */
  const freeAfter = (each: Work) =>
    said.why !== 'came' && isBy(endOfCall(each), said.at)
      ? endOfCall(each)
      : endOfWork(each, policy);
  const writing = begun
    .filter((each) => !isBy(freeAfter(each), at))
    .toSorted((a, b) => compare(endOfCall(a), endOfCall(b)))
    .at(-1);
  if (writing) return { state: 'wrap_up', since: endOfCall(writing), why: 'call', work: writing };

  const begunAt = latest(begun.map((each) => each.startedAt));
  const ended = latest(begun.map(freeAfter));
  const holds = begunAt === null || compare(said.at, begunAt) >= 0;
  const since = ended ? later(ended, holds ? said.at : ended) : said.at;
  const state = holds ? said.state : 'available';
  const gone = later(seenAt, since).add({ minutes: policy.awayMinutes });
  if (state !== 'away' && isBy(gone, at))
    return { state: 'away', since: gone, why: 'timeout', work: null };
  return { state, since, why: since.equals(said.at) && holds ? said.why : 'call', work: null };
}

/** How it stands with what somebody without a desk began: there nothing is said, and nobody can be away. */
export const standingWith = (work: Work, policy: PresencePolicy, at: Temporal.Instant): Standing =>
  standingOf(
    { said: { state: 'available', at: work.startedAt, why: 'came' }, seenAt: at, work: [work] },
    policy,
    at,
  );

/** Every change of a desk's state up to `now` that no event says yet, in order. */
export function changesOf(
  { recorded, signs }: Pick<DeskPresence, 'recorded' | 'signs'>,
  policy: PresencePolicy,
  now: Temporal.Instant,
): Change[] {
  // Before it was said nothing is known of what had been said.
  const from = later(recorded.since, signs.said.at);
  const { said, seenAt, work } = signs;
  const ends = work.flatMap((each) => [endOfCall(each), endOfWork(each, policy)]);
  const moments = [
    ...work.map((each) => each.startedAt),
    ...ends,
    ...[said.at, seenAt, recorded.since, ...ends].map((each) =>
      each.add({ minutes: policy.awayMinutes }),
    ),
    now,
  ]
    .filter((each) => compare(each, from) > 0 && isBy(each, now))
    .toSorted(compare);
  const changes: Change[] = [];
  let { state } = recorded;
  for (const at of moments) {
    const { state: to, why } = standingOf(signs, policy, at);
    if (to === state) continue;
    changes.push({ from: state, to, at, why });
    state = to;
  }
  return changes;
}

/** Whether `changesOf` may find any: quicker to tell, for all desks of an installation. */
export function mayHaveChanged(
  { recorded, signs }: Pick<DeskPresence, 'recorded' | 'signs'>,
  policy: PresencePolicy,
  now: Temporal.Instant,
): boolean {
  const isNew = (moment: Temporal.Instant) =>
    compare(moment, recorded.since) > 0 && isBy(moment, now);
  return (
    standingOf(signs, policy, now).state !== recorded.state ||
    signs.work.some((each) => isNew(each.startedAt) || isNew(endOfCall(each)))
  );
}

export const isSaid = (state: State): state is Said => (SAID as readonly State[]).includes(state);

/** Whether whoever comes to the desk's console now was gone: then they are there again, whatever they said before they left. */
export const wasGone = (
  { said, seenAt }: Signs,
  { awayMinutes }: PresencePolicy,
  now: Temporal.Instant,
): boolean => said.why === 'signed_out' || minutesBetween(seenAt, now) >= awayMinutes;

/**
 * Whether somebody has waited for a desk since `waitsSince` and nothing shows that anybody there knows: no call, nothing said, no
 * page asked for. Who said that they are on a break or away has shown a sign. `standing`, `actedAt`: null where nobody was yet.
 */
export function isUnresponsive(
  standing: Pick<Standing, 'state' | 'why'> | null,
  signs: { waitsSince: Temporal.Instant | null; actedAt: Temporal.Instant | null },
  { unresponsiveMinutes }: PresencePolicy,
  now: Temporal.Instant,
): boolean {
  const isLong = (since: Temporal.Instant) => minutesBetween(since, now) >= unresponsiveMinutes;
  const { state, why } = standing ?? { state: 'away', why: 'timeout' };
  const isSilent = state === 'available' || (state === 'away' && why !== 'self');
  const { waitsSince, actedAt } = signs;
  return isSilent && waitsSince !== null && isLong(waitsSince) && (!actedAt || isLong(actedAt));
}
