import type { Appointment } from '../../../domain/appointment.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { checkTest, mayTest, type Raw } from './rules.ts';
import { keepTest } from './store.ts';
import type { DeviceTest } from './types.ts';
import { readTest } from './views.ts';

/** "Test your device": what it found is kept with the appointment, for who attends it. */
export interface Device {
  /** The last test, or null. */
  find(appointment: Appointment): Promise<DeviceTest | null>;
  /** Keeps what a page of the appointment's citizen sent, in place of an earlier one. */
  keep(
    appointment: Appointment,
    raw: Raw,
  ): Promise<{ ok: true } | { ok: false; reason: 'not_open' | 'invalid' }>;
}

export function createDevice({ db, clock }: { db: Db; clock: Clock }): Device {
  return {
    find: (appointment) => within(db, appointment.office, (tx) => readTest(tx, appointment.id)),
    async keep(appointment, raw) {
      if (!mayTest(appointment)) return { ok: false, reason: 'not_open' };
      const test = checkTest(raw);
      if (!test) return { ok: false, reason: 'invalid' };
      const on = { office: appointment.office, appointment: appointment.id };
      await within(db, appointment.office, (tx) => keepTest(tx, on, { ...test, at: clock.now() }));
      return { ok: true };
    },
  };
}
