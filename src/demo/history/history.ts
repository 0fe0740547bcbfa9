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

/** How many months of the past the demo has. */
export const MONTHS = 13;
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
  /** Writes today and what is booked, then the past month by month, the oldest first. It goes on where it stopped, and writes nothing twice. */
  write(): Promise<void>;
  /** Writes what people have booked, asked for and told since. */
  goOn(): Promise<void>;
  /** Ends after the present month's transaction. */
  stop(): Promise<void>;
}

export interface HistoryDeps {
  db: Db;
  offices: Pick<Offices, 'list' | 'areas'>;
  clock: Clock;
  secrets: Secrets;
  log: Pick<Logger, 'info' | 'error'>;
  /** Makes figures of what was written, and publishes what is due. */
  statistics: { pass(): Promise<void> };
  /** Milliseconds of rest after each day. */
  restMs?: number;
}

export function createHistory(deps: HistoryDeps): History {
  const { db, clock, secrets, log, restMs = REST_MS } = deps;
  const progress: Progress = { done: 0, of: MONTHS, state: 'writing' };
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  const writeDays = (seed: Seed, days: readonly Temporal.PlainDate[], isPast: boolean) =>
    within(db, seed.office.id, async (tx) => {
      const now = clock.now().epochMilliseconds;
      const isWhole = isPast ? await readWhole(tx, seed.office, days) : () => false;
      for (const day of days) {
        if (isWhole(day)) continue;
        await writeDay(tx, secrets, { seed, now }, day);
        if (restMs > 0) await pause(restMs);
      }
      // Days that were counted before are counted anew.
      if (isPast) await run(tx, 'anew', seed.office.id);
    });

  const all = async () => {
    const seeds = await readSeeds(deps);
    for (const seed of seeds) await writeDays(seed, bookableDays(seed, today(seed.office)), false);
    for (const months of monthsOf(seeds, today)) {
      for (const { seed, days } of months) if (!isStopped) await writeDays(seed, days, true);
      if (isStopped) return;
      progress.done++;
    }
    await deps.statistics.pass();
    progress.state = 'done';
    log.info('The past of the demo town is written');
  };
  const today = ({ timeZone }: Office) => clock.now().toZonedDateTimeISO(timeZone).toPlainDate();

  return {
    progress: () => ({ ...progress }),
    write() {
      running = all().catch((error) => {
        progress.state = 'failed';
        log.error(formatError(error), 'The past of the demo town could not be written');
      });
      return running;
    },
    async goOn() {
      for (const seed of await readSeeds(deps)) {
        const day = today(seed.office);
        await writeDays(seed, bookableDays(seed, day), false);
      }
    },
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/** Returns which of these past days were written before: they have appointments, and none that is still to come. */
async function readWhole(tx: Tx, { id, timeZone }: Office, days: readonly Temporal.PlainDate[]) {
  const { rows } = await sql<{ day: string }>`
    select (starts at time zone ${timeZone})::date as day from appointment
    where office_id = ${id} and (starts at time zone ${timeZone})::date = any (${days.map(String)}::date[])
    group by 1 having bool_and(status not in ('booked', 'arrived') or displaced_at is not null)`.execute(tx);
  const whole = new Set(rows.map(({ day }) => day));
  return (day: Temporal.PlainDate) => whole.has(day.toString());
}

/** Returns the days for which somebody may have booked: today, and as many as the office opens. */
function bookableDays({ office }: Seed, today: Temporal.PlainDate): Temporal.PlainDate[] {
  const { horizonDays } = office.settings.slots;
  return Array.from({ length: horizonDays + 1 }, (_, days) => today.add({ days }));
}

/** Returns the days of each month, the oldest first, of all offices; the last month ends yesterday. */
function monthsOf(seeds: readonly Seed[], today: (office: Office) => Temporal.PlainDate) {
  return Array.from({ length: MONTHS }, (_, nth) =>
    seeds.map((seed) => {
      const now = today(seed.office);
      const first = now.with({ day: 1 }).subtract({ months: MONTHS - 1 - nth });
      const end = nth === MONTHS - 1 ? now : first.add({ months: 1 });
      const count = first.until(end, { largestUnit: 'days' }).days;
      return { seed, days: Array.from({ length: count }, (_, days) => first.add({ days })) };
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
