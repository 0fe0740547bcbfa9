import pg from 'pg';
import { expect, test } from 'vitest';
import { guardConnections } from './database.ts';
import { testLogins } from './testing.ts';

test('a server that falls silent is noticed, also by a connection that was idle for long', async () => {
  const silenceMs = 2_000;
  const pool = new pg.Pool({ ...testLogins().runtime, max: 1 });
  guardConnections(pool, silenceMs);
  const connected = new Promise<pg.PoolClient>((resolve) => pool.once('connect', resolve));
  const ask = async (sql: string) => (await pool.query<{ of: number }>(sql)).rows[0]?.of;
  const before = await ask('select pg_backend_pid() as of');
  const { connection } = (await connected) as unknown as {
    connection: { stream: NodeJS.EventEmitter };
  };
  await new Promise((resolve) => connection.stream.once('timeout', resolve));
  expect(await ask('select pg_backend_pid() as of')).toBe(before);
  await expect(ask('select 1 as of from pg_sleep(5)')).rejects.toThrow('nothing was heard for 2 s');
  expect(await ask('select pg_backend_pid() as of')).not.toBe(before);
  await pool.end();
});
