import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type pg from 'pg';
import { readConfig } from '../src/config.ts';
import { type Context, openContext } from '../src/context.ts';
import { makeHistory } from '../src/features/insight/statistics/testing.ts';
import { type EmbeddedLogins, findEmbedded } from '../src/lib/db/embedded.ts';
import { settle, temporaryFolder, withClient } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { cpuOf, fineCpuOf, tree } from './lib/processes.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import { type Access, signIn } from './lib/sign-in.ts';
import { type Bench, median, p95, type Row, spread } from './lib/table.ts';

/** Three quarters of them are attended. */
const APPOINTMENTS = 4_000_000;
const YEARS = 5;
const DAYS = YEARS * 365;
const CLOCK = '2026-11-25T12:00:00+01:00';
const FIRST = '2021-11-27';
const COORDINATOR = 'nuria.roca@vilaclara.example';
const PAGES = 60;
const ROUNDS = 3;

/** `months`: the first one that is whole. The last whole one is October. */
const SPANS = [
  { words: 'a year', from: '2025-11-26', months: '2025-12-01', aim: 4 },
  { words: 'five years', from: FIRST, months: '2021-12-01', aim: 3 },
];

export const figures: Bench = {
  name: 'figures',
  about:
    'The page of figures over 3,000,000 encounters, beside its largest query in psql, and the same without roll-ups',
  run: async (print) => {
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
        const logins = findEmbedded(dataDir)?.logins;
        if (!logins) throw new Error('The server has no embedded database');
        const made = await fill(context, logins, print);
        return [...made, ...(await measure(logins, server, print))];
      } finally {
        await context.close();
      }
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

/** Five years of a city's appointments with all that happened in them, and the figures of each of their days. */
export async function fill(
  context: Context,
  logins: EmbeddedLogins,
  print: (line: string) => void,
): Promise<Row[]> {
  const office = (await context.offices.find('oac'))!;
  print(`${APPOINTMENTS} appointments`);
  await withoutIndexes(logins.superuser, () => history(logins.superuser, office.id));
  await settle(logins);
  print('their figures');
  const began = performance.now();
  await context.statistics.pass();
  const seconds = (performance.now() - began) / 1000;
  await settle(logins);
  const perDay: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = performance.now();
    await context.statistics.pass();
    perDay.push(performance.now() - before);
  }
  return [
    { measure: 'Figures of all days, the first time', value: `${seconds.toFixed(0)} s` },
    { measure: '… a pass afterwards, today’s alone', value: `${spread(perDay, 0)} ms` },
  ];
}

/** Inserts without checking the foreign keys of each row. */
async function history(superuser: pg.ConnectionConfig, office: number): Promise<void> {
  const options = '-c session_replication_role=replica -c synchronous_commit=off -c work_mem=256MB';
  const made = { office, count: APPOINTMENTS, from: FIRST, days: DAYS };
  await makeHistory({ ...superuser, options }, made);
}

/** Rebuilds the indexes of filled tables at the end, except those of constraints. */
async function withoutIndexes(
  superuser: pg.ConnectionConfig,
  work: () => Promise<void>,
): Promise<void> {
  const options = '-c maintenance_work_mem=512MB';
  await withClient({ ...superuser, options }, async (client) => {
    const { rows } = await client.query<{ name: string; definition: string }>(INDEXES);
    for (const { name } of rows) await client.query(`drop index ${name}`);
    await work();
    for (const { definition } of rows) await client.query(definition);
  });
}

async function measure(
  logins: EmbeddedLogins,
  server: Server,
  print: (line: string) => void,
): Promise<Row[]> {
  const origin = `http://localhost:${server.port}`;
  const access = (await (await fetch(`${origin}/demo/access.json`)).json()) as Access;
  const person = access.staff.find((each) => each.email === COORDINATOR)!;
  const cookie = await signIn(origin, person);
  const rows: Row[] = [];
  for (const { words, from, months, aim } of SPANS) {
    print(words);
    const path = `/console/oac/figures?from=${from}&to=2026-11-25`;
    const times: number[] = [];
    const ours: number[] = [];
    const database: number[] = [];
    const rolled: number[] = [];
    const per = PAGES / ROUNDS;
    for (let round = 0; round <= ROUNDS; round++) {
      // An idle connection is closed while psql works.
      const connection = await Connection.open(server.port);
      const backends = tree(server.pid).filter((pid) => pid !== server.pid);
      const cpu = [cpuOf(server.pid), fineCpuOf(backends)] as const;
      const taken: number[] = [];
      for (let nth = 0; nth < per; nth++) {
        const before = performance.now();
        const answer = await connection.request('GET', path, { cookie, 'Accept-Language': 'ca' });
        if (answer.status !== 200) throw new Error(`The page answered ${answer.status}`);
        taken.push(performance.now() - before);
      }
      connection.close();
      if (round === 0) continue;
      times.push(...taken);
      ours.push((cpuOf(server.pid) - cpu[0]) / per);
      database.push((fineCpuOf(backends) - cpu[1]) / per);
      rolled.push(inPsql(logins, ROLLED.replaceAll('$from', from).replaceAll('$months', months)));
    }
    const raw = inPsql(logins, RAW.replace('$from', from));
    rows.push(...rowsOf({ words, aim, times, ours, database, rolled, raw }));
  }
  return rows;
}

