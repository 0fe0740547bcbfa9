import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/db/database.ts';
import { installationKey } from '../../lib/secrets.ts';
import { createBodies } from '../bodies/service.ts';
import { createSlots } from '../slots/service.ts';
import { createAppointments } from './service.ts';

const TEST_URL = 'http://localhost:3000';
const TEST_KEY = Buffer.alloc(32, 7);

/** Appointments and what they are made of, for tests: on this database, by this clock. */
export function testAppointments(
  database: Database,
  clock: Clock,
  { baseUrl = TEST_URL, wake = () => {} }: { baseUrl?: string; wake?(body: number): void } = {},
) {
  const key = installationKey(TEST_KEY);
  const bodies = createBodies(database.kysely);
  const slots = createSlots({ pool: database.pool, clock });
  const appointments = createAppointments({ database, bodies, slots, clock, key, baseUrl, wake });
  return { bodies, slots, appointments, key, baseUrl, wake };
}
