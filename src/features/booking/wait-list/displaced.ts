import { type Appointment, askOf } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { nobody } from '../../../domain/person.ts';
import { hashSecret, type PurposeKey } from '../../../lib/secrets.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { addressOf } from '../../foundation/notices/rules.ts';
import { waitingSecret } from '../../foundation/notices/service.ts';
import { holdOfOffer, type WaitListDeps } from './answering.ts';
import { dayAndPart, expiryOf, readFrom } from './rules.ts';
import { insertOffer, insertWaiting } from './store.ts';
import { lockWaiting, readOfAppointment, readOffers } from './views.ts';

/** A time that is held for a person before they are informed. */
export interface KeptTime {
  /** Id of the future offer. */
  id: string;
  start: Temporal.Instant;
  expiresAt: Temporal.Instant;
}

/** Handles displaced appointments: their citizens wait before all others, any day is useful, and a time is held for them at once. */
export interface ForDisplaced {
  /**
   * Holds the first free time of the next days for an appointment that will be displaced, until the next morning; null:
   * there is none, or the citizen can't be informed.
   */
  keepFor(office: Office, appointment: Appointment): Promise<KeptTime | null>;
  /** Releases a held time that was not used. */
  giveUp(office: Office, kept: KeptTime): Promise<void>;
  /** Runs in the unit that displaces the appointment. Returns the entry, and whether the held time was offered. */
  enterDisplaced(
    unit: Unit,
    office: Office,
    appointment: Appointment,
    kept: KeptTime | null,
  ): Promise<{ waiting: string; isOffered: boolean }>;
}

/** Days ahead, including today, for a displaced citizen's new time. */
const DAYS_AHEAD = 7;
/** Maximum tries when other bookings take the times first. */
const MOST_TRIES = 5;

export function createForDisplaced(deps: WaitListDeps): ForDisplaced {
  const { appointments, clock, key, slots } = deps;

  return {
    async keepFor(office, appointment) {
      const { citizen, start: own } = appointment;
      const now = clock.now();
      if (!addressOf(citizen)) return null;
      const today = Temporal.PlainDate.from(dayAndPart(now, office.timeZone).day);
      const span = {
        from: today.toString(),
        to: today.add({ days: DAYS_AHEAD - 1 }).toString(),
      };
      const ask = { ...askOf(appointment), isBooked: true };
      const found = await slots.search(office, ask, span);
      const { offerMinutes, offersPerDay } = office.settings.waitList;
      const { leadMinutes } = office.settings.slots;
      const policy = { offerMinutes, offersPerDay, leadMinutes };
      const others = found.ok ? found.slots.filter((each) => !each.start.equals(own)) : [];
      for (const { start } of others.slice(0, MOST_TRIES)) {
        const expiresAt = expiryOf(start, policy, readFrom(now, office.timeZone));
        if (!expiresAt) continue;
        const id = key.newId();
        const choice = { ...ask, start };
        const held = await appointments.hold(office, choice, holdOfOffer(key, id), {
          until: expiresAt,
        });
        if (held.ok) return { id, start, expiresAt };
      }
      return null;
    },

    giveUp: (office, { id }) => appointments.releaseHold(office, holdOfOffer(key, id)),

    async enterDisplaced(unit, office, appointment, kept) {
      const { tx, now } = unit;
      const waiting = await entryOf(key, unit, office, appointment);
      await lockWaiting(tx, waiting);
      const isFree = (await readOffers(tx, waiting)).every((each) => each.ended !== null);
      if (!kept || !isFree) return { waiting, isOffered: false };
      const offer = { ...kept, waiting, offeredAt: now, ended: null };
      await insertOffer(tx, offer, office.id);
      return { waiting, isOffered: true };
    },
  };
}

/** Returns the existing entry, or a new one. */
async function entryOf(
  key: PurposeKey,
  unit: Unit,
  office: Office,
  appointment: Appointment,
): Promise<string> {
  const earlier = await readOfAppointment(unit.tx, appointment.id);
  if (earlier) return earlier.id;
  const id = key.newId();
  const { procedure, noticeLanguage } = appointment;
  await insertWaiting(unit, {
    id,
    procedureId: office.procedure(procedure)!.id,
    appointment: appointment.id,
    linkHash: hashSecret(waitingSecret(key, id, appointment.link)),
    request: {
      ...askOf(appointment),
      noticeLanguage,
      firstDay: null,
      lastDay: null,
      part: null,
      ...nobody(),
    },
    isDisplaced: true,
  });
  return id;
}
