import { within } from '../../lib/db/database.ts';
import { hashSecret, newSecret } from '../../lib/secrets.ts';
import type { Body } from '../bodies/types.ts';
import type { AskRefusal } from '../slots/service.ts';
import { type AppointmentsDeps, claimOn, onCurrent } from './claiming.ts';
import { extendHold, holdTime, releaseHold } from './store.ts';
import type { Choice } from './types.ts';

/** How long a hold lasts, and how much longer it may be made once. */
export const HOLD_MINUTES = 10;

export type HoldResult =
  | { ok: true; hold: string; expiresAt: Temporal.Instant }
  | { ok: false; reason: 'slot_taken' | AskRefusal };
export interface Holding {
  /** Keeps a start for somebody who is filling in the form. The hold is a secret (a new one, unless given);
   * only its hash is stored. It lasts until `until`, by default `HOLD_MINUTES`. */
  hold(body: Body, choice: Choice, secret?: string, until?: Temporal.Instant): Promise<HoldResult>;
  /** Ten more minutes, once; null when it has ended or was extended before. */
  extendHold(body: Body, hold: string): Promise<Temporal.Instant | null>;
  releaseHold(body: Body, hold: string): Promise<void>;
}

export function createHolding(deps: AppointmentsDeps): Holding {
  const { clock } = deps;
  const { kysely: db, pool } = deps.database;

  return {
    async hold(body, choice, hold = newSecret(), until) {
      const expiresAt = until ?? clock.now().add({ minutes: HOLD_MINUTES });
      const result = await onCurrent(deps, body, async (current) => {
        const claimed = await claimOn(deps, current, choice);
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
  };
}
