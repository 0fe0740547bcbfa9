import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openBare } from './bare/open.ts';
import { temporaryFolder } from './lib/database.ts';
import { pssOf, tree } from './lib/processes.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import type { Bench, Row } from './lib/table.ts';

const CLIENT = join(import.meta.dirname, 'pages', 'load-client.ts');
const PAGES = [
  '/ca',
  '/ca/oac',
  '/ca/oac/volant-padro',
  '/ca/oac/volant-padro/times?channel=phone&language=ca',
];
const REQUESTS = 3_000;
const CONNECTIONS = 100;

/** At rest: some seconds after it was asked something. */
const REST_MS = 5_000;
/** After a load, until what is no longer needed was given back. */
const RECOVERY_MS = 60_000;
const MOST = 3;
const MOST_AFTER = 1.2;

export const memory: Bench = {
  name: 'memory',
  about:
    'Memory of the server and its database (proportional set size), at rest and after a load, beside an empty Hono',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const server = await startServer(join(folder.path, 'data'), { TRUSTED_PROXIES: '1' });
    const bare = await openBare('hono.ts');
    try {
      print('at rest');
      await wait(REST_MS);
      const empty = pssOf([bare.pid]);
      const before = weigh(server);
      print(`${REQUESTS} times each of ${PAGES.length} pages`);
      for (const path of PAGES)
        await promisify(execFile)(
          process.execPath,
          [CLIENT, String(server.port), path, String(CONNECTIONS), String(REQUESTS)],
          { maxBuffer: 1e8 },
        );
      await wait(REST_MS);
      const soon = weigh(server);
      print('a minute later');
      await wait(RECOVERY_MS);
      return [
        row('at rest', before, { value: empty, words: 'an empty Hono', most: MOST }),
        row('five seconds after a load', soon, { value: before.all, words: 'before the load' }),
        row('a minute later', weigh(server), {
          value: before.all,
          words: 'before the load',
          most: MOST_AFTER,
        }),
      ];
    } finally {
      await server.stop();
      await bare.stop();
      folder.remove();
    }
  },
};

interface Weight {
  /** In MB, as the others. */
  all: number;
  server: number;
  database: number;
  /** Of the database. */
  processes: number;
}

function weigh({ pid }: Server): Weight {
  const others = tree(pid).filter((each) => each !== pid);
  const server = pssOf([pid]);
  const database = pssOf(others);
  return { all: server + database, server, database, processes: others.length };
}

function row(
  when: string,
  { all, server, database, processes }: Weight,
  against: { value: number; words: string; most?: number },
): Row {
  const ratio = all / against.value;
  return {
    measure: `Memory, ${when}`,
    value: `${all.toFixed(0)} MB = ${server.toFixed(0)} server + ${database.toFixed(0)} database (${processes} processes)`,
    against: `${against.words}: ${against.value.toFixed(0)} MB`,
    ratio: ratio.toFixed(2),
    ...(against.most && { aim: `≤ ${against.most}`, met: ratio <= against.most }),
  };
}
