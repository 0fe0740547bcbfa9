import type { Clock } from '../../lib/clock.ts';
import { type Database, INSTALLATION, within } from '../../lib/db/database.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { hashSecret, type InstallationKey, newSecret } from '../../lib/secrets.ts';
import { actorOf, type Viewer } from '../../lib/viewer.ts';
import type { Bodies } from '../bodies/service.ts';
import type { Body } from '../bodies/types.ts';
import { addressOf, noticesOwed } from '../notices/rules.ts';
import { dropPending, oweNotices } from '../notices/service.ts';
import type { AskRefusal, Slots } from '../slots/service.ts';
import { hashContent, newAppointment } from './request.ts';
import { isOpen, mayBecome } from './rules.ts';
import { cancelLocked } from './status.ts';
import {
  appendEvent,
  bookAppointment,
  type ClaimOn,
  extendHold,
  holdTime,
  moveAppointment,
  releaseHold,
  sweepHolds,
  updateCitizen,
} from './store.ts';
import type {
  Appointment,
  AppointmentEvent,
  Channel,
  Choice,
  Citizen,
  Details,
  Repetition,
} from './types.ts';
import {
  type AppointmentSearch,
  readById,
  readByLink,
  readEvents,
  readForUpdate,
  readRepeated,
  searchAppointments,
} from './views.ts';

/** How long a hold lasts, and how much longer it may be made once. */
export const HOLD_MINUTES = 10;

export type BookResult =
  | { ok: true; appointment: Appointment; secret: string; created: boolean }
  | { ok: false; reason: 'slot_taken' | AskRefusal }
  /** The key was used before for something else: for this appointment. */
  | { ok: false; reason: 'idempotency_conflict'; appointment: Appointment };
export type HoldResult =
  | { ok: true; hold: string; expiresAt: Temporal.Instant }
  | { ok: false; reason: 'slot_taken' | AskRefusal };
export type ChangeRefusal = 'not_found' | 'not_open';
export type ChangeResult<R = never> =
  | { ok: true; appointment: Appointment }
  | { ok: false; reason: ChangeRefusal | R };
export type MoveResult = ChangeResult<'slot_taken' | AskRefusal>;

export interface Appointments {
  /** Keeps a start for somebody who is filling in the form. The hold is a secret (a new one, unless given);
   * only its hash is stored. */
  hold(body: Body, choice: Choice, secret?: string): Promise<HoldResult>;
  /** Ten more minutes, once; null when it has ended or was extended before. */
  extendHold(body: Body, hold: string): Promise<Temporal.Instant | null>;
  releaseHold(body: Body, hold: string): Promise<void>;
  book(
    viewer: Viewer | { kind: 'citizen' },
    body: Body,
    request: Choice & Details & { noticeLanguage: Language },
    repetition?: Repetition,
  ): Promise<BookResult>;
  /** The appointment that a citizen's link opens. */
  bySecret(secret: string): Promise<Appointment | null>;
  byId(body: Body, id: string): Promise<Appointment | null>;
  search(search: AppointmentSearch): Promise<Appointment[]>;
  events(appointment: Appointment): Promise<AppointmentEvent[]>;
  /** Another time, another channel, or both. */
  move(
    viewer: Viewer,
    body: Body,
    id: string,
    to: { start: Temporal.Instant; channel?: Channel },
  ): Promise<MoveResult>;
  changeContact(viewer: Viewer, body: Body, id: string, citizen: Citizen): Promise<ChangeResult>;
  /** A citizen may until it begins; those who work here as long as it is booked. */
  cancel(viewer: Viewer, body: Body, id: string, reason: string): Promise<ChangeResult>;
  /** The secret of an appointment's link; the same each time, since it is derived from the installation's key. */
  secretOf(id: string): string;
  /** The address in the notices, in the citizen's language. */
  manageUrl(appointment: Pick<Appointment, 'id' | 'noticeLanguage'>): string;
  /** Forgets holds that have ended. */
  sweep(): Promise<number>;
}

export interface AppointmentsDeps {
  database: Database;
  bodies: Bodies;
  slots: Slots;
  clock: Clock;
  key: InstallationKey;
  baseUrl: string;
  /** Called after something was owed to somebody, so that it needn't wait for the next look. */
  wake(): void;
}

