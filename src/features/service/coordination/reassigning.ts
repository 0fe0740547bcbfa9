import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { isDisplaced } from '../../booking/appointments/rules.ts';
import type { ReassignResult } from '../../booking/appointments/service.ts';
import { readById } from '../../booking/appointments/views.ts';
import { minuteAtOrAfter } from '../../booking/slots/rules.ts';
import { minutesBetween } from '../encounter/rules.ts';
import { type CoordinationDeps, deskStates } from './deps.ts';
import { readDesksNow } from './desks-now.ts';
import {
  claimOf,
  compareOutlooks,
  hasCome,
  ineligibilityFor,
  mayCoordinate,
  mayOverrule,
  rotaDesks,
  toPlace,
  unfitFor,
} from './rules.ts';
import type { DeskChoice, Ineligibility, Outlook, ToPlace } from './types.ts';

export interface DeskChoices {
  appointment: Appointment;
  /** The recommended one first; empty where it can be given to none, since it has begun or has no hour. */
  desks: DeskChoice[];
}

/** The choice of a desk, with the data that the page showed. */
export interface ChosenDesk {
  desk: number;
  seen: { desk: number; start: Temporal.Instant };
  /** Though the rota says that it doesn't work then, or can't do this. */
  override: boolean;
}

export type GiveResult = ReassignResult | { ok: false; reason: 'needs_override' };

export interface Reassigning {
  /** The desks to which an appointment may be given, and why not to the others; null: there is no such appointment. */
  desksFor(viewer: StaffViewer, office: Office, id: string): Promise<DeskChoices | null>;
  /** Gives it to a desk at its hour. The constraint on agents' time decides; its citizen isn't told. */
  reassign(viewer: StaffViewer, office: Office, id: string, to: ChosenDesk): Promise<GiveResult>;
}

/** Further away than this, what an agent is at now doesn't count for an appointment. */
const NEAR_MINUTES = 60;

export const canBeGiven = (appointment: Appointment): boolean =>
  (appointment.status === 'booked' || appointment.status === 'arrived') &&
  !isDisplaced(appointment);

export function createReassigning(deps: CoordinationDeps): Reassigning {
  const { clock } = deps;
  const { kysely: db } = deps.database;
  const find = (viewer: StaffViewer, office: Office, id: string): Promise<Appointment | null> =>
    mayCoordinate(viewer) && viewer.office === office.id && isUuid(id)
      ? within(db, office.id, (tx) => readById(tx, id))
      : Promise.resolve(null);

  return {
    async desksFor(viewer, office, id) {
      const appointment = await find(viewer, office, id);
      if (!appointment) return null;
      if (!canBeGiven(appointment)) return { appointment, desks: [] };
      const now = clock.now();
      const wanted = toPlace(appointment, office, now);
      const day = Temporal.PlainDate.from(wanted.day);
      const states = new Map(
        (await deskStates(deps, office, day, day)).map((each) => [each.id, each]),
      );
      const isNear = minutesBetween(now, appointment.start) <= NEAR_MINUTES;
      const outlooks = isNear ? await outlooksIn(deps, office) : null;
      const desks = office.desks.flatMap((desk): DeskChoice[] => {
        const state = states.get(desk.id);
        if (!state) return [];
        const outlook = outlooks?.get(desk.id) ?? null;
        const ineligibility =
          outlook && hasCome(appointment.start, now)
            ? ineligibilityNow(state, wanted, outlook)
            : ineligibilityFor(state, wanted);
        return [{ desk, ineligibility, minutes: state.minutes.get(wanted.day) ?? 0, outlook }];
      });
      return { appointment, desks: inOrder(desks, wanted.to - wanted.from) };
    },

    async reassign(viewer, office, id, { desk, seen, override }) {
      const appointment = await find(viewer, office, id);
      if (!appointment) return { ok: false, reason: 'not_found' };
      if (!canBeGiven(appointment)) return { ok: false, reason: 'not_open' };
      if (hasCome(appointment.start, clock.now()))
        return reassignNow(deps, viewer, office, appointment, { desk, seen, override });
      const why = ineligibilityIn(office, appointment, desk, clock.now());
      if (why && mayOverrule(why) && !override) return { ok: false, reason: 'needs_override' };
      const isAllowed = (current: Office) => {
        const now = ineligibilityIn(current, appointment, desk, clock.now());
        return now === null || (override && mayOverrule(now));
      };
      return give(deps, viewer, office, appointment, { seen, desks: [desk], isAllowed });
    },
  };
}

const outlooksIn = async (
  { database, clock }: CoordinationDeps,
  office: Office,
): Promise<ReadonlyMap<number, Outlook>> =>
  (await within(database.kysely, office.id, (tx) => readDesksNow(tx, office, clock.now())))
    .outlooks;

