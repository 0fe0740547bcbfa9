import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { isDisplaced } from '../../booking/appointments/rules.ts';
import {
  cancelLocked,
  displaceLocked,
  lockAppointment,
} from '../../booking/appointments/service.ts';
import type { KeptTime } from '../../booking/wait-list/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import { type CoordinationDeps, note, stampOf } from './deps.ts';
import { canBeGiven } from './reassigning.ts';
import { CHOOSE_HOURS } from './rules.ts';
import { readGivenUp } from './views.ts';

/** What became of an appointment whose hour was to be taken: the time that is kept for its citizen; or it was left alone. */
export type DisplaceResult = { ok: true; kept: KeptTime | null } | { ok: false };

/**
 * Takes the hour of an appointment that nobody can attend, keeps another for its citizen and tells them, in one transaction;
 * left alone where it is no longer as `seen`. Should the process die before, a kept time that nobody was told of ends by
 * itself.
 */
export async function displace(
  deps: CoordinationDeps,
  viewer: Viewer,
  office: Office,
  seen: Appointment,
  data: object = {},
): Promise<DisplaceResult> {
  const { waitList, clock, database, notify } = deps;
  const kept = await waitList.keepFor(office, seen);
  const work = within(database.kysely, office.id, async (tx): Promise<DisplaceResult> => {
    const now = clock.now();
    const old = await lockAppointment(tx, seen.id);
    if (!old || !canBeGiven(old) || old.desk !== seen.desk || !old.start.equals(seen.start))
      return { ok: false };
    const appointment = await displaceLocked(tx, old, { ...stampOf({ viewer, now }), data });
    const { waiting, isOffered } = await waitList.enterDisplaced(tx, office, appointment, kept);
    const time = isOffered ? kept : null;
    const offer = time && { start: time.start.toString(), expiresAt: time.expiresAt.toString() };
    const told = noticesOwed('displaced', appointment, now, {
      by: 'office',
      ...(offer && { offer }),
    });
    await oweNotices(tx, { office: office.id, appointment: old.id, waiting }, told, now);
    await note(tx, { viewer, now }, old, 'displaced', data);
    return { ok: true, kept: time };
  });
  const result = await work.catch(async (error: unknown) => {
    if (kept) await waitList.giveUp(office, kept);
    throw error;
  });
  const isTold = result.ok && result.kept !== null;
  if (kept && !isTold) await waitList.giveUp(office, kept);
  if (result.ok) notify(office.id);
  return result;
}

/**
 * Cancels the appointments of who chose no other hour: when their own is over, they have known for some hours, and no time
 * is kept for them. They are told, with a link to book again. Answers how many.
 */
export async function endGivenUp(deps: CoordinationDeps): Promise<number> {
  const { clock, database, notify } = deps;
  const { kysely: db } = database;
  const now = clock.now();
  const told = now.subtract({ hours: CHOOSE_HOURS });
  let ended = 0;
  for (const { id, office } of await readGivenUp(db, now, told)) {
    const viewer: Viewer = { kind: 'system', why: 'no other hour was chosen' };
    const isEnded = await within(db, office, async (tx) => {
      const old = await lockAppointment(tx, id);
      if (!old || !isDisplaced(old) || Temporal.Instant.compare(old.start, now) > 0) return false;
      await cancelLocked(tx, old, 'office', { ...stampOf({ viewer, now }), reason: '' });
      await note(tx, { viewer, now }, old, 'cancelled');
      return true;
    });
    if (!isEnded) continue;
    ended++;
    notify(office);
  }
  return ended;
}
