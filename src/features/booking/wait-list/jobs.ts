import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { doAll, throwAny } from '../../../lib/jobs/batches.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { noticesToWaiting } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import { appendEvent } from '../appointments/service.ts';
import { LONGEST_SPAN } from '../slots/service.ts';
import { bookingOfOffer, holdOfOffer, stopWaiting, type WaitListDeps } from './answering.ts';
import {
  allot,
  dayAndPart,
  endingOf,
  freeTime,
  inTurn,
  isQuiet,
  keyOfAsk,
  lastUsefulDay,
  mostOpen,
  needOf,
  withinRoom,
} from './rules.ts';
import { endOffer, endWaiting, insertOffer } from './store.ts';
import type { Allotment, FreeTime, Queued, Tally } from './types.ts';
import {
  lockWaiting,
  mayOffer,
  readBookedWith,
  readExpired,
  readLive,
  readOffers,
  readOfficesWaiting,
  readQueue,
} from './views.ts';

const SYSTEM = { kind: 'system', why: 'wait list' } as const;

/** Maximum offers per pass over an office; the next pass continues. */
const MOST_OFFERS = 50;
/** Maximum repetitions when a time was taken before it could be held. */
const MOST_PLANS = 20;

export interface Offering {
  /** Ends expired entries and offers free times, in every office. Returns the number of offers. */
  pass(): Promise<number>;
}

/**
 * Offers free times to people on the wait list, first come first served, and only a part at once. An offered time has a hold,
 * so the constraint against double booking also covers offers. One worker at a time processes an office's list.
 */
export function createOffering(deps: WaitListDeps): Offering {
  const { offices, clock } = deps;
  const { kysely: db } = deps.database;

  const lookAfter = async (id: number): Promise<number> => {
    const office = await offices.byId(id);
    // The transaction only blocks other workers; the changes are made in separate transactions.
    return within(db, id, async (tx) => {
      if (!(await mayOffer(tx, id))) return 0;
      const steps = [
        () => endExpired(deps, office),
        () => endWaits(deps, office),
        () => (isQuiet(clock.now(), office.timeZone) ? 0 : offerWhatIsFree(deps, office)),
      ];
      return doAll(steps, async (step) => step());
    });
  };

  return {
    pass: async () => doAll(await readOfficesWaiting(db), lookAfter),
  };
}

/** Ends the offers that nobody took in time. Returns no offers. */
async function endExpired(
  { clock, database, key, unit }: WaitListDeps,
  office: Office,
): Promise<number> {
  const expired = await within(database.kysely, office.id, (tx) =>
    readExpired(tx, office.id, clock.now()),
  );
  return doAll(expired, ({ id, waiting, start }) =>
    unit(SYSTEM, office.id, async ({ tx, now: endedAt }) => {
      const entry = await lockWaiting(tx, waiting);
      // If the server died after an acceptance, the appointment exists, and only the list must be updated.
      const isMoved = entry?.appointment?.start.equals(start) && !entry.appointment.isDisplaced;
      const booked = isMoved
        ? entry?.appointment?.id
        : await readBookedWith(tx, bookingOfOffer(key, id));
      await endOffer(tx, id, booked ? 'accepted' : 'expired', endedAt);
      if (booked) await endWaiting(tx, waiting, 'served', endedAt, booked);
      return 0;
    }),
  );
}

/** Ends the entries of those who wait for nothing any more. Returns no offers. */
async function endWaits(
  { clock, database, key, unit }: WaitListDeps,
  office: Office,
): Promise<number> {
  const now = clock.now();
  const today = dayAndPart(now, office.timeZone).day;
  const live = await within(database.kysely, office.id, (tx) => readLive(tx, office.id));
  return doAll(live, async ({ waiting, appointmentStatus }) => {
    const why = endingOf(waiting, appointmentStatus, { today, now, timeZone: office.timeZone });
    if (why) await unit(SYSTEM, office.id, (each) => stopWaiting(each, key, waiting.id, why));
    return 0;
  });
}

async function offerWhatIsFree(deps: WaitListDeps, office: Office): Promise<number> {
  const lost: Allotment[] = [];
  const stuck = new Set<string>();
  const failures: unknown[] = [];
  const tryToOffer = (allotment: Allotment) =>
    offer(deps, office, allotment).catch((error: unknown) => {
      failures.push(error);
      stuck.add(allotment.entry.id);
      return false;
    });
  let made = 0;
  for (let plans = 0; plans < MOST_PLANS && made < MOST_OFFERS; ) {
    const plan = await planFor(deps, office, { lost, stuck });
    let isWhole = true;
    for (const allotment of plan.slice(0, MOST_OFFERS - made)) {
      if (await tryToOffer(allotment)) made++;
      else {
        // Another booking was faster, one desk served two kinds of procedures, or it failed. The turns are computed again.
        if (!stuck.has(allotment.entry.id)) {
          lost.push(allotment);
          plans++;
        }
        isWhole = false;
        break;
      }
    }
    if (isWhole) break;
  }
  throwAny(failures);
  return made;
}

