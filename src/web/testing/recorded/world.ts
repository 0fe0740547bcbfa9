import { readFile } from 'node:fs/promises';
import { vi } from 'vitest';
import type { Context } from '../../../context.ts';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { TownFile } from '../../../domain/office/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { peopleOf } from '../../../features/booking/administration/service.ts';
import { provedCitizen } from '../../../features/booking/proof/testing.ts';
import type { DemoAccess } from '../../../features/foundation/staff/types.ts';
import type { EncounterDraft } from '../../../features/service/encounter/types.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { CitizenViewer, StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { type Instance, openInstance } from '../instance.ts';

/** A Monday, before any shift. */
export const MONDAY = '2026-11-30T07:00:00+01:00';
export const MARTA = 'marta.soler@vilaclara.example';

/** One way of doing an action that the trail records. */
export interface Deed {
  /** Does it. With a broken trail it rejects, and changes nothing. */
  act(): Promise<unknown>;
  /** Does the same once more, where the first try uses up its input; by default `act` does. */
  again?: () => Promise<unknown>;
  /** Tables that may differ although nothing was done, and why. */
  besides?: { tables: readonly string[]; why: string };
  /** Returns the unchanged part of the tables that may differ. */
  as?: () => Promise<unknown>;
  /** The reason why the failure is silent; by default `act` must reject. */
  silent?: string;
}

/** Prepares everything for an action, and returns the action. */
export type Scenario = (world: World) => Promise<Deed | (() => Promise<unknown>)>;

/** Vilaclara as in production, with a clock that tests set. */
export interface World {
  house: Instance;
  context: Context;
  clock: ReturnType<typeof handClock>;
  /** Returns its present state. */
  office(): Promise<Office>;
  town: TownFile;
  access: DemoAccess[];
  /** Returns a member of the office's staff: at Marta's desk by default. */
  staff(role?: StaffRole, over?: Partial<StaffViewer>): StaffViewer;
  /** Returns a citizen whose code was typed in their browser. */
  citizen(of: Appointment): CitizenViewer;
  /** Books the next free time at Marta's desk, for the citizen of another appointment or for a new person. */
  book(channel?: Channel, like?: Appointment): Promise<Appointment>;
  /** Returns a free time for a call. */
  free(): Promise<Temporal.Instant>;
  /** Books a video call, waits until its hour and serves it as Marta, who checks the citizen's identity. */
  attend(channel?: Channel): Promise<Appointment>;
  /** Sets the clock to the start of an appointment. */
  until(start: Temporal.Instant): void;
  close(): Promise<void>;
}

/** The notes of an agent who saw the citizen's identity card. */
export const DRAFT: EncounterDraft = {
  items: [],
  identity: 'shown',
  identityNote: 'DNI',
  notes: '',
  wrapUp: null,
  points: [],
};

/** Opens the demo town on a Monday, with a clock that tests set. `mayJump`: by more than a day, and what is kept no longer is destroyed all the same. */
export async function openWorld({ mayJump = false } = {}): Promise<World> {
  const clock = handClock(MONDAY);
  const house = await openInstance(await readFile(DEMO_TOWN, 'utf8'), MONDAY, {
    ...(mayJump && { hand: { ...clock, isMovedByHand: true } }),
  });
  const { context, database } = house;
  // Their background work, every few seconds, would look like the effect of an action.
  context.room.close();
  context.presence.close();
  vi.spyOn(context.clock, 'now').mockImplementation(() => clock.now());
  const checked = checkTownFile(await readFile(DEMO_TOWN, 'utf8'));
  if (!checked.ok) throw new Error('The demo town has mistakes');
  const access = await context.staff.seedDemo(peopleOf(checked.town));
  const office = async () => (await context.offices.find('oac'))!;
  // Every appointment of the office goes to Marta's desk.
  await within(database.kysely, INSTALLATION, (tx) =>
    tx.updateTable('desk').set({ skills: [] }).where('code', '<>', 'taula-1').execute(),
  );
  const staff = await staffIn(house, await office());
  const { free, book } = bookingIn(context, clock, office);
  const until: World['until'] = (start) => clock.set(start.toString());
  return {
    house,
    context,
    clock,
    office,
    town: checked.town,
    access,
    staff,
    book,
    until,
    free: async () => (await free('phone')).at(-1)!,
    citizen: (of) => provedCitizen(of.id),
    attend: async (channel = 'video') => {
      const appointment = await book(channel);
      until(appointment.start);
      await beginEncounter(context, staff(), await office(), appointment.id);
      return appointment;
    },
    close: async () => {
      vi.restoreAllMocks();
      await house.close();
    },
  };
}

/** Marta at her desk, in any role. */
async function staffIn(house: Instance, office: Office): Promise<World['staff']> {
  const desk = office.desks.find((each) => each.code === 'taula-1')!.id;
  const marta = await staffOf(house, MARTA);
  return (role = 'agent', over = {}) => ({
    kind: 'staff',
    staff: marta,
    name: 'Marta',
    office: office.id,
    role,
    desk,
    ...over,
  });
}

/** Books for a new person each time, at the first free time. */
function bookingIn(context: World['context'], clock: World['clock'], office: World['office']) {
  let people = 0;
  const free = async (channel: Channel): Promise<Temporal.Instant[]> => {
    const oac = await office();
    const today = clock.now().toZonedDateTimeISO(oac.timeZone).toPlainDate();
    const from = today.add({ days: 1 }).toString();
    const to = today.add({ days: 20 }).toString();
    const choice = { procedure: 'volant-padro', channel, language: 'ca' } as const;
    const found = await context.slots.search(oac, choice, { from, to });
    if (!found.ok || found.slots.length === 0) throw new Error('No time is free');
    return found.slots.map((each) => each.start);
  };

  const book: World['book'] = async (channel = 'phone', like) => {
    const [start] = await free(channel);
    const choice = { procedure: 'volant-padro', channel, language: 'ca' } as const;
    people++;
    const phone = `+346${String(people).padStart(8, '0')}`;
    const citizen = { name: `Rosa ${people}`, email: `rosa${people}@example.cat`, phone };
    const booked = await context.appointments.book({ kind: 'citizen' }, await office(), {
      ...choice,
      start: start!,
      noticeLanguage: 'ca',
      onBehalfOf: null,
      needs: [],
      comment: '',
      citizen: like?.citizen ?? citizen,
    });
    if (!booked.ok) throw new Error(booked.reason);
    return booked.appointment;
  };
  return { free, book };
}

/** Begins the encounter of an appointment, in which the identity is checked. */
async function beginEncounter(
  { encounter }: World['context'],
  viewer: StaffViewer,
  office: Office,
  appointment: string,
): Promise<void> {
  await encounter.start(viewer, office, appointment, { anyway: true });
  const saved = await encounter.save(viewer, office, { appointment }, 1, DRAFT);
  if (!saved.ok) throw new Error(saved.reason);
}

/** Runs one statement in every office, with the rights of the tables' owner. */
export const run = ({ house }: World, statement: string): Promise<unknown> =>
  house.database.asOwner(statement);

/** Returns the id of a member of staff. */
export const staffOf = ({ database }: Instance, email: string): Promise<number> =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const row = tx.selectFrom('staff').select('id').where('email', '=', email);
    return (await row.executeTakeFirstOrThrow()).id;
  });
