import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Office } from '../src/domain/office/types.ts';
import { holdTime } from '../src/features/booking/appointments/store.ts';
import { findSlots, isQualified } from '../src/features/booking/slots/rules.ts';
import { createSlots, readAsk, type SlotAsk } from '../src/features/booking/slots/service.ts';
import { fill } from './lib/appointments.ts';
import { type BenchDatabase, settle, withDatabase } from './lib/database.ts';
import { startOf } from './lib/pgbench.ts';
import { fineCpuOf, ownCpu } from './lib/processes.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';
import { benchTown, FIRST_DAY, FOR_ALL, NOW, SHARED, STARTS_A_DAY } from './lib/town.ts';

const SPAN = { from: FIRST_DAY.toString(), to: FIRST_DAY.add({ days: 29 }).toString() };
const FOR_60: SlotAsk = { procedure: SHARED[0], channel: 'phone', language: 'ca' };
const FOR_200: SlotAsk = { ...FOR_60, procedure: FOR_ALL };

/** Appointments in the 30 days asked (of some 60,000 that would fit) and before them. */
const SMALL = { ahead: 20_000, before: 30_000 };
/** The same desks some years later. */
const OLDER = { ...SMALL, before: 480_000 };
/** The same with nearly every time taken. */
const FULL = { ...OLDER, ahead: 50_000 };

/** Of what reading a row an appointment costs. */
const SHARE = 0.15;
/** With ten times the past, and with the 30 days nearly full besides. */
const GROWTH = [1, 1.1, 1.2];
const HOLD_GROWTH = [1, 1.1, 1.3];

const ROUNDS = 7;
const ANSWERS = 30;

/** Returns the number of free starts. */
type Way = (ask: SlotAsk) => Promise<number>;
interface Ways {
  /** The service's: a row for each agent and day. */
  days: Way;
  /** The plain one: a row for each appointment. */
  times: Way;
  /** Holds a random start: the choice of an agent, and the time itself. */
  hold(): Promise<void>;
  backend: number;
}

/** CPU of one answer in ms, by round. */
interface Cost {
  own: number[];
  database: number[];
  both: number[];
}

export const availability: Bench = {
  name: 'availability',
  about:
    'CPU of the answer to "which times are free in 30 days"; 200 desks, 50,000 and 500,000 appointments',
  run: (print) =>
    withDatabase(benchTown({ horizonDays: 30 }), 1, async (database) => {
      const at = async (size: typeof SMALL) => {
        print(`${size.ahead + size.before} appointments`);
        await fill(database.logins.owner, size);
        await settle(database.logins);
        const ways = await waysOf(database);
        return {
          for60: await measure(ways, FOR_60),
          for200: await measure(ways, FOR_200),
          hold: await measureHolds(ways),
        };
      };
      return rowsOf(await at(SMALL), await at(OLDER), await at(FULL));
    }),
};

async function waysOf({ pool, office }: BenchDatabase): Promise<Ways> {
  const slots = createSlots({ pool, clock: { now: () => NOW } });
  // For the plain way; the pool has one connection, and busy_minutes sets its own office.
  await pool.query(`set app.office = '${office.id}'`);
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  return {
    backend: rows[0]?.pid ?? 0,
    days: async (ask) => {
      const found = await slots.search(office, ask, SPAN);
      return found.ok ? found.slots.length : -1;
    },
    times: (ask) => fromTimes(pool, office, ask),
    hold: async () => {
      const start = startOf(random(15), random(STARTS_A_DAY));
      const claimed = await slots.claim(office, FOR_60, start);
      if (!claimed.ok) throw new Error(claimed.reason);
      const { claim } = claimed;
      if (claim.desks.length === 0) return; // a day that is closed
      const on = { office: office.id, revision: office.revision, claim, now: NOW };
      const counted = { sender: null, most: 0, unit: 60, insteadOf: null };
      await holdTime(pool, on, NOW.add({ minutes: 10 }), randomBytes(32), counted);
    },
  };
}

