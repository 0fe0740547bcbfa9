import type { Config } from '../config.ts';
import { createAppointments } from '../features/booking/appointments/service.ts';
import { createEventFeed } from '../features/booking/events/service.ts';
import { createImports } from '../features/booking/imports/service.ts';
import { createJourneys } from '../features/booking/journeys/service.ts';
import { createLinkRecovery } from '../features/booking/link-recovery/service.ts';
import { createObjecting } from '../features/booking/objecting/service.ts';
import { createProofs } from '../features/booking/proof/service.ts';
import { createSlots } from '../features/booking/slots/service.ts';
import { createOffering, createWaitList } from '../features/booking/wait-list/service.ts';
import type { Reach } from '../features/booking/webhooks/rules.ts';
import { createWebhooks } from '../features/booking/webhooks/service.ts';
import { isReached } from '../features/foundation/notices/rules.ts';
import { createLinks, createPreviews } from '../features/foundation/notices/service.ts';
import type { Base } from './base.ts';
import type { Foundation } from './foundation.ts';

export type Booking = ReturnType<typeof wireBooking>;

/** Wires free times, appointments, the wait list, and the town's declarations. */
export function wireBooking(base: Base, { offices }: Foundation) {
  const { config, log, clock, database, keys, notifier, unit } = base;
  const { kysely: db, pool } = database;
  const { baseUrl } = config;
  const key = keys.links;
  const slots = createSlots({ pool, clock });
  const appointments = createAppointments({
    database,
    offices,
    slots,
    clock,
    key,
    baseUrl,
    unit,
  });
  /** The addresses in notices. */
  const links = createLinks({ appointments, keys, baseUrl });
  const waiting = { database, offices, slots, appointments, clock, key, unit };
  const bySms = config.sms !== null || config.demo;
  const reaches = (phone: string) => isReached(phone, config.smsLimits.prefixes);
  return {
    slots,
    appointments,
    links,
    waitList: createWaitList(waiting),
    offering: createOffering(waiting),
    journeys: createJourneys({ db, appointments, clock }),
    imports: createImports({ database, offices, appointments, clock, unit }),
    objecting: createObjecting({ database, keys, unit }),
    /** Proofs that a person is the citizen of an appointment. */
    proofs: createProofs({ db, clock, unit }),
    linkRecovery: createLinkRecovery({ db, offices, clock, bySms, isReached: reaches, log, unit }),
    previews: createPreviews({ db, clock, links }),
    webhooks: createWebhooks({ db, key: keys.webhooks, reach: reachOf(config), unit }),
    eventFeed: createEventFeed({ db, notifier, clock, unit, log }),
  };
}

/** Returns the addresses that webhooks may use. */
export const reachOf = ({ webhooksPrivate, demo }: Config): Reach => ({
  privately: webhooksPrivate,
  loopback: demo,
});
