import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolder } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { pssOf, tree } from './lib/processes.ts';
import { ensureBuilt, startServer } from './lib/server.ts';
import type { Bench, Row } from './lib/table.ts';

const PAGES = [
  '/ca',
  '/ca/oac',
  '/ca/oac/volant-padro',
  '/ca/oac/volant-padro/times?channel=phone&language=ca',
];

/** At rest: some seconds after it was asked something. */
const REST_MS = 5_000;

export const memory: Bench = {
  name: 'memory',
  about: 'Memory at rest of the server and its database together (proportional set size)',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const server = await startServer(join(folder.path, 'data'));
    const measure = async (words: string): Promise<Row> => {
      await wait(REST_MS);
      const database = tree(server.pid).filter((pid) => pid !== server.pid);
      const ours = pssOf([server.pid]);
      const theirs = pssOf(database);
      return {
        measure: `Memory at rest, ${words}`,
        value: `${(ours + theirs).toFixed(0)} MB = ${ours.toFixed(0)} server + ${theirs.toFixed(0)} database`,
        against: `${database.length} processes of the database's`,
        aim: '≤ 250 MB',
        met: ours + theirs <= 250,
      };
    };
    try {
      print('just started');
      const fresh = await measure('just started');
      print('after 2,000 pages');
      const connection = await Connection.open(server.port);
      for (let i = 0; i < 2_000; i++) {
        const { status } = await connection.request('GET', PAGES[i % PAGES.length] ?? '/ca');
        if (status !== 200) throw new Error(`${PAGES[i % PAGES.length]} answered ${status}`);
      }
      connection.close();
      return [fresh, await measure('after 2,000 pages')];
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};
