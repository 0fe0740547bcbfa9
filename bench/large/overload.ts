import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { temporaryFolder } from '../lib/database.ts';
import { Connection } from '../lib/http.ts';
import { startOf, WORKING_DAYS } from '../lib/pgbench.ts';
import { pssOf } from '../lib/processes.ts';
import { ensureBuilt, type Server, startServer } from '../lib/server.ts';
import { type Bench, median, type Row } from '../lib/table.ts';
import { FOR_ALL, OFFICE, SHARED, STARTS_A_DAY, townText } from '../lib/town.ts';
import type { Asked, Order, Result } from './overload-client.ts';

const CLIENT = join(import.meta.dirname, 'overload-client.ts');
const PAGE_CLIENT = join(import.meta.dirname, '..', 'pages', 'load-client.ts');
const TIMES = `/ca/${OFFICE}/${FOR_ALL}/times?channel=phone&language=ca`;
/** How many times as much is asked as can be answered. */
const TIMES_TOO_MUCH = 3;
const SECONDS = Number(process.env.OVERLOAD_SECONDS ?? 60);
const CALM_SECONDS = Math.min(15, SECONDS);
const BOOKINGS_A_SECOND = 5;
/** So many answers one after the other are normal again, of which none takes longer than three times the usual. */
const NORMAL = 20;

export const overload: Bench = {
  name: 'overload',
  about: `Three times as many requests as can be answered, for ${SECONDS} s: who is refused, how soon, and how bookings go`,
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const town = join(folder.path, 'town.yaml');
    writeFileSync(town, townText({ horizonDays: 100, always: true }));
    let server: Server | null = null;
    try {
      server = await startServer(join(folder.path, 'data'), {
        TOWN_FILE: town,
        TRUSTED_PROXIES: '1',
      });
      return await measure(server, print);
    } finally {
      await server?.stop();
      folder.remove();
    }
  },
};

async function measure(server: Server, print: (line: string) => void): Promise<Row[]> {
  const { port } = server;
  const bookings = await bookingsOf(port);
  const page: Asked = { name: 'pages', rate: 5, method: 'GET', path: TIMES };
  const begun: Asked = { ...page, name: 'pages of a booking', path: await beginBooking(port) };
  const figures: Asked = {
    ...page,
    name: 'figures',
    path: `/open-data/${OFFICE}/figures.csv`,
  };
  print('what it can answer');
  const capacity = await capacityOf(port);
  print(`${capacity.toFixed(0)} pages a second; a calm day`);
  const calm = await run(port, { seconds: CALM_SECONDS, asked: [bookings, page, begun, figures] });
  const before = pssOf([server.pid]);
  print(`${TIMES_TOO_MUCH} times as much, for ${SECONDS} s`);
  const part = (one: Asked, of: number): Asked => ({ ...one, rate: capacity * of });
  const crowd = [part(page, 2.4), part(begun, 0.3), part(figures, 0.3), bookings];
  const loaded = run(port, { seconds: SECONDS, asked: crowd });
  await wait((SECONDS - 1) * 1_000);
  const during = pssOf([server.pid]);
  await wait(1_000);
  const usual = median(calm[1]!.answered);
  const normalAfter = await untilNormal(port, usual);
  const results = await loaded;
  print('a stranger alone');
  const few = part(page, 0.3);
  const [alone] = await run(port, { seconds: CALM_SECONDS, asked: [few] });
  const stranger = { ...part(page, 3), name: 'stranger', from: '198.51.100.1' };
  const beside = await run(port, { seconds: CALM_SECONDS, asked: [few, stranger] });
  return [
    ...results.map((each) => rowOf(each, calm.find(({ name }) => name === each.name)!)),
    {
      measure: 'Afterwards, until 20 pages follow each other as fast as ever',
      value: `${normalAfter.toFixed(0)} ms`,
      aim: '≤ 5 s',
      met: normalAfter <= 5_000,
    },
    {
      measure: 'Memory of the process in the last second',
      value: `${during.toFixed(0)} MB`,
      against: `before: ${before.toFixed(0)} MB`,
      ratio: (during / before).toFixed(2),
    },
    ...strangerRows(alone!, beside[0]!, beside[1]!),
  ];
}

function rowOf(found: Result, calm: Result): Row {
  const { name, answered, refused, wrong } = found;
  const all = answered.length + refused.length;
  const other = Object.entries(wrong).map(([status, many]) => `${many} answered ${status}`);
  const isBooking = name === 'bookings';
  return {
    measure: `Under too much: ${name}`,
    value: [
      `${percent(answered.length / all)} of ${all} answered, p95 ${p95(answered)} ms`,
      ...(refused.length > 0
        ? [`refused after ${median(refused).toFixed(0)} ms, p95 ${p95(refused)}`]
        : []),
      ...other,
    ].join('; '),
    against: `a calm day: p95 ${p95(calm.answered)} ms`,
    ratio: (Number(p95(answered)) / Number(p95(calm.answered))).toFixed(1),
    ...(isBooking && {
      aim: 'all answered',
      met: refused.length === 0 && other.length === 0,
    }),
  };
}

