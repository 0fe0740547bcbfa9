import type { Clock } from '../../lib/clock.ts';
import { type Db, type Tx, within } from '../../lib/db/database.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { isUuid } from '../../lib/uuid.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import type {
  Appointments,
  BookResult,
  ChangeResult,
  MoveResult,
} from '../appointments/service.ts';
import type { Appointment, Channel, Choice, Citizen, Details } from '../appointments/types.ts';
import { readById } from '../appointments/views.ts';
import { mayAttend, mayUseDesk } from '../attention/rules.ts';
import { record } from '../audit/service.ts';
import type { Body } from '../bodies/types.ts';
import { MOST_FOUND, readSearch } from './rules.ts';
import { insertFollowUp } from './store.ts';
import type { Printed, SearchResult } from './types.ts';
import { findAppointments } from './views.ts';

/**
 * What those who attend do for a citizen who telephones or stands before them: find, book, move, mend an address, hand over
 * a page. It reaches the whole body, since who rings back rings anybody; the audit trail tells what was another desk's.
 */
export interface Desk {
  /** By name, telephone, e-mail or reference, as typed. The trail keeps how many were found, never the words. */
  search(viewer: StaffViewer, body: Body, typed: string): Promise<SearchResult>;
  /** The appointment that a new one is to be like, or null. */
  like(viewer: StaffViewer, body: Body, id: string): Promise<Appointment | null>;
  /** `key`: of the form; sent twice it books once. `follows`: the appointment that it goes on from. */
  book(
    viewer: StaffViewer,
    body: Body,
    request: Choice & Details & { noticeLanguage: Language },
    key: string,
    follows?: string | null,
  ): Promise<BookResult | { ok: false; reason: 'not_allowed' }>;
  move(
    viewer: StaffViewer,
    body: Body,
    id: string,
    to: { start: Temporal.Instant; channel: Channel },
  ): Promise<MoveResult>;
  changeContact(
    viewer: StaffViewer,
    body: Body,
    id: string,
    citizen: Citizen,
  ): Promise<ChangeResult<'too_many'>>;
  /** How an appointment of theirs is attended, or null: there is none such. */
  channelOf(viewer: StaffViewer, body: Body, id: string): Promise<Channel | null>;
  /** The page that the citizen takes with them, or null. */
  print(viewer: StaffViewer, body: Body, id: string): Promise<Printed | null>;
}

export interface DeskDeps {
  db: Db;
  clock: Clock;
  appointments: Appointments;
}

export function createDesk({ db, clock, appointments }: DeskDeps): Desk {
  const note = (tx: Tx, viewer: StaffViewer, action: string, of: Appointment, data = {}) => {
    const { id: appointment, agent: desk, body } = of;
    const now = clock.now();
    return record(tx, { viewer, body, appointment, action, now, data: { desk, ...data } });
  };

  /** An appointment that this viewer may attend; with an action, that they saw it is recorded. */
  const theirs = (
    viewer: StaffViewer,
    body: Body,
    id: string,
    action?: string,
  ): Promise<Appointment | null> =>
    isUuid(id) && body.id === viewer.body
      ? within(db, viewer.body, async (tx) => {
          const found = await readById(tx, id);
          if (!found || !mayAttend(viewer, found)) return null;
          if (action) await note(tx, viewer, action, found);
          return found;
        })
      : Promise.resolve(null);

  /** The desk on the trail is that at which it stood before. */
  const done = (viewer: StaffViewer, action: string, of: Appointment) =>
    within(db, viewer.body, (tx) => note(tx, viewer, action, of));

  return {
    async search(viewer, body, typed) {
      if (!mayUseDesk(viewer) || viewer.body !== body.id)
        return { ok: false, reason: 'not_allowed' };
      const sought = readSearch(typed, body.settings.country);
      if (!sought) return { ok: false, reason: 'too_short' };
      return within(db, viewer.body, async (tx) => {
        const all = await findAppointments(tx, body.id, sought, MOST_FOUND + 1);
        const found = all.slice(0, MOST_FOUND);
        const data = { count: found.length };
        await record(tx, { viewer, body: body.id, action: 'searched', now: clock.now(), data });
        const exact = found.find((each) => each.reference === sought.reference)?.id ?? null;
        return { ok: true, found, more: all.length > MOST_FOUND, exact };
      });
    },

    like: (viewer, body, id) => theirs(viewer, body, id, 'copied'),

    async book(viewer, body, request, key, follows = null) {
      if (!mayUseDesk(viewer) || viewer.body !== body.id)
        return { ok: false, reason: 'not_allowed' };
      const repetition = { idempotencyKey: `${viewer.staff} ${key}` };
      const result = await appointments.book(viewer, body, request, repetition);
      if (!result.ok || !result.created) return result;
      const first = follows && (await theirs(viewer, body, follows));
      const { appointment } = result;
      await within(db, viewer.body, async (tx) => {
        await note(tx, viewer, 'booked', appointment, first ? { follows: first.id } : {});
        if (first) await insertFollowUp(tx, appointment, first.id);
      });
      return result;
    },

    async move(viewer, body, id, to) {
      const old = await theirs(viewer, body, id);
      if (!old) return { ok: false, reason: 'not_found' };
      const result = await appointments.move(viewer, body, id, to);
      // Who asks for the very time that it has has changed nothing.
      const isOther =
        result.ok &&
        !(result.appointment.start.equals(old.start) && result.appointment.channel === old.channel);
      if (isOther) await done(viewer, 'moved', old);
      return result;
    },

    async changeContact(viewer, body, id, citizen) {
      const old = await theirs(viewer, body, id);
      if (!old) return { ok: false, reason: 'not_found' };
      const result = await appointments.changeContact(viewer, body, id, citizen);
      if (result.ok) await done(viewer, 'contact_changed', old);
      return result;
    },

    channelOf: async (viewer, body, id) => (await theirs(viewer, body, id))?.channel ?? null,

    async print(viewer, body, id) {
      const appointment = await theirs(viewer, body, id, 'printed');
      return appointment && { appointment, address: appointments.manageUrl(appointment) };
    },
  };
}
