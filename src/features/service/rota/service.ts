import type { Office } from '../../../domain/office/types.ts';
import { localMinute } from '../../../domain/rota.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { RotaRows } from '../../foundation/offices/types.ts';
import { type PlanResult, planFor } from './plans.ts';
import {
  daysAfter,
  daysIn,
  daysOf,
  mayChangeRota,
  midnightOf,
  outcomeOf,
  outside,
  rotaWith,
} from './rules.ts';
import { type Decision, type SaveDeps, type SaveResult, save, settleAll } from './saving.ts';
import type {
  Closing,
  EnteredAbsence,
  Outcome,
  Outside,
  RotaChange,
  RotaDay,
  RotaEdit,
} from './types.ts';
import {
  readChange,
  readClosing,
  readEntered,
  readInOrder,
  readOneEntered,
  readRows,
  readWaitingTimes,
} from './views.ts';

/** The rota of some desks in one week. */
export interface RotaWeek {
  /** The days in order, by desk. */
  days: ReadonlyMap<number, readonly RotaDay[]>;
  outside: readonly Outside[];
}

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
   * desk, in a transaction of its own. A worker finishes what a crash interrupts. An absence that is sent twice, or by two, is made once.
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
  /** Returns the absences that were entered in the console and are not over, in order. */
  absences(viewer: StaffViewer, office: Office): Promise<readonly EnteredAbsence[]>;
  /** Returns one of them, over or not, and the current state of the appointments of the change that entered it; null: there is none. */
  absence(
    viewer: StaffViewer,
    office: Office,
    id: number,
  ): Promise<{ absence: EnteredAbsence; outcomes: readonly Outcome[] } | null>;
  /** Returns a closing of the whole office, and the current state of its appointments; null: there is none. */
  closing(
    viewer: StaffViewer,
    office: Office,
    id: number,
  ): Promise<{ closing: Closing; outcomes: readonly Outcome[] } | null>;
  /**
   * Gives their hour back to those who lost it by a closing that was ended, and have chosen no other yet; they are told. Returns how many
   * got it.
   */
  giveBack(viewer: StaffViewer, office: Office, id: number): Promise<number>;
  /** Finishes the changes that were interrupted. Returns how many changes it settled. */
  settleAll(): Promise<number>;
}

export function createRota(deps: SaveDeps): RotaService {
  const { db, clock, unit } = deps;
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

    change: async (viewer, office, id) =>
      isTheirs(viewer, office) && isId(id)
        ? unit(viewer, office.id, (each) => readOutcomes(each, id))
        : null,

    async absences(viewer, office) {
      if (!isTheirs(viewer, office)) return [];
      const now = localMinute(clock.now(), office.timeZone);
      return within(db, office.id, (tx) => readEntered(tx, office.id, now));
    },

    absence: async (viewer, office, id) =>
      isTheirs(viewer, office) && isId(id)
        ? unit(viewer, office.id, (each) => readAbsence(each, id))
        : null,

    ...closingsOf(deps),
    settleAll: () => settleAll(deps),
  };
}

/** Closings of the whole office. */
function closingsOf(deps: SaveDeps): Pick<RotaService, 'closing' | 'giveBack'> {
  const { unit } = deps;
  return {
    closing: async (viewer, office, id) =>
      isTheirs(viewer, office) && isId(id)
        ? unit(viewer, office.id, (each) => readClosingOf(each, id))
        : null,

    async giveBack(viewer, office, id) {
      if (!isTheirs(viewer, office) || !isId(id)) return 0;
      const found = await unit(viewer, office.id, (each) => readClosingOf(each, id));
      const waiting = (found?.outcomes ?? []).filter((each) => each.now === 'waits');
      return deps.coordination.giveBack(
        viewer,
        office,
        waiting.map((each) => each.appointment),
      );
    },
  };
}

/** Whether a number can be the id of a row. */
const isId = (id: number): boolean => Number.isSafeInteger(id) && id < 2 ** 31;

const isTheirs = (viewer: StaffViewer, office: Office): boolean =>
  mayChangeRota(viewer) && viewer.office === office.id;

async function readWeek(
  tx: Tx,
  office: Office,
  monday: Parameters<typeof daysOf>[0],
  desks: readonly number[],
  now: Temporal.Instant,
) {
  const rows = await readRows(tx, office.id);
  const week = daysOf(monday);
  const start = midnightOf(week[0]!, office.timeZone);
  const waiting = await readWaitingTimes(tx, desks, {
    endingAfter: Temporal.Instant.compare(start, now) < 0 ? now : start,
    before: midnightOf(daysAfter(week[6]!, 1), office.timeZone),
  });
  const found = outside(rotaWith(office.rota, rows), waiting);
  return {
    days: new Map(desks.map((desk) => [desk, daysIn(rows, desk, week)])),
    outside: found.map(({ appointment: { id, desk, start: at }, why }) => ({
      id,
      desk,
      start: at,
      why,
    })),
  };
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

/** Returns an absence with the outcomes of the change that entered it, and records the reading; null: there is none. */
async function readAbsence(unit: Unit, id: number): ReturnType<RotaService['absence']> {
  const absence = await readOneEntered(unit.tx, unit.office, id);
  const found = absence && (await readOutcomes(unit, absence.change));
  return found && { absence, outcomes: found.outcomes };
}

async function readClosingOf(unit: Unit, id: number): ReturnType<RotaService['closing']> {
  const closing = await readClosing(unit.tx, unit.office, id);
  const found = closing && (await readOutcomes(unit, id));
  return found && { closing, outcomes: found.outcomes };
}

export { readCalendar } from './calendar-file.ts';
export type { RotaPlan } from './plans.ts';
