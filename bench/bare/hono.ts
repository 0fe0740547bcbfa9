/**
 * The minimum of a Hono server on the same Node, as a comparison: `hono.ts [DATA_DIR]` prints its port once it serves. `/<bytes>` answers as
 * many, of a type that nothing packs. With a data folder it has an embedded database, and has asked it something.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const [dataDir] = process.argv.slice(2);
const database = dataDir ? await openDatabase(dataDir) : null;

async function openDatabase(dataDir: string) {
  const { default: pg } = await import('pg');
  const { startEmbedded } = await import('../../src/lib/db/embedded.ts');
  const embedded = await startEmbedded({ dataDir, log: { info: () => {}, warn: () => {} } });
  const pool = new pg.Pool(embedded.logins.superuser);
  await pool.query('select 1');
  return { stop: () => pool.end().then(embedded.stop) };
}

const bodies = new Map<number, Uint8Array<ArrayBuffer>>();
const bodyOf = (bytes: number) => {
  const body = bodies.get(bytes) ?? new Uint8Array(bytes).fill(120);
  bodies.set(bytes, body);
  return body;
};

const app = new Hono();
app.get('/:bytes', (c) => c.body(bodyOf(Number(c.req.param('bytes')))));
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(port),
);
process.once('SIGTERM', async () => {
  server.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
  await database?.stop();
  process.exit(0);
});
