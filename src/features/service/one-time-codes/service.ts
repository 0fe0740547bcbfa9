import type { Appointment } from '../../../domain/appointment.ts';
import { digitsOf } from '../../../domain/one-time-code.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { hashSecret, type PurposeKey, sameHash } from '../../../lib/secrets.ts';
import { noSecurityLog, type SecurityLog } from '../../../lib/security-events.ts';
import { readForUpdate } from '../../booking/appointments/views.ts';
import { codeWay, insidersOf, maskAddress } from '../../booking/proof/rules.ts';
import {
  countTry,
  insertCode,
  readStanding,
  rememberBrowser,
} from '../../booking/proof/service.ts';
import type { CodePurpose, CodeWay, SentTo, WayResult } from '../../booking/proof/types.ts';
import { record } from '../../foundation/audit/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { dropPending, oweNotices } from '../../foundation/notices/service.ts';
import { CODE_MINUTES, isOpen, MOST_TRIES, nextCodeAt, readDigits } from './rules.ts';
import { readCodes } from './views.ts';

/** `left`: how often it may be tried still. */
export type CodeRefused =
  | { ok: false; reason: 'ended' }
  | { ok: false; reason: 'wrong'; left: number };

/** Why no code is sent. `frozen`: codes may go there from `until` on (null: time alone won't do). `too_soon`: from `at` on there may be another. */
export type NotSent =
  | { ok: false; reason: 'no_address' }
  | { ok: false; reason: 'frozen'; until: Temporal.Instant | null }
  | { ok: false; reason: 'too_soon'; at: Temporal.Instant };

/** One-time codes, by the way that the link to an appointment did not take, to an address that proves something (docs/adr/0040). */
export interface OneTimeCodes {
  /** Where a code would go now, or why it can go nowhere. */
  way(appointment: Appointment): Promise<WayResult>;
  /** Sends a code. */
  send(
    appointment: Pick<Appointment, 'id' | 'office'>,
    purpose: CodePurpose,
  ): Promise<{ ok: true; to: CodeWay } | NotSent>;
  /** Takes what was typed, and remembers the browser. A code that was right opens once. `secret`: what the browser keeps. */
  enter(
    appointment: Appointment,
    purpose: CodePurpose,
    typed: string,
  ): Promise<{ ok: true; secret: string } | CodeRefused>;
  /**
   * Takes what was typed, in the transaction of whoever it is for. A code that was right is good once. Answers which it was, and
   * where it had been sent.
   */
  take(
    tx: Tx,
    appointment: Appointment,
    purpose: CodePurpose,
    typed: string,
  ): Promise<{ ok: true; code: string; sent: SentTo } | CodeRefused>;
}

export function createOneTimeCodes(deps: {
  db: Db;
  clock: Clock;
  key: PurposeKey;
  /** Whether SMS go to this number. */
  isReached(phone: string): boolean;
  notify(office: number): void;
  /** Where wrong codes are noted. */
  security?: SecurityLog;
}): OneTimeCodes {
  const { db, clock, key, isReached, notify, security = noSecurityLog } = deps;

  const wayOf = async (tx: Tx, appointment: Appointment): Promise<WayResult> =>
    codeWay(appointment, await readStanding(tx, appointment, clock.now()), isReached);

  const take: OneTimeCodes['take'] = async (tx, { id, office }, purpose, typed) => {
    const now = clock.now();
    const [code] = await readCodes(tx, id, purpose);
    if (!code || !isOpen(code, now)) return { ok: false, reason: 'ended' };
    const isRight = sameHash(hashSecret(readDigits(typed)), hashSecret(digitsOf(key, code.id)));
    const tries = code.tries + 1;
    await countTry(tx, code.id, { tries, ended: isRight ? now : null });
    if (!isRight) {
      const left = MOST_TRIES - tries;
      const facts = { appointment: id, office: office, what: purpose.split(' ')[0] ?? '' };
      security.note(left > 0 ? 'code.refused' : 'code.exhausted', facts);
      return { ok: false, reason: 'wrong', left };
    }
    const { channel, masked, setBy } = code;
    return { ok: true, code: code.id, sent: { channel, masked, setBy } };
  };

  return {
    way: (appointment) => within(db, appointment.office, (tx) => wayOf(tx, appointment)),

    async send({ id, office }, purpose) {
      const result = await within(db, office, async (tx) => {
        const appointment = await readForUpdate(tx, id);
        if (!appointment) return { ok: false, reason: 'no_address' } as const;
        const found = await wayOf(tx, appointment);
        if (!found.ok && found.reason === 'frozen') return found;
        if (!found.ok) return { ok: false, reason: 'no_address' } as const;
        const { way } = found;
        const now = clock.now();
        const at = nextCodeAt(await readCodes(tx, id, purpose), now);
        if (at) return { ok: false, reason: 'too_soon', at } as const;
        const code = key.newId();
        const expiresAt = now.add({ minutes: CODE_MINUTES });
        await insertCode(
          tx,
          { office, appointment: id, purpose },
          {
            id: code,
            madeAt: now,
            expiresAt,
            channel: way.channel,
            masked: maskAddress(way),
            setBy: way.setBy,
          },
        );
        await dropPending(tx, id, ['code'], now);
        const notices = noticesOwed('code', appointment, now, {
          code,
          ...(purpose !== 'documents' && { isForAct: true }),
        });
        const apart = notices.map((each) => ({
          ...each,
          channel: way.channel,
          recipient: way.recipient,
          expires_at: expiresAt.toString(),
        }));
        await oweNotices(tx, { office, appointment: id }, apart, now);
        return { ok: true, to: way } as const;
      });
      if (result.ok) notify(office);
      return result;
    },

    enter: (appointment, purpose, typed) =>
      within(db, appointment.office, async (tx) => {
        const taken = await take(tx, appointment, purpose, typed);
        if (!taken.ok) return taken;
        const now = clock.now();
        const secret = await rememberBrowser(tx, appointment, taken.sent, now);
        const { channel, setBy } = taken.sent;
        const insiders = insidersOf(await readStanding(tx, appointment, now));
        await record(tx, {
          viewer: { kind: 'citizen', appointment: appointment.id },
          office: appointment.office,
          appointment: appointment.id,
          action: 'proved',
          now,
          data: { channel, setBy, ...(insiders.length > 0 && { insiders }) },
        });
        return { ok: true, secret };
      }),

    take,
  };
}
