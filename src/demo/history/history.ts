import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Office } from '../../domain/office/types.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Db, INSTALLATION, type Tx, within } from '../../lib/db/database.ts';
import { formatError } from '../../lib/format-error.ts';
import { run } from './statements.ts';
import type { Seed } from './types.ts';
import { type Secrets, writeDay } from './writing.ts';

/** How many whole months of the past the demo has. */
const MONTHS = 13;
/** The months that are written after the present one, before all others: what a page of the last whole month shows and compares. */
const LATEST = 2;
/** Milliseconds of rest after each day: whoever uses the demo meanwhile comes first. */
const REST_MS = 15;

/** How far the past is written. */
export interface Progress {
  /** Months that are written, of all. */
  done: number;
  of: number;
  state: 'writing' | 'done' | 'failed';
}

export interface History {
  progress(): Progress;
  /** Writes today, and what is booked for the days to come. */
  begin(): Promise<void>;
  /**
   * Writes the past: the present month, the two before it, and then from the oldest on, so that a month and the same one of the year before are there soon.
   * It goes on where it stopped, and writes nothing twice.
   */
  write(): Promise<void>;
  /** Writes what people have booked, asked for and told since. What is over is ended by whoever is at the desks. */
  goOn(): Promise<void>;
  /** Ends after the present day's transaction. */
  stop(): Promise<void>;
}

interface How {
  /** What is over is counted anew. */
  isPast: boolean;
  settles: boolean;
}

export interface HistoryDeps {
  db: Db;
  offices: Pick<Offices, 'list' | 'areas'>;
  clock: Clock;
  secrets: Secrets;
  log: Pick<Logger, 'info' | 'error'>;
  /** Makes figures of what was written, and publishes what is due. */
  statistics: { pass(): Promise<void>; holdPublication(isHeld: boolean): void };
  /** Milliseconds of rest after each day. */
  restMs?: number;
  /** How many months the past has. */
  months?: number;
}

export function createHistory(deps: HistoryDeps): History {
  const { clock, log, months: count = MONTHS } = deps;
  const progress: Progress = { done: 0, of: count, state: 'writing' };
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  const writeDays = (seed: Seed, days: readonly Temporal.PlainDate[], how: How) =>
    writeOneByOne({ ...deps, isStopped: () => isStopped }, seed, days, how);
  const writeBookable = async (settles: boolean) => {
    for (const seed of await readSeeds(deps)) {
      const days = bookableDays(seed, today(seed.office));
      await writeDays(seed, days, { isPast: false, settles });
    }
  };
  const all = async () => {
    const seeds = await readSeeds(deps);
    for (const [nth, months] of monthsOf(seeds, today, count).entries()) {
      for (const { seed, days } of months)
        await writeDays(seed, days, { isPast: true, settles: true });
      if (isStopped) return;
      progress.done = nth;
      if (nth === LATEST + 1) await deps.statistics.pass();
    }
    deps.statistics.holdPublication(false);
    await deps.statistics.pass();
    progress.state = 'done';
    log.info('The past of the demo town is written');
  };
  const today = ({ timeZone }: Office) => clock.now().toZonedDateTimeISO(timeZone).toPlainDate();

  return {
    progress: () => ({ ...progress }),
    begin: () => writeBookable(true),
    write() {
      deps.statistics.holdPublication(true);
      running = all().catch((error) => {
        progress.state = 'failed';
        log.error(formatError(error), 'The past of the demo town could not be written');
      });
      return running;
    },
    goOn: () => writeBookable(false),
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/** Writes days, each as a transaction with a rest after it: whoever books a time that the demo takes waits for one day at most. */
async function writeOneByOne(
  deps: HistoryDeps & { isStopped(): boolean },
  seed: Seed,
  days: readonly Temporal.PlainDate[],
  { isPast, settles }: How,
): Promise<void> {
  const { db, clock, secrets, isStopped, restMs = REST_MS } = deps;
  const { id } = seed.office;
  const isWhole = isPast
    ? await within(db, id, (tx) => readWhole(tx, seed.office, days))
    : () => false;
  for (const day of days.filter((each) => !isWhole(each))) {
    if (isStopped()) return;
    await within(db, id, async (tx) => {
      const now = clock.now().epochMilliseconds;
      await writeDay(tx, secrets, { seed, now, settles }, day);
      // Days that were counted before are counted anew.
      if (isPast) await run(tx, 'anew', id);
    });
    if (restMs > 0) await pause(restMs);
  }
}

/** Returns which of these past days were written before: they have appointments, and none that is still to come. */
async function readWhole(tx: Tx, { id, timeZone }: Office, days: readonly Temporal.PlainDate[]) {
  const { rows } = await sql<{ day: string }>`
    select (starts at time zone ${timeZone})::date as day from appointment
    where office_id = ${id} and (starts at time zone ${timeZone})::date = any (${days.map(String)}::date[])
    group by 1 having bool_and(status not in ('booked', 'arrived') or displaced_at is not null)`.execute(
    tx,
  );
  const whole = new Set(rows.map(({ day }) => day));
  return (day: Temporal.PlainDate) => whole.has(day.toString());
}

/** Returns the days for which somebody may have booked: today, and as many as the office opens. */
function bookableDays({ office }: Seed, today: Temporal.PlainDate): Temporal.PlainDate[] {
  const { horizonDays } = office.settings.slots;
  return Array.from({ length: horizonDays + 1 }, (_, days) => today.add({ days }));
}

/** Returns the days of each month of all offices: of the present one until yesterday, of the last two, and then of those before them, the oldest first. */
function monthsOf(
  seeds: readonly Seed[],
  today: (office: Office) => Temporal.PlainDate,
  count: number,
) {
  const back = Array.from({ length: count + 1 }, (_, months) => months);
  const older = back.slice(LATEST + 1).toReversed();
  return [...back.slice(0, LATEST + 1), ...older].map((months) =>
    seeds.map((seed) => {
      const now = today(seed.office);
      const first = now.with({ day: 1 }).subtract({ months });
      const end = months === 0 ? now : first.add({ months: 1 });
      const count = first.until(end, { largestUnit: 'days' }).days;
      return {
        seed,
        days: Array.from({ length: count }, (_, days) => first.add({ days })),
      };
    }),
  );
}

/** Returns from what the history of each office follows. */
async function readSeeds({ db, offices }: HistoryDeps): Promise<Seed[]> {
  const areas = await offices.areas();
  const people = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('staff_role')
      .select(['desk_id as desk', 'staff_id as staff'])
      .where('desk_id', 'is not', null)
      .orderBy('id')
      .execute(),
  );
  const staffAt = new Map(people.flatMap(({ desk, staff }) => (desk ? [[desk, staff]] : [])));
  return (await offices.list()).map((office) => ({ office, areas, staffAt }));
}
