import type { Choice } from '../../../domain/appointment.ts';
import type { Details } from '../../../domain/person.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { testDatabase } from '../../../lib/db/testing.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { createOffering, createWaitList } from '../../booking/wait-list/service.ts';
import { type TestOfficeOptions, testOffice } from '../../foundation/offices/testing.ts';
import { createCoordination } from './service.ts';

export const MONDAY = '2026-11-30';
/** The instant of a wall-clock time of that Monday. */
export const at = (time: string): Temporal.Instant =>
  Temporal.Instant.from(`${MONDAY}T${time}:00+01:00`);

/** An office whose three desks work from nine to two, on a Monday before it opens. */
export async function coordinationWorld(options: TestOfficeOptions = {}) {
  const database = await testDatabase();
  const { kysely: db } = database;
  const clock = handClock(`${MONDAY}T07:00:00+01:00`);
  const made = testAppointments(database, clock);
  const deps = { database, clock, ...made };
  const waitList = createWaitList(deps);
  const coordination = createCoordination({ ...deps, waitList });
  const offering = createOffering(deps);
  const { staff } = await within(db, '*', async (tx) => ({
    staff: await tx
      .insertInto('staff')
      .values([
        { email: 'laia@example.cat', name: 'Laia' },
        { email: 'joan@example.cat', name: 'Joan' },
      ])
      .returning('id')
      .execute(),
  }));
  let nth = 0;

  /** An office of its own for a test. */
  const open = async (more: TestOfficeOptions = {}) => {
    const desks = { 'taula-1': {}, 'taula-2': {}, 'taula-3': {} };
    const id = await testOffice(db, { code: `oac-${++nth}`, desks, ...options, ...more });
    const office = await made.offices.byId(id);
    const desk = (code: string) => {
      const found = office.desks.find((each) => each.code === code);
      if (!found) throw new Error(`no desk ${code}`);
      return found.id;
    };
    const viewer = (role: StaffRole, code: string | null = null, who = 0): StaffViewer => ({
      kind: 'staff',
      staff: staff[who]!.id,
      name: 'Laia',
      office: id,
      role,
      desk: code === null ? null : desk(code),
    });
    const book = async (
      time: string,
      code: string,
      given: Partial<Choice & Details> & { day?: string } = {},
    ) => {
      const { day = MONDAY, ...more } = given;
      // Only this desk can take it, for as long as it takes to book.
      await within(db, id, async (tx) => {
        await tx.updateTable('desk').set({ skills: [] }).where('code', '<>', code).execute();
        await tx
          .updateTable('office')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .execute();
      });
      const current = await made.offices.byId(id);
      const result = await made.appointments.book({ kind: 'citizen' }, current, {
        procedure: 'volant-padro',
        channel: 'phone',
        language: 'ca',
        noticeLanguage: 'ca',
        start: Temporal.Instant.from(`${day}T${time}:00+01:00`),
        citizen: { name: `Rosa ${time}`, email: `r${++nth}@example.cat`, phone: '+34600000001' },
        onBehalfOf: null,
        needs: [],
        comment: '',
        ...more,
      });
      await within(db, id, async (tx) => {
        await tx.updateTable('desk').set({ skills: null }).execute();
        await tx
          .updateTable('office')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .execute();
      });
      if (!result.ok) throw new Error(`${time}: ${result.reason}`);
      return result.appointment;
    };
    const fresh = () => made.offices.byId(id);
    /** How an appointment stands: its desk, or that it has none. */
    const stands = async (appointment: string) => {
      const found = await made.appointments.byId(office, appointment);
      if (!found) return 'gone';
      if (found.status !== 'booked') return found.status;
      return found.displacedAt ? 'displaced' : (office.desk(found.desk)?.code ?? '?');
    };
    const notices = (appointment: string) =>
      within(db, id, (tx) =>
        tx
          .selectFrom('notice')
          .select(['kind', 'facts', 'dropped_at', 'not_before'])
          .where('appointment_id', '=', appointment)
          .orderBy('created_at')
          .execute(),
      );
    /** Kinds of what is still to be sent, without reminders. */
    const told = async (appointment: string) =>
      (await notices(appointment))
        .filter((each) => each.dropped_at === null && !/reminder|soon/.test(each.kind))
        .map((each) => each.kind);
    /** Every stretch of time promised twice, which there must never be; and appointments without time. */
    const wrongs = () =>
      within(db, id, async (tx) => {
        const times = await tx.selectFrom('desk_time').select(['id']).execute();
        const open = await tx
          .selectFrom('appointment')
          .select(['id', 'time_id', 'displaced_at', 'desk_id'])
          .where('status', '=', 'booked')
          .execute();
        const held = new Set(times.map((each) => each.id));
        return open.filter((each) =>
          each.displaced_at ? each.time_id !== null : !each.time_id || !held.has(each.time_id),
        );
      });
    const audit = () =>
      within(db, id, (tx) =>
        tx.selectFrom('audit').select(['action', 'data', 'actor']).orderBy('id').execute(),
      );
    return { id, office, desk, viewer, book, fresh, stands, notices, told, wrongs, audit };
  };

  return {
    ...deps,
    db,
    coordination,
    waitList,
    offering,
    open,
    close: () => database.close(),
  };
}

export type CoordinationWorld = Awaited<ReturnType<typeof coordinationWorld>>;
export type TestOffice = Awaited<ReturnType<CoordinationWorld['open']>>;
