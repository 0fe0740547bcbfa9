import { createHash } from 'node:crypto';
import { type Appointment, askOf } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { nobody } from '../../../domain/person.ts';
import type { Waiting, Wish } from '../../../domain/waiting.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import { hashSecret, idNaming, type PurposeKey } from '../../../lib/secrets.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { addressOf, noticesToWaiting } from '../../foundation/notices/rules.ts';
import { oweNotices, waitingSecret } from '../../foundation/notices/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { appendEvent } from '../appointments/service.ts';
import { type Answering, createAnswering, viewerOf, type WaitListDeps } from './answering.ts';
import { createForDisplaced, type ForDisplaced } from './displaced.ts';
import { dayAndPart, dayBefore, isTooLate } from './rules.ts';
import { insertWaiting } from './store.ts';
import type { Offer, WaitingRequest } from './types.ts';
import {
  countAhead,
  countOpen,
  lockPerson,
  lockWaiting,
  readOfAppointment,
  readOffers,
  readWaiting,
} from './views.ts';

export type JoinResult =
  | { ok: true; secret: string }
  /**
   * `too_late`: no day is left; `too_many`: they have the maximum of entries of the office; `unreachable`: an offer can't be sent to
   * them, since they gave neither an e-mail address nor a mobile.
   */
  | { ok: false; reason: 'too_late' | 'too_many' | 'unreachable' };

/** The wait list: people join here, `jobs.ts` makes offers, and `answering.ts` handles the answers. */
export interface WaitList extends Answering, ForDisplaced {
  /** Adds a person with an appointment who wants an earlier day. A repetition returns the same entry. */
  joinEarlier(office: Office, appointment: Appointment, wish: Wish): Promise<JoinResult>;
  /** Adds a person without an appointment. `once`: the form's token, so that the same form sent twice makes one entry. */
  join(office: Office, request: WaitingRequest, once: string): Promise<JoinResult>;
  /** Returns the secret of a form's entry; null: it has made none yet. */
  joinedWith(once: string): Promise<string | null>;
  /** Returns the entry of a link. */
  bySecret(secret: string): Promise<Waiting | null>;
  /** Returns the entry for an earlier time than this appointment's. */
  ofAppointment(appointment: Pick<Appointment, 'id' | 'office'>): Promise<Waiting | null>;
  /** Returns their offers, newest first. */
  offers(waiting: Waiting): Promise<Offer[]>;
  /** Returns the number of earlier entries with the same need. */
  ahead(waiting: Waiting): Promise<number>;
  /** Returns the secret of an entry's link, derived from the installation's key. It changes when its appointment's link is replaced. */
  secretOf(of: { id: string; appointment: { link: number } | null }): string;
}

export function createWaitList(deps: WaitListDeps): WaitList {
  const { clock, key } = deps;
  const { kysely: db } = deps.database;

  return {
    ...createAnswering(deps),
    ...createForDisplaced(deps),
    async joinEarlier(office, appointment, wish) {
      if (isLate(office, wish, appointment, clock.now())) return { ok: false, reason: 'too_late' };
      if (!addressOf(appointment.citizen)) return { ok: false, reason: 'unreachable' };
      return joinEarlier(deps, office, appointment, wish);
    },
    async join(office, request, once) {
      if (isLate(office, request, null, clock.now())) return { ok: false, reason: 'too_late' };
      if (!addressOf(request.citizen)) return { ok: false, reason: 'unreachable' };
      return join(deps, office, request, once);
    },
    joinedWith: (once) => joinedWith(db, key, once),
    bySecret: (secret) => readOpened(db, 'wait_list', secret, readWaiting),
    ofAppointment: ({ id, office }) => within(db, office, (tx) => readOfAppointment(tx, id)),
    offers: (waiting) => within(db, waiting.office, (tx) => readOffers(tx, waiting.id)),
    ahead: (waiting) => within(db, waiting.office, (tx) => countAhead(tx, waiting)),
    secretOf: ({ id, appointment }) => waitingSecret(key, id, appointment?.link ?? 0),
  };
}

