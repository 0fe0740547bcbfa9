import { monitorEventLoopDelay } from 'node:perf_hooks';
import type pg from 'pg';
import type { Context } from '../../src/context.ts';
import type { Office } from '../../src/domain/office/types.ts';
import { withRequests } from '../../src/features/service/requests/testing.ts';
import { settle, withClient } from '../lib/database.ts';
import { cost, formatCost, noCost, withServices } from '../lib/services.ts';
import { type Bench, median, p95, type Row } from '../lib/table.ts';
import { benchTown, coordinatorOf, OFFICE } from '../lib/town.ts';

/** Requests that came in a year; the second number is made by adding to the first. */
const SIZES = [100_000, 300_000];
const WARM_UP = 2;
const TIMES = 15;
const AIM = 2_000;
const LONGEST_PAUSE = 100;
const SPANS = [
  { words: 'a year', from: '2025-01-01', to: '2025-12-31' },
  { words: 'a month', from: '2025-11-01', to: '2025-11-30' },
];

export const requestFigures: Bench = {
  name: 'request-figures',
  about:
    'The figures of 100,000 and 300,000 requests of a year: CPU, p95, how long all others wait',
  run: (print) =>
    withServices(benchTown({ horizonDays: 30 }), async (context) => {
      const { logins } = context.database.embedded!;
      const town = (await context.offices.find(OFFICE))!;
      const office = {
        ...town,
        settings: { ...town.settings, ...withRequests(), holidays: 'ES-CT' },
      };
      const rows: Row[] = [];
      let made = 0;
      for (const size of SIZES) {
        print(`${size} requests`);
        await withClient(logins.superuser, (client) => fill(client, office.id, made, size));
        made = size;
        await settle(logins);
        rows.push(...(await measure(context, office, size)));
      }
      return rows;
    }),
};

async function measure({ statistics }: Context, office: Office, size: number): Promise<Row[]> {
  const viewer = coordinatorOf(office);
  const rows: Row[] = [];
  for (const { words, from, to } of SPANS) {
    const span = { from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) };
    const costs = noCost();
    const pauses: number[] = [];
    let most = 0;
    for (let nth = 0; nth < WARM_UP + TIMES; nth++) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const before = process.memoryUsage().rss;
      const found = await cost(nth < WARM_UP ? noCost() : costs, () =>
        statistics.requests(viewer, office, span),
      );
      // The pause that the answer itself made is noted on the next turn.
      await new Promise((resolve) => setTimeout(resolve, 5));
      delay.disable();
      if (!found?.type.length) throw new Error('There are no figures');
      if (nth >= WARM_UP) pauses.push(delay.max / 1e6);
      most = Math.max(most, (process.memoryUsage().rss - before) / 1e6);
    }
    const slow = p95(costs.wall);
    rows.push({
      measure: `Figures of ${size} requests of a year, ${words}`,
      value: formatCost(costs),
      against: `all others wait ${median(pauses).toFixed(0)}, at most ${Math.max(...pauses).toFixed(0)} ms; memory grows by ${most.toFixed(0)} MB`,
      aim: `p95 ≤ ${AIM} ms, others wait ≤ ${LONGEST_PAUSE} ms`,
      met: slow <= AIM && median(pauses) <= LONGEST_PAUSE,
    });
  }
  return rows;
}

/** Requests of 60 types, 12 teams and 73 districts over a year: nine of ten are closed, a fifth were asked something, some were reopened. */
async function fill(client: pg.Client, office: number, from: number, to: number): Promise<void> {
  await client.query('set session_replication_role = replica; set synchronous_commit = off');
  const byte = (nth: number) => `get_byte(h, ${nth})`;
  await client.query(
    `create temporary table made as
    select n, md5('request' || n)::uuid as id, at, at + make_interval(hours => ${byte(0)} * 3 + 1) as done, h
    from generate_series(${from + 1}, ${to}) n
      cross join lateral (select decode(md5(n::text), 'hex') as h) x
      cross join lateral (select '2025-01-01T00:00:00+01:00'::timestamptz + make_interval(mins => (n::bigint * 7919 % (364 * 1440))::int) as at) y`,
  );
  await client.query(
    `insert into request (id, office_id, reference, type, kind, door, language, made_at, made_by, changed_at, sent_at, sent_on, since,
      state, state_at, closed_at, team, area, due)
    select id, $1, 'B' || n, 'type-' || ${byte(1)} % 60, 'incident', 'online', 'ca', at, 'citizen', at, at, (at at time zone 'Europe/Madrid')::date, at,
      case when ${byte(2)} < 230 then 'answered' else 'in_progress' end, done, case when ${byte(2)} < 230 then done end,
      nullif('team-' || ${byte(3)} % 13, 'team-12'), nullif('area-' || ${byte(4)} % 74, 'area-73'), (at + interval '14 days')::date
    from made`,
    [office],
  );
  const event = (what: string, at: string, states: string, where = 'true') =>
    client.query(
      `insert into request_event (office_id, request_id, at, actor, kind, from_state, to_state)
      select $1, id, ${at}, 'system', '${what}', ${states} from made where ${where}`,
      [office],
    );
  await event('sent', 'at', `null, 'received'`);
  await event('moved', `at + interval '10 minutes'`, `'received', 'in_progress'`);
  await event('moved', `at + interval '20 minutes'`, `'in_progress', 'asked'`, `${byte(5)} < 50`);
  await event('moved', `at + interval '30 minutes'`, `'asked', 'in_progress'`, `${byte(5)} < 50`);
  await event('moved', 'done', `'in_progress', 'answered'`, `${byte(2)} < 230`);
  await event('moved', `done - interval '5 minutes'`, `'answered', 'received'`, `${byte(6)} < 8`);
  await client.query(
    `insert into survey_answer (request_id, office_id, score, solved, at)
    select id, $1, ${byte(7)} % 11, (array['yes', 'partly', 'no'])[1 + ${byte(8)} % 3], done from made where ${byte(9)} < 50`,
    [office],
  );
  await client.query('drop table made');
}
