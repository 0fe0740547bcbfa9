import { type Appointment, askOf } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { detailsOf } from '../../../domain/person.ts';
import type { Ending, Waiting } from '../../../domain/waiting.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Database, type Db, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { WaitingViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { type Appointments, giveHoldBack } from '../appointments/service.ts';
import type { Slots } from '../slots/service.ts';
import { dayAndPart, dayBefore, suits } from './rules.ts';
import { endOffer, endWaiting } from './store.ts';
import type { Offer } from './types.ts';
import { lockWaiting, readOffers } from './views.ts';

export interface WaitListDeps {
  database: Database;
  offices: Offices;
  slots: Slots;
  appointments: Appointments;
  clock: Clock;
  /** The key of links. */
  key: PurposeKey;
  unit: RunUnit;
}

export type AcceptResult =
  /** The appointment that has the time now, and whether it was made for it. */
  | { ok: true; appointment: Pick<Appointment, 'id' | 'link'>; isNew: boolean }
  /** `taken`: another person has the time; `ended`: they no longer wait; `too_many`: they have the maximum of future appointments
   * of the office; `not_offered`: it was never offered to them. */
  | { ok: false; reason: 'taken' | 'ended' | 'too_many' | 'not_offered' };

export interface Answering {
  /**
   * Accepts the offer: the appointment moves to the time, or is made. It also works after the offer expired, if the time is still
   * free. If it isn't, the person keeps their place. A repetition changes nothing. `alsoWith`: what belongs to it, done with the id of the
   * appointment before the entry ends: after a crash it is done again.
   */
  accept(
    office: Office,
    waiting: Waiting,
    offer: string,
    alsoWith?: (appointment: string) => Promise<void>,
  ): Promise<AcceptResult>;
  /** Declines the offer: the time is free for the next person at once. */
  decline(office: Office, waiting: Waiting, offer: string): Promise<void>;
  /** Leaves the list; an offered time becomes free. */
  leave(office: Office, waiting: Waiting): Promise<void>;
}

/** Returns the secret of the hold on an offered time: derived, so that the database doesn't store it. */
export const holdOfOffer = (key: PurposeKey, offer: string): string =>
  key.of(offer).derive(`offer ${offer}`);

/** Returns the idempotency key by which an offer becomes one appointment. */
export const bookingOfOffer = (key: PurposeKey, offer: string): string =>
  key.of(offer).derive(`booking of offer ${offer}`);

export function createAnswering(deps: WaitListDeps): Answering {
  const { key, unit } = deps;
  const { kysely: db } = deps.database;

  return {
    accept: (office, waiting, id, alsoWith) => accept(deps, office, waiting, { id, alsoWith }),

    async decline(office, waiting, id) {
      const offer = await findOffer(db, waiting, id);
      if (!offer || offer.ended) return;
      await unit(viewerOf(waiting), office.id, async (each) => {
        await lockWaiting(each.tx, waiting.id);
        await endOffer(each.tx, id, 'declined', each.now);
        await giveHoldBack(each, holdOfOffer(key, id));
      });
    },

    leave: (office, waiting) =>
      unit(viewerOf(waiting), office.id, async (each) => {
        await stopWaiting(each, key, waiting.id, 'left');
        each.tell();
      }),
  };
}

/** The actor of an answer to a wait list entry. */
export const viewerOf = ({ id }: Pick<Waiting, 'id'>): WaitingViewer => ({
  kind: 'waiting',
  waiting: id,
});

async function findOffer(db: Db, waiting: Waiting, id: string): Promise<Offer | undefined> {
  const offers = await within(db, waiting.office, (tx) => readOffers(tx, waiting.id));
  return offers.find((each) => each.id === id);
}

async function accept(
  deps: WaitListDeps,
  office: Office,
  waiting: Waiting,
  { id, alsoWith }: { id: string; alsoWith?: ((appointment: string) => Promise<void>) | undefined },
): Promise<AcceptResult> {
  const offer = await findOffer(deps.database.kysely, waiting, id);
  if (!offer) return { ok: false, reason: 'not_offered' };
  if (waiting.ended) return answered(waiting, offer);
  const mine = waiting.appointment;
  const isMine = mine !== null && !mine.isDisplaced && mine.start.equals(offer.start);
  const wish = { ...waiting, before: dayBefore(waiting.appointment, office.timeZone) };
  if (!isMine && !suits(wish, dayAndPart(offer.start, office.timeZone)))
    return { ok: false, reason: 'taken' }; // they have since moved to an earlier day
  const taken = await take(deps, office, waiting, offer);
  if (!taken.ok && taken.reason !== 'idempotency_conflict') {
    const isOver = taken.reason === 'not_open' || taken.reason === 'not_found';
    if (taken.reason === 'too_many') return { ok: false, reason: 'too_many' };
    return { ok: false, reason: isOver ? 'ended' : 'taken' };
  }
  const { id: appointment, link } = taken.appointment;
  await alsoWith?.(appointment);
  await deps.unit(viewerOf(waiting), office.id, async ({ tx, now }) => {
    if (!(await lockWaiting(tx, waiting.id))) return;
    await endOffer(tx, id, 'accepted', now);
    await endWaiting(tx, waiting.id, 'served', now, appointment);
  });
  return { ok: true, appointment: { id: appointment, link }, isNew: !waiting.appointment };
}

function take({ appointments, key }: WaitListDeps, office: Office, waiting: Waiting, offer: Offer) {
  const { id, start } = offer;
  const hold = holdOfOffer(key, id);
  const { appointment } = waiting;
  if (appointment) {
    const viewer = { kind: 'citizen', appointment: appointment.id } as const;
    return appointments.move(viewer, office, appointment.id, { start, hold });
  }
  const { noticeLanguage } = waiting;
  const request = { ...askOf(waiting), noticeLanguage, start, ...detailsOf(waiting) };
  const idempotencyKey = bookingOfOffer(key, id);
  return appointments.book({ kind: 'citizen' }, office, request, { hold, idempotencyKey });
}

/** Returns the result of an earlier acceptance, in another tab or by a second click. */
function answered(waiting: Waiting, offer: Offer): AcceptResult {
  const isServed = waiting.ended?.why === 'served' && waiting.appointment !== null;
  return isServed && offer.ended?.outcome === 'accepted'
    ? { ok: true, appointment: waiting.appointment!, isNew: false }
    : { ok: false, reason: 'ended' };
}

/** Ends an active entry and its open offer, whose time becomes free. */
export async function stopWaiting(
  unit: Unit,
  key: PurposeKey,
  id: string,
  why: Ending,
): Promise<void> {
  const { tx, now } = unit;
  const waiting = await lockWaiting(tx, id);
  if (!waiting || waiting.ended) return;
  const open = (await readOffers(tx, id)).find((each) => each.ended === null);
  if (open) {
    await endOffer(tx, open.id, 'declined', now);
    await giveHoldBack(unit, holdOfOffer(key, open.id));
  }
  await endWaiting(tx, id, why, now);
}
