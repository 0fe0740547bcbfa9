import type { Appointment, Choice } from '../../../domain/appointment.ts';
import { busyUntil } from '../../../domain/occupancy.ts';
import { bookedBundle, minutesOn } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { aboutAppointment } from '../../foundation/audit/service.ts';
import { bookOn, type Links } from './booking.ts';
import { type AppointmentsDeps, onCurrent } from './claiming.ts';
import { hashContent, type Noticed } from './request.ts';
import { changeStatus } from './status.ts';
import type { BookOutcome, ClaimOn } from './store.ts';
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

export interface Bringing {
  /**
   * Books an appointment at the hour that its citizen has, whether the office offers that hour or not. `taken`: the desk has another
   * one then; `there`: it was brought before. Without an hour of a desk it is displaced, and owes no reminders yet.
   */
  bring(viewer: Viewer, office: Office, brought: Brought): Promise<BringResult>;
  /** Cancels an appointment that was cancelled in the other tool, where its citizen was told. Returns whether it was booked. */
  withdraw(viewer: Viewer, office: Office, id: string, source: string): Promise<boolean>;
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

    withdraw: (viewer, office, id, source) =>
      deps.unit(viewer, office.id, async (unit) => {
        const old: Appointment | null = await readForUpdate(unit.tx, id);
        if (old?.status !== 'booked') return false;
        await changeStatus(unit, old, 'cancelled', { data: { from: source } });
        await unit.record('cancelled', aboutAppointment(old, { from: source }));
        return true;
      }),
  };
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
