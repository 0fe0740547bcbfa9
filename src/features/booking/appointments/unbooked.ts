import type { Appointment, Ask } from '../../../domain/appointment.ts';
import { busyUntil } from '../../../domain/occupancy.ts';
import { bookedBundle, minutesOn } from '../../../domain/office/bundle.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { actorOf, type StaffViewer } from '../../../lib/viewer.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { type Asked, bookedBefore, bookOn, type Links } from './booking.ts';
import { type AppointmentsDeps, onCurrent } from './claiming.ts';
import { hashContent, type Noticed } from './request.ts';
import type { ClaimOn } from './store.ts';

/** Minutes of somebody who is served now for a procedure that is not booked by that channel. */
const USUAL_MINUTES = 15;

/** Stands for the hour in what two requests are compared by. */
const NO_HOUR = Temporal.Instant.fromEpochMilliseconds(0);

export type BookUnbookedResult =
  | { ok: true; appointment: Appointment }
  | { ok: false; reason: 'no_desk' | 'unknown_procedure' }
  | { ok: false; reason: 'repeated'; appointment: Appointment };

/** Appointments of people who are at the counter or on the telephone already. */
export interface BookUnbooked {
  /**
   * Books an appointment that begins now at the viewer's desk, whatever is offered and however busy the desk is. It takes the desk's time
   * where nobody else has it. The citizen gets the link of it. `key`: of the form; sent twice it books once, and not at all where
   * anything else was entered: `repeated`, with what stands.
   */
  bookUnbooked(
    viewer: StaffViewer,
    office: Office,
    request: Ask & Details & Noticed,
    key: string,
  ): Promise<BookUnbookedResult>;
}

export function createBookUnbooked(deps: AppointmentsDeps, links: Links): BookUnbooked {
  return {
    async bookUnbooked(viewer, office, request, key) {
      const { desk } = viewer;
      if (desk === null) return { ok: false, reason: 'no_desk' };
      if (!office.procedure(request.procedure)) return { ok: false, reason: 'unknown_procedure' };
      const now = deps.clock.now();
      const start = now.round({ smallestUnit: 'minute', roundingMode: 'floor' });
      const repetition = { idempotencyKey: key };
      const asked: Asked = {
        ...{ office, repetition, request: { ...request, start } },
        // The same form is the same a minute later.
        contentHash: hashContent({ ...request, start: NO_HOUR }, repetition),
      };
      const book = (isTimed: boolean) =>
        onCurrent(deps, office, (current) =>
          bookOn(
            deps,
            links,
            { ...asked, office: current },
            {
              on: claimOf(current, asked.request, { desk, now, isTimed }),
              actor: actorOf(viewer),
              ...{ most: null, follows: null },
              noticesOf: (appointment) => noticesOwed('link', appointment, now),
            },
          ),
        );
      const timed = await book(true);
      const booked = timed.outcome === 'taken' ? await book(false) : timed;
      if (booked.outcome === 'booked')
        return { ok: true, appointment: { ...booked.appointment, desk } };
      const again = await bookedBefore(deps.database.kysely, links, asked);
      if (!again || !('appointment' in again))
        throw new Error(`Nobody could be served now: ${booked.outcome}`);
      const { appointment } = again;
      return again.ok ? { ok: true, appointment } : { ok: false, reason: 'repeated', appointment };
    },
  };
}

/** Returns the claim of time from now on at a desk. `isTimed` false: of none, since it is another's. */
function claimOf(
  { id, revision, timeZone, ...office }: Office,
  request: Asked['request'],
  { desk, now, isTimed }: { desk: number; now: Temporal.Instant; isTimed: boolean },
): ClaimOn {
  const { start, channel, site } = request;
  const bundle = bookedBundle(office, request);
  const duration = (bundle && minutesOn(bundle, channel)) ?? USUAL_MINUTES;
  const end = start.add({ minutes: duration });
  const midnight = start.toZonedDateTimeISO(timeZone).startOfDay();
  const day = { start: midnight.toInstant(), end: midnight.add({ days: 1 }).toInstant() };
  const until = isTimed ? busyUntil(office.settings.slots, { channel, duration }, end) : null;
  const claim = { desks: [desk], start, end, busyUntil: until, day, site: site ?? null };
  return { office: id, revision, claim, now };
}
