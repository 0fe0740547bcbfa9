import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '../lib/http.ts';
import { ManyTowns, nameOf } from '../lib/many-towns.ts';
import { cpuOf, endedCpuOf, pssOf, tree } from '../lib/processes.ts';
import { ensureBuilt } from '../lib/server.ts';
import { type Bench, median, type Row } from '../lib/table.ts';
import { lookedAt, type Running, started } from '../towns.ts';

const TOWNS = 100;
const SECONDS = 60;

export const crowded: Bench = {
  name: 'crowded',
  about: `${TOWNS} towns, of which 40 can be awake: all are asked at once, and somebody goes through all names`,
  run: async (print) => {
    await ensureBuilt();
    const many = await ManyTowns.open();
    try {
      print(`${TOWNS} towns: making their databases`);
      await many.grow(TOWNS);
      const env = { ...many.environment(TOWNS), TRUSTED_PROXIES: '1' };
      const { server } = await started(many, env);
      try {
        const peak = await peakOf(many, lookedAt(server, TOWNS));
        print('all were looked at');
        const opened: Row = {
          measure: `${TOWNS} towns are looked at in the background, four at a time`,
          value: `${peak} connections at most`,
        };
        return [opened, ...(await walk(many, server)), ...(await everybody(many, server, print))];
      } finally {
        await server.stop();
      }
    } finally {
      await many.close();
    }
  },
};

/** Returns the most connections to the databases while something is under way, looked at ten times a second. */
async function peakOf(many: ManyTowns, work: Promise<unknown>): Promise<number> {
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  let most = 0;
  while (!isOver) {
    most = Math.max(most, (await many.look()).connections);
    await wait(100);
  }
  await ended;
  return most;
}

async function ask(server: Running, town: string, from: string) {
  const connection = await Connection.open(server.port);
  try {
    const headers = { Host: `${town}.localhost`, 'X-Forwarded-For': from };
    return await connection.request('GET', '/ca', headers);
  } finally {
    connection.close();
  }
}

const towns = Array.from({ length: TOWNS }, (_, index) => nameOf(index));

/** Somebody asks for the first page of each town, one after the other. */
async function walk(many: ManyTowns, server: Running): Promise<Row[]> {
  const cpu = () =>
    cpuOf(server.pid) +
    tree(many.pid).reduce((sum, pid) => sum + cpuOf(pid), 0) +
    endedCpuOf([many.pid]);
  const before = cpu();
  const statuses: number[] = [];
  for (const town of towns) statuses.push((await ask(server, town, '198.51.100.1')).status);
  const woken = statuses.filter((status) => status === 200).length;
  return [
    {
      measure: `somebody asks for the first page of ${TOWNS} sleeping towns, one after the other`,
      value: `${woken} were woken, ${((cpu() - before) / woken).toFixed(0)} ms of a core each`,
      against: `${statuses.filter((status) => status === 503).length} answered "not now"`,
    },
  ];
}

/** What an answer is: a page, "not now" with a time to come again, soon or later, or one that must not be. */
function kindOf(status: number, retryAfter: number): 'page' | 'soon' | 'later' | 'wrong' {
  if (status === 200) return 'page';
  if (status !== 503 || !(retryAfter > 0)) return 'wrong';
  return retryAfter < 30 ? 'soon' : 'later';
}

/** In each town somebody asks for a page, and for another one a second after it came. */
async function everybody(
  many: ManyTowns,
  server: Running,
  print: (line: string) => void,
): Promise<Row[]> {
  print(`everybody asks, for ${SECONDS} s`);
  const end = performance.now() + SECONDS * 1_000;
  const waits: number[] = [];
  const gaps: number[] = [];
  const count = { page: 0, soon: 0, later: 0, wrong: 0 };
  const people = towns.map(async (town, index) => {
    let served = performance.now();
    let longest = 0;
    while (performance.now() < end) {
      const began = performance.now();
      const { status, headers } = await ask(server, town, `192.0.2.${index}`);
      const now = performance.now();
      waits.push(now - began);
      count[kindOf(status, Number(headers.get('retry-after')))]++;
      if (status === 200) {
        longest = Math.max(longest, now - served);
        served = now;
      }
      await wait(1_000);
    }
    gaps.push(Math.max(longest, performance.now() - served));
  });
  let memory = 0;
  const peak = await peakOf(
    many,
    Promise.all(people).then(() => {
      memory = pssOf([server.pid]) + pssOf(tree(many.pid));
    }),
  );
  return rowsOf({ count, waits, gaps, memory, peak });
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

function rowsOf({
  count,
  waits,
  gaps,
  memory,
  peak,
}: {
  count: Record<'page' | 'soon' | 'later' | 'wrong', number>;
  waits: number[];
  gaps: number[];
  memory: number;
  peak: number;
}): Row[] {
  return [
    {
      measure: `${TOWNS} towns are asked at once, each again a second after its answer`,
      value: `${count.page} pages, ${count.soon} times "not now" at the door, ${count.later} times after a wait`,
      against: `${memory.toFixed(0)} MB, ${peak} connections at most`,
    },
    {
      measure: 'an answer comes after, median and longest',
      value: `${seconds(median(waits))}; ${seconds(Math.max(...waits))}`,
    },
    {
      measure: 'from one page of a town to the next, longest of the median and of the last town',
      value: `${seconds(median(gaps))}; ${seconds(Math.max(...gaps))}`,
    },
    {
      measure: 'answers that must not be',
      value: String(count.wrong),
      aim: 'none',
      met: count.wrong === 0,
    },
  ];
}
