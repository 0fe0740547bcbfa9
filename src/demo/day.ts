import type { Context } from '../context.ts';
import type { Office } from '../domain/office/types.ts';
import { formatError } from '../lib/format-error.ts';
import type { StaffViewer } from '../lib/viewer.ts';
import { type Deed, deedsOf, nameOf } from './deeds.ts';
import { type DeskDeps, perform, readAgents, showPresent } from './desks.ts';
import { planDay } from './history/appointments.ts';

export type DayDeps = DeskDeps & Pick<Context, 'offices' | 'staff' | 'log'>;

/** A desk with somebody real at it is theirs for so many minutes after they last did something. */
const THEIRS_MINUTES = 15;
/** Every so many turns people book and tell something new. */
const NEWS_EVERY = 12;

/** The people of the demo's day. */
export interface DemoDay {
  /** Begins: what was over before is not done again. */
  begin(): Promise<void>;
  /** Does what is due by now. Returns whether it is time for news. */
  goOn(): Promise<boolean>;
  /** Does what is due until a moment, each thing at its own time. `moveTo` sets the clock. */
  passUntil(to: Temporal.Instant, moveTo: (at: Temporal.Instant) => void): Promise<void>;
  /** Nobody shows up at a desk any more until this moment. */
  silence(desk: number, until: Temporal.Instant): void;
  /** Returns the person at a desk of an office, by the desk's code. */
  agentAt(office: Office, code: string): Promise<StaffViewer | null>;
}

interface Due extends Deed {
  office: Office;
}

/** What is known of the day so far. */
interface Known {
  /** Names of the deeds that were done. */
  done: Set<string>;
  /** Until when nobody shows up, by the desk's id. */
  silent: Map<number, Temporal.Instant>;
  /** Computed days. */
  plans: Map<string, Deed[]>;
}

export function createDay(deps: DayDeps): DemoDay {
  const { clock } = deps;
  const known: Known = { done: new Set(), silent: new Map(), plans: new Map() };
  let turns = 0;
  return {
    async begin() {
      const now = clock.now();
      for (const deed of await dueUntil(deps, known, now)) {
        const { encounter, missed } = deed.of;
        const isUnderway = (encounter?.ended ?? missed ?? 0) > now.epochMilliseconds;
        if (!isUnderway) known.done.add(nameOf(deed));
      }
    },
    async goOn() {
      await doAll(deps, known, await dueUntil(deps, known, clock.now()), () => {});
      turns++;
      return turns % NEWS_EVERY === 0;
    },
    async passUntil(to, moveTo) {
      await doAll(deps, known, await dueUntil(deps, known, to), ({ at }) =>
        moveTo(Temporal.Instant.fromEpochMilliseconds(at)),
      );
      moveTo(to);
    },
    silence: (desk, until) => void known.silent.set(desk, until),
    agentAt: async (office, code) => {
      const desk = office.desks.find((each) => each.code === code);
      return (desk && (await readAgents(deps, office)).get(desk.id)) ?? null;
    },
  };
}

/** Returns what is due until a moment and was not done, in its order. */
async function dueUntil(
  { offices, clock }: DayDeps,
  { done, plans }: Known,
  to: Temporal.Instant,
): Promise<Due[]> {
  const all = await offices.list();
  return all
    .flatMap((office) =>
      daysBetween(office, clock.now(), to).flatMap((day) =>
        planned(plans, office, day).map((deed) => ({ ...deed, office })),
      ),
    )
    .filter((deed) => deed.at <= to.epochMilliseconds && !done.has(nameOf(deed)))
    .toSorted((a, b) => a.at - b.at);
}

/** The most days of which the deeds are kept. */
const MOST_PLANS = 20;

function planned(plans: Known['plans'], office: Office, day: Temporal.PlainDate): Deed[] {
  const key = `${office.id} ${office.revision} ${day}`;
  const there = plans.get(key);
  if (there) return there;
  if (plans.size >= MOST_PLANS) plans.clear();
  // Who is at the desks decides about nothing that is done here.
  const made = deedsOf(planDay({ office, areas: [], staffAt: new Map() }, day).appointments);
  plans.set(key, made);
  return made;
}

/** A leap over a week has no more than this to do. */
const MOST_DAYS = 7;

function daysBetween({ timeZone }: Office, from: Temporal.Instant, to: Temporal.Instant) {
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  const first = dayOf(from);
  const count = first.until(dayOf(to), { largestUnit: 'days' }).days + 1;
  const length = Math.min(count, MOST_DAYS);
  return Array.from({ length }, (_, days) => first.add({ days }));
}

function isSilent({ silent }: Known, desk: number | null, now: Temporal.Instant): boolean {
  const until = desk === null ? undefined : silent.get(desk);
  return until !== undefined && Temporal.Instant.compare(now, until) < 0;
}

/** Does these deeds, one after the other, except at the desks of people who are really there. */
async function doAll(
  deps: DayDeps,
  known: Known,
  due: readonly Due[],
  before: (deed: Due) => void,
): Promise<void> {
  const { offices, clock, log, staff } = deps;
  const theirs = await staff.seenLately(THEIRS_MINUTES);
  const agents = await agentsOf(deps);
  for (const deed of due) {
    const agent = agents.get(deed.office.id)?.get(deed.of.desk);
    known.done.add(nameOf(deed));
    if (!agent) continue;
    const isOfCitizen = deed.does === 'cancels' || deed.does === 'arrives';
    const isLeft = theirs.has(agent.staff) || isSilent(known, deed.of.desk, clock.now());
    if (isLeft && !isOfCitizen) continue;
    before(deed);
    await perform(deps, deed.office, agent, deed).catch((error) =>
      log.debug(formatError(error), 'Something of the demo’s day was not possible'),
    );
  }
  for (const office of await offices.list()) {
    const all = [...(agents.get(office.id)?.values() ?? [])];
    const here = all.filter(
      ({ staff: each, desk }) => !theirs.has(each) && !isSilent(known, desk, clock.now()),
    );
    await showPresent(deps, office, here);
  }
}

async function agentsOf(deps: DayDeps): Promise<Map<number, Map<number, StaffViewer>>> {
  const all = await deps.offices.list();
  const agents = await Promise.all(all.map((each) => readAgents(deps, each)));
  return new Map(all.map((each, nth) => [each.id, agents[nth] ?? new Map()]));
}
