import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, staffIn } from '../../../lib/viewer.ts';
import { readById } from '../../booking/appointments/views.ts';
import {
  aboutAppointment,
  createThrottledAudit,
  type RunUnit,
  type ThrottledAudit,
} from '../../foundation/audit/service.ts';
import { readTraces } from '../traces/views.ts';
import { readDossier } from './dossier/views.ts';
import { dayOf, mayAttend, maySeeTraces, nextOf } from './rules.ts';
import type { EncounterService } from './service.ts';
import type { Dossier, FrequentItem } from './types.ts';
import { readDay, readDone, readFrequent, readTurns } from './views.ts';

interface LookingDeps {
  db: Db;
  clock: Clock;
  staff: StaffNames;
  unit: RunUnit;
}

/** Shows the day and the dossier of an appointment. Each look is on the audit trail. */
export function createLooking(
  deps: LookingDeps,
): Pick<EncounterService, 'day' | 'dayIn' | 'next' | 'open' | 'openIn' | 'done' | 'frequent'> {
  const { db, clock, staff, unit } = deps;
  const throttled = createThrottledAudit();
  const dayIn = lookAtDay(throttled);
  const openIn = lookAtAppointment(throttled);
  const day: EncounterService['day'] = (viewer, office, which, desk) =>
    unit(viewer, viewer.office, (each) => dayIn(each, office, which, desk));
  return {
    day,
    dayIn,
    openIn,

    next: async (viewer, office) => {
      // Whoever has no desk has no turn of their own: the first of the office is a colleague's.
      if (viewer.desk === null) return null;
      const now = clock.now();
      const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
      const span = { ...dayOf(today, office.timeZone), desk: viewer.desk };
      const turns = await within(db, viewer.office, (tx) =>
        readTurns(tx, span, office.settings.attempts),
      );
      return nextOf(turns, now);
    },

    open: async (viewer, office, id) => {
      const found = await unit(viewer, viewer.office, (each) => openIn(each, office, id));
      return found && withNames(found, staff);
    },

    done: async (viewer, office, id) =>
      viewer.appointment === id ? within(db, office, (tx) => readDone(tx, id)) : [],

    frequent: lookAtFrequent(deps),
  };
}

const lookAtDay =
  (throttled: ThrottledAudit): EncounterService['dayIn'] =>
  async (unit, office, which, wanted) => {
    const { tx, viewer, record } = unit;
    const seesAll = can(viewer, 'see_every_desk');
    const desk = seesAll ? wanted : viewer.desk;
    if (!seesAll && desk === null) return [];
    const span = { ...dayOf(which, office.timeZone), desk };
    const entries = await readDay(tx, span, office.settings.attempts);
    const data = { day: which.toString(), desk, count: entries.length };
    const what = `${actorOf(viewer)} ${office.id} ${which} ${desk}`;
    await throttled.within(unit, what, () => record('day', { data }));
    return entries;
  };

/** Reads a dossier and records that it was opened, and once in a while that the person's history was seen. */
const lookAtAppointment =
  (throttled: ThrottledAudit): EncounterService['openIn'] =>
  async (unit, office, id) => {
    const { tx, viewer, now, record } = unit;
    const appointment = isUuid(id) ? await readById(tx, id) : null;
    if (!appointment || !mayAttend(viewer, appointment)) return null;
    await record('opened', aboutAppointment(appointment));
    const dossier = await readDossier(tx, appointment, office.settings.attempts, { viewer, now });
    const count = dossier.earlier.length;
    if (count === 0) return dossier;
    await throttled.within(unit, `${actorOf(viewer)} history ${id}`, () =>
      record('history', aboutAppointment(appointment, { count })),
    );
    const theirs = dossier.earlier.filter((each) => maySeeTraces(viewer, each));
    const traces = await readTraces(
      tx,
      theirs.map((each) => each.id),
    );
    const earlier = dossier.earlier.map((each) => ({ ...each, traces: traces.get(each.id) ?? [] }));
    return { ...dossier, earlier };
  };

/** Puts names to the members of staff in a dossier. */
export async function withNames(found: Dossier, staff: StaffNames): Promise<Dossier> {
  const { events, encounter, earlier } = found;
  const actors = [...events, ...(encounter?.ticks ?? []), ...earlier].map((each) => each.actor);
  const ids = actors.flatMap((each) => staffIn(each ?? '') ?? []);
  const names = await staff.namesOf([...new Set(ids)]);
  const withName = <T extends { actor: string | null }>(each: T) => ({
    ...each,
    who: names.get(staffIn(each.actor ?? '') ?? 0) ?? null,
  });
  return {
    ...found,
    events: events.map(withName),
    earlier: earlier.map(withName),
    encounter: encounter && { ...encounter, ticks: encounter.ticks.map(withName) },
  };
}

/** Over how many days what is frequent is counted, how often anew, and how many things are. */
const FREQUENT_DAYS = 30;
const FREQUENT_MINUTES = 15;
const MOST_FREQUENT = 6;

/** Looks up what is noted down most, at most once in a quarter of an hour for each office. */
function lookAtFrequent({ db, clock }: LookingDeps): EncounterService['frequent'] {
  const kept = new Map<number, { items: FrequentItem[]; until: Temporal.Instant }>();
  return async (viewer, office) => {
    const known = kept.get(office.id);
    const now = clock.now();
    if (known && Temporal.Instant.compare(now, known.until) < 0)
      return withQueries(known.items, office);
    const since = now.subtract({ hours: FREQUENT_DAYS * 24 });
    const items = await within(db, viewer.office, (tx) =>
      readFrequent(tx, office.id, since, MOST_FREQUENT),
    );
    kept.set(office.id, { items, until: now.add({ minutes: FREQUENT_MINUTES }) });
    return withQueries(items, office);
  };
}

/** Fills up with the queries that the town file says are asked most, where less than fits was noted down yet. */
function withQueries(items: readonly FrequentItem[], { settings }: Office): FrequentItem[] {
  const others = settings.queries.filter(({ code }) => items.every((each) => each.query !== code));
  const asked = others.map(
    ({ code }): FrequentItem => ({ kind: 'query', procedure: null, query: code }),
  );
  return [...items, ...asked].slice(0, MOST_FREQUENT);
}
