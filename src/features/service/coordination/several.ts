import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { mayBecome } from '../../booking/appointments/rules.ts';
import { cancelLocked, lockAppointment } from '../../booking/appointments/service.ts';
import { readMany } from '../../booking/appointments/views.ts';
import { aboutAppointment, type Unit } from '../../foundation/audit/service.ts';
import type { CoordinationDeps } from './deps.ts';
import { displace } from './displacing.ts';
import { canBeGiven, type Reassigning } from './reassigning.ts';
import { mayCoordinate } from './rules.ts';
import { resolutionsOf } from './settling.ts';
import { inOrder } from './views.ts';

/** What is done to several appointments at once. */
export type SeveralAction =
  /** Each to this desk at its hour; null: each to whichever the rule says. */
  | { kind: 'reassign'; desk: number | null }
  /** Their hours are taken, and each citizen is asked to choose another. */
  | { kind: 'displace' }
  | { kind: 'cancel'; reason: string };

export type SeveralOutcome =
  | { appointment: Appointment; ok: true; desk?: number }
  | { appointment: Appointment; ok: false; why: 'taken' | 'unfit' | 'not_open' | 'changed' };

export interface Several {
  /** The appointments of these ids, in the order of their hours; others are left out. */
  chosen(viewer: StaffViewer, office: Office, ids: readonly string[]): Promise<Appointment[]>;
  /** Each by itself, so that one that can't be done keeps no other from it. Null: not theirs to do. */
  doSeveral(
    viewer: StaffViewer,
    office: Office,
    chosen: readonly Chosen[],
    action: SeveralAction,
  ): Promise<SeveralOutcome[] | null>;
}

/** An appointment with where it was when it was chosen: if it is elsewhere by now, it is left alone. */
export interface Chosen {
  id: string;
  desk: number;
  start: Temporal.Instant;
}

/** Appointments at once. */
const MOST_AT_ONCE = 200;

export function createSeveral(
  deps: CoordinationDeps,
  { reassign }: Pick<Reassigning, 'reassign'>,
): Several {
  const { unit } = deps;
  return {
    chosen: (viewer, office, ids) =>
      mayCoordinate(viewer) && viewer.office === office.id
        ? unit(viewer, office.id, (each) => find(each, ids, 'listed'))
        : Promise.resolve([]),

    async doSeveral(viewer, office, chosen, action) {
      if (!mayCoordinate(viewer) || viewer.office !== office.id) return null;
      const ids = chosen.map((each) => each.id);
      const all = await unit(viewer, office.id, (each) => find(each, ids, 'several_changed'));
      const seen = new Map(chosen.map((each) => [each.id, each]));
      const isThere = ({ id, desk, start }: Appointment) =>
        seen.get(id)?.desk === desk && seen.get(id)?.start.equals(start) === true;
      const there = all.filter(isThere);
      const on = { deps, reassign, viewer, office };
      const outcomes: SeveralOutcome[] = all
        .filter((each) => !isThere(each))
        .map((appointment) => ({ appointment, ok: false, why: 'changed' }));
      if (action.kind === 'reassign' && action.desk === null)
        outcomes.push(...(await giveByRule(on, there)));
      else for (const each of there) outcomes.push(await doOne(on, each, action));
      return outcomes;
    },
  };
}

/** The viewer, office and services of an action on several appointments. */
interface On {
  deps: CoordinationDeps;
  reassign: Reassigning['reassign'];
  viewer: StaffViewer;
  office: Office;
}

async function find(
  { tx, record }: Unit,
  ids: readonly string[],
  action: 'listed' | 'several_changed',
): Promise<Appointment[]> {
  const valid = [...new Set(ids)].filter(isUuid).slice(0, MOST_AT_ONCE);
  const found = inOrder(await readMany(tx, valid));
  await record(action, { data: { appointments: found.map((each) => each.id) } });
  return found;
}

async function cancel(unit: Unit, id: string, reason: string): Promise<boolean> {
  const old = await lockAppointment(unit.tx, id);
  if (!old || !mayBecome(old.status, 'cancelled')) return false;
  await cancelLocked(unit, old, 'office', reason);
  await unit.record('cancelled', aboutAppointment(old));
  return true;
}

async function giveTo(
  { reassign, viewer, office }: On,
  appointment: Appointment,
  desk: number,
): Promise<SeveralOutcome> {
  const seen = { desk: appointment.desk, start: appointment.start };
  const given = await reassign(viewer, office, appointment.id, { desk, seen, override: false });
  if (given.ok) return { appointment, ok: true, desk: given.desk };
  if (given.reason === 'not_found') return { appointment, ok: false, why: 'not_open' };
  const why = given.reason === 'needs_override' ? 'unfit' : given.reason;
  return { appointment, ok: false, why };
}

async function giveByRule(on: On, all: readonly Appointment[]): Promise<SeveralOutcome[]> {
  const resolutions = await resolutionsOf(on.deps, on.office, all.filter(canBeGiven));
  const outcomes = new Map<string, SeveralOutcome>();
  for (const { appointment, to } of resolutions)
    if (to !== null) outcomes.set(appointment.id, await giveTo(on, appointment, to));
  return all.map(
    (appointment): SeveralOutcome =>
      outcomes.get(appointment.id) ?? {
        appointment,
        ok: false,
        why: canBeGiven(appointment) ? 'taken' : 'not_open',
      },
  );
}

async function doOne(
  on: On,
  appointment: Appointment,
  action: SeveralAction,
): Promise<SeveralOutcome> {
  const { deps, viewer, office } = on;
  switch (action.kind) {
    case 'reassign':
      return action.desk === null
        ? { appointment, ok: false, why: 'taken' }
        : giveTo(on, appointment, action.desk);
    case 'displace': {
      const isDone = canBeGiven(appointment)
        ? (await displace(deps, viewer, office, appointment)).ok
        : false;
      return isDone ? { appointment, ok: true } : { appointment, ok: false, why: 'not_open' };
    }
    case 'cancel': {
      const isDone = await deps.unit(viewer, office.id, (unit) =>
        cancel(unit, appointment.id, action.reason),
      );
      return isDone ? { appointment, ok: true } : { appointment, ok: false, why: 'not_open' };
    }
  }
}
