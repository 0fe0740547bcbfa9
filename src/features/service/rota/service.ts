import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { digest } from '../../../lib/digest.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { lockOffice, saveRows } from '../../foundation/offices/service.ts';
import type { RotaRows } from '../../foundation/offices/types.ts';
import { areSame, localMinute } from '../coordination/rules.ts';
import type { Coordination } from '../coordination/service.ts';
import {
  affected,
  applyEdit,
  changedDesks,
  daysAfter,
  daysIn,
  daysOf,
  differences,
  MOST_COPIES,
  mayChangeRota,
  outcomeOf,
  outside,
  proposed,
  rotaWith,
  WEEKS_AHEAD,
} from './rules.ts';
import { insertChange, markSettled } from './store.ts';
import type {
  Affected,
  DayDifference,
  EditMistake,
  KeptResolution,
  Outcome,
  Outside,
  Resolution,
  RotaChange,
  RotaDay,
  RotaEdit,
} from './types.ts';
import {
  readChange,
  readInOrder,
  readRevision,
  readRows,
  readUnsettled,
  readWaiting,
  readWaitingTimes,
} from './views.ts';

/** A week of some desks. */
export interface RotaWeek {
  /** By desk, in the order of the days. */
  days: ReadonlyMap<number, readonly RotaDay[]>;
  outside: readonly Outside[];
}

/** What an edit would do, before it does. */
export interface RotaPlan {
  /** The days that would be others, within what is looked at. */
  differences: readonly DayDifference[];
  affected: readonly Affected[];
  /** Whether the rota would be as it is, on days that aren't looked at too. */
  isNothing: boolean;
  /** Differs whenever anything of this does. */
  digest: string;
}

export type PlanResult =
  | { ok: true; plan: RotaPlan }
  | { ok: false; reason: 'not_allowed' }
  | { ok: false; reason: 'mistakes'; mistakes: readonly EditMistake[] };

/** What was decided on the page that showed a plan: by appointment; what isn't there is done as proposed. */
export interface Decision {
  digest: string;
  resolutions: ReadonlyMap<string, Resolution>;
}

export type SaveResult =
  | { ok: true; change: number }
  | Exclude<PlanResult, { ok: true }>
  /** Something was booked, moved or changed since: the plan as it is now. */
  | { ok: false; reason: 'changed'; plan: RotaPlan };

export interface RotaService {
  /** A week of these desks, from its Monday on; null: not theirs to see. */
  week(
    viewer: StaffViewer,
    office: Office,
    monday: Temporal.PlainDate,
    desks: readonly number[],
  ): Promise<RotaWeek | null>;
  /** Weeks of the viewer's own desk, from a Monday on; null: they attend from none. */
  own(
    viewer: StaffViewer,
    office: Office,
    monday: Temporal.PlainDate,
    weeks: number,
  ): Promise<readonly RotaDay[] | null>;
  /** All rows, for whoever changes them; null: not theirs to see. */
  rows(viewer: StaffViewer, office: Office): Promise<RotaRows | null>;
  /** What an edit would do; changes nothing. */
  plan(viewer: StaffViewer, office: Office, edit: RotaEdit): Promise<PlanResult>;
  /**
   * Does it, if it would still do what was shown, while nobody books; then sees to each appointment that lost its desk, in a
   * transaction of its own. What a crash interrupts, a worker ends.
   */
  save(
    viewer: StaffViewer,
    office: Office,
    edit: RotaEdit,
    decision: Decision,
  ): Promise<SaveResult>;
  /** A change that was made, and how its appointments stand now; null: there is none such. */
  change(
    viewer: StaffViewer,
    office: Office,
    id: number,
  ): Promise<{ change: RotaChange; outcomes: readonly Outcome[] } | null>;
  /** Goes on with what was begun. Answers how many changes were seen to. */
  settleAll(): Promise<number>;
}

export interface RotaDeps {
  db: Db;
  offices: Offices;
  coordination: Pick<Coordination, 'resolutionsOf' | 'settle'>;
  clock: Clock;
  unit: RunUnit;
}

/** Days that a plan looks at, so that a pattern without an end has one on paper: as far as a rota is planned. */
const DAYS_SHOWN = 7 * (WEEKS_AHEAD + 1);
/** Of a copy, which is of all desks: it makes no day another that isn't in its weeks. */
const DAYS_COPIED = 7 * MOST_COPIES;

