/**
 * The minimum of a Hono server on the same Node, as a comparison: `bare-hono.ts` prints its port; `/<bytes>` answers as many, of a type that
 * nothing packs.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

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
process.on('SIGTERM', () => server.close(() => process.exit(0)));
