import type { Appointment, Choice, Repetition } from '../../../domain/appointment.ts';
import { meets } from '../../../domain/needs.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import { type Db, waitsForStandby, within } from '../../../lib/db/database.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import type { NoticeDraft } from '../../foundation/notices/types.ts';
import type { AskRefusal } from '../slots/service.ts';
import { type AppointmentsDeps, claimOn, onCurrent } from './claiming.ts';
import { hashContent, type Noticed, newAppointment } from './request.ts';
import { bookAppointment, type ClaimOn } from './store.ts';
import { noticesOfBooking } from './telling.ts';
import { readRepeated } from './views.ts';

export type BookResult =
  | { ok: true; appointment: Appointment; secret: string; created: boolean }
  | { ok: false; reason: 'slot_taken' | AskRefusal }
  /** The channel can't meet a need, such as writing by telephone. */
  | { ok: false; reason: 'unmet_need' }
  /** A citizen whose e-mail address or telephone has the maximum of future appointments per person. */
  | { ok: false; reason: 'too_many' }
  /** The key was used before with other data, for this appointment. */
  | { ok: false; reason: 'idempotency_conflict'; appointment: Appointment };

export interface Booking {
  /**
   * Books, and records the actor. `follows`: id of the earlier appointment of this office that it continues; the caller has found
   * it.
   */
  book(
    viewer: Viewer | { kind: 'citizen' },
    office: Office,
    request: Choice & Details & Noticed,
    repetition?: Repetition,
    follows?: string | null,
  ): Promise<BookResult>;
}

/** The dependencies of links. */
export interface Links {
  /** The secret of an appointment's link. */
  secretOf(of: Pick<Appointment, 'id' | 'link'>): string;
  /** An id for a new appointment, which names the key of its link. */
  newId(): string;
}

export function createBooking(deps: AppointmentsDeps, links: Links): Booking {
  const { kysely: db } = deps.database;

  return {
    async book(viewer, office, request, repetition = {}, follows = null) {
      if (!meets(request.channel, request.needs)) return { ok: false, reason: 'unmet_need' };
      const contentHash = hashContent(request, repetition);
      const asked = { office, request, repetition, contentHash };
      const result = await onCurrent(deps, office, (current) =>
        claimAndBook(deps, links, { ...asked, office: current }, viewer, follows),
      );
      if (result.outcome !== 'booked') {
        const earlier = await bookedBefore(db, links, asked);
        return earlier ?? { ok: false, reason: reasonOf(result) };
      }
      const appointment = { ...result.appointment, desk: result.desk };
      return { ok: true, appointment, secret: links.secretOf(appointment), created: true };
    },
  };
}

export interface Asked {
  office: Office;
  request: Choice & Details & Noticed;
  repetition: Repetition;
  contentHash: Buffer;
}

/** Books on the office's present state. */
async function claimAndBook(
  deps: AppointmentsDeps,
  links: Links,
  asked: Asked,
  viewer: Viewer | { kind: 'citizen' },
  follows: string | null,
) {
  const { office, request, repetition } = asked;
  const claimed = await claimOn(deps, office, request, undefined, repetition.hold);
  if (claimed.outcome === 'refused') return claimed;
  if (claimed.on.claim.desks.length === 0) return { outcome: 'not_offered' as const };
  return bookOn(deps, links, asked, {
    on: claimed.on,
    actor: viewer.kind === 'citizen' ? 'citizen' : actorOf(viewer),
    most: viewer.kind === 'citizen' ? office.settings.booking.openPerPerson : null,
    follows,
    noticesOf: noticesOfBooking,
  });
}

/** Books a claim of the database in one statement. */
export async function bookOn(
  deps: Pick<AppointmentsDeps, 'database' | 'unit'>,
  links: Links,
  { office, request, repetition, contentHash }: Asked,
  how: {
    on: ClaimOn;
    actor: string;
    /** Maximum future appointments of the person; null: no maximum. */
    most: number | null;
    follows: string | null;
    /** For the event and the audit record. */
    data?: Record<string, unknown>;
    /** Whether no desk serves it at its hour yet. */
    isDisplaced?: boolean;
    noticesOf(appointment: Appointment, office: Office, now: Temporal.Instant): NoticeDraft[];
  },
) {
  const { on, actor, most, follows, data, isDisplaced = false } = how;
  const made = { ...links, contentHash, claimed: on, isDisplaced };
  const wanted = newAppointment(office, request, repetition, made);
  const { procedure } = request;
  const appointment: Appointment = { ...wanted.known, procedure, desk: 0, status: 'booked' };
  const notices = how.noticesOf(appointment, office, on.now);
  const hold = repetition.hold ? hashSecret(repetition.hold) : null;
  const { pool } = deps.database;
  const booked = await deps.unit.statement(
    office.id,
    () => bookAppointment(pool, on, wanted, hold, actor, notices, most, follows, data),
    ({ outcome }) => outcome === 'booked',
  );
  return { ...booked, appointment };
}

/** Returns the result of an earlier request with this key, regardless of the present offer. */
export async function bookedBefore(
  db: Db,
  links: Links,
  { office, repetition, contentHash }: Asked,
): Promise<BookResult | null> {
  const earlier = await within(db, office.id, async (tx) => {
    const found = await readRepeated(tx, office.id, repetition);
    // The first request may have been left without an answer, since no standby confirmed it.
    if (found) await waitsForStandby(tx);
    return found;
  });
  if (!earlier) return null;
  const { appointment } = earlier;
  if (!earlier.contentHash?.equals(contentHash))
    return { ok: false, reason: 'idempotency_conflict', appointment };
  return { ok: true, appointment, secret: links.secretOf(appointment), created: false };
}

type Refused =
  | { outcome: 'refused'; reason: AskRefusal }
  | { outcome: 'again' | 'taken' | 'stale' | 'not_offered' | 'too_many' };

function reasonOf(result: Refused): AskRefusal | 'slot_taken' | 'too_many' {
  if (result.outcome === 'refused') return result.reason;
  return result.outcome === 'too_many' ? 'too_many' : 'slot_taken';
}
