import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { isDisplaced } from '../../booking/appointments/rules.ts';
import type { ReassignResult } from '../../booking/appointments/service.ts';
import { readById } from '../../booking/appointments/views.ts';
import { type CoordinationDeps, deskStates } from './deps.ts';
import {
  claimOf,
  ineligibilityFor,
  mayCoordinate,
  mayOverrule,
  rotaDesks,
  toPlace,
} from './rules.ts';
import type { DeskChoice } from './types.ts';

export interface DeskChoices {
  appointment: Appointment;
  /** In the order of the office's desks; empty where it can be given to none, since it has begun or has no hour. */
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
      const wanted = toPlace(appointment, office, clock.now());
      const day = Temporal.PlainDate.from(wanted.day);
      const states = new Map(
        (await deskStates(deps, office, day, day)).map((each) => [each.id, each]),
      );
      const desks = office.desks.flatMap((desk) => {
        const state = states.get(desk.id);
        if (!state) return [];
        const minutes = state.minutes.get(wanted.day) ?? 0;
        return [{ desk, ineligibility: ineligibilityFor(state, wanted), minutes }];
      });
      return { appointment, desks };
    },

    async reassign(viewer, office, id, { desk, seen, override }) {
      const appointment = await find(viewer, office, id);
      if (!appointment) return { ok: false, reason: 'not_found' };
      if (!canBeGiven(appointment)) return { ok: false, reason: 'not_open' };
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
