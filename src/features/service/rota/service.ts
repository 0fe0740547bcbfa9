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

/** The rota of some desks in one week. */
export interface RotaWeek {
  /** The days in order, by desk. */
  days: ReadonlyMap<number, readonly RotaDay[]>;
  outside: readonly Outside[];
}

/** The effect of an edit, before it is made. */
export interface RotaPlan {
  /** The days that would change, within the days that the plan shows. */
  differences: readonly DayDifference[];
  affected: readonly Affected[];
  /** Whether nothing would change, also on days that the plan does not show. */
  isNothing: boolean;
  /** A digest of the plan. It differs whenever the plan differs. */
  digest: string;
}

export type PlanResult =
  | { ok: true; plan: RotaPlan }
  | { ok: false; reason: 'not_allowed' }
  | { ok: false; reason: 'mistakes'; mistakes: readonly EditMistake[] };

/** The decisions of the page that showed a plan, by appointment. An appointment without a decision gets the proposed resolution. */
export interface Decision {
  digest: string;
  resolutions: ReadonlyMap<string, Resolution>;
}

export type SaveResult =
  | { ok: true; change: number }
  | Exclude<PlanResult, { ok: true }>
  /** Something was booked, moved or changed meanwhile. `plan` is the current plan. */
  | { ok: false; reason: 'changed'; plan: RotaPlan };

export interface RotaService {
  /** Returns a week of these desks, from its Monday on; null: the viewer may not see it. */
  week(
    viewer: StaffViewer,
    office: Office,
    monday: Temporal.PlainDate,
    desks: readonly number[],
  ): Promise<RotaWeek | null>;
  /** Returns weeks of the viewer's own desk, from a Monday on; null: the viewer has no desk. */
  own(
    viewer: StaffViewer,
    office: Office,
    monday: Temporal.PlainDate,
    weeks: number,
  ): Promise<readonly RotaDay[] | null>;
  /** Returns all rows, for viewers who may change them; null: the viewer may not see them. */
  rows(viewer: StaffViewer, office: Office): Promise<RotaRows | null>;
  /** Returns the effect of an edit; changes nothing. */
  plan(viewer: StaffViewer, office: Office, edit: RotaEdit): Promise<PlanResult>;
  /**
   * Makes an edit if its effect is still the one that was shown. Bookings wait meanwhile. Then it settles each appointment that lost its
   * desk, in a transaction of its own. A worker finishes what a crash interrupts.
   */
  save(
    viewer: StaffViewer,
    office: Office,
    edit: RotaEdit,
    decision: Decision,
  ): Promise<SaveResult>;
  /** Returns a change and the current state of its appointments; null: there is none. */
  change(
    viewer: StaffViewer,
    office: Office,
    id: number,
  ): Promise<{ change: RotaChange; outcomes: readonly Outcome[] } | null>;
  /** Finishes the changes that were interrupted. Returns how many changes it settled. */
  settleAll(): Promise<number>;
}

export interface RotaDeps {
  db: Db;
  offices: Offices;
  coordination: Pick<Coordination, 'resolutionsOf' | 'settle'>;
  clock: Clock;
  unit: RunUnit;
}

/** Days that a plan shows: as far as a rota is planned, since a pattern may have no end. */
const DAYS_SHOWN = 7 * (WEEKS_AHEAD + 1);
/** Days that the plan of a copy shows. A copy affects all desks, and only the days of its weeks. */
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

/** Returns the rows after the edit and the appointments that lose their desk by it, as the transaction reads them. */
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

/** Returns the same, with the possible resolutions of each appointment. */
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
  // A file that is imported again writes its shifts anew; every change that it can make is in the plan.
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

/** Settles the appointments that lost their desk by a change, as was decided for each. */
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

/** Returns a change and the current state of the appointments that lost their desk, and records the reading; null: there is none. */
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

/** Returns the first day that a plan shows: the day of the edit, or the first day of its weeks. */
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

/** Returns the digest of a plan. An absence that ends now has the same digest a minute later. */
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
  // Another desk than the shown one can't be chosen.
  const resolution = typeof asked === 'number' ? proposed(each) : asked;
  return { id, desk, start: start.toString(), resolution };
}
