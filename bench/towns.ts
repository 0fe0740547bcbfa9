import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from './lib/http.ts';
import { ManyTowns, nameOf } from './lib/many-towns.ts';
import { cpuOf, endedCpuOf, pssOf, tree } from './lib/processes.ts';
import { ensureBuilt, type Server, spawnServer } from './lib/server.ts';
import { type Bench, median, p95, type Row } from './lib/table.ts';

/** How many towns, unless the command says it: `npm run bench towns 947`. */
const MANY = 100;
const TIMES = '/ca/oac/informacio/times?channel=phone&language=ca';
const REST_SECONDS = 60;
const AWAKE = 20;

export type Running = Awaited<ReturnType<typeof spawnServer>>;

export const towns: Bench = {
  name: 'towns',
  about: 'Many towns in one process beside one PostgreSQL server: npm run bench towns [how many]',
  run: async (print, most = MANY) => {
    await ensureBuilt();
    const many = await ManyTowns.open();
    try {
      const rows: Row[] = [];
      for (const count of [...new Set([10, 100, most])].filter((each) => each <= most)) {
        print(`${count} towns: making their databases`);
        await many.grow(count);
        rows.push(...(await measure(many, count, print)));
      }
      return rows;
    } finally {
      await many.close();
    }
  },
};

async function measure(
  many: ManyTowns,
  count: number,
  print: (line: string) => void,
): Promise<Row[]> {
  const env = many.environment(count);
  const first = await started(many, env);
  print(`first start: ready in ${first.readyS.toFixed(1)} s; each is looked at for the first time`);
  await lookedAt(first.server, count);
  await first.server.stop();

  const { server, readyS } = await started(many, env);
  try {
    const began = performance.now();
    await lookedAt(server, count);
    const lookedS = (performance.now() - began) / 1000 + readyS;
    print(`ready in ${readyS.toFixed(1)} s, all looked at in ${lookedS.toFixed(0)} s; now at rest`);
    const rest = await atRest(many, server);
    print('pages');
    return [
      ...rowsOfRest(count, { readyS, lookedS, ...rest }),
      ...(await pages(many, server, count)),
    ];
  } finally {
    await server.stop();
  }
}

/** Starts a server of these towns. Returns it when it is ready, with how long that took. */
export async function started(many: ManyTowns, env: Record<string, string>) {
  const began = performance.now();
  const server = await spawnServer(many.dataDir, env);
  for (;;) {
    const status = await ask(server, '/readyz').catch(() => 0);
    if (status === 200) return { server, readyS: (performance.now() - began) / 1000 };
    if (server.child.exitCode !== null) throw new Error(server.output());
    await wait(20);
  }
}

/** Resolves once every town was opened, and all sleep again. */
export async function lookedAt(server: Running, count: number): Promise<void> {
  for (let waited = 0; (await statesOf(server)).asleep !== count; waited++) {
    if (waited > 1_800)
      throw new Error(`They don't all sleep: ${JSON.stringify(await statesOf(server))}`);
    await wait(1_000);
  }
}

async function ask(server: Server, path: string, host = 'localhost', headers = {}) {
  const connection = await Connection.open(server.port);
  try {
    return (await connection.request('GET', path, { Host: host, ...headers })).status;
  } finally {
    connection.close();
  }
}

/** Returns how many towns are in each state. */
async function statesOf(server: Server): Promise<Record<string, number>> {
  const connection = await Connection.open(server.port);
  try {
    const headers = { Host: 'localhost', Authorization: 'Bearer bench' };
    const text = (await connection.request('GET', '/metrics', headers)).body.toString();
    const found = text.matchAll(/^finestreta_towns\{state="(\w+)"\} (\d+)/gm);
    return Object.fromEntries([...found].map(([, state, number]) => [state, Number(number)]));
  } finally {
    connection.close();
  }
}

interface Rest {
  oursMb: number;
  theirsMb: number;
  oursPart: number;
  theirsPart: number;
  connections: number;
  bytes: number;
}

