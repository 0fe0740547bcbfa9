import type { Clock } from '../../lib/clock.ts';
import { type Db, INSTALLATION, within } from '../../lib/db/database.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { hashSecret, type InstallationKey, newSecret } from '../../lib/secrets.ts';
import type { Appointments } from '../appointments/service.ts';
import type { Appointment, Choice, Details } from '../appointments/types.ts';
import type { Body } from '../bodies/types.ts';
import type { AskRefusal } from '../slots/service.ts';
import { completeJourney, insertJourney, sweepJourneys, updateJourney } from './store.ts';
import type { Answers, Journey } from './types.ts';
import { readJourney } from './views.ts';

export interface Journeys {
  /** Begins one, with its time kept. The id is a secret for the address. */
  start(
    body: Body,
    choice: Choice,
    pageLanguage: Language,
  ): Promise<{ ok: true; id: string } | { ok: false; reason: 'slot_taken' | AskRefusal }>;
  /** Null when there is none or it has ended. */
  find(id: string): Promise<Journey | null>;
  /** Keeps what was typed, good or bad. */
  answer(journey: Journey, answers: Answers): Promise<void>;
  /** Another time in the same journey: the old one is given back once the new one is kept. */
  chooseTime(
    body: Body,
    journey: Journey,
    start: Temporal.Instant,
  ): Promise<{ ok: true } | { ok: false; reason: 'slot_taken' | AskRefusal }>;
  /** Keeps the time for longer, once. Answers until when, or null. */
  extend(body: Body, journey: Journey): Promise<Temporal.Instant | null>;
  /** Makes the appointment. Sent twice, it is the same appointment. */
  confirm(
    body: Body,
    journey: Journey,
    details: Details,
  ): Promise<
    | { ok: true; appointment: Appointment; secret: string }
    | { ok: false; reason: 'slot_taken' | AskRefusal }
  >;
  /** Forgets journeys that have ended. */
  sweep(): Promise<number>;
}

export interface JourneysDeps {
  db: Db;
  appointments: Appointments;
  clock: Clock;
  key: InstallationKey;
}

export function createJourneys({ db, appointments, clock, key }: JourneysDeps): Journeys {
  const hold = (
    body: Body,
    journey: Pick<Journey, 'id' | 'procedure' | 'channel' | 'language'>,
    start: Temporal.Instant,
  ) => {
    const { id, procedure, channel, language } = journey;
    return appointments.hold(body, { procedure, channel, language, start }, holdOf(key, id, start));
  };

  return {
    async start(body, choice, pageLanguage) {
      const id = newSecret();
      const held = await hold(body, { id, ...choice }, choice.start);
      if (!held.ok) return held;
      const procedureId = body.procedure(choice.procedure)!.id;
      const journey = {
        ...choice,
        body: body.id,
        procedureId,
        pageLanguage,
        holdUntil: held.expiresAt,
      };
      await within(db, body.id, (tx) => insertJourney(tx, journey, hashSecret(id), clock.now()));
      return { ok: true, id };
    },

    find: (id) => readJourney(db, id, hashSecret(id), clock.now()),

    answer: (journey, answers) =>
      within(db, journey.body, (tx) => updateJourney(tx, hashSecret(journey.id), { answers })),

    async chooseTime(body, journey, start) {
      if (start.equals(journey.start) && isHeld(journey, clock.now())) return { ok: true };
      await appointments.releaseHold(body, holdOf(key, journey.id, start));
      const held = await hold(body, journey, start);
      if (!held.ok) return held;
      if (!start.equals(journey.start))
        await appointments.releaseHold(body, holdOf(key, journey.id, journey.start));
      await within(db, body.id, (tx) =>
        updateJourney(tx, hashSecret(journey.id), { start, holdUntil: held.expiresAt }),
      );
      return { ok: true };
    },

    async extend(body, journey) {
      const until = await appointments.extendHold(body, holdOf(key, journey.id, journey.start));
      if (until)
        await within(db, body.id, (tx) =>
          updateJourney(tx, hashSecret(journey.id), { holdUntil: until }),
        );
      return until;
    },

    async confirm(body, journey, details) {
      const { procedure, channel, language, start, pageLanguage, id } = journey;
      const request = {
        procedure,
        channel,
        language,
        start,
        ...details,
        noticeLanguage: pageLanguage,
      };
      const repetition = {
        hold: holdOf(key, id, start),
        idempotencyKey: key.derive(`journey ${id}`),
      };
      const booked = await appointments.book({ kind: 'citizen' }, body, request, repetition);
      if (!booked.ok && booked.reason !== 'idempotency_conflict') return booked;
      // Sent twice, the second time with other answers: the first stands.
      const { appointment } = booked;
      await within(db, body.id, (tx) => completeJourney(tx, hashSecret(id), appointment.id));
      return { ok: true, appointment, secret: appointments.secretOf(appointment.id) };
    },

    sweep: () => within(db, INSTALLATION, (tx) => sweepJourneys(tx, clock.now())),
  };
}

/** Whether the journey's time is still kept for it. */
export const isHeld = (journey: Journey, now: Temporal.Instant): boolean =>
  journey.holdUntil !== null && Temporal.Instant.compare(now, journey.holdUntil) < 0;

/** The secret of a journey's hold on a start: derived, so that the database needn't keep it. */
const holdOf = (key: InstallationKey, journey: string, start: Temporal.Instant): string =>
  key.derive(`hold ${journey} ${start.epochMilliseconds}`);
