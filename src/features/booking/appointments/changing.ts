import { type Appointment, askOf, type Choice } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { unitOf } from '../../foundation/audit/service.ts';
import type { AskRefusal } from '../slots/service.ts';
import { type AppointmentsDeps, claimOn, onCurrent } from './claiming.ts';
import { isDisplaced, isOpen, mayBecome } from './rules.ts';
import { cancelLocked } from './status.ts';
import { moveAppointment } from './store.ts';
import { noticesOfMove } from './telling.ts';
import { readById, readForUpdate } from './views.ts';

export type ChangeRefusal = 'not_found' | 'not_open';
export type ChangeResult<R = never> =
  | { ok: true; appointment: Appointment }
  | { ok: false; reason: ChangeRefusal | R };
export type MoveResult = ChangeResult<'slot_taken' | AskRefusal>;

export interface Changing {
  /** Another time, another channel, or both. `hold`: the secret of a hold on that start, which becomes theirs. */
  move(
    viewer: Viewer,
    office: Office,
    id: string,
    to: { start: Temporal.Instant; channel?: Channel; hold?: string },
  ): Promise<MoveResult>;
  /** A citizen may until it begins; those who work here as long as it is booked. */
  cancel(viewer: Viewer, office: Office, id: string, reason: string): Promise<ChangeResult>;
}

export function createChanging(deps: AppointmentsDeps): Changing {
  const { clock, notify } = deps;
  const { kysely: db, pool } = deps.database;
  const unit = unitOf({ db, clock, notify });

  return {
    async move(viewer, office, id, to) {
      const old = await within(db, office.id, (tx) => readById(tx, id));
      if (!old) return { ok: false, reason: 'not_found' };
      const now = clock.now();
      if (viewer.kind === 'citizen' ? !isOpen(old, now) : old.status !== 'booked')
        return { ok: false, reason: 'not_open' };
      const channel = to.channel ?? old.channel;
      const isThere = channel === old.channel && to.start.equals(old.start);
      if (isThere && !isDisplaced(old)) return { ok: true, appointment: old };
      const choice: Choice = { ...askOf(old), channel, start: to.start };
      const result = await onCurrent(deps, office, async (current) => {
        const claimed = await claimOn(deps, current, choice, id, to.hold);
        if (claimed.outcome === 'refused') return claimed;
        const { claim } = claimed.on;
        if (claim.desks.length === 0) return { outcome: 'taken' as const };
        const moved = { ...old, channel, start: claim.start, end: claim.end };
        const data = { to: { start: claim.start.toString(), channel }, leftDesk: old.desk };
        const by = viewer.kind === 'citizen' ? 'citizen' : 'office';
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
          notify(office.id);
          return {
            ok: true,
            appointment: (await within(db, office.id, (tx) => readById(tx, id)))!,
          };
        case 'not_open':
        case 'not_found':
          return { ok: false, reason: result.outcome };
        default:
          return { ok: false, reason: 'slot_taken' };
      }
    },

    async cancel(viewer, office, id, reason) {
      return unit<ChangeResult, Viewer>(viewer, office.id, async ({ tx, now, record }) => {
        const old = await readForUpdate(tx, id);
        if (!old) return { ok: false, reason: 'not_found' };
        if (viewer.kind === 'citizen' ? !isOpen(old, now) : !mayBecome(old.status, 'cancelled')) {
          return { ok: false, reason: 'not_open' };
        }
        const by = viewer.kind === 'citizen' ? 'citizen' : 'office';
        const appointment = await cancelLocked(tx, old, by, {
          actor: actorOf(viewer),
          now,
          reason,
        });
        await record('cancelled', { appointment: id, data: { desk: old.desk } });
        return { ok: true, appointment };
      });
    },
  };
}
