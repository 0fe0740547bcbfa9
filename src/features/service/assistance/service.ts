import type { AddressKind } from '../../../domain/address.ts';
import type { Appointment, Choice } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Citizen, Details } from '../../../domain/person.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  type Appointments,
  type BookResult,
  type ContactResult,
  lockAppointment,
  type MoveResult,
} from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import { noteLinkGiven, type VouchResult, vouch } from '../../booking/proof/service.ts';
import { type RunUnit, record } from '../../foundation/audit/service.ts';
import { attends } from '../documents/rules.ts';
import { mayAssist, mayAttend } from '../encounter/rules.ts';
import type { IdentityCheck } from '../encounter/types.ts';
import { MOST_FOUND, readSearch } from './rules.ts';
import type { Printed, SearchResult } from './types.ts';
import { findAppointments } from './views.ts';

/**
 * What those who attend do for a citizen who telephones or stands before them: find, book, move, mend an address, hand over
 * a page. It reaches the whole office, since who rings back rings anybody; the audit trail tells what was another desk's.
 */
export interface Assistance {
  /** By name, telephone, e-mail or reference, as typed. The trail keeps how many were found, never the words. */
  search(viewer: StaffViewer, office: Office, typed: string): Promise<SearchResult>;
  /** The appointment that a new one is to be like, or null. */
  like(viewer: StaffViewer, office: Office, id: string): Promise<Appointment | null>;
  /** `key`: of the form; sent twice it books once. `follows`: the appointment that it goes on from. */
  book(
    viewer: StaffViewer,
    office: Office,
    request: Choice & Details & { noticeLanguage: Language },
    key: string,
    follows?: string | null,
  ): Promise<BookResult | { ok: false; reason: 'not_allowed' }>;
  move(
    viewer: StaffViewer,
    office: Office,
    id: string,
    to: { start: Temporal.Instant; channel: Channel; site?: string | null | undefined },
  ): Promise<MoveResult>;
  changeContact(
    viewer: StaffViewer,
    office: Office,
    id: string,
    citizen: Citizen,
  ): Promise<ContactResult>;
  /** How an appointment of theirs is attended, or null: there is none such. */
  channelOf(viewer: StaffViewer, office: Office, id: string): Promise<Channel | null>;
  /** The page that the citizen takes with them, or null. It is noted that they were given the link. */
  print(viewer: StaffViewer, office: Office, id: string): Promise<Printed | null>;
  /**
   * Says that an address that codes don't go to yet is the citizen's, whose identity was checked (`how`). For those who attend the
   * appointment, and not for whoever set the address.
   */
  vouch(
    viewer: StaffViewer,
    office: Office,
    id: string,
    of: { kind: AddressKind; how: IdentityCheck },
  ): Promise<VouchedResult>;
}

export type VouchedResult = VouchResult | { ok: false; reason: 'not_found' };

export interface AssistanceDeps {
  db: Db;
  clock: Clock;
  appointments: Appointments;
  unit: RunUnit;
}

export function createAssistance({ db, clock, appointments, unit }: AssistanceDeps): Assistance {
  /** An appointment that this viewer may attend; with an action, that they saw it is recorded, with the desk at which it stands. */
  const theirs = (
    viewer: StaffViewer,
    office: Office,
    id: string,
    action?: 'copied',
  ): Promise<Appointment | null> =>
    isUuid(id) && office.id === viewer.office
      ? within(db, viewer.office, async (tx) => {
          const found = await readById(tx, id);
          if (!found || !mayAttend(viewer, found)) return null;
          if (!action) return found;
          const data = { desk: found.desk };
          await record(tx, {
            viewer,
            office: office.id,
            appointment: id,
            action,
            now: clock.now(),
            data,
          });
          return found;
        })
      : Promise.resolve(null);

  return {
    async search(viewer, office, typed) {
      if (!mayAssist(viewer) || viewer.office !== office.id)
        return { ok: false, reason: 'not_allowed' };
      const sought = readSearch(typed, office.settings.country);
      if (!sought) return { ok: false, reason: 'too_short' };
      return within(db, viewer.office, async (tx) => {
        const all = await findAppointments(tx, office.id, sought, MOST_FOUND + 1);
        const found = all.slice(0, MOST_FOUND);
        const data = { count: found.length };
        await record(tx, { viewer, office: office.id, action: 'searched', now: clock.now(), data });
        const exact = found.find((each) => each.reference === sought.reference)?.id ?? null;
        return { ok: true, found, more: all.length > MOST_FOUND, exact };
      });
    },

    like: (viewer, office, id) => theirs(viewer, office, id, 'copied'),

    async book(viewer, office, request, key, follows = null) {
      if (!mayAssist(viewer) || viewer.office !== office.id)
        return { ok: false, reason: 'not_allowed' };
      const repetition = { idempotencyKey: `${viewer.staff} ${key}` };
      const first = follows && (await theirs(viewer, office, follows));
      return appointments.book(viewer, office, request, repetition, first ? first.id : null);
    },

    async move(viewer, office, id, to) {
      const old = await theirs(viewer, office, id);
      if (!old) return { ok: false, reason: 'not_found' };
      return appointments.move(viewer, office, id, to);
    },

    async changeContact(viewer, office, id, citizen) {
      const old = await theirs(viewer, office, id);
      if (!old) return { ok: false, reason: 'not_found' };
      return appointments.changeContact(viewer, office, id, citizen);
    },

    channelOf: async (viewer, office, id) => (await theirs(viewer, office, id))?.channel ?? null,

    async print(viewer, office, id) {
      if (!(await theirs(viewer, office, id))) return null;
      return unit(viewer, office.id, async (each) => {
        const appointment = await lockAppointment(each.tx, id);
        if (!appointment) return null;
        await noteLinkGiven(each, appointment);
        await each.record('printed', { appointment: id, data: { desk: appointment.desk } });
        return { appointment, address: appointments.manageUrl(appointment) };
      });
    },

    async vouch(viewer, office, id, { kind, how }) {
      if (!isUuid(id) || office.id !== viewer.office) return { ok: false, reason: 'not_found' };
      return unit(viewer, office.id, async (each): Promise<VouchedResult> => {
        const { tx } = each;
        const appointment = await lockAppointment(tx, id);
        const isTheirs = appointment && attends(viewer, appointment, await readEvents(tx, id));
        if (!isTheirs) return { ok: false, reason: 'not_found' };
        return vouch(each, { appointment: id, kind, how });
      });
    },
  };
}