export function createAppointments(deps: AppointmentsDeps): Appointments {
  const { database, bodies, slots, clock, key, baseUrl, wake } = deps;
  const { kysely: db, pool } = database;
  const secretOf = (id: string) => key.derive(`appointment ${id}`);

  /** Runs `attempt` on the body as it is now: when its catalogue or rota turns out to be newer, reads it and tries again. */
  const onCurrent = async <T extends { outcome: string }>(
    body: Body,
    attempt: (body: Body) => Promise<T>,
  ): Promise<T> => {
    for (let current = body, tries = 1; ; tries++) {
      const result = await attempt(current);
      if (result.outcome !== 'stale' || tries === 5) return result;
      bodies.forget(body.id);
      current = await bodies.byId(body.id);
    }
  };

  const claimOn = async (body: Body, choice: Choice, except?: string) => {
    const asked = await slots.claim(body, choice, choice.start, except);
    if (!asked.ok) return { outcome: 'refused' as const, reason: asked.reason };
    const on: ClaimOn = {
      body: body.id,
      revision: body.revision,
      claim: asked.claim,
      now: clock.now(),
    };
    return { outcome: 'claimed' as const, on };
  };

  return {
    async hold(body, choice, hold = newSecret()) {
      const expiresAt = clock.now().add({ minutes: HOLD_MINUTES });
      const result = await onCurrent(body, async (current) => {
        const claimed = await claimOn(current, choice);
        if (claimed.outcome === 'refused') return claimed;
        if (claimed.on.claim.agents.length === 0) return { outcome: 'taken' as const };
        return { outcome: await holdTime(pool, claimed.on, expiresAt, hashSecret(hold)) };
      });
      if (result.outcome === 'refused') return { ok: false, reason: result.reason };
      return result.outcome === 'held'
        ? { ok: true, hold, expiresAt }
        : { ok: false, reason: 'slot_taken' };
    },

    async extendHold(body, hold) {
      const now = clock.now();
      const until = now.add({ minutes: HOLD_MINUTES });
      const done = await within(db, body.id, (tx) => extendHold(tx, hashSecret(hold), until, now));
      return done ? until : null;
    },

    releaseHold: (body, hold) => within(db, body.id, (tx) => releaseHold(tx, hashSecret(hold))),

    async book(viewer, body, request, repetition = {}) {
      const contentHash = hashContent(request, repetition);
      /** What the same key made before, whatever is offered by now. */
      const repeated = async (): Promise<BookResult | null> => {
        const earlier = await within(db, body.id, (tx) => readRepeated(tx, body.id, repetition));
        if (!earlier) return null;
        const { appointment } = earlier;
        if (!earlier.contentHash?.equals(contentHash)) {
          return { ok: false, reason: 'idempotency_conflict', appointment };
        }
        return { ok: true, appointment, secret: secretOf(appointment.id), created: false };
      };
      const result = await onCurrent(body, async (current) => {
        const claimed = await claimOn(current, request);
        if (claimed.outcome === 'refused') return claimed;
        if (claimed.on.claim.agents.length === 0) return { outcome: 'not_offered' as const };
        const made = { secretOf, contentHash, claimed: claimed.on };
        const wanted = newAppointment(current, request, repetition, made);
        const { procedure } = request;
        const appointment: Appointment = { ...wanted.known, procedure, agent: 0, status: 'booked' };
        const notices = noticesOwed('confirmation', appointment, claimed.on.now);
        const hold = repetition.hold ? hashSecret(repetition.hold) : null;
        const actor = viewer.kind === 'citizen' ? 'citizen' : actorOf(viewer);
        const booked = await bookAppointment(pool, claimed.on, wanted, hold, actor, notices);
        return { ...booked, appointment };
      });
      if (result.outcome === 'booked') {
        wake();
        const appointment = { ...result.appointment, agent: result.agent };
        return { ok: true, appointment, secret: secretOf(appointment.id), created: true };
      }
      const reason = result.outcome === 'refused' ? result.reason : 'slot_taken';
      return (await repeated()) ?? { ok: false, reason };
    },

    bySecret: (secret) => readByLink(db, hashSecret(secret)),
    byId: (body, id) => within(db, body.id, (tx) => readById(tx, id)),
    search: (search) => within(db, search.body, (tx) => searchAppointments(tx, search)),
    events: (appointment) => within(db, appointment.body, (tx) => readEvents(tx, appointment.id)),

    async move(viewer, body, id, to) {
      const old = await within(db, body.id, (tx) => readById(tx, id));
      if (!old) return { ok: false, reason: 'not_found' };
      const now = clock.now();
      if (viewer.kind === 'citizen' ? !isOpen(old, now) : old.status !== 'booked')
        return { ok: false, reason: 'not_open' };
      const channel = to.channel ?? old.channel;
      if (channel === old.channel && to.start.equals(old.start))
        return { ok: true, appointment: old };
      const choice: Choice = {
        procedure: old.procedure,
        channel,
        language: old.language,
        start: to.start,
      };
      const before = { start: old.start.toString(), channel: old.channel };
      const result = await onCurrent(body, async (current) => {
        const claimed = await claimOn(current, choice, id);
        if (claimed.outcome === 'refused') return claimed;
        const { claim } = claimed.on;
        if (claim.agents.length === 0) return { outcome: 'taken' as const };
        const moved = {
          ...old,
          channel,
          start: claim.start,
          end: claim.end,
          sequence: old.sequence + 1,
        };
        const data = { from: before, to: { start: claim.start.toString(), channel } };
        const notices = noticesOwed('change', moved, now, { before });
        return {
          outcome: await moveAppointment(
            pool,
            claimed.on,
            id,
            channel,
            actorOf(viewer),
            data,
            notices,
          ),
        };
      });
      switch (result.outcome) {
        case 'refused':
          return { ok: false, reason: result.reason };
        case 'moved':
          wake();
          return { ok: true, appointment: (await within(db, body.id, (tx) => readById(tx, id)))! };
        case 'not_open':
        case 'not_found':
          return { ok: false, reason: result.outcome };
        default:
          return { ok: false, reason: 'slot_taken' };
      }
    },

    async changeContact(viewer, body, id, citizen) {
      const now = clock.now();
      const result = await within<ChangeResult>(db, body.id, async (tx) => {
        const old = await readForUpdate(tx, id);
        if (!old) return { ok: false, reason: 'not_found' };
        if (viewer.kind === 'citizen' ? !isOpen(old, now) : old.status !== 'booked')
          return { ok: false, reason: 'not_open' };
        const appointment = { ...old, citizen, updatedAt: now };
        const changed = (Object.keys(citizen) as (keyof Citizen)[]).filter(
          (each) => citizen[each] !== old.citizen[each],
        );
        if (changed.length === 0) return { ok: true, appointment: old };
        await updateCitizen(tx, id, citizen, now);
        const data = { changed };
        await appendEvent(tx, {
          appointment,
          kind: 'contact_changed',
          actor: actorOf(viewer),
          at: now,
          data,
        });
        // A new address knows nothing yet, and what still waits for the old one would go to a slip of the keys.
        const [was, is] = [addressOf(old.citizen), addressOf(citizen)];
        if (is && is.recipient !== was?.recipient) {
          await dropPending(tx, id, ['confirmation', 'change'], now);
          await oweNotices(
            tx,
            { body: old.body, appointment: id },
            noticesOwed('confirmation', appointment, now),
            now,
          );
        }
        return { ok: true, appointment };
      });
      if (result.ok) wake();
      return result;
    },

    async cancel(viewer, body, id, reason) {
      const now = clock.now();
      const result = await within<ChangeResult>(db, body.id, async (tx) => {
        const old = await readForUpdate(tx, id);
        if (!old) return { ok: false, reason: 'not_found' };
        if (viewer.kind === 'citizen' ? !isOpen(old, now) : !mayBecome(old.status, 'cancelled')) {
          return { ok: false, reason: 'not_open' };
        }
        const by = viewer.kind === 'citizen' ? 'citizen' : 'body';
        const appointment = await cancelLocked(tx, old, by, {
          actor: actorOf(viewer),
          now,
          reason,
        });
        return { ok: true, appointment };
      });
      if (result.ok) wake();
      return result;
    },

    secretOf,
    manageUrl: (appointment) =>
      `${baseUrl}/${appointment.noticeLanguage}/appointment/${secretOf(appointment.id)}`,
    sweep: () => within(db, INSTALLATION, (tx) => sweepHolds(tx, clock.now())),
  };
}

export { cancelLocked, changeStatus, type StatusChange } from './status.ts';
export { appendEvent } from './store.ts';
export { isAnyBooked, readForUpdate as lockAppointment } from './views.ts';
