import type { Appointment, Choice } from '../../../domain/appointment.ts';
import { busyUntil } from '../../../domain/occupancy.ts';
import { bookedBundle, minutesOn } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { aboutAppointment, type Unit } from '../../foundation/audit/service.ts';
import { dropPending, oweNotices } from '../../foundation/notices/service.ts';
import { bookOn, type Links } from './booking.ts';
import { type AppointmentsDeps, onCurrent } from './claiming.ts';
import { displaceLocked } from './displacing.ts';
import { hashContent, type Noticed } from './request.ts';
import { changeStatus, reclaimLocked, reopenLocked } from './status.ts';
import { appendEvent, type BookOutcome, type ClaimOn } from './store.ts';
import { noticesOfBooking } from './telling.ts';
import { readForUpdate } from './views.ts';

/** An appointment that a person has already, by another tool. */
export interface Brought {
  request: Choice & Details & Noticed;
  /** What it is recognised by when it comes again. */
  externalId: string;
  /** Id of its desk. */
  desk: number;
  /** Whether its desk has the hour for it; false: none has, and a person decides about it. */
  isTimed: boolean;
  /** What the other tool is called. */
  source: string;
  /** Whether the citizen gets the confirmation with the new link. They always get the reminders. */
  isConfirmed: boolean;
}

export type BringResult = 'booked' | 'there' | 'taken';
export type BringBackResult = 'booked' | 'displaced' | 'stands';

export interface Bringing {
  /**
   * Books an appointment at the hour that its citizen has, whether the office offers that hour or not. `taken`: the desk has another
   * one then; `there`: it was brought before. Without an hour of a desk it is displaced, and owes no reminders yet.
   */
  bring(viewer: Viewer, office: Office, brought: Brought): Promise<BringResult>;
  /**
   * Cancels an appointment that was cancelled in the other tool. Its citizen gets the notice of a cancellation, unless somebody says that the
   * other tool told them (`isTold`). Returns whether it was booked.
   */
  withdraw(
    viewer: Viewer,
    office: Office,
    id: string,
    by: { source: string; isTold: boolean },
  ): Promise<boolean>;
  /**
   * Books an appointment again that `withdraw` cancelled, at its desk, with a confirmation and its reminders. `displaced`: the desk has another
   * one then, and a person decides about it; `stands`: it is cancelled no longer.
   */
  bringBack(viewer: Viewer, office: Office, id: string, source: string): Promise<BringBackResult>;
}

export function createBringing(deps: AppointmentsDeps, links: Links): Bringing {
  return {
    async bring(viewer, office, { request, externalId, desk, isTimed, source, isConfirmed }) {
      const repetition = { externalId };
      const contentHash = hashContent(request, repetition);
      const { outcome } = await onCurrent<BookOutcome>(deps, office, async (current) => {
        const now = deps.clock.now();
        const on = claimOf(current, request, { desk, isTimed, now });
        if (!on) return { outcome: 'taken' };
        const asked = { office: current, request, repetition, contentHash };
        return bookOn(deps, links, asked, {
          on,
          actor: actorOf(viewer),
          ...{ most: null, follows: null, data: { from: source }, isDisplaced: !isTimed },
          noticesOf: (appointment) => {
            const owed = isTimed ? noticesOfBooking(appointment, current, now) : [];
            return owed.filter(({ kind }) => isConfirmed || kind !== 'confirmation');
          },
        });
      });
      if (outcome === 'booked') return 'booked';
      return outcome === 'again' ? 'there' : 'taken';
    },

    withdraw: (viewer, office, id, { source, isTold }) =>
      deps.unit(viewer, office.id, async (unit) => {
        const old: Appointment | null = await readForUpdate(unit.tx, id);
        if (old?.status !== 'booked') return false;
        const notice = { kind: 'cancellation', by: 'office' } as const;
        await changeStatus(unit, old, 'cancelled', {
          data: { from: source },
          ...(!isTold && { notice }),
        });
        await unit.record('cancelled', aboutAppointment(old, { from: source }));
        return true;
      }),

    bringBack: (viewer, office, id, source) =>
      deps.unit(viewer, office.id, (unit) => bookAgain(unit, office, id, source)),
  };
}

async function bookAgain(
  unit: Unit,
  office: Office,
  id: string,
  source: string,
): Promise<BringBackResult> {
  const old = await readForUpdate(unit.tx, id);
  if (old?.status !== 'cancelled') return 'stands';
  const isTimed = await reclaimLocked(unit, old, office.settings.slots);
  // Who was not told of the cancellation yet never is.
  await dropPending(unit, id, ['cancellation']);
  const again = await reopenLocked(unit, old, unit.now);
  await appendEvent(unit, { appointment: again, kind: 'booked', data: { from: source } });
  await unit.record('booked', aboutAppointment(again, { from: source }));
  if (!isTimed) {
    await displaceLocked(unit, again, { from: source });
    return 'displaced';
  }
  const owed = noticesOfBooking(again, office, unit.now);
  await oweNotices(unit, { office: office.id, appointment: id }, owed);
  return 'booked';
}

/** Returns the claim of one desk at the hour; null: the desk or the procedure is gone. */
function claimOf(
  office: Office,
  request: Choice,
  { desk, isTimed, now }: { desk: number; isTimed: boolean; now: Temporal.Instant },
): ClaimOn | null {
  const { start, channel } = request;
  const bundle = bookedBundle(office, request);
  const duration = bundle && minutesOn(bundle, channel);
  if (!duration || !office.desks.some((each) => each.id === desk)) return null;
  const end = start.add({ minutes: duration });
  const midnight = start.toZonedDateTimeISO(office.timeZone).startOfDay();
  const day = { start: midnight.toInstant(), end: midnight.add({ days: 1 }).toInstant() };
  const until = isTimed ? busyUntil(office.settings.slots, { channel, duration }, end) : null;
  const claim = { desks: [desk], start, end, busyUntil: until, day, site: request.site ?? null };
  return { office: office.id, revision: office.revision, claim, now };
}
