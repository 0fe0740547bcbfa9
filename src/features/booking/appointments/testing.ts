import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Database } from '../../../lib/db/database.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { createSlots } from '../slots/service.ts';
import { createAppointments } from './service.ts';

const TEST_URL = 'http://localhost:3000';
const TEST_KEY = Buffer.alloc(32, 7);

/** Appointments and their dependencies, for tests: on this database, by this clock. */
export function testAppointments(
  database: Database,
  clock: Clock,
  {
    baseUrl = TEST_URL,
    notify = () => {},
  }: { baseUrl?: string; notify?(office: number): void } = {},
) {
  const key = installationKey(TEST_KEY);
  const unit = testUnit(database.kysely, clock, notify);
  const offices = createOffices(database.kysely);
  const slots = createSlots({ pool: database.pool, clock });
  const appointments = createAppointments({
    database,
    offices,
    slots,
    clock,
    key,
    baseUrl,
    unit,
  });
  let people = 0;
  /** The first time that is free for a video call, for somebody new. */
  const bookVideo = async (
    office: Office,
    by = appointments,
    name = 'Rosa',
  ): Promise<Appointment> => {
    const choice = { procedure: 'volant-padro', channel: 'video', language: 'ca' } as const;
    const from = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
    const days = { from: from.toString(), to: from.add({ days: 25 }).toString() };
    const found = await slots.search(office, choice, days);
    const start = found.ok && found.slots[0]?.start;
    if (!start) throw new Error('no free time');
    people++;
    const phone = `+346${String(people).padStart(8, '0')}`;
    const booked = await by.book({ kind: 'citizen' }, office, {
      ...{ ...choice, noticeLanguage: 'ca', start, onBehalfOf: null, needs: [], comment: '' },
      citizen: { name, email: `rosa${people}@example.cat`, phone },
    });
    if (!booked.ok) throw new Error(booked.reason);
    return booked.appointment;
  };
  return { offices, slots, appointments, bookVideo, key, baseUrl, notify, unit };
}
