import pg from 'pg';
import { withDatabase } from '../lib/database.ts';
import type { Bench } from '../lib/table.ts';
import { benchTown } from '../lib/town.ts';
import { backupOf, destruction } from './passes.ts';
import { holds, queue } from './queues.ts';
import { FEW, MANY } from './timed.ts';
import { trail } from './trail.ts';

export const upkeep: Bench = {
  name: 'upkeep',
  about:
    'What large tables cost: writing, reading, retention, cleaning up, a backup; the audit trail beside a partitioned one',
  run: (print, size = MANY) =>
    withDatabase(benchTown({ horizonDays: 30, always: true }), 4, async (database) => {
      const client = new pg.Client(database.logins.superuser);
      await client.connect();
      try {
        // No triggers and keys: only these rows are made. Nothing is cleaned up beside what is measured.
        await client.query(`set app.office = '*'; set session_replication_role = replica`);
        await client.query(`alter system set autovacuum = off`);
        await client.query('select pg_reload_conf()');
        const run = { database, client, print, size };
        return [
          ...(await backupOf(run, FEW)),
          ...(await trail(run)),
          ...(await backupOf(run, size)),
          ...(await queue(run)),
          ...(await holds(run)),
          ...(await destruction(run)),
        ];
      } finally {
        await client.end();
      }
    }),
};