type JoinDeps = Pick<WaitListDeps, 'database' | 'key' | 'unit'>;

function joinEarlier(
  { key, unit }: JoinDeps,
  office: Office,
  appointment: Appointment,
  wish: Wish,
): Promise<JoinResult> {
  const { noticeLanguage, link } = appointment;
  const request = { ...askOf(appointment), noticeLanguage, ...nobody(), ...wish };
  const viewer = { kind: 'citizen', appointment: appointment.id } as const;
  return unit(viewer, office.id, async (each) => {
    const id = key.newId();
    const isNew = await enter(each, key, office, id, request, appointment);
    const entry = isNew ? null : await readOfAppointment(each.tx, appointment.id);
    return { ok: true, secret: waitingSecret(key, entry?.id ?? id, link) };
  });
}

async function join(
  { database, key, unit }: JoinDeps,
  office: Office,
  request: WaitingRequest,
  once: string,
): Promise<JoinResult> {
  const earlier = await joinedWith(database.kysely, key, once);
  if (earlier) return { ok: true, secret: earlier };
  const id = idFrom(once, key.version);
  return unit(viewerOf({ id }), office.id, async (each): Promise<JoinResult> => {
    if (await hasTooMany(each.tx, office, request)) return { ok: false, reason: 'too_many' };
    await enter(each, key, office, id, request, null);
    return { ok: true, secret: waitingSecret(key, id, 0) };
  });
}

/** Stores an entry and informs the person; does nothing when it exists already. */
async function enter(
  unit: Unit,
  key: PurposeKey,
  office: Office,
  id: string,
  request: WaitingRequest,
  appointment: Appointment | null,
): Promise<boolean> {
  const { tx, now } = unit;
  const { link = 0 } = appointment ?? {};
  const isNew = await insertWaiting(unit, {
    id,
    procedureId: office.procedure(request.procedure)!.id,
    appointment: appointment?.id ?? null,
    linkHash: hashSecret(waitingSecret(key, id, link)),
    request,
  });
  if (!isNew) return false;
  if (appointment) await appendEvent(unit, { appointment, kind: 'waits' });
  const waiting = (await lockWaiting(tx, id))!;
  const told = { ...waiting, appointment: appointment?.id ?? null, link };
  const about = { office: office.id, appointment: appointment?.id ?? null, waiting: id };
  await oweNotices(unit, about, noticesToWaiting('waiting', told, now));
  return true;
}

async function joinedWith(db: Db, key: PurposeKey, once: string): Promise<string | null> {
  // The form may have been sent before the key had its newest version.
  for (const { version } of key.live()) {
    const secret = waitingSecret(key, idFrom(once, version), 0);
    if (await readOpened(db, 'wait_list', secret, readWaiting)) return secret;
  }
  return null;
}

async function hasTooMany(tx: Tx, office: Office, request: WaitingRequest): Promise<boolean> {
  const address = addressOf(request.citizen)?.recipient ?? '';
  await lockPerson(tx, office.id, address);
  return (await countOpen(tx, office.id, address)) >= office.settings.booking.openPerPerson;
}

function isLate(
  office: Office,
  wish: Wish,
  appointment: Appointment | null,
  now: Temporal.Instant,
): boolean {
  const before = dayBefore(appointment, office.timeZone);
  return isTooLate({ ...wish, before }, dayAndPart(now, office.timeZone).day);
}

/** Returns a UUID from a random text, the same each time, that names a version of the key of links. */
function idFrom(once: string, version: number): string {
  const hex = createHash('sha256').update(once).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return idNaming(version, [...parts, hex.slice(20, 32)].join('-'));
}

export type { AcceptResult, WaitListDeps } from './answering.ts';
export type { KeptTime } from './displaced.ts';
export { createOffering, type Offering } from './jobs.ts';
