import type { AddressKind } from '../../../domain/address.ts';
import type { Appointment, Ask, Choice } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Citizen, Details } from '../../../domain/person.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  type Appointments,
  type BookResult,
  type BookUnbookedResult,
  type ContactResult,
  lockAppointment,
  type MoveResult,
  type MoveTo,
} from '../../booking/appointments/service.ts';
import { readById, readEvents } from '../../booking/appointments/views.ts';
import { noteLinkGiven, type VouchResult, vouch } from '../../booking/proof/service.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import { attends } from '../documents/rules.ts';
import { mayAssist, mayAttend } from '../encounter/rules.ts';
import type { IdentityCheck } from '../encounter/types.ts';
import { callerOf, MOST_FOUND, readSearch } from './rules.ts';
import type { Caller, Printed, SearchResult, Sought } from './types.ts';
import { findAppointments } from './views.ts';

/**
 * What those who attend do for a citizen who telephones or stands before them: find, book, move, mend an address, hand over
 * a page. It reaches the whole office, since who rings back rings anybody; the audit trail tells what was another desk's.
 */
export interface Assistance {
  /** By name, telephone, e-mail or reference, as typed. The trail keeps how many were found, never the words. */
  search(viewer: StaffViewer, office: Office, typed: string): Promise<SearchResult>;
  /** Who has a number (E.164), and what they have booked; null: not theirs to see. The trail keeps how many were found. */
  caller(viewer: StaffViewer, office: Office, phone: string): Promise<Caller | null>;
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
  /** Books somebody without an appointment, who is there or on the telephone: see `BookUnbooked`. `key`: as of `book`. */
  bookUnbooked(
    viewer: StaffViewer,
    office: Office,
    request: Ask & Details & { noticeLanguage: Language },
    key: string,
  ): Promise<BookUnbookedResult | { ok: false; reason: 'not_allowed' }>;
  move(viewer: StaffViewer, office: Office, id: string, to: MoveTo): Promise<MoveResult>;
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
  appointments: Appointments;
  unit: RunUnit;
}

const NOT_ALLOWED = { ok: false, reason: 'not_allowed' } as const;

export function createAssistance({ appointments, unit: run }: AssistanceDeps): Assistance {
  const isTheirOffice = (viewer: StaffViewer, office: Office) =>
    mayAssist(viewer) && viewer.office === office.id;

  return {
    search: async (viewer, office, typed) => {
      if (!isTheirOffice(viewer, office)) return NOT_ALLOWED;
      const sought = readSearch(typed, office.settings.country);
      if (!sought) return { ok: false, reason: 'too_short' };
      return run(viewer, office.id, (unit) => search(unit, sought));
    },

    caller: async (viewer, office, phone) =>
      isTheirOffice(viewer, office)
        ? run(viewer, office.id, (unit) => findCaller(unit, phone))
        : null,

    like: (viewer, office, id) =>
      run(viewer, viewer.office, async (unit) => {
        const found = await findTheirs(unit, office, id);
        if (found) await unit.record('copied', aboutAppointment(found));
        return found;
      }),

    async book(viewer, office, request, key, follows = null) {
      if (!isTheirOffice(viewer, office)) return NOT_ALLOWED;
      const repetition = { idempotencyKey: `${viewer.staff} ${key}` };
      const first = follows && (await theirs(run, viewer, office, follows));
      return appointments.book(viewer, office, request, repetition, first ? first.id : null);
    },

    async bookUnbooked(viewer, office, request, key) {
      if (!isTheirOffice(viewer, office)) return NOT_ALLOWED;
      return appointments.bookUnbooked(viewer, office, request, `${viewer.staff} ${key}`);
    },

    async move(viewer, office, id, to) {
      if (!(await theirs(run, viewer, office, id))) return { ok: false, reason: 'not_found' };
      return appointments.move(viewer, office, id, to);
    },

    async changeContact(viewer, office, id, citizen) {
      if (!(await theirs(run, viewer, office, id))) return { ok: false, reason: 'not_found' };
      return appointments.changeContact(viewer, office, id, citizen);
    },

    channelOf: async (viewer, office, id) =>
      (await theirs(run, viewer, office, id))?.channel ?? null,
    print: (viewer, office, id) =>
      run(viewer, viewer.office, async (unit) => {
        const appointment = await print(unit, office, id);
        return appointment && { appointment, address: appointments.manageUrl(appointment) };
      }),

    async vouch(viewer, office, id, of) {
      if (!isUuid(id) || office.id !== viewer.office) return { ok: false, reason: 'not_found' };
      return run(viewer, office.id, (unit) => vouchFor(unit, id, of));
    },
  };
}

/** Returns an appointment of the office that the viewer may attend, or null. */
async function findTheirs(
  { tx, viewer }: Unit<StaffViewer>,
  office: Office,
  id: string,
): Promise<Appointment | null> {
  if (!isUuid(id) || office.id !== viewer.office) return null;
  const found = await readById(tx, id);
  return found && mayAttend(viewer, found) ? found : null;
}

const theirs = (
  run: RunUnit,
  viewer: StaffViewer,
  office: Office,
  id: string,
): Promise<Appointment | null> =>
  run(viewer, viewer.office, (unit) => findTheirs(unit, office, id));

async function search(unit: Unit<StaffViewer>, sought: Sought): Promise<SearchResult> {
  const all = await findAppointments(unit.tx, unit.office, sought, MOST_FOUND + 1);
  const found = all.slice(0, MOST_FOUND);
  await unit.record('searched', { data: { count: found.length } });
  const exact = found.find((each) => each.reference === sought.reference)?.id ?? null;
  return { ok: true, found, more: all.length > MOST_FOUND, exact };
}

async function findCaller(unit: Unit<StaffViewer>, phone: string): Promise<Caller> {
  const number = { digits: phone.slice(1), whole: true };
  const sought = { name: null, phone: number, email: null, reference: null };
  const found = await findAppointments(unit.tx, unit.office, sought, MOST_FOUND);
  await unit.record('searched', { data: { count: found.length } });
  return callerOf(found);
}

/** Notes that the citizen was given the link. Returns the appointment, or null. */
async function print(
  unit: Unit<StaffViewer>,
  office: Office,
  id: string,
): Promise<Appointment | null> {
  if (!(await findTheirs(unit, office, id))) return null;
  const appointment = await lockAppointment(unit.tx, id);
  if (!appointment) return null;
  await noteLinkGiven(unit, appointment);
  await unit.record('printed', aboutAppointment(appointment));
  return appointment;
}

async function vouchFor(
  unit: Unit<StaffViewer>,
  id: string,
  { kind, how }: { kind: AddressKind; how: IdentityCheck },
): Promise<VouchedResult> {
  const { tx, viewer } = unit;
  const appointment = await lockAppointment(tx, id);
  const isTheirs = appointment && attends(viewer, appointment, await readEvents(tx, id));
  if (!isTheirs) return { ok: false, reason: 'not_found' };
  return vouch(unit, { appointment: id, kind, how });
}
