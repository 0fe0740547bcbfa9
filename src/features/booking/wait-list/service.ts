import { createHash } from 'node:crypto';
import { type Appointment, askOf } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { nobody } from '../../../domain/person.ts';
import type { Waiting, Wish } from '../../../domain/waiting.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { hashSecret, idNaming } from '../../../lib/secrets.ts';
import { addressOf, noticesToWaiting } from '../../foundation/notices/rules.ts';
import { oweNotices, waitingSecret } from '../../foundation/notices/service.ts';
import { readOpened } from '../../foundation/openings/views.ts';
import { appendEvent } from '../appointments/service.ts';
import { type Answering, createAnswering, type WaitListDeps } from './answering.ts';
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
  /** `too_late`: no day is left; `too_many`: they wait for as many things as the office allows. */
  | { ok: false; reason: 'too_late' | 'too_many' };

/** Those who wait for a time: they join here, are offered one by `jobs.ts`, and answer it (`answering.ts`). */
export interface WaitList extends Answering, ForDisplaced {
  /** Who has an appointment and would have it on an earlier day. Asked twice, it is the same entry. */
  joinEarlier(office: Office, appointment: Appointment, wish: Wish): Promise<JoinResult>;
  /** Who has none. `once`: what the form carried, so that the same form sent twice makes one entry. */
  join(office: Office, request: WaitingRequest, once: string): Promise<JoinResult>;
  /** The secret of the entry that a form made; null: it made none yet. */
  joinedWith(once: string): Promise<string | null>;
  /** The entry that a link opens. */
  bySecret(secret: string): Promise<Waiting | null>;
  /** The entry of who waits for an earlier time than this appointment's. */
  ofAppointment(appointment: Pick<Appointment, 'id' | 'office'>): Promise<Waiting | null>;
  /** What they were offered, newest first. */
  offers(waiting: Waiting): Promise<Offer[]>;
  /** How many came before them for the same. */
  ahead(waiting: Waiting): Promise<number>;
  /** The secret of an entry's link, derived from the installation's key: another one when its appointment's link is replaced. */
  secretOf(of: { id: string; appointment: { link: number } | null }): string;
}

export function createWaitList(deps: WaitListDeps): WaitList {
  const { clock, key, notify } = deps;
  const { kysely: db } = deps.database;
  const secretOf = (id: string, link: number) => waitingSecret(key, id, link);

  /** Writes an entry down and tells them that they are on the list; nothing where it is there already. */
  const enter = async (
    tx: Tx,
    office: Office,
    id: string,
    request: WaitingRequest,
    appointment: Appointment | null,
  ): Promise<boolean> => {
    const since = clock.now();
    const isNew = await insertWaiting(tx, {
      id,
      office: office.id,
      procedureId: office.procedure(request.procedure)!.id,
      appointment: appointment?.id ?? null,
      linkHash: hashSecret(secretOf(id, appointment?.link ?? 0)),
      request,
      since,
    });
    if (!isNew) return false;
    if (appointment)
      await appendEvent(tx, { appointment, kind: 'waits', actor: 'citizen', at: since });
    const waiting = (await lockWaiting(tx, id))!;
    const { link = 0 } = appointment ?? {};
    const told = { ...waiting, appointment: appointment?.id ?? null, link };
    const about = { office: office.id, appointment: appointment?.id ?? null, waiting: id };
    await oweNotices(tx, about, noticesToWaiting('waiting', told, since), since);
    return true;
  };

  const joinedWith = async (once: string): Promise<string | null> => {
    // The form may have been sent before the key had its newest version.
    for (const { version } of key.live()) {
      const secret = secretOf(idFrom(once, version), 0);
      if (await readOpened(db, 'wait_list', secret, readWaiting)) return secret;
    }
    return null;
  };

  const hasTooMany = async (tx: Tx, office: Office, request: WaitingRequest): Promise<boolean> => {
    const address = addressOf(request.citizen)?.recipient ?? '';
    await lockPerson(tx, office.id, address);
    return (await countOpen(tx, office.id, address)) >= office.settings.booking.openPerPerson;
  };

  const isLate = (office: Office, wish: Wish, appointment: Appointment | null): boolean => {
    const before = dayBefore(appointment, office.timeZone);
    return isTooLate({ ...wish, before }, dayAndPart(clock.now(), office.timeZone).day);
  };

  return {
    ...createAnswering(deps),
    ...createForDisplaced(deps),

    async joinEarlier(office, appointment, wish) {
      if (isLate(office, wish, appointment)) return { ok: false, reason: 'too_late' };
      const { noticeLanguage } = appointment;
      const request = { ...askOf(appointment), noticeLanguage, ...nobody(), ...wish };
      const result = await within<JoinResult>(db, office.id, async (tx) => {
        const id = key.newId();
        if (await enter(tx, office, id, request, appointment))
          return { ok: true, secret: secretOf(id, appointment.link) };
        const earlier = await readOfAppointment(tx, appointment.id);
        return { ok: true, secret: secretOf(earlier?.id ?? id, appointment.link) };
      });
      if (result.ok) notify(office.id);
      return result;
    },

    async join(office, request, once) {
      if (isLate(office, request, null)) return { ok: false, reason: 'too_late' };
      const earlier = await joinedWith(once);
      if (earlier) return { ok: true, secret: earlier };
      const id = idFrom(once, key.version);
      const secret = secretOf(id, 0);
      const result = await within<JoinResult>(db, office.id, async (tx) => {
        if (await hasTooMany(tx, office, request)) return { ok: false, reason: 'too_many' };
        await enter(tx, office, id, request, null);
        return { ok: true, secret };
      });
      if (result.ok) notify(office.id);
      return result;
    },

    joinedWith,
    bySecret: (secret) => readOpened(db, 'wait_list', secret, readWaiting),
    ofAppointment: ({ id, office }) => within(db, office, (tx) => readOfAppointment(tx, id)),
    offers: (waiting) => within(db, waiting.office, (tx) => readOffers(tx, waiting.id)),
    ahead: (waiting) => within(db, waiting.office, (tx) => countAhead(tx, waiting)),
    secretOf: ({ id, appointment }) => secretOf(id, appointment?.link ?? 0),
  };
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
