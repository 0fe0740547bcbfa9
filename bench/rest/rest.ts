import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findEmbedded } from '../../src/lib/db/embedded.ts';
import { temporaryFolder, withClient } from '../lib/database.ts';
import { cpuOf, endedCpuOf, fineCpuOf, tree } from '../lib/processes.ts';
import { ensureBuilt, startServer } from '../lib/server.ts';
import type { Bench } from '../lib/table.ts';

/** What the start left to be done is done by then. */
const SETTLE_MS = 90_000;
/** Two regular questions about what is due. */
const REST_MS = 120_000;

interface Used {
  transactions: number;
  server: number;
  database: number;
}

export const rest: Bench = {
  name: 'rest',
  about: 'Transactions and CPU of a town in which nothing happens (three and a half minutes)',
  run: async (print) => {
    await ensureBuilt();
    const folder = temporaryFolder();
    const data = join(folder.path, 'data');
    const server = await startServer(data);
    try {
      print('the start is over soon');
      await wait(SETTLE_MS);
      const before = await usedBy(server.pid, data);
      print('at rest');
      await wait(REST_MS);
      const after = await usedBy(server.pid, data);
      const perSecond = (of: keyof Used) => (after[of] - before[of]) / (REST_MS / 1000);
      const ours = perSecond('server');
      const theirs = perSecond('database');
      return [
        {
          measure: 'A town at rest: transactions a second',
          value: perSecond('transactions').toFixed(2),
          against: 'jobs at fixed periods: 1.8',
          ratio: (perSecond('transactions') / 1.8).toFixed(2),
        },
        {
          measure: '… CPU of server and database',
          value: `${(ours + theirs).toFixed(2)} ms a second: ${ours.toFixed(2)} server + ${theirs.toFixed(2)} database`,
        },
      ];
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

/** What was used so far: transactions without those of this question, and ms of CPU. */
async function usedBy(pid: number, dataDir: string): Promise<Used> {
  const found = findEmbedded(dataDir);
  if (!found) throw new Error(`No database runs in ${dataDir}`);
  const { superuser } = found.logins;
  const transactions = await withClient(superuser, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      'select (xact_commit + xact_rollback)::integer as n from pg_stat_database where datname = current_database()',
    );
    return rows[0]?.n ?? 0;
  });
  const processes = tree(pid).filter((each) => each !== pid);
  return {
    transactions,
    server: cpuOf(pid),
    database: fineCpuOf(processes) + endedCpuOf(processes),
  };
}
