import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { type Context, openContext } from '../src/context.ts';
import { settle, temporaryFolder, withClient } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { ensureBuilt, startServer } from './lib/server.ts';
import { type Access, signIn } from './lib/sign-in.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';

const APPOINTMENTS = 3_000_000;
const YEARS = 5;
const DAYS = YEARS * 365;
const CLOCK = '2026-11-25T12:00:00+01:00';
const FIRST = '2021-11-27';
const COORDINATOR = 'nuria.roca@vilaclara.example';
const PAGES = 60;
const ROUNDS = 5;

const SPANS = [
  { words: 'a year', from: '2025-12-01' },
  { words: 'five years', from: FIRST },
];

export const figures: Bench = {
  name: 'figures',
  about:
    'The page of figures over 3,000,000 appointments, beside its largest query in psql, and the same without roll-ups',
  run: async (say) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const dataDir = join(folder.path, 'data');
    const env = { CLOCK, ROLES: 'web', TRUSTED_PROXIES: '1' };
    const server = await startServer(dataDir, env);
    try {
      const context = await openContext(
        readConfig({ DATA_DIR: dataDir, DEMO: '1', CLOCK, LOG_LEVEL: 'silent' }),
        { join: true },
      );
      try {
        const made = await fill(context, say);
        return [...made, ...(await measure(context, server.port, say))];
      } finally {
        await context.close();
      }
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

/** Five years of a city's appointments, and the figures of each of their days. */
async function fill(context: Context, say: (line: string) => void): Promise<Row[]> {
  const { connection } = context.database;
  const body = (await context.bodies.find('oac'))!;
  say(`${APPOINTMENTS} appointments`);
  await withClient({ ...connection, user: 'postgres' }, async (client) => {
    await client.query(HISTORY, [body.id, APPOINTMENTS, FIRST, DAYS]);
    await client.query(ATTENTIONS);
  });
  await settle(connection);
  say('their figures');
  const began = performance.now();
  await context.statistics.pass();
  const seconds = (performance.now() - began) / 1000;
  const perDay: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = performance.now();
    await context.statistics.pass();
    perDay.push(performance.now() - before);
  }
  // Items as a city has them: by procedure, channel and language of each day.
  await withClient({ ...connection, user: 'postgres' }, (client) =>
    client.query(`insert into figure_item (body_id, day, channel, language, kind, procedure_id, items)
      select body_id, day, channel, language, 'procedure', procedure_id, fulfilled from figure_day`),
  );
  await settle(connection);
  return [
    { measure: 'Figures of all days, the first time', value: `${seconds.toFixed(0)} s` },
    { measure: '… a pass afterwards, today’s alone', value: `${spread(perDay, 0)} ms` },
  ];
}

async function measure(
  context: Context,
  port: number,
  say: (line: string) => void,
): Promise<Row[]> {
  const origin = `http://localhost:${port}`;
  const access = (await (await fetch(`${origin}/demo/access.json`)).json()) as Access;
  const person = access.staff.find((each) => each.email === COORDINATOR)!;
  const cookie = await signIn(origin, person);
  const rows: Row[] = [];
  for (const { words, from } of SPANS) {
    say(words);
    const times: number[] = [];
    const [rolled, raw]: [number[], number[]] = [[], []];
    const per = PAGES / ROUNDS;
    for (let round = 0; round < ROUNDS; round++) {
      // One is closed while psql works.
      const connection = await Connection.open(port);
      for (let nth = 0; nth < per; nth++) {
        const before = performance.now();
        const path = `/console/oac/figures?from=${from}&to=2026-11-25`;
        const answer = await connection.request('GET', path, { cookie, 'Accept-Language': 'ca' });
        if (answer.status !== 200) throw new Error(`The page answered ${answer.status}`);
        times.push(performance.now() - before);
      }
      connection.close();
      rolled.push(inPsql(context, ROLLED.replace('$from', from)));
      raw.push(inPsql(context, RAW.replace('$from', from)));
    }
    const p95 = [...times].sort((a, b) => a - b)[Math.floor(0.95 * times.length)] ?? Number.NaN;
    rows.push(
      {
        measure: `Page of figures, ${words}`,
        value: `p95 ${p95.toFixed(0)} ms, half ${median(times).toFixed(0)} ms`,
        against: `its largest query in psql: ${spread(rolled, 0)} ms`,
        ratio: (p95 / median(rolled)).toFixed(2),
      },
      {
        measure: '… without figures by day',
        value: `${spread(raw, 0)} ms for the query alone, in psql`,
        against: `with them: ${median(rolled).toFixed(0)} ms`,
        ratio: (median(raw) / median(rolled)).toFixed(1),
      },
    );
  }
  return rows;
}

/** How long a query takes by psql's own count, in ms; not a number where there is no psql. */
function inPsql({ database }: Context, query: string): number {
  const { host, port, database: name } = database.connection;
  const options = [
    '-X',
    '-q',
    '-o',
    '/dev/null',
    '-h',
    String(host),
    '-p',
    String(port),
    '-U',
    'postgres',
    '-d',
    String(name),
  ];
  const input = `\\timing on\n\\o /dev/null\n${query};\n`;
  const { stdout } = spawnSync('psql', options, { input, encoding: 'utf8' });
  return Number(/: ([\d.]+) ms/.exec(stdout ?? '')?.[1] ?? Number.NaN);
}

const HISTORY = `
  insert into appointment (id, body_id, reference, procedure_id, channel, language, notice_language, agent_id, starts, ends, status,
    name, link_hash, created_at, updated_at, forgotten_at)
  select gen_random_uuid(), $1::int, 'F' || n,
    (array(select id from procedure where body_id = $1::int order by id))[1 + k % 9],
    case when k % 5 = 0 then 'video' else 'phone' end, (array['ca', 'es', 'ca', 'en', 'eu', 'ca', 'es'])[1 + k % 7], 'ca',
    (select min(id) from agent where body_id = $1::int), starts, starts + interval '15 minutes',
    case when k % 10 < 7 then 'fulfilled' when k % 10 = 7 then 'noshow' else 'cancelled' end, '', sha256(n::text::bytea),
    starts - make_interval(days => k % 13), starts, starts
  from generate_series(1, $2::int) n cross join lateral (select n / $4::int) of_day (k) cross join lateral (
    select ($3::date + (n % $4::int) + time '08:00' + make_interval(mins => (k % 40) * 15)) at time zone 'Europe/Madrid'
  ) s (starts)`;

const ATTENTIONS = `
  insert into attention (appointment_id, body_id, started_at, ended_at, actor, forgotten_at)
  select id, body_id, starts + interval '1 minute', ends, 'system', ends from appointment
  where status = 'fulfilled' and reference like 'F%'`;

const ROLLED = `
  select channel, procedure_id, language, extract(isodow from day), to_char(day, 'YYYY-MM-01'), sum(booked), sum(fulfilled),
    sum(noshow), sum(cancelled), sum(wait_days), sum(contacted), sum(punctual), sum(late_seconds), sum(called), sum(attempts),
    sum(closed), sum(talked_seconds), sum(procedures), sum(queries)
  from figure_day where body_id = 1 and day between '$from' and '2026-11-25'
  group by grouping sets ((), (1), (2), (3), (4), (5))`;

const RAW = `
  select channel, procedure_id, language, extract(isodow from starts at time zone 'Europe/Madrid'),
    to_char(starts at time zone 'Europe/Madrid', 'YYYY-MM-01'), count(*), count(*) filter (where status = 'fulfilled'),
    count(*) filter (where status = 'noshow'), count(*) filter (where status = 'cancelled'),
    sum((starts at time zone 'Europe/Madrid')::date - (created_at at time zone 'Europe/Madrid')::date), count(started_at),
    count(*) filter (where started_at <= starts + interval '5 minutes'), sum(extract(epoch from started_at - starts)),
    count(ended_at), sum(extract(epoch from ended_at - started_at))
  from appointment a left join attention t on t.appointment_id = a.id
  where a.body_id = 1 and starts >= '$from' and starts < '2026-11-26'
  group by grouping sets ((), (1), (2), (3), (4), (5))`;
