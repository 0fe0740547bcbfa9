import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { isDisplaced } from '../../booking/appointments/rules.ts';
import {
  cancelLocked,
  displaceLocked,
  lockAppointment,
} from '../../booking/appointments/service.ts';
import { readById } from '../../booking/appointments/views.ts';
import type { KeptTime } from '../../booking/wait-list/service.ts';
import { aboutAppointment, type Unit } from '../../foundation/audit/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { CoordinationDeps } from './deps.ts';
import { canBeGiven } from './reassigning.ts';
import { CHOOSE_HOURS } from './rules.ts';
import { readGivenUp } from './views.ts';

/** The result of taking an appointment's hour: the time that is kept for its citizen; not ok: it was left alone. */
export type DisplaceResult = { ok: true; kept: KeptTime | null } | { ok: false };

/** Why an appointment loses its hour. */
export interface Displacement {
  /** For its event. */
  data?: object;
  /** `uncalled`: its hour is over, and nobody has called. */
  notice?: 'displaced' | 'uncalled';
  /** Asked once the appointment is locked; false leaves it alone. */
  isStillSo?: (unit: Unit) => Promise<boolean>;
}

/**
 * Takes the hour of an appointment that nobody can attend, keeps another for its citizen and tells them, in one transaction;
 * left alone where it is no longer as `seen`. Should the process die before, a kept time that nobody was told of ends by
 * itself.
 */
export async function displace(
  { waitList, unit }: Pick<CoordinationDeps, 'waitList' | 'unit'>,
  viewer: Viewer,
  office: Office,
  seen: Appointment,
  how: Displacement = {},
): Promise<DisplaceResult> {
  const kept = await waitList.keepFor(office, seen);
  const result = await unit(viewer, office.id, (each) =>
    displaceIn(waitList, each, office, { seen, kept }, how),
  ).catch(async (error: unknown) => {
    if (kept) await waitList.giveUp(office, kept);
    throw error;
  });
  const isTold = result.ok && result.kept !== null;
  if (kept && !isTold) await waitList.giveUp(office, kept);
  return result;
}

async function displaceIn(
  waitList: CoordinationDeps['waitList'],
  unit: Unit,
  office: Office,
  { seen, kept }: { seen: Appointment; kept: KeptTime | null },
  { data = {}, notice = 'displaced', isStillSo = async () => true }: Displacement,
): Promise<DisplaceResult> {
  const old = await lockAppointment(unit.tx, seen.id);
  if (!old || !canBeGiven(old) || old.desk !== seen.desk || !old.start.equals(seen.start))
    return { ok: false };
  if (!(await isStillSo(unit))) return { ok: false };
  const appointment = await displaceLocked(unit, old, data);
  const { waiting, isOffered } = await waitList.enterDisplaced(unit, office, appointment, kept);
  const time = isOffered ? kept : null;
  const offer = time && { start: time.start.toString(), expiresAt: time.expiresAt.toString() };
  const told = noticesOwed(notice, appointment, unit.now, {
    by: 'office',
    ...(offer && { offer }),
  });
  await oweNotices(unit, { office: office.id, appointment: old.id, waiting }, told);
  await unit.record('displaced', aboutAppointment(old, data));
  return { ok: true, kept: time };
}

/** Gives each its own hour again, at any desk. Who has chosen another hour meanwhile keeps that one. */
export async function giveBack(
  { appointments, clock, database }: Pick<CoordinationDeps, 'appointments' | 'clock' | 'database'>,
  viewer: StaffViewer,
  office: Office,
  lost: readonly Appointment[],
): Promise<number> {
  let given = 0;
  for (const { id, start } of lost.filter(isDisplaced)) {
    if (Temporal.Instant.compare(start, clock.now()) <= 0) continue;
    const current = await within(database.kysely, office.id, (tx) => readById(tx, id));
    if (!current || !isDisplaced(current)) continue;
    const moved = await appointments.move(viewer, office, id, { start });
    if (moved.ok && moved.appointment.start.equals(start)) given++;
  }
  return given;
}

const GIVEN_UP = { kind: 'system', why: 'no other hour was chosen' } as const;

/**
 * Cancels the appointments of who chose no other hour: when their own is over, they have known for some hours, and no time
 * is kept for them. They are told, with a link to book again. Answers how many.
 */
export async function endGivenUp({
  clock,
  database,
  unit,
}: Pick<CoordinationDeps, 'clock' | 'database' | 'unit'>): Promise<number> {
  const now = clock.now();
  const told = now.subtract({ hours: CHOOSE_HOURS });
  let ended = 0;
  for (const { id, office } of await readGivenUp(database.kysely, now, told))
    if (await unit(GIVEN_UP, office, (each) => endOne(each, id))) ended++;
  return ended;
}

async function endOne(unit: Unit, id: string): Promise<boolean> {
  const old = await lockAppointment(unit.tx, id);
  if (!old || !isDisplaced(old) || Temporal.Instant.compare(old.start, unit.now) > 0) return false;
  await cancelLocked(unit, old, 'office', '');
  await unit.record('cancelled', aboutAppointment(old));
  return true;
}
