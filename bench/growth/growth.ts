import type pg from 'pg';
import type { Context } from '../../src/context.ts';
import { FEATURES } from '../../src/features/all.ts';
import type { Feature, Growth } from '../../src/features/feature.ts';
import { withClient } from '../lib/database.ts';
import { type Bench, formatColumns, type Row } from '../lib/table.ts';
import { ENCOUNTERS, withLivedDays } from './day.ts';
import { countRows, type TableVolume, weighRows } from './volume.ts';

const A_YEAR = 3_000_000;
const YEARS = [1, 5, 10];

/** Days until a period's end, as the demo town has them; by the words of `Growth`. Encounters are spread evenly over each period. */
const PERIODS: Readonly<Record<string, number>> = {
  'after `contactDays`': 30,
  'after `contactDays`, or with its person': 30,
  'after `notesDays`': 365,
  'after `documentsHours` or `evidenceDays`, or with its case': 60,
  'after `chat.keepDays`': 30,
  'after `requests.keepDays`': 90,
  'after `paymentDays`': 2190,
  'when its form says so; never where it is permanent': 1826,
  'with its case': 1826,
  'after ninety days': 90,
  'after thirty days': 30,
  'a week after the appointment': 14,
  'when nothing of theirs is left': 1826,
  'with its person': 1826,
  '400 days after it was over': 765,
};

/** Rows that come by the day and not by the encounter, in a city of ten offices and 500 desks. */
const A_DAY: Readonly<Record<string, number>> = {
  // A seal for each minute of ten hours in which something was done.
  audit_seal: 10 * 600,
  // Each day has a row for each channel, procedure and language of which there was something.
  figure_day: 10 * 150,
  figure_item: 10 * 150,
  figure_month: (10 * 150 * 7) / 30,
  figure_item_month: (10 * 150 * 7) / 30,
  figure_call: 10 * 3,
  figure_other: 10 * 3,
  desk_day: 500,
  presence_event: 500 * 20,
  registry_day: 1,
  registry_book: 0.01,
  // Those of a month, for each office.
  open_figure: (10 * 400) / 30,
  open_month: 10 / 30,
  open_request_figure: (10 * 120) / 30,
  open_request_month: 10 / 30,
};

export const growth: Bench = {
  name: 'growth',
  about:
    'Rows and bytes of each table at 3,000,000 encounters a year, and what remains after 1, 5 and 10 years',
  run: async (print) => {
    let before = new Map<string, number>();
    const superuser = ({ database }: Context) => database.embedded!.logins.superuser;
    const volumes = await withLivedDays(print, {
      before: async (context) => {
        before = await withClient(superuser(context), countRows);
      },
      after: (context) =>
        withClient(superuser(context), async (client) => {
          const after = await countRows(client);
          print(await updatesOf(client));
          print('many of each');
          return weighRows(
            client,
            new Map([...after].map(([name, rows]) => [name, rows - (before.get(name) ?? 0)])),
          );
        }),
    });
    const all = volumes.map(projected).toSorted((a, b) => last(b) - last(a));
    print(`\n${formatColumns([HEADINGS, ...all.filter(isShown).map(lineOf)])}\n`);
    return rowsOf(all);
  },
};

/** What becomes of a table over years. */
interface Projected extends TableVolume {
  growth: Growth;
  /** Rows of an encounter; of a day where rows come by the day. */
  each: string;
  /** Bytes that a year adds. */
  aYear: number;
  /** Bytes that are there after each of `YEARS`. */
  after: number[];
}

const last = ({ after }: Projected) => after.at(-1) ?? 0;
const isShown = ({ growth }: Projected) => growth !== 'town' && growth !== 'days';

function projected(volume: TableVolume): Projected {
  const growth = growthOf(volume.name);
  const perDay = A_DAY[volume.name];
  const perEncounter = volume.rows / ENCOUNTERS;
  const aYear =
    (perDay === undefined ? perEncounter * A_YEAR : perDay * 365) * (volume.heap + volume.indexes);
  const years = yearsOf(growth);
  return {
    ...volume,
    growth,
    each: perDay === undefined ? perEncounter.toFixed(2) : `${perDay} a day`,
    aYear,
    after: YEARS.map((each) => aYear * Math.min(each, years)),
  };
}

function growthOf(name: string): Growth {
  const features: readonly Feature<never, never>[] = FEATURES;
  for (const { growth = {} } of features) {
    const found = Object.entries(growth).find(([table]) => table === name);
    if (found?.[1]) return found[1];
  }
  throw new Error(`No feature says what bounds ${name}`);
}

/** Returns for how many years of encounters a table keeps its rows. */
function yearsOf(growth: Growth): number {
  if (growth === 'forever') return Number.POSITIVE_INFINITY;
  if (typeof growth === 'string') return 0;
  return (PERIODS[growth.until] ?? Number.POSITIVE_INFINITY) / 365;
}

const HEADINGS = [
  'table',
  'rows an encounter',
  'bytes of a row',
  'of them indexes',
  'a year',
  'deleted',
  ...YEARS.map((years) => `after ${years}`),
];

const lineOf = (one: Projected): string[] => [
  one.name,
  one.each,
  (one.heap + one.indexes).toFixed(0),
  one.indexes.toFixed(0),
  inWords(one.aYear),
  typeof one.growth === 'string' ? 'never' : one.growth.until,
  ...one.after.map(inWords),
];

function rowsOf(all: readonly Projected[]): Row[] {
  const sum = (some: readonly Projected[], nth: number) =>
    inWords(some.reduce((bytes, { after }) => bytes + (after[nth] ?? 0), 0));
  const endless = all.filter(({ growth }) => growth === 'forever');
  return YEARS.map((years, nth) => ({
    measure: `The database after ${years === 1 ? 'a year' : `${years} years`} of ${A_YEAR.toLocaleString('en')} encounters`,
    value: sum(all, nth),
    against: `of it, tables that grow without end: ${sum(endless, nth)}`,
  }));
}

const inWords = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;

/** Says of which tables rows were changed or removed, and how many changes left the indexes alone. */
async function updatesOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<Changed>(`
    select relid::regclass::text as name, n_tup_ins::int as ins, n_tup_upd::int as upd, n_tup_hot_upd::int as hot, n_tup_del::int as del
    from pg_stat_user_tables where n_tup_upd + n_tup_del > ${ENCOUNTERS} / 20 order by n_tup_upd + n_tup_del desc`);
  return `\n${formatColumns([
    ['table', 'inserted', 'changed', 'without the indexes', 'removed'],
    ...rows.map(({ name, ins, upd, hot, del }) => [name, `${ins}`, `${upd}`, `${hot}`, `${del}`]),
  ])}\n`;
}

interface Changed {
  name: string;
  ins: number;
  upd: number;
  hot: number;
  del: number;
}