/** Measures memory and the part of a core that both take while nobody asks for anything. */
async function atRest(many: ManyTowns, server: Running): Promise<Rest> {
  const theirs = () =>
    tree(many.pid).reduce((sum, pid) => sum + cpuOf(pid), 0) + endedCpuOf([many.pid]);
  const before = { ours: cpuOf(server.pid), theirs: theirs(), at: performance.now() };
  await wait(REST_SECONDS * 1_000);
  const took = performance.now() - before.at;
  return {
    oursPart: (cpuOf(server.pid) - before.ours) / took,
    theirsPart: (theirs() - before.theirs) / took,
    ...memoryOf(many, server),
    ...(await many.look()),
  };
}

const memoryOf = (many: ManyTowns, server: Running) => ({
  oursMb: pssOf([server.pid]),
  theirsMb: pssOf(tree(many.pid)),
});

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

function rowsOfRest(count: number, rest: Rest & { readyS: number; lookedS: number }): Row[] {
  const { oursMb, theirsMb, oursPart, theirsPart } = rest;
  return [
    {
      measure: `${count} towns: ready after a start; all looked at`,
      value: `${rest.readyS.toFixed(1)} s; ${rest.lookedS.toFixed(0)} s`,
      aim: 'ready in ≤ 60 s',
      met: rest.readyS <= 60,
    },
    {
      measure: `${count} towns asleep: memory`,
      value: `${(oursMb + theirsMb).toFixed(0)} MB = ${oursMb.toFixed(0)} server + ${theirsMb.toFixed(0)} database`,
      against: `${rest.connections} connections`,
      aim: '≤ 4,000 MB',
      met: oursMb + theirsMb <= 4_000,
    },
    {
      measure: `${count} towns asleep: of a core`,
      value: `${percent(oursPart + theirsPart)} = ${percent(oursPart)} server + ${percent(theirsPart)} database`,
      against: `${(rest.bytes / 1e6).toFixed(1)} MB of disk each`,
      aim: '≤ 10 %',
      met: oursPart + theirsPart <= 0.1,
    },
  ];
}

/** The first page of sleeping towns, then times pages of the same towns at random, a few each second. */
async function pages(many: ManyTowns, server: Running, count: number): Promise<Row[]> {
  const chosen = Array.from({ length: Math.min(AWAKE, count) }, (_, index) =>
    nameOf(Math.floor(((index + 0.5) * count) / Math.min(AWAKE, count))),
  );
  const first: number[] = [];
  for (const name of chosen) {
    first.push(await timed(server, '/ca', name));
    await wait(500);
  }
  for (const name of chosen) await timed(server, TIMES, name);
  await wait(5_000);
  const times: number[] = [];
  for (let index = 0; index < 400; index++) {
    times.push(await timed(server, TIMES, chosen[(index * 7) % chosen.length]!));
    await wait(40);
  }
  const { oursMb, theirsMb } = memoryOf(many, server);
  const { connections } = await many.look();
  return [
    {
      measure: `${count} towns: first page of a sleeping one, median and slowest of ${chosen.length}`,
      value: `${median(first).toFixed(0)} ms; ${Math.max(...first).toFixed(0)} ms`,
      aim: '≤ 300 ms',
      met: median(first) <= 300,
    },
    {
      measure: `${count} towns: times page of ${chosen.length} awake ones, median and p95`,
      value: `${median(times).toFixed(0)} ms; ${p95(times).toFixed(0)} ms`,
      against: `${(oursMb + theirsMb).toFixed(0)} MB, ${connections} connections`,
      aim: 'p95 ≤ 50 ms',
      met: p95(times) <= 50,
    },
  ];
}

async function timed(server: Server, path: string, town: string): Promise<number> {
  const began = performance.now();
  const status = await ask(server, path, `${town}.localhost`);
  if (status !== 200) throw new Error(`${path} of ${town} answered ${status}`);
  return performance.now() - began;
}
