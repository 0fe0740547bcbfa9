import { type Context, Hono } from 'hono';
import { problemOf } from '../../lib/problem.ts';
import type { Assets } from '../assets.ts';
import { closed, unavailable } from './unavailable.tsx';

/** Seconds until the next useful try while a town is being opened. */
const SOON = '30';

/** Why a town is shut. */
export type Shut =
  /** It is being opened: its database may be brought up to date meanwhile. */
  | { why: 'opening' }
  /** For maintenance; null: nobody knows until when. */
  | { why: 'maintenance'; until: Temporal.Instant | null; now(): Temporal.Instant };

/**
 * Answers everything while a town can't be served, without its database: a page in the visitor's language, or a problem for programs. A
 * town in maintenance counts as ready, so that proxies lead people to this page.
 */
export function shutTown(assets: Assets, shut: Shut): Hono {
  const app = new Hono();
  const isReady = shut.why === 'maintenance';
  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', (c) => {
    c.header('Cache-Control', 'no-store');
    return isReady ? c.text('ready\n') : c.text('Not ready: the town is being opened\n', 503);
  });
  app.use(assets.serve);
  app.all('/api/*', (c) => notNow(c, shut));
  app.all('*', (c) =>
    shut.why === 'opening'
      ? unavailable(c, assets, null)
      : closed(c, assets, null, { until: shut.until, now: shut.now() }),
  );
  return app;
}

function notNow(c: Context, shut: Shut): Response {
  const detail =
    shut.why === 'opening'
      ? 'The service has been started this moment. Send the same request again.'
      : 'The service is being maintained. Send the same request again later.';
  c.header('Retry-After', SOON);
  c.header('Cache-Control', 'no-store');
  return c.json(problemOf('not-now', detail), 503, { 'Content-Type': 'application/problem+json' });
}
