import type { Choice } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { hashSecret, newSecret } from '../../../lib/secrets.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { AskRefusal } from '../slots/service.ts';
import { type AppointmentsDeps, claimOn, onCurrent } from './claiming.ts';
import { type CountedHold, extendHold, holdTime, releaseHold } from './store.ts';
import { readFirstEnd } from './views.ts';

/** How long a hold lasts, and how much longer it may be made once. */
export const HOLD_MINUTES = 10;

export type HoldResult =
  | { ok: true; hold: string; expiresAt: Temporal.Instant }
  | { ok: false; reason: 'slot_taken' | AskRefusal }
  /** This sender holds the maximum of times; the first of them is free again at `until`. */
  | { ok: false; reason: 'too_many'; until: Temporal.Instant };

/** How long a time is held, and for which sender, so that no sender holds too many. */
export interface HoldHow {
  /** By default in `HOLD_MINUTES`. */
  until?: Temporal.Instant;
  /** A keyed hash of their network address. Without it the hold has no limit: the office's own. */
  sender?: Buffer | null;
  /** The secret of a hold that this one replaces. */
  insteadOf?: string | undefined;
}

export interface Holding {
  /**
   * Holds a start for a citizen who fills in the form. The hold is a secret (a new one, unless given); only its hash is
   * stored.
   */
  hold(office: Office, choice: Choice, secret?: string, how?: HoldHow): Promise<HoldResult>;
  /** Extends by ten minutes, once; null when it has ended or was extended before. */
  extendHold(office: Office, hold: string): Promise<Temporal.Instant | null>;
  releaseHold(office: Office, hold: string): Promise<void>;
}

export function createHolding(deps: AppointmentsDeps): Holding {
  const { clock } = deps;
  const { kysely: db, pool } = deps.database;

  return {
    async hold(office, choice, hold = newSecret(), how = {}) {
      const now = clock.now();
      const { sender, until: expiresAt = now.add({ minutes: HOLD_MINUTES }) } = how;
      const result = await onCurrent(deps, office, async (current) => {
        const claimed = await claimOn(deps, current, choice);
        if (claimed.outcome === 'refused') return claimed;
        if (claimed.on.claim.desks.length === 0) return { outcome: 'taken' as const };
        const counted = countedFor(current, how);
        return { outcome: await holdTime(pool, claimed.on, expiresAt, hashSecret(hold), counted) };
      });
      if (result.outcome === 'refused') return { ok: false, reason: result.reason };
      if (result.outcome === 'too_many' && sender) {
        const until = await within(db, office.id, (tx) => readFirstEnd(tx, sender, now));
        return { ok: false, reason: 'too_many', until: until ?? now };
      }
      return result.outcome === 'held'
        ? { ok: true, hold, expiresAt }
        : { ok: false, reason: 'slot_taken' };
    },

    async extendHold(office, hold) {
      const now = clock.now();
      const until = now.add({ minutes: HOLD_MINUTES });
      const done = await within(db, office.id, (tx) =>
        extendHold(tx, hashSecret(hold), until, now),
      );
      return done ? until : null;
    },

    releaseHold: (office, hold) => within(db, office.id, (tx) => releaseHold(tx, hashSecret(hold))),
  };
}

/** Releases a held time with the rest of the unit. */
export async function giveHoldBack({ tx, tell }: Unit, hold: string): Promise<void> {
  await releaseHold(tx, hashSecret(hold));
  tell();
}

const countedFor = (office: Office, { sender = null, insteadOf }: HoldHow): CountedHold => ({
  sender,
  most: office.settings.booking.holdsPerAddress,
  unit: longestOf(office),
  insteadOf: insteadOf === undefined ? null : hashSecret(insteadOf),
});

/** Returns the minutes of the longest appointment for one procedure and one person. */
const longestOf = ({ procedures }: Office): number =>
  Math.max(1, ...procedures.flatMap(({ channels }) => Object.values(channels)));
