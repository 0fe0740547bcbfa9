import type { Appointment, AppointmentEvent } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { type Booking, createBooking } from './booking.ts';
import { type Bringing, createBringing } from './bringing.ts';
import { type Changing, createChanging } from './changing.ts';
import type { AppointmentsDeps } from './claiming.ts';
import { type ContactChanging, createContactChanging } from './contact.ts';
import { createHolding, type Holding } from './holding.ts';
import { createGiving, type Giving, linkSecret } from './link.ts';
import { createReassigning, type Reassigning } from './reassigning.ts';
import { sweepHolds } from './store.ts';
import { type BookUnbooked, createBookUnbooked } from './unbooked.ts';
import { type AppointmentSearch, readById, readEvents, searchAppointments } from './views.ts';

/**
 * Appointments: a time is held (`holding.ts`), booked (`booking.ts`), and may change (`changing.ts`), or only its desk does
 * (`reassigning.ts`). Another system is given the citizen's link (`link.ts`).
 */
export interface Appointments
  extends Holding,
    Booking,
    BookUnbooked,
    Bringing,
    Changing,
    ContactChanging,
    Reassigning,
    Giving {
  /** Returns the appointment of a citizen's link. */
  bySecret(secret: string): Promise<Appointment | null>;
  byId(office: Office, id: string): Promise<Appointment | null>;
  search(search: AppointmentSearch): Promise<Appointment[]>;
  events(appointment: Appointment): Promise<AppointmentEvent[]>;
  /** Returns the secret of an appointment's link. It derives from the key of links that the id names, so it is the same each time. */
  secretOf(of: Linked): string;
  /** The address in the notices, in the citizen's language. */
  manageUrl(appointment: Linked & Pick<Appointment, 'noticeLanguage'>): string;
  /** A short address with the same secret, for SMS, which leads to the same page. */
  shortManageUrl(of: Linked): string;
  /** Deletes expired holds. */
  sweep(): Promise<number>;
}

export function createAppointments(deps: AppointmentsDeps): Appointments {
  const { clock, key, baseUrl } = deps;
  const { kysely: db } = deps.database;
  const secretOf = (of: Linked) => linkSecret(key, of);
  const manageUrl = (appointment: Linked & Pick<Appointment, 'noticeLanguage'>) =>
    `${baseUrl}/${appointment.noticeLanguage}/appointment/${secretOf(appointment)}`;

  const links = { secretOf, newId: () => key.newId() };

  return {
    ...createHolding(deps),
    ...createBooking(deps, links),
    ...createBookUnbooked(deps, links),
    ...createBringing(deps, links),
    ...createChanging(deps),
    ...createContactChanging({ db, key, run: deps.unit }),
    ...createReassigning(deps),
    ...createGiving(deps.unit, manageUrl),
    bySecret: (secret) => readOpened(db, 'appointment', secret, readById),
    byId: (office, id) => within(db, office.id, (tx) => readById(tx, id)),
    search: (search) => within(db, search.office, (tx) => searchAppointments(tx, search)),
    events: (appointment) => within(db, appointment.office, (tx) => readEvents(tx, appointment.id)),
    secretOf,
    manageUrl,
    shortManageUrl: (of) => `${baseUrl}/s/${secretOf(of)}`,
    sweep: () => within(db, INSTALLATION, (tx) => sweepHolds(tx, clock.now())),
  };
}

type Linked = Pick<Appointment, 'id' | 'link'>;

export type { BookResult } from './booking.ts';
export type { BringResult } from './bringing.ts';
export type { ChangeResult, MoveResult, MoveTo } from './changing.ts';
export type { ContactResult } from './contact.ts';
export { displaceLocked } from './displacing.ts';
export { recordForgotten } from './forgetting/store.ts';
export { giveHoldBack, HOLD_MINUTES, type HoldHow } from './holding.ts';
export { type AuditedReads, createAuditedReads } from './reads.ts';
export type { ReassignResult } from './reassigning.ts';
export type { Noticed } from './request.ts';
export {
  cancelLocked,
  changeStatus,
  reclaimLocked,
  reopenLocked,
  type StatusChange,
} from './status.ts';
export { appendEvent } from './store.ts';
export type { BookUnbookedResult } from './unbooked.ts';
export { isAnyBooked, readForUpdate as lockAppointment } from './views.ts';
