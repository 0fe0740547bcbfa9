import { createHash } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { record } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { lockOffice, saveRows } from '../../foundation/offices/service.ts';
import type { RotaRows } from '../../foundation/offices/types.ts';
import { localMinute } from '../coordination/rules.ts';
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
  /** Called after something happened in this office. */
  notify(office: number): void;
}

/** Days that a plan looks at, so that a pattern without an end has one on paper: as far as a rota is planned. */
const DAYS_SHOWN = 7 * (WEEKS_AHEAD + 1);
/** Of a copy, which is of all desks: it makes no day another that isn't in its weeks. */
const DAYS_COPIED = 7 * MOST_COPIES;

export function createRota(deps: RotaDeps): RotaService {
  const { db, offices, coordination, clock, notify } = deps;
  const isTheirs = (viewer: StaffViewer, office: Office) =>
    mayChangeRota(viewer) && viewer.office === office.id;
  const midnight = (day: string, { timeZone }: Office) =>
    Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant();

  /** The rows as the edit makes them, and who loses their desk by it, as the transaction sees it. */
  async function lookAt(tx: Tx, office: Office, edit: RotaEdit) {
    const now = clock.now();
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
    const rotas = [rotaWith(office.rota, before), rotaWith(office.rota, after)] as const;
    return {
      ok: true,
      now: local,
      changed,
      before,
      after,
      lost: affected(...rotas, waiting, now),
      rota: rotas[1],
    } as const;
  }

  /** The same, with what could be done for each. */
  async function planFor(office: Office, edit: RotaEdit) {
    const looked = await within(db, office.id, (tx) => lookAt(tx, office, edit));
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

  async function settle(
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

  return {
    week: async (viewer, office, monday, desks) => {
      if (!isTheirs(viewer, office)) return null;
      return within(db, office.id, async (tx) => {
        const rows = await readRows(tx, office.id);
        const week = daysOf(monday);
        const [first, next] = [week[0]!, daysAfter(week[6]!, 1)];
        const now = clock.now();
        const start = midnight(first, office);
        const waiting = await readWaitingTimes(tx, desks, {
          endingAfter: Temporal.Instant.compare(start, now) < 0 ? now : start,
          before: midnight(next, office),
        });
        return {
          days: new Map(desks.map((desk) => [desk, daysIn(rows, desk, week)])),
          outside: outside(rotaWith(office.rota, rows), waiting).map(({ id, desk, start: at }) => ({
            ...{ id, desk, start: at },
          })),
        };
      });
    },

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
      const planned = await planFor(office, edit);
      if (!planned.ok) return { ok: false, reason: 'mistakes', mistakes: planned.mistakes };
      const { plan } = planned;
      const data = { kind: edit.kind, appointments: plan.affected.map((e) => e.appointment.id) };
      await within(db, office.id, (tx) =>
        record(tx, { viewer, office: office.id, action: 'rota_planned', now: clock.now(), data }),
      );
      return { ok: true, plan };
    },

    async save(viewer, office, edit, decision) {
      if (!isTheirs(viewer, office)) return { ok: false, reason: 'not_allowed' };
      const current = await offices.byId(office.id);
      const planned = await planFor(current, edit);
      if (!planned.ok) return { ok: false, reason: 'mistakes', mistakes: planned.mistakes };
      const resolutions = planned.plan.affected.map((each) =>
        keptResolution(each, decision.resolutions),
      );
      const now = clock.now();
      const made = await within(db, office.id, async (tx): Promise<RotaChange | null> => {
        await lockOffice(tx, office.id);
        if ((await readRevision(tx, office.id)) !== current.revision) return null;
        const looked = await lookAt(tx, current, edit);
        if (!looked.ok || planned.plan.digest !== decision.digest) return null;
        if (!isSame(looked.lost, planned.lost)) return null;
        const by = { staff: viewer.staff, now };
        const desks = await saveRows(tx, office.id, looked.before, looked.after, by);
        const { kind } = edit;
        const id = await insertChange(tx, office.id, { kind, resolutions }, by);
        const data = { change: id, kind, desks };
        await record(tx, { viewer, office: office.id, action: 'rota_changed', now, data });
        return { id, kind, madeAt: now, resolutions };
      });
      if (!made) {
        const again = await planFor(await offices.byId(office.id), edit);
        return again.ok
          ? { ok: false, reason: 'changed', plan: again.plan }
          : { ok: false, reason: 'mistakes', mistakes: again.mistakes };
      }
      notify(office.id);
      await settle(viewer, await offices.byId(office.id), made);
      return { ok: true, change: made.id };
    },

    change: async (viewer, office, id) => {
      if (!isTheirs(viewer, office) || !Number.isSafeInteger(id) || id > 2 ** 31 - 1) return null;
      return within(db, office.id, async (tx) => {
        const change = await readChange(tx, office.id, id);
        if (!change) return null;
        const kept = new Map(change.resolutions.map((each) => [each.id, each]));
        const found = await readInOrder(tx, [...kept.keys()]);
        const outcomes = found.map((appointment): Outcome => {
          const resolution = kept.get(appointment.id)!;
          return { appointment, desk: resolution.desk, now: outcomeOf(resolution, appointment) };
        });
        const data = { change: id, appointments: [...kept.keys()] };
        await record(tx, {
          viewer,
          office: office.id,
          action: 'rota_read',
          now: clock.now(),
          data,
        });
        return { change, outcomes };
      });
    },

    async settleAll() {
      const unsettled = await readUnsettled(db);
      const viewer: Viewer = { kind: 'system', why: 'rota' };
      const failures: unknown[] = [];
      for (const { office, change } of unsettled)
        await offices
          .byId(office)
          .then((found) => settle(viewer, found, change))
          .catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
      return unsettled.length;
    },
  };
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

const isSame = (a: readonly Appointment[], b: readonly Appointment[]): boolean =>
  a.length === b.length && a.every((each, nth) => each.id === b[nth]?.id);

/** Of a plan; what ends now is the same a minute later. */
const digestOf = (after: RotaRows, resolutions: readonly Affected[], now: string): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        [after, resolutions.map(({ appointment, to }) => [appointment.id, to])],
        (_, each: unknown) => (each === now ? 'now' : each),
      ),
    )
    .digest('base64url')
    .slice(0, 22);

function keptResolution(each: Affected, decided: ReadonlyMap<string, Resolution>): KeptResolution {
  const { id, desk, start } = each.appointment;
  const asked = decided.get(id) ?? proposed(each);
  // Only the desk that was shown.
  const resolution = typeof asked === 'number' ? proposed(each) : asked;
  return { id, desk, start: start.toString(), resolution };
}
