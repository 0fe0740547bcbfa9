import { createAppointments } from '../src/features/booking/appointments/service.ts';
import { createSlots } from '../src/features/booking/slots/service.ts';
import { unitOf } from '../src/features/foundation/audit/service.ts';
import { createOffices } from '../src/features/foundation/offices/service.ts';
import { installationKey } from '../src/lib/secrets.ts';
import { randomBelow, randomBooking } from './lib/bookings.ts';
import { type BenchDatabase, settle, withClient, withDatabase } from './lib/database.ts';
import { findPgbench, pgbenchBookings } from './lib/pgbench.ts';
import { ownCpu } from './lib/processes.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';
import { benchTown, NOW, OFFICE, SHARED } from './lib/town.ts';

const CLIENTS = 8;
const BOOKINGS = 4_000;
const ROUNDS = 6;

export const booking: Bench = {
  name: 'booking',
  about:
    'Bookings a second through the service, 8 at once, beside pgbench running the same SQL function',
  run: (print) =>
    withDatabase(benchTown({ horizonDays: 100, always: true }), 16, async (database) => {
      const pgbench = findPgbench();
      if (!pgbench)
        print('pgbench is not installed (Debian: apt-get install postgresql): no ratio');
      const book = serviceBookings(database);
      const bare = async () =>
        pgbench
          ? pgbenchBookings(pgbench, database.logins.runtime, database.office, BOOKINGS)
          : Number.NaN;
      const ours = [];
      const theirs = [];
      const cpu = [];
      for (let round = 0; round < ROUNDS; round++) {
        print(`round ${round + 1} of ${ROUNDS}`);
        await settle(database.logins);
        // The second one gets a fuller database, so they take turns.
        const first = round % 2 === 0 ? await bare() : null;
        const before = ownCpu();
        const rate = await book(BOOKINGS);
        const spent = (ownCpu() - before) / BOOKINGS;
        const second = first ?? (await bare());
        // The first round is for the caches and the compilers.
        if (round === 0) continue;
        ours.push(rate);
        theirs.push(second);
        cpu.push(spent);
      }
      await checkCount(database);
      return [rateRow('Booking through the service, 8 at once', ours, theirs, 0.85), cpuRow(cpu)];
    }),
};

/** Runs bookings at random starts, 8 at once; returns the number per second. */
function serviceBookings(database: BenchDatabase): (count: number) => Promise<number> {
  const clock = { now: () => NOW };
  const offices = createOffices(database.kysely);
  const slots = createSlots({ pool: database.pool, clock });
  const appointments = createAppointments({
    database,
    offices,
    slots,
    clock,
    key: installationKey(Buffer.alloc(32, 7)),
    baseUrl: 'http://localhost',
    unit: unitOf({
      db: database.kysely,
      clock,
      notifier: { notify: () => {}, notifyTopic: () => {} },
    }),
  });
  return async (count) => {
    const office = await offices.find(OFFICE);
    if (!office) throw new Error('The town has no office');
    let left = count;
    const client = async () => {
      while (left-- > 0) {
        const booked = await appointments.book(
          { kind: 'citizen' },
          office,
          randomBooking(SHARED[randomBelow(SHARED.length)] ?? SHARED[0]),
        );
        if (!booked.ok && booked.reason !== 'slot_taken') throw new Error(booked.reason);
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return (count * 1000) / (performance.now() - start);
  };
}

/** Checks that both made their bookings: each random start has room for 60 or more. */
async function checkCount({ connection }: BenchDatabase): Promise<void> {
  const { rows } = await withClient(connection, (client) =>
    client.query<{ count: number; notices: number }>(
      `select count(*)::int4 as count, count(distinct notices)::int4 as notices from (
        select count(*) as notices from appointment a join notice n on n.appointment_id = a.id group by a.id) each`,
    ),
  );
  const { count = 0, notices } = rows[0] ?? {};
  if (count < ROUNDS * BOOKINGS) throw new Error(`Only ${count} bookings with a notice`);
  if (notices !== 1) throw new Error('pgbench and the service write different numbers of notices');
}

export function rateRow(measure: string, ours: number[], theirs: number[], aim: number): Row {
  const ratios = ours.map((rate, index) => rate / (theirs[index] ?? Number.NaN));
  const known = !Number.isNaN(median(ratios));
  return {
    measure,
    value: `${spread(ours, 0)} bookings/s`,
    against: known ? `pgbench -c 8: ${spread(theirs, 0)}` : 'pgbench is not installed',
    ratio: known ? spread(ratios, 2) : '',
    aim: `≥ ${aim}`,
    ...(known && { met: median(ratios) >= aim }),
  };
}

const cpuRow = (cpu: number[]): Row => ({
  measure: 'Booking: CPU of our process',
  value: `${spread(cpu, 2)} ms each`,
});
