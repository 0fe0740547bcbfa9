import type { NoticeWay } from '../../../domain/address.ts';
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
  /** Begins a journey and holds its time. The id is a secret for the address. */
  start(
    office: Office,
    choice: Choice,
    pageLanguage: Language,
    beginner?: Beginner,
  ): Promise<{ ok: true; id: string } | NotHeld>;
  /** Returns null when there is none or it has ended. */
  find(id: string): Promise<Journey | null>;
  /** Stores the typed answers, valid or not, and keeps those in other fields. */
  answer(journey: Journey, answers: Answers): Promise<void>;
  /**
   * Changes the time in the same journey, perhaps to another channel or site, or holds the same one again when the hold was
   * lost. The old hold is released once the new one exists.
   */
  chooseTime(
    office: Office,
    journey: Journey,
    start: Temporal.Instant,
    way?: Way,
  ): Promise<{ ok: true } | NotHeld>;
  /** Extends the hold, once. Returns its end, or null. */
  extend(office: Office, journey: Journey): Promise<Temporal.Instant | null>;
  /**
   * Makes the appointment. A repetition returns the same appointment. `too_many`: the e-mail address or the telephone has
   * the maximum of future appointments per person. A journey checks it only a few times, so that nobody can test
   * which other people have reached it.
   */
  confirm(
    office: Office,
    journey: Journey,
    details: Details,
    how?: ConfirmHow,
  ): Promise<
    | { ok: true; appointment: Appointment; secret: string }
    | { ok: false; reason: 'slot_taken' | 'too_many' | 'unmet_need' | AskRefusal }
  >;
  /** Deletes expired journeys. */
  sweep(): Promise<number>;
}

/** How a booking is confirmed. */
export interface ConfirmHow {
  /** The way that the citizen chose for notices; null: e-mail first. */
  noticesBy?: NoticeWay | null;
  /** What belongs to it, done with the id of the appointment before the booking ends: after a crash it is done again. */
  alsoWith?: (appointment: string) => Promise<void>;
}

/** The sender of a booking. */
export interface Beginner {
  /** A keyed hash of their network address, by which holds are counted. */
  sender?: Buffer;
  /** The ticket (see the proof of work): valid for one booking. A repetition returns the same booking. */
  ticket?: string | undefined;
  /** The answers that are given from the start. */
  answers?: Answers | undefined;
}

export type NotHeld =
  | { ok: false; reason: 'slot_taken' | AskRefusal }
  /** The sender holds the maximum of times; the first of them is free again at `until`. */
  | { ok: false; reason: 'too_many'; until: Temporal.Instant };

/** Maximum checks per journey that its person has too many appointments; afterwards it is refused without a check. */
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
      // A new hold may be extended again.
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

    confirm: (office, journey, details, how = {}) =>
      queues.inTurn(journey.id, () => confirm(deps, office, journey, details, how)),

    sweep: () => within(db, INSTALLATION, (tx) => sweepJourneys(tx, clock.now())),
  };
}

const change = (
  { db, clock }: Pick<JourneysDeps, 'db' | 'clock'>,
  { id, office }: Pick<Journey, 'id' | 'office'>,
  what: Parameters<typeof updateJourney>[2],
): Promise<void> =>
  within(db, office, (tx) => updateJourney(tx, hashSecret(id), what, clock.now()));

/** Holds a start for a journey. */
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
  { sender, ticket, answers = {} }: Beginner,
): Promise<{ ok: true; id: string } | NotHeld> {
  const { db, appointments, clock } = deps;
  const id = ticket === undefined ? newSecret() : deriveSecret(ticket, 'journey');
  const hash = hashSecret(id);
  const insert = (holdUntil: Temporal.Instant | null) => {
    const procedureId = office.procedure(choice.procedure)?.id;
    if (procedureId === undefined) return Promise.resolve(true); // the hold gives the reason
    const begunBy = sender ?? null;
    const own = { office: office.id, procedureId, pageLanguage, holdUntil, begunBy, answers };
    const journey = { ...choice, ...own };
    return within(db, office.id, (tx) => insertJourney(tx, journey, hash, clock.now()));
  };
  // With a ticket, the journey is stored before its time is held, so a repeated request finds it.
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
  { noticesBy = null, alsoWith }: ConfirmHow,
): ReturnType<Journeys['confirm']> {
  const { start: time, pageLanguage, id } = journey;
  const hash = hashSecret(id);
  // Counted before the check: otherwise many parallel requests would each get an answer.
  if (!(await within(db, office.id, (tx) => takeRefusal(tx, hash, MOST_REFUSALS))))
    return { ok: false, reason: 'too_many' };
  const chosen = { ...askOf(journey), start: time };
  const request = { ...chosen, ...details, noticeLanguage: pageLanguage, noticesBy };
  const repetition = { hold: holdOf(id, time), idempotencyKey: deriveSecret(id, 'booking') };
  const booked = await appointments.book({ kind: 'citizen' }, office, request, repetition);
  if (!booked.ok && booked.reason === 'too_many') return booked;
  await within(db, office.id, (tx) => returnRefusal(tx, hash));
  if (!booked.ok && booked.reason !== 'idempotency_conflict') return booked;
  // For a repetition with other answers, the first ones are kept.
  const { appointment } = booked;
  await alsoWith?.(appointment.id);
  await within(db, office.id, (tx) => completeJourney(tx, hash, appointment.id));
  return { ok: true, appointment, secret: appointments.secretOf(appointment) };
}

/**
 * Runs one confirmation of a journey at a time, so that repeated clicks don't count as repeated attempts.
 * Other processes have queues of their own; the database enforces the rules that apply to all.
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

/** Returns whether the journey's hold can be extended: once for each hold, while it is valid. */
export const mayExtend = (journey: Journey, now: Temporal.Instant): boolean =>
  isHeld(journey, now) && journey.answers.extended !== 'yes';

/** Returns whether the journey's hold is valid. */
export const isHeld = (journey: Journey, now: Temporal.Instant): boolean =>
  journey.holdUntil !== null && Temporal.Instant.compare(now, journey.holdUntil) < 0;

/**
 * Returns the secret of a journey's hold on a start. It derives from the journey's id, a secret that only its browser has, so
 * the database doesn't store it, and no rotated key is part of it.
 */
const holdOf = (journey: string, start: Temporal.Instant): string =>
  deriveSecret(journey, `hold ${start.epochMilliseconds}`);
