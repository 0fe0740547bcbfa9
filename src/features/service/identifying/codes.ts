import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { createLimiter, type Limiter } from '../../../lib/limiter.ts';
import { hashSecret, type PurposeKey, sameHash } from '../../../lib/secrets.ts';
import { readById } from '../../booking/appointments/views.ts';
import { browserSecretIn, keepBrowserSecret } from '../../foundation/identification/service.ts';
import {
  CODE_MINUTES,
  codeOf,
  finderOf,
  MOST_MISSES,
  readCode,
  TAKEN_MINUTES,
  TYPED,
} from './code-rules.ts';
import { changeCode, deleteOldCodes, insertCode } from './store.ts';
import type { AskedFrom, CodeFound, CodeRefusal, ShownCode, TypedCode } from './types.ts';
import { readCodeRow } from './views.ts';

type Asked = Pick<Appointment, 'id' | 'office' | 'link'>;

/** Codes by which a citizen identifies on another device than the one that has the link of their appointment (docs/adr/0088). */
export interface IdentityCodes {
  /** Makes a code, which only this browser is shown. The one before is over. `cookie`: what the browser sent. Returns its cookie. */
  make(appointment: Asked, cookie: string, from: AskedFrom): Promise<string>;
  /** Returns the code of an appointment as the browser that asked for it sees it; null: it has none, or another browser asked. */
  shown(appointment: Asked, cookie: string): Promise<ShownCode | null>;
  /** Takes what was typed. It counts once, and belongs to this browser from then on. */
  enter(
    typed: string,
    cookie: string,
  ): Promise<{ ok: true; cookie: string } | { ok: false; reason: CodeRefusal }>;
  /** Returns the code that was typed in this browser; null: there is none, or its appointment no longer takes it. */
  typed(cookie: string): Promise<TypedCode | null>;
  /** Notes what whoever typed it says: that they asked for it, or that they did not. Returns whether it could be said. */
  answer(id: string, cookie: string, isTheirs: boolean): Promise<boolean>;
  /** Deletes codes that are over. */
  sweep(): Promise<void>;
}

export interface IdentityCodesDeps {
  db: Db;
  clock: Clock;
  /** The purpose key `forms`: a code lives for minutes. */
  key: PurposeKey;
  baseUrl: string;
}

interface Deps extends IdentityCodesDeps {
  /** Of the whole town, in this process. */
  limiter: Limiter;
}

export function createIdentityCodes(of: IdentityCodesDeps): IdentityCodes {
  const deps = { ...of, limiter: createLimiter(of.clock, TYPED) };
  const { db, clock } = deps;
  return {
    make: (appointment, cookie, from) => make(deps, appointment, cookie, from),
    shown: (appointment, cookie) => shown(deps, appointment, cookie),
    enter: (typed, cookie) => enter(deps, typed, cookie),
    typed: (cookie) => typedIn(deps, cookie),
    answer: (id, cookie, isTheirs) => answer(deps, id, cookie, isTheirs),
    sweep: () => within(db, INSTALLATION, (tx) => deleteOldCodes(tx, clock.now())),
  };
}

/** Returns the hash that names a browser; null: it has no secret. */
export function browserHash(cookie: string, baseUrl: string): Buffer | null {
  const secret = browserSecretIn(cookie, baseUrl);
  return secret === '' ? null : hashSecret(secret);
}

/** Returns whether an appointment still takes a code that was asked for by its link. */
export const takesCode = (
  appointment: Pick<Appointment, 'link' | 'status' | 'citizen'>,
  { link }: Pick<CodeFound, 'link'>,
): boolean =>
  appointment.link === link &&
  appointment.status !== 'cancelled' &&
  appointment.citizen.name !== '';

/** Returns the code of an id and the browser that asked for it. Nobody without that browser's secret can compute it. */
const codeFor = (key: PurposeKey, id: string, secret: string): string =>
  codeOf(key.of(id).deriveKey(`identification code ${id} ${secret}`));

const finder = (key: Pick<PurposeKey, 'derive'>, code: string): string =>
  key.derive(`identification code found by ${finderOf(code)}`);

const hashOf = (key: PurposeKey, id: string, code: string): Buffer =>
  hashSecret(key.of(id).derive(`identification code ${id} is ${code}`));

/** How often another code is made where its first half is that of another one. */
const TRIES = 5;

async function make(
  { db, key, clock, baseUrl }: Deps,
  { id: appointment, office, link }: Asked,
  cookie: string,
  from: AskedFrom,
): Promise<string> {
  const browser = keepBrowserSecret(cookie, baseUrl);
  const now = clock.now();
  const times = { now, endsAt: now.add({ minutes: CODE_MINUTES }) };
  for (let tries = 0; tries < TRIES; tries++) {
    const id = key.newId();
    const code = codeFor(key, id, browser.secret);
    const isMade = await within(db, INSTALLATION, async (tx) => {
      await deleteOldCodes(tx, now);
      return insertCode(
        tx,
        {
          ...{ ...from, id, office, appointment, link },
          finder: finder(key.of(id), code),
          hash: hashOf(key, id, code),
          askedBy: hashSecret(browser.secret),
        },
        times,
      );
    });
    if (isMade) return browser.cookie;
  }
  throw new Error('No code was free: too many are open');
}

