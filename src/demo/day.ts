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

export function createDay(deps: DayDeps): DemoDay {
  const { offices, clock, log, staff } = deps;
  const done = new Set<string>();
  const silent = new Map<number, Temporal.Instant>();
  let turns = 0;

  const isSilent = (desk: number): boolean => {
    const until = silent.get(desk);
    return until !== undefined && Temporal.Instant.compare(clock.now(), until) < 0;
  };

  /** Returns what is due from now until a moment, and was not done. */
  const due = async (to: Temporal.Instant): Promise<Due[]> => {
    const all = await offices.list();
    return all
      .flatMap((office) => {
        const days = daysBetween(office, clock.now(), to);
        return days.flatMap((day) => plans(office, day)).map((deed) => ({ ...deed, office }));
      })
      .filter((deed) => deed.at <= to.epochMilliseconds && !done.has(nameOf(deed)))
      .toSorted((a, b) => a.at - b.at);
  };

  const kept = new Map<string, Deed[]>();
  const plans = (office: Office, day: Temporal.PlainDate): Deed[] => {
    const key = `${office.id} ${office.revision} ${day}`;
    const known = kept.get(key);
    if (known) return known;
    if (kept.size > 20) kept.clear();
    const made = deedsOf(planDay(plannedOf(office), day).appointments);
    kept.set(key, made);
    return made;
  };

  const attended = async (): Promise<ReadonlySet<number>> => staff.seenLately(THEIRS_MINUTES);

  const doAll = async (some: readonly Due[], before: (deed: Due) => void) => {
    const theirs = await attended();
    const agents = await agentsOf(deps);
    for (const deed of some) {
      const agent = agents.get(deed.office.id)?.get(deed.of.desk);
      const isOfCitizen = deed.does === 'cancels' || deed.does === 'arrives';
      done.add(nameOf(deed));
      if (!agent || (!isOfCitizen && (theirs.has(agent.staff) || isSilent(deed.of.desk)))) continue;
      before(deed);
      await perform(deps, deed.office, agent, deed).catch((error) =>
        log.debug(formatError(error), 'Something of the demo’s day was not possible'),
      );
    }
    for (const office of await offices.list()) {
      const here = [...(agents.get(office.id)?.values() ?? [])].filter(
        (each) => !theirs.has(each.staff) && !isSilent(each.desk ?? 0),
      );
      await showPresent(deps, office, here);
    }
  };

  return {
    async begin() {
      const now = clock.now();
      for (const deed of await due(now)) {
        const { encounter, missed } = deed.of;
        const isUnderway = (encounter?.ended ?? missed ?? 0) > now.epochMilliseconds;
        if (!isUnderway) done.add(nameOf(deed));
      }
    },
    async goOn() {
      await doAll(await due(clock.now()), () => {});
      return ++turns % NEWS_EVERY === 0;
    },
    async passUntil(to, moveTo) {
      await doAll(await due(to), ({ at }) => moveTo(Temporal.Instant.fromEpochMilliseconds(at)));
      moveTo(to);
    },
    silence: (desk, until) => void silent.set(desk, until),
    agentAt: async (office, code) => {
      const desk = office.desks.find((each) => each.code === code);
      return (desk && (await readAgents(deps, office)).get(desk.id)) ?? null;
    },
  };
}

function daysBetween({ timeZone }: Office, from: Temporal.Instant, to: Temporal.Instant) {
  const [first, last] = [from, to].map((at) => at.toZonedDateTimeISO(timeZone).toPlainDate()) as [
    Temporal.PlainDate,
    Temporal.PlainDate,
  ];
  const count = first.until(last, { largestUnit: 'days' }).days + 1;
  return Array.from({ length: Math.min(count, 7) }, (_, days) => first.add({ days }));
}

/** What a plan of the day follows from: who is at the desks decides about nothing that is done here. */
const plannedOf = (office: Office) => ({ office, areas: [], staffAt: new Map<number, number>() });

async function agentsOf(deps: DayDeps): Promise<Map<number, Map<number, StaffViewer>>> {
  const all = await deps.offices.list();
  const agents = await Promise.all(all.map((each) => readAgents(deps, each)));
  return new Map(all.map((each, nth) => [each.id, agents[nth] ?? new Map()]));
}