function strangerRows(alone: Result, others: Result, stranger: Result): Row[] {
  const all = others.answered.length + others.refused.length;
  return [
    {
      measure: 'Others, beside one address that asks for three times what can be answered',
      value: `${percent(others.answered.length / all)} of ${all} answered, p95 ${p95(others.answered)} ms`,
      against: `without it: p95 ${p95(alone.answered)} ms`,
      ratio: (Number(p95(others.answered)) / Number(p95(alone.answered))).toFixed(1),
      aim: 'all answered',
      met: others.refused.length === 0 && Object.keys(others.wrong).length === 0,
    },
    {
      measure: '… and that address',
      value: `${percent(stranger.answered.length / (stranger.answered.length + stranger.refused.length))} answered`,
    },
  ];
}

const percent = (part: number) => `${(100 * part).toFixed(0)} %`;
function p95(taken: readonly number[]): string {
  const sorted = [...taken].sort((a, b) => a - b);
  return (sorted[Math.floor(0.95 * sorted.length)] ?? Number.NaN).toFixed(0);
}

/** Sends an order's requests from a process of its own. */
async function run(port: number, order: Order): Promise<Result[]> {
  const child = spawn(process.execPath, [CLIENT, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(order));
  return JSON.parse(await text(child.stdout)) as Result[];
}

/** Returns how many pages of times a second the process answers to a few. */
async function capacityOf(port: number): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) {
    const args = [PAGE_CLIENT, String(port), TIMES, '24', '1000'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
    rates.push((JSON.parse(stdout) as { rate: number }).rate);
  }
  return median(rates.slice(1));
}

/** Returns bookings of a town hall's system, each of another time. */
async function bookingsOf(port: number): Promise<Asked> {
  const connection = await Connection.open(port);
  const answer = await connection.request('GET', '/demo/access.json');
  connection.close();
  const { tokens } = JSON.parse(answer.body.toString()) as { tokens: Record<string, string> };
  const citizen = {
    name: 'Maria Puig i Ferrer',
    email: 'maria.puig@example.org',
    phone: '+34600111222',
  };
  const bodies = Array.from({ length: WORKING_DAYS * STARTS_A_DAY }, (_, nth) =>
    JSON.stringify({
      procedure: SHARED[nth % SHARED.length],
      channel: 'phone',
      language: 'ca',
      citizen,
      start: startOf(nth % WORKING_DAYS, Math.floor(nth / WORKING_DAYS)).toString(),
    }),
  );
  return {
    name: 'bookings',
    rate: BOOKINGS_A_SECOND,
    method: 'POST',
    path: `/api/v1/offices/${OFFICE}/appointments`,
    headers: { Authorization: `Bearer ${tokens[OFFICE]}`, 'Content-Type': 'application/json' },
    bodies,
  };
}

/** Begins a booking by pages. Returns the address of its next page. */
async function beginBooking(port: number): Promise<string> {
  const connection = await Connection.open(port);
  const headers = { Accept: 'text/html', 'X-Forwarded-For': '192.0.2.77' };
  const times = await connection.request('GET', TIMES, headers);
  const start = /name="start"[^>]*value="([^"]+)"/.exec(times.body.toString())?.[1] ?? '';
  const form = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' };
  const chosen = await connection.request(
    ...(['POST', TIMES, form, new URLSearchParams({ start }).toString()] as const),
  );
  connection.close();
  const to = chosen.headers.get('location');
  if (!to) throw new Error(`No booking began: ${chosen.status}`);
  return to;
}

/** Asks for pages, one after the other, until so many in a row take at most three times as long as usual. Returns how long that took, in ms. */
async function untilNormal(port: number, usual: number): Promise<number> {
  const connection = await Connection.open(port);
  const begun = performance.now();
  let since = begun;
  for (let normal = 0; normal < NORMAL; ) {
    const at = performance.now();
    const headers = { Accept: 'text/html', 'X-Forwarded-For': '192.0.2.78' };
    const { status } = await connection.request('GET', TIMES, headers);
    const isNormal = status === 200 && performance.now() - at <= 3 * usual;
    normal = isNormal ? normal + 1 : 0;
    if (!isNormal) since = performance.now();
    if (performance.now() - begun > 60_000) break;
  }
  connection.close();
  return since - begun;
}
