import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createAppointments } from '../appointments/service.ts';
import { createSlots } from '../slots/service.ts';
import { createJourneys, type Journeys } from './service.ts';
import type { Journey } from './types.ts';

const clock = handClock('2026-11-25T08:00:00Z');
let database: TestDatabase;
let office: Office;
/** Processes that share only the database. */
let processes: Journeys[];

beforeAll(async () => {
  database = await testDatabase();
  const booking = { openPerPerson: 1, holdsPerAddress: 50, challenge: 'never' } as const;
  const offices = createOffices(database.kysely);
  office = await offices.byId(await testOffice(database.kysely, { settings: { booking } }));
  const { kysely: db, pool } = database;
  const key = installationKey(Buffer.alloc(32, 7));
  const slots = createSlots({ pool, clock });
  const rest = {
    database,
    offices,
    slots,
    clock,
    key,
    baseUrl: 'http://localhost',
    unit: testUnit(db, clock),
  };
  processes = Array.from({ length: 4 }, () =>
    createJourneys({ db, appointments: createAppointments(rest), clock }),
  );
});
afterAll(() => database.close());

const detailsOf = (name: string) => ({
  citizen: { name, email: `${name}@example.cat`, phone: null },
  ...{ onBehalfOf: null, needs: [], comment: '' },
});

async function begin(local: string): Promise<Journey> {
  const start = Temporal.Instant.from(`${local}+01:00`);
  const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca', start } as const;
  const begun = await processes[0]!.start(office, choice, 'ca');
  if (!begun.ok) throw new Error(begun.reason);
  return (await processes[0]!.find(begun.id))!;
}

/** Confirms with each of these names at once, in all processes. Answers how each ended. */
const confirmAll = (journey: Journey, names: readonly string[]) =>
  Promise.all(
    names.map(async (name, nth) => {
      const one = processes[nth % processes.length]!;
      const answer = await one.confirm(office, journey, detailsOf(name));
      return answer.ok ? answer.appointment.id : answer.reason;
    }),
  );

test('asked for many people at once, a booking learns of three at most', async () => {
  await confirmAll(await begin('2026-11-26T09:00'), ['rosa']);
  const nosy = await begin('2026-11-26T09:20');
  const rosas = Array.from({ length: 24 }, () => 'rosa');
  expect(new Set(await confirmAll(nosy, rosas))).toEqual(new Set(['too_many']));
  expect((await processes[0]!.find(nosy.id))?.refusals).toBe(3);
  // It learns nothing about other people, since they have no appointments.
  expect(await confirmAll(nosy, ['nobody'])).toEqual(['too_many']);
});

test('who presses many times at once has one appointment, and used up nothing', async () => {
  const journey = await begin('2026-11-26T10:00');
  const pressed = Array.from({ length: 12 }, () =>
    processes[0]!.confirm(office, journey, detailsOf('pere')),
  );
  const answers = await Promise.all(pressed);
  expect(new Set(answers.map((each) => (each.ok ? each.appointment.id : each.reason))).size).toBe(
    1,
  );
  expect(answers[0]?.ok).toBe(true);
  expect((await processes[0]!.find(journey.id))?.refusals).toBe(0);
});
