import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { lockOffice, saveRows } from '../../foundation/offices/service.ts';
import type { Coordination } from '../coordination/service.ts';
import {
  type Looked,
  lookAt,
  type PlanDeps,
  type PlanResult,
  planFor,
  type RotaPlan,
} from './plans.ts';
import { areSame, isMade, keptResolution } from './rules.ts';
import { insertChange, markSettled, stopClosing, stopSettling } from './store.ts';
import type { KeptResolution, Resolution, RotaChange, RotaEdit } from './types.ts';
import {
  readChange,
  readCovering,
  readEnteredBy,
  readInOrder,
  readRevision,
  readSameClosing,
  readUnsettled,
} from './views.ts';

/** The decisions of the page that showed a plan, by appointment. An appointment without a decision gets the proposed resolution. */
export interface Decision {
  digest: string;
  resolutions: ReadonlyMap<string, Resolution>;
}

export type SaveResult =
  /** `absence`: the absence that the change entered, the first if there are several; null: it entered none. */
  | { ok: true; change: number; absence: number | null }
  | Exclude<PlanResult, { ok: true }>
  /** Something was booked, moved or changed meanwhile. `plan` is the current plan. */
  | { ok: false; reason: 'changed'; plan: RotaPlan };

export interface SaveDeps extends PlanDeps {
  offices: Offices;
  coordination: Pick<Coordination, 'resolutionsOf' | 'settle' | 'giveBack'>;
  unit: RunUnit;
}

/** An edit, with the plan that is still to be compared with the shown one. */
interface Asked {
  office: Office;
  edit: RotaEdit;
  plan: RotaPlan;
  lost: readonly Appointment[];
  decision: Decision;
}

interface Made {
  change: RotaChange;
  absence: number | null;
}

/** Makes an edit if its effect is still the one that was shown, and settles the appointments that lost their desk by it. */
export async function save(
  deps: SaveDeps,
  viewer: StaffViewer,
  office: number,
  edit: RotaEdit,
  decision: Decision,
): Promise<SaveResult> {
  const { offices, unit } = deps;
  const current = await offices.byId(office);
  const planned = await planFor(deps, current, edit);
  if (!planned.ok) return { ok: false, reason: 'mistakes', mistakes: planned.mistakes };
  const { plan, lost } = planned;
  const asked = { office: current, edit, plan, lost, decision };
  const made = await unit(viewer, office, (each) => makeIn(each, asked));
  if (!made) {
    const again = await planFor(deps, await offices.byId(office), edit);
    return again.ok
      ? { ok: false, reason: 'changed', plan: again.plan }
      : { ok: false, reason: 'mistakes', mistakes: again.mistakes };
  }
  // A closing is settled by the worker, once it can't be undone any more.
  if (made.change.kind !== 'close')
    await settle(deps, viewer, await offices.byId(office), made.change);
  return { ok: true, change: made.change.id, absence: made.absence };
}

/** For so long a closing can be undone before anybody is told. */
export const UNDO_SECONDS = 120;

/** Makes an edit while nothing is booked. Returns null where its effect is no longer the one that was shown. */
async function makeIn(unit: Unit<StaffViewer>, asked: Asked): Promise<Made | null> {
  const { tx, now } = unit;
  const { office, edit, plan, lost, decision } = asked;
  await lockOffice(unit, office.id);
  const looked = await lookAt(tx, office, edit, now);
  if (!looked.ok) return null;
  const earlier = await readEarlier(unit, edit);
  if (earlier && isMade(earlier.change, looked.lost, decision.resolutions)) return earlier;
  if ((await readRevision(tx, office.id)) !== office.revision) return null;
  if (plan.digest !== decision.digest || !areSame(looked.lost, lost)) return null;
  const resolutions = plan.affected.map((each) => keptResolution(each, decision.resolutions));
  return write(unit, edit, looked, resolutions);
}

/** Returns the change that entered an absence which covers the asked one; null: there is none, or another kind of edit is asked. */
async function readEarlier({ tx, office }: Unit, edit: RotaEdit): Promise<Made | null> {
  if (edit.kind === 'close') {
    const same = await readSameClosing(tx, office, edit);
    return same && { change: same, absence: null };
  }
  const covering = edit.kind === 'absence' ? await readCovering(tx, office, edit) : null;
  const change = covering && (await readChange(tx, office, covering.change));
  return change && { change, absence: covering.id };
}

/** Writes the rows after an edit, the change, and its audit record. */
async function write(
  unit: Unit<StaffViewer>,
  edit: RotaEdit,
  { before, after }: Looked,
  resolutions: readonly KeptResolution[],
): Promise<Made> {
  const { tx, office, viewer, now, record } = unit;
  const { kind } = edit;
  if (edit.kind === 'back' && edit.at === null) await stopSettling(tx, edit.absence, now);
  if (edit.kind === 'reopen') await stopClosing(tx, edit.absences, now);
  const settlesAt = edit.kind === 'close' ? now.add({ seconds: UNDO_SECONDS }) : null;
  const change = { kind, resolutions, settlesAt };
  const id = await insertChange(tx, office, change, { staff: viewer.staff, now });
  const desks = await saveRows(unit, office, before, after, id);
  const hasSpan = edit.kind === 'absence' || edit.kind === 'close';
  const span = hasSpan && { from: edit.from, to: edit.to };
  await record('rota_changed', { data: { change: id, kind, desks, ...span } });
  const entered = await readEnteredBy(tx, office, id);
  return { change: { id, kind, madeAt: now, resolutions }, absence: entered?.id ?? null };
}

/** Settles the appointments that lost their desk by a change, as was decided for each. */
async function settle(
  { db, clock, coordination }: Pick<SaveDeps, 'db' | 'clock' | 'coordination'>,
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
      return typeof to === 'number' || to === null ? [{ appointment, to }] : [];
    }),
    offers: open.filter((each) => resolutionOf(each) === 'offer'),
  };
  await coordination.settle(viewer, office, what, { rota: id });
  await within(db, office.id, (tx) => markSettled(tx, id, clock.now()));
}

const SYSTEM = { kind: 'system', why: 'rota' } as const;

/** Finishes the changes that were interrupted, each by itself. Returns how many changes it settled. */
export async function settleAll(deps: SaveDeps): Promise<number> {
  const unsettled = await readUnsettled(deps.db, deps.clock.now());
  const failures: unknown[] = [];
  for (const { office, change } of unsettled)
    await deps.offices
      .byId(office)
      .then((found) => settle(deps, SYSTEM, found, change))
      .catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  return unsettled.length;
}
