import {
  type Appointment,
  type Ask,
  askOf,
  type Choice,
  isSameWay,
  type Way,
} from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Details } from '../../../domain/person.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { deriveSecret, hashSecret, newSecret } from '../../../lib/secrets.ts';
import type { Appointments, HoldHow } from '../appointments/service.ts';
import type { AskRefusal } from '../slots/service.ts';
import {
  completeJourney,
  deleteJourney,
  insertJourney,
  returnRefusal,
  sweepJourneys,
  takeRefusal,
  updateJourney,
} from './store.ts';
import type { Answers, Journey } from './types.ts';
import { readJourney } from './views.ts';

export interface Journeys {
  /** Begins one, with its time kept. The id is a secret for the address. */
  start(
    office: Office,
    choice: Choice,
    pageLanguage: Language,
    beginner?: Beginner,
  ): Promise<{ ok: true; id: string } | NotHeld>;
  /** Null when there is none or it has ended. */
  find(id: string): Promise<Journey | null>;
  /** Keeps what was typed, good or bad, beside what was typed before in other fields. */
  answer(journey: Journey, answers: Answers): Promise<void>;
  /**
   * Another time in the same journey, perhaps by another channel or at another site, or the same one again when it was no longer kept. The old
   * one is given back once the new one is kept.
   */
  chooseTime(
    office: Office,
    journey: Journey,
    start: Temporal.Instant,
    way?: Way,
  ): Promise<{ ok: true } | NotHeld>;
  /** Keeps the time for longer, once. Answers until when, or null. */
  extend(office: Office, journey: Journey): Promise<Temporal.Instant | null>;
  /**
   * Makes the appointment. Sent twice, it is the same appointment. `too_many`: the e-mail address or the telephone has as
   * many appointments to come as one person may. A journey asks for that a few times only, so that nobody learns with it
   * of whom else that is true.
   */
  confirm(
    office: Office,
    journey: Journey,
    details: Details,
  ): Promise<
    | { ok: true; appointment: Appointment; secret: string }
    | { ok: false; reason: 'slot_taken' | 'too_many' | AskRefusal }
  >;
  /** Forgets journeys that have ended. */
  sweep(): Promise<number>;
}

/** Who begins a booking. */
export interface Beginner {
  /** A keyed hash of their network address, by which holds are counted. */
  sender?: Buffer;
  /** What let them begin it (see the challenge): good for one booking. Sent twice, it is the same booking. */
  ticket?: string | undefined;
}

export type NotHeld =
  | { ok: false; reason: 'slot_taken' | AskRefusal }
  /** They keep as many times as the office lets them; the first of those is free again at `until`. */
  | { ok: false; reason: 'too_many'; until: Temporal.Instant };

/** How often one journey is told that its person has too many appointments; then it is told so without looking. */
const MOST_REFUSALS = 3;

export interface JourneysDeps {
  db: Db;
  appointments: Appointments;
  clock: Clock;
}

export function createJourneys(deps: JourneysDeps): Journeys {
  const { db, appointments, clock } = deps;
  const queues = createQueues();

  return {
    start: (office, choice, pageLanguage, beginner = {}) =>
      start(deps, office, choice, pageLanguage, beginner),

    find: (id) => readJourney(db, id, hashSecret(id), clock.now()),

    answer: (journey, answers) => change(deps, journey, { answers }),

    async chooseTime(office, journey, time, { channel, site = null } = journey) {
      const way = { channel, site };
      const isSame = time.equals(journey.start) && isSameWay(way, journey);
      if (isSame && isHeld(journey, clock.now())) return { ok: true };
      await appointments.releaseHold(office, holdOf(journey.id, time));
      const old = time.equals(journey.start) ? undefined : holdOf(journey.id, journey.start);
      const how = { sender: journey.begunBy, insteadOf: old };
      const held = await hold(appointments, office, { ...journey, ...way }, time, how);
      if (!held.ok) return held;
      // A new hold may be made longer again.
      const answers = { extended: '' };
      await change(deps, journey, { start: time, ...way, holdUntil: held.expiresAt, answers });
      return { ok: true };
    },

    async extend(office, journey) {
      const until = await appointments.extendHold(office, holdOf(journey.id, journey.start));
      const answers = { extended: 'yes' };
      await change(deps, journey, { ...(until && { holdUntil: until }), answers });
      return until;
    },

    confirm: (office, journey, details) =>
      queues.inTurn(journey.id, () => confirm(deps, office, journey, details)),

    sweep: () => within(db, INSTALLATION, (tx) => sweepJourneys(tx, clock.now())),
  };
}