export function createRota(deps: RotaDeps): RotaService {
  const { db, offices, clock, unit } = deps;
  return {
    week: async (viewer, office, monday, desks) =>
      isTheirs(viewer, office)
        ? within(db, office.id, (tx) => readWeek(tx, office, monday, desks, clock.now()))
        : null,

    own: async (viewer, office, monday, weeks) => {
      const { desk } = viewer;
      if (desk === null || viewer.office !== office.id) return null;
      const rows = await within(db, office.id, (tx) => readRows(tx, office.id));
      return daysIn(rows, desk, daysOf(monday, weeks));
    },

    rows: (viewer, office) =>
      isTheirs(viewer, office)
        ? within(db, office.id, (tx) => readRows(tx, office.id))
        : Promise.resolve(null),

    async plan(viewer, office, edit) {
      if (!isTheirs(viewer, office)) return { ok: false, reason: 'not_allowed' };
      const planned = await planFor(deps, office, edit);
      if (!planned.ok) return { ok: false, reason: 'mistakes', mistakes: planned.mistakes };
      const { plan } = planned;
      const data = { kind: edit.kind, appointments: plan.affected.map((e) => e.appointment.id) };
      await unit(viewer, office.id, ({ record }) => record('rota_planned', { data }));
      return { ok: true, plan };
    },

    save: async (viewer, office, edit, decision) =>
      isTheirs(viewer, office)
        ? save(deps, viewer, office.id, edit, decision)
        : { ok: false, reason: 'not_allowed' },

    change: async (viewer, office, id) => {
      if (!isTheirs(viewer, office) || !Number.isSafeInteger(id) || id > 2 ** 31 - 1) return null;
      return unit(viewer, office.id, (each) => readOutcomes(each, id));
    },

    async settleAll() {
      const unsettled = await readUnsettled(db);
      const failures: unknown[] = [];
      for (const { office, change } of unsettled)
        await offices
          .byId(office)
          .then((found) => settle(deps, SYSTEM, found, change))
          .catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
      return unsettled.length;
    },
  };
}

const SYSTEM = { kind: 'system', why: 'rota' } as const;

const isTheirs = (viewer: StaffViewer, office: Office): boolean =>
  mayChangeRota(viewer) && viewer.office === office.id;

const midnight = (day: string, { timeZone }: Office): Temporal.Instant =>
  Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant();

async function readWeek(
  tx: Tx,
  office: Office,
  monday: Parameters<typeof daysOf>[0],
  desks: readonly number[],
  now: Temporal.Instant,
) {
  const rows = await readRows(tx, office.id);
  const week = daysOf(monday);
  const start = midnight(week[0]!, office);
  const waiting = await readWaitingTimes(tx, desks, {
    endingAfter: Temporal.Instant.compare(start, now) < 0 ? now : start,
    before: midnight(daysAfter(week[6]!, 1), office),
  });
  const found = outside(rotaWith(office.rota, rows), waiting);
  return {
    days: new Map(desks.map((desk) => [desk, daysIn(rows, desk, week)])),
    outside: found.map(({ id, desk, start: at }) => ({ id, desk, start: at })),
  };
}

/** The rows as the edit makes them, and who loses their desk by it, as the transaction sees it. */
async function lookAt(tx: Tx, office: Office, edit: RotaEdit, now: Temporal.Instant) {
  const local = localMinute(now, office.timeZone);
  const before = await readRows(tx, office.id);
  const desks = new Set(office.desks.map((each) => each.id));
  const edited = applyEdit(before, edit, { desks, now: local });
  if (!edited.ok) return edited;
  const after = edited.rows;
  const changed = changedDesks(before, after).filter((each) => desks.has(each));
  const waiting = await readWaiting(tx, changed, {
    endingAfter: midnight(local.slice(0, 10), office),
  });
  const rota = rotaWith(office.rota, after);
  const lost = affected(rotaWith(office.rota, before), rota, waiting, now);
  return { ok: true, now: local, changed, before, after, lost, rota } as const;
}

/** The same, with what could be done for each. */
async function planFor(
  { db, clock, coordination }: Pick<RotaDeps, 'db' | 'clock' | 'coordination'>,
  office: Office,
  edit: RotaEdit,
) {
  const looked = await within(db, office.id, (tx) => lookAt(tx, office, edit, clock.now()));
  if (!looked.ok) return looked;
  const { now, changed, before, after, lost, rota } = looked;
  const resolutions = await coordination.resolutionsOf({ ...office, rota }, lost);
  const first = firstOf(edit, before, now.slice(0, 10));
  const length = edit.kind === 'copy' ? DAYS_COPIED : DAYS_SHOWN;
  const days = Array.from({ length }, (_, nth) => daysAfter(first, nth));
  const found = differences(before, after, changed, days);
  // A file that is brought again writes its shifts anew; all that it can change is seen.
  const isSeen = found.length > 0 || resolutions.length > 0;
  const plan: RotaPlan = {
    differences: found,
    affected: resolutions,
    isNothing: !isSeen && (changed.length === 0 || edit.kind === 'import'),
    digest: digestOf(after, resolutions, now),
  };
  return { ok: true, plan, lost } as const;
}