/** Returns the offers to make now. `lost`: times that turned out not to be free. `stuck`: entries to which nothing could be offered in this pass. */
async function planFor(
  deps: WaitListDeps,
  office: Office,
  { lost, stuck }: { lost: readonly Allotment[]; stuck: ReadonlySet<string> },
): Promise<Allotment[]> {
  const now = deps.clock.now();
  const dayStart = now.toZonedDateTimeISO(office.timeZone).startOfDay().toInstant();
  const { queue, tallies, open } = await within(deps.database.kysely, office.id, (tx) =>
    readQueue(tx, office.id, office.timeZone, dayStart),
  );
  const room = mostOpen(office.desks.length) - open;
  const { offerMinutes, offersPerDay } = office.settings.waitList;
  const { leadMinutes } = office.settings.slots;
  const policy = { offerMinutes, offersPerDay, leadMinutes };
  const mayBeAsked = (tally: Tally | undefined) =>
    !tally || (!tally.isOpen && tally.today < offersPerDay);
  const asking = inTurn(queue)
    .filter((each) => !stuck.has(each.id))
    .filter((each) => room > 0 || each.isDisplaced)
    .filter((each) => mayBeAsked(tallies.get(each.person)))
    .map((each) => withoutLost(each, lost));
  const free = await findFree(deps, office, asking, now);
  return withinRoom(allot(asking, free, tallies, policy, now), room);
}

function withoutLost(entry: Queued, lost: readonly Allotment[]): Queued {
  const starts = lost.filter((each) => each.entry.id === entry.id).map((each) => each.start);
  if (starts.length === 0) return entry;
  return {
    ...entry,
    seen: entry.seen.union(new Set(starts.map((each) => each.epochMilliseconds))),
  };
}

/** Returns the free times of each need, up to the last day that is useful to anybody. */
async function findFree(
  { slots }: WaitListDeps,
  office: Office,
  queue: readonly Queued[],
  now: Temporal.Instant,
): Promise<Map<string, FreeTime[]>> {
  const today = Temporal.PlainDate.from(dayAndPart(now, office.timeZone).day);
  const horizon = today.add({ days: office.settings.slots.horizonDays }).toString();
  const lastOf = (entry: Queued) => lastUsefulDay(entry) ?? horizon;
  const found = new Map<string, FreeTime[]>();
  for (const [ask, entries] of Map.groupBy(queue, keyOfAsk)) {
    const first = entries[0];
    if (!first) continue;
    const furthest = entries.map(lastOf).toSorted().at(-1) ?? horizon;
    const last = Temporal.PlainDate.from([furthest, horizon].toSorted()[0] ?? horizon);
    const times: FreeTime[] = [];
    for (let from = today; Temporal.PlainDate.compare(from, last) <= 0; ) {
      const end = from.add({ days: LONGEST_SPAN - 1 });
      const to = Temporal.PlainDate.compare(end, last) < 0 ? end : last;
      const span = { from: from.toString(), to: to.toString() };
      const answer = await slots.search(office, needOf(first), span);
      if (!answer.ok) break; // no longer in the catalogue: nothing is free
      times.push(...answer.slots.map((each) => freeTime(each, office.timeZone)));
      from = to.add({ days: 1 });
    }
    found.set(ask, times);
  }
  return found;
}

/** Holds the time and informs the person. Returns whether it could be held. */
async function offer(
  { appointments, key, unit }: WaitListDeps,
  office: Office,
  allotment: Allotment,
): Promise<boolean> {
  const { entry, start, expiresAt } = allotment;
  const id = key.newId();
  const hold = holdOfOffer(key, id);
  const choice = { ...needOf(entry), start };
  const held = await appointments.hold(office, choice, hold, { until: expiresAt });
  if (!held.ok) return false;
  const isOffered = await unit(SYSTEM, office.id, (each) => offerIn(each, allotment, id)).catch(
    async (error: unknown) => {
      await appointments.releaseHold(office, hold);
      throw error;
    },
  );
  if (!isOffered) await appointments.releaseHold(office, hold);
  return isOffered;
}

/** Stores an offer with its event and notice. Returns false when they no longer wait, or have another open offer. */
async function offerIn(
  unit: Unit,
  { entry, start, expiresAt }: Allotment,
  id: string,
): Promise<boolean> {
  const { tx, office, now } = unit;
  const waiting = await lockWaiting(tx, entry.id);
  if (!waiting || waiting.ended) return false;
  if ((await readOffers(tx, entry.id)).some((each) => each.ended === null)) return false;
  const made = { id, waiting: entry.id, start, offeredAt: now, expiresAt, ended: null };
  await insertOffer(tx, made, office);
  const appointment = waiting.appointment?.id ?? null;
  const facts = { start: start.toString(), expiresAt: expiresAt.toString() };
  if (appointment)
    await appendEvent(unit, {
      appointment: { id: appointment, office },
      kind: 'offered',
      data: facts,
    });
  const { link = 0 } = waiting.appointment ?? {};
  const told = noticesToWaiting('offer', { ...waiting, appointment, link }, now, {
    offer: facts,
    ...(waiting.appointment?.isDisplaced && { isDisplaced: true }),
  });
  await oweNotices(unit, { office, appointment, waiting: entry.id }, told);
  return true;
}
