import type pg from 'pg';
import type { Context } from '../src/context.ts';
import type { Office } from '../src/domain/office/types.ts';
import { fill } from './lib/appointments.ts';
import { settle, withClient } from './lib/database.ts';
import { cost, formatCost, noCost, ratio, withServices } from './lib/services.ts';
import type { Bench, Row } from './lib/table.ts';
import { benchTown, coordinatorOf, FIRST_DAY, OFFICE } from './lib/town.ts';

/** Some 180,000 would fit into 90 days. */
const SIZE = { ahead: 120_000, before: 10_000, days: 90 };
const LOSING = 500;
const TIMES = 40;
/** Desks that a page shows. */
const PAGE = 25;
const WARM_UP = 5;

export const rota: Bench = {
  name: 'rota',
  about: 'The week of 200 desks, and what would happen if 500 appointments lost theirs: CPU, p95',
  run: (print) =>
    withServices(benchTown({ horizonDays: 90 }), async (context) => {
      const { logins } = context.database.embedded!;
      print(`${SIZE.ahead + SIZE.before} appointments`);
      await fill(logins.owner, SIZE);
      await settle(logins);
      const office = (await context.offices.find(OFFICE))!;
      return withClient(logins.superuser, (client) => measure(context, office, client, print));
    }),
};

const costs = () => ({
  page: noCost(),
  week: noCost(),
  barePage: noCost(),
  bareWeek: noCost(),
  plan: noCost(),
  read: noCost(),
});
type Costs = ReturnType<typeof costs>;

async function measure(
  { rota: service }: Context,
  office: Office,
  client: pg.Client,
  print: (line: string) => void,
): Promise<Row[]> {
  const viewer = coordinatorOf(office);
  const desks = office.desks.map((each) => each.id);
  const monday = FIRST_DAY.add({ days: 14 });
  const week = { from: monday.toString(), to: monday.add({ days: 7 }).toString() };
  const [desk] = desks;
  const { rows } = await client.query<{ until: Date }>(
    'select ends as until from appointment where desk_id = $1 and starts > $2 order by starts offset $3 limit 1',
    [desk, FIRST_DAY.add({ days: 1 }).toString(), LOSING - 1],
  );
  const until = rows[0]!.until.toISOString().slice(0, 10);
  const to = `${Temporal.PlainDate.from(until).add({ days: 1 })}T00:00`;
  const from = `${FIRST_DAY.add({ days: 1 })}T00:00`;
  const absence = { kind: 'absence', desk: desk!, from, to, why: '' } as const;

  const all = costs();
  let lost = 0;
  for (let nth = 0; nth < WARM_UP + TIMES; nth++) {
    if (nth % 10 === 0) print(`${nth} of ${WARM_UP + TIMES}`);
    const into = nth < WARM_UP ? costs() : all;
    await cost(into.page, () => service.week(viewer, office, monday, desks.slice(0, PAGE)));
    await cost(into.week, () => service.week(viewer, office, monday, desks));
    await cost(into.barePage, () => rotaAlone(client, desks.slice(0, PAGE), week));
    await cost(into.bareWeek, () => rotaAlone(client, desks, week));
    const planned = await cost(into.plan, () => service.plan(viewer, office, absence));
    if (!planned.ok) throw new Error(planned.reason);
    lost = planned.plan.affected.length;
    await cost(into.read, async () => {
      await rotaAlone(client, [desk!], { from, to });
      await client.query('select * from desk_day where desk_id = any ($1) and day >= $2', [
        desks,
        Math.floor(Date.parse(FIRST_DAY.toString()) / 86_400_000),
      ]);
    });
  }
  return rowsOf(all, desks.length, lost);
}

function rowsOf(all: Costs, desks: number, lost: number): Row[] {
  return [
    {
      measure: `The rota’s week, a page of ${PAGE} desks of ${desks}`,
      value: formatCost(all.page),
      against: `the bare queries for these: ${formatCost(all.barePage)}`,
      ratio: ratio(all.page, all.barePage),
    },
    {
      measure: `… all ${desks} desks at once`,
      value: formatCost(all.week),
      against: `the same for all: ${formatCost(all.bareWeek)}`,
      ratio: ratio(all.week, all.bareWeek),
    },
    {
      measure: `What would happen if ${lost} appointments lost their desk`,
      value: formatCost(all.plan),
      against: `the bare queries: ${formatCost(all.read)}`,
      ratio: ratio(all.plan, all.read),
    },
  ];
}

/** Reads the rows of the rota without row-level security, and does nothing with them. */
async function rotaAlone(
  client: pg.Client,
  desks: readonly number[],
  { from, to }: { from: string; to: string },
): Promise<void> {
  await client.query('select * from shift where desk_id = any ($1)', [desks]);
  await client.query('select * from absence where desk_id = any ($1)', [desks]);
  await client.query(
    `select id, desk_id, starts, ends from appointment where desk_id = any ($1) and status in ('booked', 'arrived') and displaced_at is null
      and ends > $2::timestamp and starts < $3::timestamp`,
    [desks, from, to],
  );
}
