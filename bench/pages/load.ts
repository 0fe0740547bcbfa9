import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openBare } from '../bare/open.ts';
import { temporaryFolder } from '../lib/database.ts';
import { Connection } from '../lib/http.ts';
import { ensureBuilt, type Server, startServer } from '../lib/server.ts';
import { type Bench, median, type Row, spread } from '../lib/table.ts';

const CLIENT = join(import.meta.dirname, 'load-client.ts');

/** Pages of the demo town, the aim for their rate, and for the slowest hundredth at 100 connections. */
const PAGES = [
  { name: 'town', path: '/ca', aim: 0.2, tail: null },
  { name: 'procedure', path: '/ca/oac/volant-padro', aim: 0.2, tail: null },
  {
    name: 'times',
    path: '/ca/oac/volant-padro/times?channel=phone&language=ca',
    aim: 0.1,
    tail: 3,
  },
];
const CONNECTIONS = [10, 100];
const ROUNDS = 6;
const REQUESTS = 8_000;
/** As long as ours, about. */
const BARE_REQUESTS = 40_000;

export const load: Bench = {
  name: 'load',
  about: 'Pages a second at 10 and 100 connections, beside a bare Hono that answers as many bytes',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const bare = await openBare('hono.ts');
    let server: Server | null = null;
    try {
      server = await startServer(join(folder.path, 'data'), { TRUSTED_PROXIES: '1' });
      const rows: Row[] = [];
      for (const page of PAGES)
        for (const connections of CONNECTIONS) {
          print(`${page.name}, ${connections} connections`);
          rows.push(...(await measure(server.port, bare.port, page, connections)));
        }
      return rows;
    } finally {
      await server?.stop();
      await bare.stop();
      folder.remove();
    }
  },
};

async function measure(
  port: number,
  bare: number,
  { name, path, aim, tail }: (typeof PAGES)[number],
  connections: number,
): Promise<Row[]> {
  const bytes = await bytesOf(port, path);
  const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  const ratios: number[] = [];
  const tails: number[] = [];
  const slowest: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await ask(port, path, connections, REQUESTS);
    const theirs = await ask(bare, `/${bytes}`, connections, BARE_REQUESTS);
    if (round === 0) continue;
    rates.ours.push(ours.rate);
    rates.bare.push(theirs.rate);
    ratios.push(ours.rate / theirs.rate);
    slowest.push(ours.p99);
    tails.push(ours.p99 / ours.median);
  }
  const measure = `Page, ${name}, ${connections} connections`;
  const isLimited = tail !== null && connections === Math.max(...CONNECTIONS);
  return [
    {
      measure: `${measure}: pages a second`,
      value: `${spread(rates.ours, 0)}/s`,
      against: `a bare Hono, ${bytes} bytes: ${spread(rates.bare, 0)}`,
      ratio: spread(ratios, 3),
      aim: `≥ ${aim}`,
      met: median(ratios) >= aim,
    },
    {
      measure: `${measure}: the slowest hundredth`,
      value: `${spread(slowest, 1)} ms`,
      against: 'the median of the same',
      ratio: spread(tails, 1),
      ...(isLimited && { aim: `≤ ${tail} ×`, met: median(tails) <= tail }),
    },
  ];
}

/** The bytes of a page as it is sent, without its headers. */
async function bytesOf(port: number, path: string): Promise<number> {
  const connection = await Connection.open(port);
  const headers = { 'Accept-Encoding': 'gzip', 'Accept-Language': 'ca' };
  const { status, headers: got, body } = await connection.request('GET', path, headers);
  connection.close();
  if (status !== 200 || got.get('content-encoding') !== 'gzip')
    throw new Error(`${path} answered ${status} ${got.get('content-encoding')}`);
  return body.length;
}

interface Asked {
  /** A second. */
  rate: number;
  /** In ms, as `p99`. */
  median: number;
  p99: number;
}

/** Asks for a page from another process. */
async function ask(
  port: number,
  path: string,
  connections: number,
  requests: number,
): Promise<Asked> {
  const args = [CLIENT, String(port), path, String(connections), String(requests)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
  const { rate, taken } = JSON.parse(stdout) as { rate: number; taken: number[] };
  const sorted = taken.sort((a, b) => a - b);
  return { rate, median: median(sorted), p99: sorted[Math.floor(0.99 * sorted.length)] ?? 0 };
}