/** Why a desk can't take an appointment whose hour has come: what it can't serve, or that nobody is there; null: it can. */
function ineligibilityNow(
  desk: Parameters<typeof unfitFor>[0] & { id: number },
  wanted: ToPlace,
  outlook: Outlook | null,
): Ineligibility | null {
  if (desk.id === wanted.desk) return 'here';
  return unfitFor(desk, wanted) ?? (outlook?.freeAt ? null : 'absent');
}

/** The desks that can take it first, and of these the one that is free soonest; the others in the order of the office. */
const inOrder = (desks: readonly DeskChoice[], minutes: number): DeskChoice[] =>
  desks.toSorted((a, b) => {
    const can = Number(a.ineligibility !== null) - Number(b.ineligibility !== null);
    if (can !== 0 || a.ineligibility !== null) return can;
    const free = a.outlook && b.outlook ? compareOutlooks(a.outlook, b.outlook, minutes) : 0;
    return free || a.minutes - b.minutes;
  });

/** Gives an appointment whose hour has come to a desk whose agent is there, or will be as the coordinator says. */
async function reassignNow(
  deps: CoordinationDeps,
  viewer: StaffViewer,
  office: Office,
  appointment: Appointment,
  { desk, seen, override }: ChosenDesk,
): Promise<GiveResult> {
  const outlook = (await outlooksIn(deps, office)).get(desk) ?? null;
  const why = (current: Office) => {
    const wanted = toPlace(appointment, current, deps.clock.now());
    const found = current.rota.desks.find((each) => each.id === desk);
    return found ? ineligibilityNow(found, wanted, outlook) : 'taken';
  };
  const objection = why(office);
  if (objection && mayOverrule(objection) && !override)
    return { ok: false, reason: 'needs_override' };
  const isAllowed = (current: Office) => {
    const now = why(current);
    return now === null || (override && mayOverrule(now));
  };
  const freeAt = outlook?.freeAt ?? null;
  return giveLate(deps, viewer, office, appointment, { seen, desk, freeAt, isAllowed });
}

/** Gives an appointment whose hour has come to one desk, in its first gap from `freeAt` on; null: from now on. It is recorded. */
export function giveLate(
  { appointments, clock }: CoordinationDeps,
  viewer: Viewer,
  office: Office,
  appointment: Appointment,
  to: {
    seen: { desk: number; start: Temporal.Instant };
    desk: number;
    freeAt: Temporal.Instant | null;
    isAllowed(office: Office): boolean;
    data?: Record<string, unknown>;
  },
): Promise<ReassignResult> {
  return appointments.reassign(viewer, office, {
    id: appointment.id,
    seen: to.seen,
    isLate: true,
    claim: (current) => {
      if (!to.isAllowed(current)) return null;
      const wanted = toPlace(appointment, current, clock.now());
      const wait = Math.max(0, to.freeAt ? minuteAtOrAfter(to.freeAt) - wanted.from : 0);
      const from = wanted.from + wait;
      const stretch = { from, to: wanted.to + wait, busyUntil: wanted.busyUntil + wait };
      return claimOf(stretch, [to.desk], current);
    },
    ...(to.data && { data: to.data }),
  });
}

/** Returns the rota's objection to a desk; null: none. */
function ineligibilityIn(
  office: Office,
  appointment: Appointment,
  desk: number,
  now: Temporal.Instant,
) {
  const wanted = toPlace(appointment, office, now);
  const state = rotaDesks(office, wanted.day).find((each) => each.id === desk);
  return state ? ineligibilityFor(state, wanted) : 'away';
}

/** Gives an appointment to one of these desks, as far as the rota still allows each; it is recorded. */
export function give(
  deps: CoordinationDeps,
  viewer: Viewer,
  office: Office,
  appointment: Appointment,
  to: {
    seen: { desk: number; start: Temporal.Instant };
    desks: number[];
    isAllowed(office: Office, desk: number): boolean;
    data?: Record<string, unknown>;
  },
): Promise<ReassignResult> {
  const { appointments, clock } = deps;
  return appointments.reassign(viewer, office, {
    id: appointment.id,
    seen: to.seen,
    claim: (current) => {
      const allowed = to.desks.filter((each) => to.isAllowed(current, each));
      const wanted = toPlace(appointment, current, clock.now());
      return allowed.length > 0 ? claimOf(wanted, allowed, current) : null;
    },
    ...(to.data && { data: to.data }),
  });
}

/** The desks to which the rule would give it one by one, whatever they have booked. */
export const qualifiedIn = (appointment: Appointment, now: Temporal.Instant) => (office: Office) =>
  rotaDesks(office, toPlace(appointment, office, now).day)
    .filter((each) => ineligibilityFor(each, toPlace(appointment, office, now)) === null)
    .map((each) => each.id);