async function fromTimes(pool: pg.Pool, office: Office, ask: SlotAsk): Promise<number> {
  const asked = readAsk(office, ask);
  if (!asked.ok) return -1;
  const { need, policy } = asked;
  const { rows } = await pool.query<[number, number, number]>({
    name: 'plain_times',
    rowMode: 'array',
    text: `select desk_id, (extract(epoch from lower(during)) / 60)::int4,
        (extract(epoch from upper(during)) / 60)::int4
      from desk_time where desk_id = any ($1) and starts >= $2 and starts < $3
        and (hold_until is null or hold_until > $4)
      order by desk_id, starts`,
    values: [
      office.rota.desks.filter((each) => isQualified(each, need)).map((each) => each.id),
      `${FIRST_DAY.subtract({ days: 1 })}T00:00Z`,
      `${FIRST_DAY.add({ days: 31 })}T00:00Z`,
      NOW.toString(),
    ],
  });
  const busy = new Map<number, number[]>();
  for (const [desk, from, to] of rows) {
    const known = busy.get(desk);
    if (known) known.push(from, to);
    else busy.set(desk, [from, to]);
  }
  return findSlots(office.rota, policy, { ...need, ...SPAN }, busy, NOW).length;
}

/** Both ways in turn, round by round. */
async function measure(ways: Ways, ask: SlotAsk): Promise<{ days: Cost; times: Cost }> {
  const first = await ways.days(ask);
  const second = await ways.times(ask);
  if (first !== second || first <= 0)
    throw new Error(`The ways disagree: ${first} starts and ${second}`);
  const costs = { days: emptyCost(), times: emptyCost() };
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ['days', 'times'] as const) {
      const before = { own: ownCpu(), database: fineCpuOf([ways.backend]) };
      for (let i = 0; i < ANSWERS; i++) await ways[way](ask);
      const own = (ownCpu() - before.own) / ANSWERS;
      const database = (fineCpuOf([ways.backend]) - before.database) / ANSWERS;
      // The first round is for the compilers.
      if (round === 0) continue;
      costs[way].own.push(own);
      costs[way].database.push(database);
      costs[way].both.push(own + database);
    }
  }
  return costs;
}

/** CPU of the database for one hold, in ms, by round. */
async function measureHolds(ways: Ways): Promise<number[]> {
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = fineCpuOf([ways.backend]);
    for (let i = 0; i < ANSWERS; i++) await ways.hold();
    if (round > 0) costs.push((fineCpuOf([ways.backend]) - before) / ANSWERS);
  }
  return costs;
}

const random = (below: number) => Math.floor(Math.random() * below);

const emptyCost = (): Cost => ({ own: [], database: [], both: [] });

interface Measured extends Record<'for60' | 'for200', { days: Cost; times: Cost }> {
  hold: number[];
}

function rowsOf(small: Measured, older: Measured, full: Measured): Row[] {
  const sizes = [
    { words: '50,000 appointments', at: small },
    { words: '500,000, as busy', at: older },
    { words: '530,000, nearly full', at: full },
  ];
  const holds = sizes.map(({ words, at }, index): Row => {
    const growth = median(at.hold) / median(small.hold);
    return {
      measure: `Hold of a time, 60 qualify, ${words}`,
      value: `${spread(at.hold, 2)} ms CPU of the database`,
      ...(index > 0 && {
        ratio: `growth ${growth.toFixed(2)}`,
        aim: `growth ≤ ${HOLD_GROWTH[index]}`,
        met: growth <= (HOLD_GROWTH[index] ?? 1),
      }),
    };
  });
  const answers = (['for60', 'for200'] as const).flatMap((which) => {
    const base = median(small[which].days.both);
    return sizes.map(({ words, at }, index): Row => {
      const { days, times } = at[which];
      const cost = median(days.both);
      const growth = cost / base;
      const parts = `${median(days.own).toFixed(1)} ours + ${median(days.database).toFixed(1)} database`;
      return {
        measure: `Availability, ${which.slice(3)} qualify, ${words}`,
        value: `${spread(days.both, 1)} ms CPU = ${parts}`,
        against: `a row an appointment: ${median(times.both).toFixed(1)} ms`,
        ratio:
          `${(cost / median(times.both)).toFixed(2)}` +
          (index > 0 ? `, growth ${growth.toFixed(2)}` : ''),
        aim: index > 0 ? `growth ≤ ${GROWTH[index]}` : `≤ ${SHARE}`,
        met: index > 0 ? growth <= (GROWTH[index] ?? 1) : cost / median(times.both) <= SHARE,
      };
    });
  });
  return [...answers, ...holds];
}