async function save(
  deps: RotaDeps,
  viewer: StaffViewer,
  office: number,
  edit: RotaEdit,
  decision: Parameters<RotaService['save']>[3],
): ReturnType<RotaService['save']> {
  const { offices, unit } = deps;
  const current = await offices.byId(office);
  const planned = await planFor(deps, current, edit);
  if (!planned.ok) return { ok: false, reason: 'mistakes', mistakes: planned.mistakes };
  const resolutions = planned.plan.affected.map((each) =>
    keptResolution(each, decision.resolutions),
  );
  const made = await unit(viewer, office, async (each) => {
    const { tx, now, record } = each;
    await lockOffice(each, office);
    if ((await readRevision(tx, office)) !== current.revision) return null;
    const looked = await lookAt(tx, current, edit, now);
    if (!looked.ok || planned.plan.digest !== decision.digest) return null;
    if (!areSame(looked.lost, planned.lost)) return null;
    const by = { staff: viewer.staff, now };
    const desks = await saveRows(each, office, looked.before, looked.after, by);
    const { kind } = edit;
    const id = await insertChange(tx, office, { kind, resolutions }, by);
    await record('rota_changed', { data: { change: id, kind, desks } });
    const change: RotaChange = { id, kind, madeAt: now, resolutions };
    return change;
  });
  if (!made) {
    const again = await planFor(deps, await offices.byId(office), edit);
    return again.ok
      ? { ok: false, reason: 'changed', plan: again.plan }
      : { ok: false, reason: 'mistakes', mistakes: again.mistakes };
  }
  await settle(deps, viewer, await offices.byId(office), made);
  return { ok: true, change: made.id };
}

/** Sees to whom a change took their desk from, as was decided for each. */
async function settle(
  { db, clock, coordination }: Pick<RotaDeps, 'db' | 'clock' | 'coordination'>,
  viewer: Viewer,
  office: Office,
  { id, resolutions }: RotaChange,
): Promise<void> {
  const wanted = new Map(
    resolutions.filter((each) => each.resolution !== 'leave').map((e) => [e.id, e]),
  );
  const found = await within(db, office.id, (tx) => readInOrder(tx, [...wanted.keys()]));
  const open = found.filter((each) => {
    const { desk, start } = wanted.get(each.id)!;
    return each.desk === desk && each.start.toString() === start;
  });
  const resolutionOf = (appointment: Appointment) => wanted.get(appointment.id)?.resolution;
  const what = {
    resolutions: open.flatMap((appointment) => {
      const to = resolutionOf(appointment);
      return typeof to === 'number' ? [{ appointment, to }] : [];
    }),
    offers: open.filter((each) => resolutionOf(each) === 'offer'),
  };
  await coordination.settle(viewer, office, what, { rota: id });
  await within(db, office.id, (tx) => markSettled(tx, id, clock.now()));
}

/** A change with what became of those whose desk it took, on record; null: there is none such. */
async function readOutcomes(
  { tx, office, record }: Unit,
  id: number,
): ReturnType<RotaService['change']> {
  const change = await readChange(tx, office, id);
  if (!change) return null;
  const kept = new Map(change.resolutions.map((each) => [each.id, each]));
  const found = await readInOrder(tx, [...kept.keys()]);
  const outcomes = found.map((appointment): Outcome => {
    const resolution = kept.get(appointment.id)!;
    return { appointment, desk: resolution.desk, now: outcomeOf(resolution, appointment) };
  });
  await record('rota_read', { data: { change: id, appointments: [...kept.keys()] } });
  return { change, outcomes };
}

/** The first day that a plan shows: that of the edit, or of the weeks that it is about. */
function firstOf(edit: RotaEdit, { absences }: RotaRows, today: string): string {
  const latest = (...moments: string[]) =>
    [today, ...moments.map((each) => each.slice(0, 10))].sort().at(-1) ?? today;
  switch (edit.kind) {
    case 'copy':
      return latest(edit.to);
    case 'absence':
      return latest(edit.from);
    case 'back': {
      const found = absences.find((each) => each.id === edit.absence);
      return latest(found?.from ?? today, edit.at ?? today);
    }
    case 'import':
      return today;
    default:
      return edit.day;
  }
}

/** Of a plan; what ends now is the same a minute later. */
const digestOf = (after: RotaRows, resolutions: readonly Affected[], now: string): string =>
  digest(
    JSON.stringify(
      [after, resolutions.map(({ appointment, to }) => [appointment.id, to])],
      (_, each: unknown) => (each === now ? 'now' : each),
    ),
  );

function keptResolution(each: Affected, decided: ReadonlyMap<string, Resolution>): KeptResolution {
  const { id, desk, start } = each.appointment;
  const asked = decided.get(id) ?? proposed(each);
  // Only the desk that was shown.
  const resolution = typeof asked === 'number' ? proposed(each) : asked;
  return { id, desk, start: start.toString(), resolution };
}
