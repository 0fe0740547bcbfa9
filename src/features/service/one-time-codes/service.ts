import type { Appointment } from '../../../domain/appointment.ts';
import { digitsOf } from '../../../domain/one-time-code.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { hashSecret, type PurposeKey, sameHash } from '../../../lib/secrets.ts';
import { noSecurityLog, type SecurityLog } from '../../../lib/security-events.ts';
import type { CitizenViewer } from '../../../lib/viewer.ts';
import { readForUpdate } from '../../booking/appointments/views.ts';
import { codeWay, insidersOf, maskAddress } from '../../booking/proof/rules.ts';
import { countTry, insertCode, rememberBrowser } from '../../booking/proof/service.ts';
import type { CodePurpose, CodeWay, SentTo, WayResult } from '../../booking/proof/types.ts';
import { readStanding } from '../../booking/proof/views.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { noticesOwed } from '../../foundation/notices/rules.ts';
import { dropPending, oweNotices } from '../../foundation/notices/service.ts';
import { CODE_MINUTES, isOpen, MOST_TRIES, nextCodeAt, readDigits, upTo } from './rules.ts';
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
   * Takes what was typed, in the unit of work of whatever it is for. A code that was right is good once. Answers which it was, and
   * where it had been sent.
   */
  take(
    unit: Unit,
    appointment: Appointment,
    purpose: CodePurpose,
    typed: string,
  ): Promise<{ ok: true; code: string; sent: SentTo } | CodeRefused>;
}

export interface OneTimeCodesDeps {
  db: Db;
  clock: Clock;
  key: PurposeKey;
  /** Whether SMS go to this number. */
  isReached(phone: string): boolean;
  unit: RunUnit;
  /** Where wrong codes are noted. */
  security?: SecurityLog;
}

export function createOneTimeCodes(deps: OneTimeCodesDeps): OneTimeCodes {
  const { db, clock, key, isReached, unit, security = noSecurityLog } = deps;
  const take: OneTimeCodes['take'] = (each, { id }, purpose, typed) =>
    takeCode({ key, security }, each, id, purpose, typed);

  return {
    way: (appointment) =>
      within(db, appointment.office, (tx) => readWay(tx, appointment, clock.now(), isReached)),

    send: ({ id, office }, purpose) =>
      unit({ kind: 'citizen', appointment: id }, office, (each) =>
        sendCode({ key, isReached }, each, purpose),
      ),

    enter: (appointment, purpose, typed) =>
      unit({ kind: 'citizen', appointment: appointment.id }, appointment.office, async (each) => {
        const taken = await take(each, appointment, purpose, typed);
        if (!taken.ok) return taken;
        const secret = await rememberBrowser(each, appointment, taken.sent);
        const { channel, setBy } = taken.sent;
        const insiders = insidersOf(await readStanding(each.tx, appointment, each.now));
        await each.record('proved', {
          appointment: appointment.id,
          data: { channel, setBy, ...(insiders.length > 0 && { insiders }) },
        });
        return { ok: true, secret };
      }),

    take,
  };
}

/** Where a code for an appointment would go. */
const readWay = async (
  tx: Tx,
  appointment: Appointment,
  now: Temporal.Instant,
  isReached: OneTimeCodesDeps['isReached'],
): Promise<WayResult> => codeWay(appointment, await readStanding(tx, appointment, now), isReached);

/** Makes a code for the viewer's appointment, and owes them the notice that carries it. */
async function sendCode(
  { key, isReached }: Pick<OneTimeCodesDeps, 'key' | 'isReached'>,
  unit: Unit<CitizenViewer>,
  purpose: CodePurpose,
): ReturnType<OneTimeCodes['send']> {
  const { tx, office, now } = unit;
  const id = unit.viewer.appointment;
  const appointment = await readForUpdate(tx, id);
  if (!appointment) return { ok: false, reason: 'no_address' };
  const found = await readWay(tx, appointment, now, isReached);
  if (!found.ok && found.reason === 'frozen') return found;
  if (!found.ok) return { ok: false, reason: 'no_address' };
  const { channel, recipient, setBy } = found.way;
  const at = nextCodeAt(await readCodes(tx, id, purpose), now);
  if (at) return { ok: false, reason: 'too_soon', at };
  const code = key.newId();
  const expiresAt = now.add({ minutes: CODE_MINUTES });
  const masked = maskAddress(found.way);
  const made = { id: code, madeAt: now, expiresAt, channel, masked, setBy };
  await insertCode(unit, { office, appointment: id, purpose }, made);
  await dropPending(unit, id, ['code']);
  const notices = noticesOwed('code', appointment, now, {
    code,
    ...(purpose !== 'documents' && { isForAct: true }),
  });
  const apart = notices.map((each) => ({
    ...each,
    channel,
    recipient,
    expires_at: expiresAt.toString(),
  }));
  await oweNotices(unit, { office, appointment: id }, apart);
  return { ok: true, to: found.way };
}

/** Takes what was typed for an appointment, and counts the try. */
async function takeCode(
  { key, security }: { key: PurposeKey; security: SecurityLog },
  unit: Unit,
  id: string,
  purpose: CodePurpose,
  typed: string,
): ReturnType<OneTimeCodes['take']> {
  const { tx, office, now } = unit;
  const [code] = upTo(await readCodes(tx, id, purpose), now);
  if (!code || !isOpen(code, now)) return { ok: false, reason: 'ended' };
  const isRight = sameHash(hashSecret(readDigits(typed)), hashSecret(digitsOf(key, code.id)));
  const tries = code.tries + 1;
  await countTry(unit, code.id, { tries, ended: isRight ? now : null });
  if (!isRight) {
    const left = MOST_TRIES - tries;
    const facts = { appointment: id, office, what: purpose.split(' ')[0] ?? '' };
    security.note(left > 0 ? 'code.refused' : 'code.exhausted', facts);
    return { ok: false, reason: 'wrong', left };
  }
  const { channel, masked, setBy } = code;
  return { ok: true, code: code.id, sent: { channel, masked, setBy } };
}