const change = (
  { db, clock }: Pick<JourneysDeps, 'db' | 'clock'>,
  { id, office }: Pick<Journey, 'id' | 'office'>,
  what: Parameters<typeof updateJourney>[2],
): Promise<void> =>
  within(db, office, (tx) => updateJourney(tx, hashSecret(id), what, clock.now()));

/** Keeps a start for a journey. */
function hold(
  appointments: Appointments,
  office: Office,
  journey: Pick<Journey, 'id' | keyof Ask>,
  start: Temporal.Instant,
  how: HoldHow,
) {
  const choice = { ...askOf(journey), start };
  return appointments.hold(office, choice, holdOf(journey.id, start), how);
}

async function start(
  deps: JourneysDeps,
  office: Office,
  choice: Choice,
  pageLanguage: Language,
  { sender, ticket }: Beginner,
): Promise<{ ok: true; id: string } | NotHeld> {
  const { db, appointments, clock } = deps;
  const id = ticket === undefined ? newSecret() : deriveSecret(ticket, 'journey');
  const hash = hashSecret(id);
  const insert = (holdUntil: Temporal.Instant | null) => {
    const procedureId = office.procedure(choice.procedure)?.id;
    if (procedureId === undefined) return Promise.resolve(true); // the hold says why
    const begunBy = sender ?? null;
    const own = { office: office.id, procedureId, pageLanguage, holdUntil, begunBy };
    const journey = { ...choice, ...own };
    return within(db, office.id, (tx) => insertJourney(tx, journey, hash, clock.now()));
  };
  // With a ticket the journey stands before its time is kept: sent twice, the second finds it.
  if (ticket !== undefined && !(await insert(null))) return { ok: true, id };
  const how = sender ? { sender } : {};
  const held = await hold(appointments, office, { id, ...choice }, choice.start, how);
  if (!held.ok) {
    if (ticket !== undefined) await within(db, office.id, (tx) => deleteJourney(tx, hash));
    return held;
  }
  if (ticket === undefined) await insert(held.expiresAt);
  else await change(deps, { id, office: office.id }, { holdUntil: held.expiresAt });
  return { ok: true, id };
}

async function confirm(
  { db, appointments }: Pick<JourneysDeps, 'db' | 'appointments'>,
  office: Office,
  journey: Journey,
  details: Details,
): ReturnType<Journeys['confirm']> {
  const { start: time, pageLanguage, id } = journey;
  const hash = hashSecret(id);
  // Counted before it is asked: else who asks many times at once would be answered each time.
  if (!(await within(db, office.id, (tx) => takeRefusal(tx, hash, MOST_REFUSALS))))
    return { ok: false, reason: 'too_many' };
  const chosen = { ...askOf(journey), start: time };
  const request = { ...chosen, ...details, noticeLanguage: pageLanguage };
  const repetition = { hold: holdOf(id, time), idempotencyKey: deriveSecret(id, 'booking') };
  const booked = await appointments.book({ kind: 'citizen' }, office, request, repetition);
  if (!booked.ok && booked.reason === 'too_many') return booked;
  await within(db, office.id, (tx) => returnRefusal(tx, hash));
  if (!booked.ok && booked.reason !== 'idempotency_conflict') return booked;
  // Sent twice, the second time with other answers: the first stands.
  const { appointment } = booked;
  await within(db, office.id, (tx) => completeJourney(tx, hash, appointment.id));
  return { ok: true, appointment, secret: appointments.secretOf(appointment) };
}

/**
 * One confirmation of a journey at a time, so that somebody who presses often isn't told what belongs to who asks often.
 * Other processes have queues of their own: what must hold among all, the database sees to.
 */
function createQueues() {
  const last = new Map<string, Promise<unknown>>();
  return {
    async inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
      const mine = (last.get(id) ?? Promise.resolve()).then(work, work);
      last.set(id, mine);
      try {
        return await mine;
      } finally {
        if (last.get(id) === mine) last.delete(id);
      }
    },
  };
}

/** Whether the journey's time may be kept for longer: once for each hold, while it lasts. */
export const mayExtend = (journey: Journey, now: Temporal.Instant): boolean =>
  isHeld(journey, now) && journey.answers.extended !== 'yes';

/** Whether the journey's time is still kept for it. */
export const isHeld = (journey: Journey, now: Temporal.Instant): boolean =>
  journey.holdUntil !== null && Temporal.Instant.compare(now, journey.holdUntil) < 0;

/**
 * The secret of a journey's hold on a start. It derives from the journey's id, a secret that only its browser has, so that
 * the database needn't keep it and no key that rotates has a part in it.
 */
const holdOf = (journey: string, start: Temporal.Instant): string =>
  deriveSecret(journey, `hold ${start.epochMilliseconds}`);
