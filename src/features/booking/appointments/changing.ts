import {
  type Appointment,
  askOf,
  type Choice,
  isSameWay,
  type Way,
} from '../../../domain/appointment.ts';
import { meets } from '../../../domain/needs.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { aboutAppointment, type Unit } from '../../foundation/audit/service.ts';
import type { AskRefusal } from '../slots/service.ts';
import { type AppointmentsDeps, claimOn, onCurrent } from './claiming.ts';
import { isDisplaced, isOpen, mayBecome } from './rules.ts';
import { cancelLocked } from './status.ts';
import { moveAppointment } from './store.ts';
import { noticesOfMove } from './telling.ts';
import { readById, readForUpdate } from './views.ts';

export type ChangeRefusal = 'not_found' | 'not_open';
export type ChangeResult<R = never> =
  | { ok: true; appointment: Appointment }
  | { ok: false; reason: ChangeRefusal | R };
/** `unmet_need`: the other channel can't meet a need of the citizen. */
export type MoveResult = ChangeResult<'slot_taken' | 'unmet_need' | AskRefusal>;

/** Another time, another channel or site, or all of them. */
export interface MoveTo extends Partial<Way> {
  start: Temporal.Instant;
  /** The secret of a hold on that start, which the move takes. */
  hold?: string;
}

export interface Changing {
  move(viewer: Viewer, office: Office, id: string, to: MoveTo): Promise<MoveResult>;
  /** A citizen may until it begins; staff may as long as it is booked. */
  cancel(viewer: Viewer, office: Office, id: string, reason: string): Promise<ChangeResult>;
}

export function createChanging(deps: AppointmentsDeps): Changing {
  return {
    move: (viewer, office, id, to) => move(deps, viewer, office, id, to),
    cancel: (viewer, office, id, reason) =>
      deps.unit(viewer, office.id, (unit) => cancel(unit, id, reason)),
  };
}

async function move(
  deps: AppointmentsDeps,
  viewer: Viewer,
  office: Office,
  id: string,
  to: MoveTo,
): Promise<MoveResult> {
  const read = () => within(deps.database.kysely, office.id, (tx) => readById(tx, id));
  const old = await read();
  if (!old) return { ok: false, reason: 'not_found' };
  const now = deps.clock.now();
  if (viewer.kind === 'citizen' ? !isOpen(old, now) : old.status !== 'booked')
    return { ok: false, reason: 'not_open' };
  const { channel = old.channel } = to;
  if (channel !== old.channel && !meets(channel, old.needs))
    return { ok: false, reason: 'unmet_need' };
  // The same channel keeps its site, unless another site is chosen.
  const own = channel === old.channel ? (old.site ?? null) : null;
  const way: Way = { channel, site: to.site ?? own };
  const isThere = isSameWay(way, old) && to.start.equals(old.start);
  if (isThere && !isDisplaced(old)) return { ok: true, appointment: old };
  const result = await onCurrent(deps, office, (current) =>
    claimAndMove(deps, viewer, current, old, { ...to, ...way }),
  );
  switch (result.outcome) {
    case 'refused':
      return { ok: false, reason: result.reason };
    case 'moved':
      return { ok: true, appointment: (await read())! };
    case 'not_open':
    case 'not_found':
      return { ok: false, reason: result.outcome };
    default:
      return { ok: false, reason: 'slot_taken' };
  }
}

/** Moves on the office's present state. */
async function claimAndMove(
  deps: AppointmentsDeps,
  viewer: Viewer,
  office: Office,
  old: Appointment,
  { start, channel, site, hold }: MoveTo & Way,
) {
  const choice: Choice = { ...askOf(old), channel, site, start };
  const claimed = await claimOn(deps, office, choice, old.id, hold);
  if (claimed.outcome === 'refused') return claimed;
  const { claim, now } = claimed.on;
  if (claim.desks.length === 0) return { outcome: 'taken' as const };
  const way = { channel, site: claim.site ?? null };
  const moved = { ...old, ...way, start: claim.start, end: claim.end };
  const place = { start: claim.start.toString(), channel, ...(way.site && { site: way.site }) };
  const data = { to: place, leftDesk: old.desk };
  const by = viewer.kind === 'citizen' ? 'citizen' : 'office';
  const notices = noticesOfMove(moved, office, by, now);
  const actor = actorOf(viewer);
  const holdHash = hold ? hashSecret(hold) : null;
  const { pool } = deps.database;
  const outcome = await deps.unit.statement(
    office.id,
    () => moveAppointment(pool, claimed.on, old.id, way, actor, data, notices, holdHash),
    (each) => each === 'moved',
  );
  return { outcome };
}

async function cancel(unit: Unit, id: string, reason: string): Promise<ChangeResult> {
  const { tx, viewer, now } = unit;
  const old = await readForUpdate(tx, id);
  if (!old) return { ok: false, reason: 'not_found' };
  if (viewer.kind === 'citizen' ? !isOpen(old, now) : !mayBecome(old.status, 'cancelled'))
    return { ok: false, reason: 'not_open' };
  const by = viewer.kind === 'citizen' ? 'citizen' : 'office';
  const appointment = await cancelLocked(unit, old, by, reason);
  await unit.record('cancelled', aboutAppointment(old));
  return { ok: true, appointment };
}