interface Measured {
  words: string;
  aim: number;
  /** ms, of each page. */
  times: number[];
  /** ms of processor, of the server and of the database, for each page of a round. */
  ours: number[];
  database: number[];
  /** ms, of the page's largest query in psql. */
  rolled: number[];
  raw: number;
}

function rowsOf({ words, aim, times, ours, database, rolled, raw }: Measured): Row[] {
  const slow = p95(times);
  const cpu = median(ours) + median(database);
  return [
    {
      measure: `Page of figures, ${words}`,
      value: `p95 ${slow.toFixed(0)} ms, half ${median(times).toFixed(0)} ms`,
      against: `its largest query in psql: ${spread(rolled, 0)} ms`,
      ratio: (slow / median(rolled)).toFixed(2),
    },
    {
      measure: '… CPU of server and database',
      value: `${cpu.toFixed(0)} ms = ${median(ours).toFixed(0)} + ${median(database).toFixed(0)}`,
      against: `the same query: ${median(rolled).toFixed(0)} ms`,
      ratio: (cpu / median(rolled)).toFixed(2),
      aim: `≤ ${aim}`,
      met: cpu / median(rolled) <= aim,
    },
    {
      measure: '… without figures by day and month',
      value: `${raw.toFixed(0)} ms for the query alone, in psql`,
      against: `with them: ${median(rolled).toFixed(0)} ms`,
      ratio: (raw / median(rolled)).toFixed(1),
    },
  ];
}

/** Returns a query's duration by psql's own count, in ms; NaN without psql. */
function inPsql({ superuser }: EmbeddedLogins, query: string): number {
  const { host, port, user, password, database: name } = superuser;
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
    user,
    '-d',
    String(name),
  ];
  const input = `\\timing on\n\\o /dev/null\n${query};\n`;
  const env = { ...process.env, PGPASSWORD: password };
  const { stdout } = spawnSync('psql', options, { input, env, encoding: 'utf8' });
  return Number(/: ([\d.]+) ms/.exec(stdout ?? '')?.[1] ?? Number.NaN);
}

const INDEXES = `
  select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
  where indrelid = any ('{appointment, attempt, encounter, encounter_item, survey_answer, call_quality}'::regclass[])
    and not exists (select from pg_constraint where conindid = indexrelid)`;

const ROLLED = `
  select extract(isodow from day), to_char(day, 'YYYY-MM-01'), channel, procedure_id, language, sum(booked), sum(fulfilled),
    sum(noshow), sum(cancelled), sum(wait_days), sum(contacted), sum(punctual), sum(late_seconds), sum(called), sum(attempts),
    sum(closed), sum(talked_seconds), sum(procedures), sum(queries)
  from (
    select * from figure_day where office_id = 1 and day >= '$from' and day < '$months'
    union all select * from figure_month where office_id = 1 and day between '$months' and '2026-10-31'
    union all select * from figure_day where office_id = 1 and day between '2026-11-01' and '2026-11-25'
  ) rows group by grouping sets ((1), (2), (3, 4, 5))`;

const RAW = `
  select a.channel, a.procedure_id, a.language, extract(isodow from a.starts at time zone 'Europe/Madrid'),
    to_char(a.starts at time zone 'Europe/Madrid', 'YYYY-MM-01'), count(*), count(*) filter (where a.status = 'fulfilled'),
    count(*) filter (where a.status = 'noshow'), count(*) filter (where a.status = 'cancelled'),
    sum((a.starts at time zone 'Europe/Madrid')::date - (a.created_at at time zone 'Europe/Madrid')::date), count(t.started_at),
    count(*) filter (where t.started_at <= a.starts + interval '5 minutes'), sum(extract(epoch from t.started_at - a.starts)),
    count(t.ended_at), sum(extract(epoch from t.ended_at - t.started_at))
  from appointment a left join encounter t on t.appointment_id = a.id
  where a.office_id = 1 and a.starts >= '$from' and a.starts < '2026-11-26'
  group by grouping sets ((), (1), (2), (3), (4), (5))`;