async function shown(
  { db, key, clock, baseUrl }: Deps,
  { id, office, link }: Asked,
  cookie: string,
): Promise<ShownCode | null> {
  const secret = browserSecretIn(cookie, baseUrl);
  const row = await within(db, office, (tx) => readCodeRow(tx, { appointment: id }, clock.now()));
  if (!row || secret === '' || row.link !== link || !sameHash(row.askedBy, hashSecret(secret)))
    return null;
  const { state, endsAt } = row;
  return { state, endsAt, code: state === 'open' ? codeFor(key, row.id, secret) : '' };
}

async function enter(
  deps: Deps,
  typed: string,
  cookie: string,
): Promise<{ ok: true; cookie: string } | { ok: false; reason: CodeRefusal }> {
  const { db, key, clock, baseUrl, limiter } = deps;
  if (limiter.take('all') > 0) return { ok: false, reason: 'too_many' };
  const code = readCode(typed);
  if (code === null) return { ok: false, reason: 'not_a_code' };
  const now = clock.now();
  const finders = key.live().map((each) => finder(each, code));
  const browser = keepBrowserSecret(cookie, baseUrl);
  return within(db, INSTALLATION, async (tx) => {
    const row = await readCodeRow(tx, { finders }, now);
    if (!row) return { ok: false, reason: 'unknown' };
    const refused = await refusalOf(tx, key, row, code);
    if (refused) return { ok: false, reason: refused };
    const endsAt = now.add({ minutes: TAKEN_MINUTES });
    const takenBy = hashSecret(browser.secret);
    await changeCode(tx, row.id, { state: 'taken', takenBy, endsAt });
    return { ok: true, cookie: browser.cookie };
  });
}

/** Returns why a code that was found is not taken, and counts a miss; null: it is taken. */
async function refusalOf(
  tx: Tx,
  key: PurposeKey,
  row: CodeFound,
  code: string,
): Promise<CodeRefusal | null> {
  if (row.state === 'locked') return 'locked';
  if (row.state !== 'open') return 'used';
  if (!sameHash(row.hash, hashOf(key, row.id, code))) {
    const misses = row.misses + 1;
    const isLocked = misses >= MOST_MISSES;
    await changeCode(tx, row.id, { misses, ...(isLocked && { state: 'locked' }) });
    return isLocked ? 'locked' : 'miss';
  }
  const appointment = await readById(tx, row.appointment);
  return appointment && takesCode(appointment, row) ? null : 'over';
}

async function typedIn({ db, clock, baseUrl }: Deps, cookie: string): Promise<TypedCode | null> {
  const takenBy = browserHash(cookie, baseUrl);
  if (!takenBy) return null;
  return within(db, INSTALLATION, async (tx) => {
    const row = await readCodeRow(tx, { takenBy }, clock.now());
    const appointment = row && (await readById(tx, row.appointment));
    if (!row || !appointment || !takesCode(appointment, row)) return null;
    const { id, state, askedAt, family, system, sender } = row;
    return { ...{ id, state, askedAt, family, system, sender }, appointment };
  });
}

async function answer(
  { db, clock, baseUrl }: Deps,
  id: string,
  cookie: string,
  isTheirs: boolean,
): Promise<boolean> {
  const browser = browserHash(cookie, baseUrl);
  return within(db, INSTALLATION, async (tx) => {
    const row = await readCodeRow(tx, { id }, clock.now());
    const isOpen = row?.state === 'taken' || row?.state === 'confirmed';
    if (!row?.takenBy || !browser || !sameHash(row.takenBy, browser) || !isOpen) return false;
    await changeCode(tx, id, { state: isTheirs ? 'confirmed' : 'denied' });
    return true;
  });
}

/**
 * Ends a code with which somebody has identified, in the unit of work of what follows. Returns whether it counts: it was typed in this
 * browser, they said that they asked for it, and the appointment still takes it.
 */
export async function spendCode(
  tx: Tx,
  { id, browser }: { id: string; browser: Buffer },
  appointment: Appointment,
  now: Temporal.Instant,
): Promise<boolean> {
  const row = await readCodeRow(tx, { id }, now);
  const isRight =
    row?.state === 'confirmed' &&
    row.appointment === appointment.id &&
    row.takenBy !== null &&
    sameHash(row.takenBy, browser) &&
    takesCode(appointment, row);
  if (isRight) await changeCode(tx, id, { state: 'done' });
  return isRight;
}
