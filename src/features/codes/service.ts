import type { Clock } from '../../lib/clock.ts';
import { type Db, type Tx, within } from '../../lib/db/database.ts';
import { hashSecret, newSecret, type PurposeKey, sameHash } from '../../lib/secrets.ts';
import type { Appointment } from '../appointments/types.ts';
import { readForUpdate } from '../appointments/views.ts';
import { noticesOwed } from '../notices/rules.ts';
import { dropPending, oweNotices } from '../notices/service.ts';
import {
  CODE_MINUTES,
  codeAddress,
  digitsOf,
  isOpen,
  MOST_TRIES,
  nextCodeAt,
  readDigits,
} from './rules.ts';
import { countTry, insertCode, insertProved } from './store.ts';
import type { CodeAddress, Purpose } from './types.ts';
import { isProved, readCodes } from './views.ts';

/** `left`: how often it may be tried still. */
export type CodeRefused =
  | { ok: false; reason: 'ended' }
  | { ok: false; reason: 'wrong'; left: number };

/** One-time codes, by the way that the link to an appointment did not take. */
export interface Codes {
  /** Where a code would go; null: nowhere, and who is asked for one must call. */
  addressOf(appointment: Appointment): CodeAddress | null;
  /** Sends a code. `too_soon`: from `at` on there may be another. */
  send(
    appointment: Appointment,
    purpose: Purpose,
  ): Promise<
    | { ok: true; to: CodeAddress }
    | { ok: false; reason: 'no_address' }
    | { ok: false; reason: 'too_soon'; at: Temporal.Instant }
  >;
  /**
   * Takes what was typed. A code that was right opens once. `ended`: there is none that can be typed any more; `left`: how
   * often it may be tried still.
   */
  enter(
    appointment: Appointment,
    purpose: Purpose,
    typed: string,
  ): Promise<{ ok: true; secret: string } | CodeRefused>;
  /**
   * Takes what was typed, in a transaction of whoever it is for. A code that was right is good once; which it was, and where it
   * had gone, is answered.
   */
  take(
    tx: Tx,
    appointment: Appointment,
    purpose: Purpose,
    typed: string,
  ): Promise<{ ok: true; code: string; to: CodeAddress } | CodeRefused>;
  /** Remembers a browser in which a code was typed; answers the secret that it keeps. */
  remember(tx: Tx, appointment: Appointment): Promise<string>;
  /** Whether this secret is of a browser in which a code was typed. */
  isProved(appointment: Appointment, secret: string): Promise<boolean>;
}

export function createCodes(deps: {
  db: Db;
  clock: Clock;
  key: PurposeKey;
  /** Whether SMS go to this number. */
  isReached(phone: string): boolean;
  wake(body: number): void;
}): Codes {
  const { db, clock, key, isReached, wake } = deps;
  const addressOf = ({ citizen }: Appointment) => codeAddress(citizen, isReached);

  const take: Codes['take'] = async (tx, appointment, purpose, typed) => {
    const now = clock.now();
    const [code] = await readCodes(tx, appointment.id, purpose);
    const to = addressOf(appointment);
    if (!code || !to || !isOpen(code, now)) return { ok: false, reason: 'ended' };
    const isRight = sameHash(hashSecret(readDigits(typed)), hashSecret(digitsOf(key, code.id)));
    const tries = code.tries + 1;
    await countTry(tx, code.id, { tries, ended: isRight ? now : null });
    if (!isRight) return { ok: false, reason: 'wrong', left: MOST_TRIES - tries };
    return { ok: true, code: code.id, to };
  };

  const remember: Codes['remember'] = async (tx, { id, body }) => {
    const secret = newSecret();
    await insertProved(tx, { body, appointment: id }, hashSecret(secret), clock.now());
    return secret;
  };

  return {
    addressOf,

    async send({ id, body }, purpose) {
      const result = await within(db, body, async (tx) => {
        const appointment = await readForUpdate(tx, id);
        const to = appointment && addressOf(appointment);
        if (!to) return { ok: false, reason: 'no_address' } as const;
        const now = clock.now();
        const at = nextCodeAt(await readCodes(tx, id, purpose), now);
        if (at) return { ok: false, reason: 'too_soon', at } as const;
        const code = key.newId();
        const expiresAt = now.add({ minutes: CODE_MINUTES });
        await insertCode(
          tx,
          { body, appointment: id, purpose },
          { id: code, madeAt: now, expiresAt },
        );
        await dropPending(tx, id, ['code'], now);
        const notices = noticesOwed('code', appointment, now, {
          code,
          ...(purpose !== 'documents' && { isForAct: true }),
        });
        const apart = notices.map((each) => ({ ...each, ...to, expires_at: expiresAt.toString() }));
        await oweNotices(tx, { body, appointment: id }, apart, now);
        return { ok: true, to } as const;
      });
      if (result.ok) wake(body);
      return result;
    },

    enter: (appointment, purpose, typed) =>
      within(db, appointment.body, async (tx) => {
        const taken = await take(tx, appointment, purpose, typed);
        return taken.ok ? { ok: true, secret: await remember(tx, appointment) } : taken;
      }),

    take,
    remember,

    isProved: async ({ id, body }, secret) =>
      secret !== '' && within(db, body, (tx) => isProved(tx, id, hashSecret(secret))),
  };
}

export { endProofs } from './store.ts';
