import type { Appointment, Choice, Repetition } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import type { AskRefusal } from '../slots/service.ts';
import { type AppointmentsDeps, claimOn, onCurrent } from './claiming.ts';
import { hashContent, newAppointment } from './request.ts';
import { bookAppointment } from './store.ts';
import { noticesOfBooking } from './telling.ts';
import { readRepeated } from './views.ts';

export type BookResult =
  | { ok: true; appointment: Appointment; secret: string; created: boolean }
  | { ok: false; reason: 'slot_taken' | AskRefusal }
  /** A citizen whose e-mail address or telephone has as many appointments to come as the office lets one person have. */
  | { ok: false; reason: 'too_many' }
  /** The key was used before for something else: for this appointment. */
  | { ok: false; reason: 'idempotency_conflict'; appointment: Appointment };

export interface Booking {
  /**
   * Books, and records who booked. `follows`: id of the appointment of this office from which it goes on; the caller has found
   * it.
   */
  book(
    viewer: Viewer | { kind: 'citizen' },
    office: Office,
    request: Choice & Details & { noticeLanguage: Language },
    repetition?: Repetition,
    follows?: string | null,
  ): Promise<BookResult>;
}

export function createBooking(
  deps: AppointmentsDeps,
  links: {
    /** The secret of an appointment's link. */
    secretOf(of: Pick<Appointment, 'id' | 'link'>): string;
    /** An id for a new appointment, which names the key of its link. */
    newId(): string;
  },
): Booking {
  const { notify } = deps;
  const { secretOf } = links;
  const { kysely: db, pool } = deps.database;

  return {
    async book(viewer, office, request, repetition = {}, follows = null) {
      const contentHash = hashContent(request, repetition);
      /** What the same key made before, whatever is offered by now. */
      const repeated = async (): Promise<BookResult | null> => {
        const earlier = await within(db, office.id, (tx) =>
          readRepeated(tx, office.id, repetition),
        );
        if (!earlier) return null;
        const { appointment } = earlier;
        if (!earlier.contentHash?.equals(contentHash)) {
          return { ok: false, reason: 'idempotency_conflict', appointment };
        }
        return { ok: true, appointment, secret: secretOf(appointment), created: false };
      };
      const result = await onCurrent(deps, office, async (current) => {
        const claimed = await claimOn(deps, current, request, undefined, repetition.hold);
        if (claimed.outcome === 'refused') return claimed;
        if (claimed.on.claim.desks.length === 0) return { outcome: 'not_offered' as const };
        const made = { ...links, contentHash, claimed: claimed.on };
        const wanted = newAppointment(current, request, repetition, made);
        const { procedure } = request;
        const appointment: Appointment = { ...wanted.known, procedure, desk: 0, status: 'booked' };
        const notices = noticesOfBooking(appointment, current, claimed.on.now);
        const hold = repetition.hold ? hashSecret(repetition.hold) : null;
        const actor = viewer.kind === 'citizen' ? 'citizen' : actorOf(viewer);
        const most = viewer.kind === 'citizen' ? current.settings.booking.openPerPerson : null;
        const booked = await bookAppointment(
          pool,
          claimed.on,
          wanted,
          hold,
          actor,
          notices,
          most,
          follows,
        );
        return { ...booked, appointment };
      });
      if (result.outcome === 'booked') {
        notify(office.id);
        const appointment = { ...result.appointment, desk: result.desk };
        return { ok: true, appointment, secret: secretOf(appointment), created: true };
      }
      return (await repeated()) ?? { ok: false, reason: reasonOf(result) };
    },
  };
}

type Refused =
  | { outcome: 'refused'; reason: AskRefusal }
  | { outcome: 'again' | 'taken' | 'stale' | 'not_offered' | 'too_many' };

function reasonOf(result: Refused): AskRefusal | 'slot_taken' | 'too_many' {
  if (result.outcome === 'refused') return result.reason;
  return result.outcome === 'too_many' ? 'too_many' : 'slot_taken';
}
