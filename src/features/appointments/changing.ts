import { type Tx, within } from '../../lib/db/database.ts';
import { hashSecret } from '../../lib/secrets.ts';
import { actorOf, type Viewer } from '../../lib/viewer.ts';
import { unitOf } from '../audit/service.ts';
import type { Body } from '../bodies/types.ts';
import { endProofs } from '../codes/service.ts';
import type { AskRefusal } from '../slots/service.ts';
import { type AppointmentsDeps, claimOn, onCurrent } from './claiming.ts';
import { isDisplaced, isOpen, mayBecome } from './rules.ts';
import { cancelLocked } from './status.ts';
import { appendEvent, hasEnough, moveAppointment, updateCitizen } from './store.ts';
import { noticesOfMove, retell } from './telling.ts';
import type { Appointment, Channel, Choice, Citizen } from './types.ts';
import { countRefusedContacts, lacksNumber, readById, readForUpdate } from './views.ts';

export type ChangeRefusal = 'not_found' | 'not_open';
export type ChangeResult<R = never> =
  | { ok: true; appointment: Appointment }
  | { ok: false; reason: ChangeRefusal | R };
export type MoveResult = ChangeResult<'slot_taken' | AskRefusal>;

export interface Changing {
  /** Another time, another channel, or both. `hold`: the secret of a hold on that start, which becomes theirs. */
  move(
    viewer: Viewer,
    body: Body,
    id: string,
    to: { start: Temporal.Instant; channel?: Channel; hold?: string },
  ): Promise<MoveResult>;
  /**
   * A citizen's new address may not have more appointments to come than one person may have. Who was told so a few times in
   * a day is told so without looking, so that nobody learns with it of whom else that is true.
   */
  changeContact(
    viewer: Viewer,
    body: Body,
    id: string,
    citizen: Citizen,
  ): Promise<ChangeResult<'too_many'>>;
  /** Whether a citizen who can't be called may say their number, although it has begun. */
  isAskedForNumber(body: Body, appointment: Pick<Appointment, 'id' | 'status'>): Promise<boolean>;
  /** A citizen may until it begins; those who work here as long as it is booked. */
  cancel(viewer: Viewer, body: Body, id: string, reason: string): Promise<ChangeResult>;
}

export function createChanging(deps: AppointmentsDeps): Changing {
  const { clock, wake } = deps;
  const { kysely: db, pool } = deps.database;
  const unit = unitOf({ db, clock, wake });

  return {
    async move(viewer, body, id, to) {
      const old = await within(db, body.id, (tx) => readById(tx, id));
      if (!old) return { ok: false, reason: 'not_found' };
      const now = clock.now();
      if (viewer.kind === 'citizen' ? !isOpen(old, now) : old.status !== 'booked')
        return { ok: false, reason: 'not_open' };
      const channel = to.channel ?? old.channel;
      const isThere = channel === old.channel && to.start.equals(old.start);
      if (isThere && !isDisplaced(old)) return { ok: true, appointment: old };
      const choice: Choice = {
        procedure: old.procedure,
        channel,
        language: old.language,
        start: to.start,
      };
      const result = await onCurrent(deps, body, async (current) => {
        const claimed = await claimOn(deps, current, choice, id, to.hold);
        if (claimed.outcome === 'refused') return claimed;
        const { claim } = claimed.on;
        if (claim.agents.length === 0) return { outcome: 'taken' as const };
        const moved = { ...old, channel, start: claim.start, end: claim.end };
        const data = { to: { start: claim.start.toString(), channel }, leftAgent: old.agent };
        const by = viewer.kind === 'citizen' ? 'citizen' : 'body';
        const notices = noticesOfMove(moved, current, by, now);
        return {
          outcome: await moveAppointment(
            pool,
            claimed.on,
            id,
            channel,
            actorOf(viewer),
            data,
            notices,
            to.hold ? hashSecret(to.hold) : null,
          ),
        };
      });
      switch (result.outcome) {
        case 'refused':
          return { ok: false, reason: result.reason };
        case 'moved':
          wake(body.id);
          return { ok: true, appointment: (await within(db, body.id, (tx) => readById(tx, id)))! };
        case 'not_open':
        case 'not_found':
          return { ok: false, reason: result.outcome };
        default:
          return { ok: false, reason: 'slot_taken' };
      }
    },

    async changeContact(viewer, body, id, citizen) {
      return unit<ChangeResult<'too_many'>, Viewer>(
        viewer,
        body.id,
        async ({ tx, now, record }) => {
          const old = await readForUpdate(tx, id);
          if (!old) return { ok: false, reason: 'not_found' };
          if (!(await mayMend(tx, viewer, old, now))) return { ok: false, reason: 'not_open' };
          if (viewer.kind === 'citizen' && (await refuses(tx, body, old, citizen, now)))
            return { ok: false, reason: 'too_many' };
          const appointment = { ...old, citizen, updatedAt: now };
          const changed = (Object.keys(citizen) as (keyof Citizen)[]).filter(
            (each) => citizen[each] !== old.citizen[each],
          );
          if (changed.length === 0) return { ok: true, appointment: old };
          await updateCitizen(tx, id, citizen, now);
          if (changed.some((each) => each !== 'name')) await endProofs(tx, id, now);
          const data = { changed };
          await appendEvent(tx, {
            appointment,
            kind: 'contact_changed',
            actor: actorOf(viewer),
            at: now,
            data,
          });
          await record('contact_changed', { appointment: id, data: { desk: old.agent, changed } });
          await retell(tx, old, appointment, body, now);
          return { ok: true, appointment };
        },
      );
    },

    isAskedForNumber: (body, { id, status }) =>
      status === 'booked'
        ? within(db, body.id, (tx) => lacksNumber(tx, id))
        : Promise.resolve(false),

    async cancel(viewer, body, id, reason) {
      return unit<ChangeResult, Viewer>(viewer, body.id, async ({ tx, now, record }) => {
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
        await record('cancelled', { appointment: id, data: { desk: old.agent } });
        return { ok: true, appointment };
      });
    },
  };
}

/**
 * Whether somebody may change how a citizen is reached. They themselves until it begins, and after that as long as they can't be
 * called, since the number is another person's: they were asked for theirs.
 */
async function mayMend(
  tx: Tx,
  viewer: Viewer,
  of: Appointment,
  now: Temporal.Instant,
): Promise<boolean> {
  if (of.status !== 'booked') return false;
  return viewer.kind !== 'citizen' || isOpen(of, now) || lacksNumber(tx, of.id);
}

/** How often in a day an appointment's citizen is told that somebody has enough appointments. */
const MOST_REFUSALS = 3;

/**
 * Whether somebody whom the appointment would newly be of has enough; then it is noted. The appointment is locked, so that of
 * many who ask at once each is counted.
 */
async function refuses(
  tx: Tx,
  body: Body,
  old: Appointment,
  { email, phone }: Citizen,
  now: Temporal.Instant,
): Promise<boolean> {
  const fresh = {
    email: email === old.citizen.email ? null : email,
    phone: phone === old.citizen.phone ? null : phone,
  };
  if (fresh.email === null && fresh.phone === null) return false;
  const lately = await countRefusedContacts(tx, old.id, now.subtract({ hours: 24 }));
  if (lately >= MOST_REFUSALS) return true;
  if (!(await hasEnough(tx, old, fresh, body.settings.booking.openPerPerson, now))) return false;
  await appendEvent(tx, { appointment: old, kind: 'contact_refused', actor: 'citizen', at: now });
  return true;
}
