import { type Context, Hono } from 'hono';
import { problemOf } from '../../lib/problem.ts';
import type { Assets } from '../assets.ts';
import {
  beginsAgain,
  closed,
  crowded,
  keptForm,
  lockedUpload,
  unavailable,
} from './unavailable.tsx';

/** Seconds until the next useful try while a town is shut. */
const SOON = '30';

/** Why a town is shut. */
export type Shut =
  /** It is being opened: its database may be brought up to date meanwhile. */
  | { why: 'opening' }
  /** It is a demo that begins again, which takes some seconds. */
  | { why: 'again'; seconds(): number }
  /** There is more to do than can be done; it goes on for the others. */
  | { why: 'crowded'; seconds(): number }
  /** For maintenance; null: nobody knows until when. */
  | { why: 'maintenance'; until: Temporal.Instant | null; now(): Temporal.Instant };

/** What health checks and programs are told. */
const SAID = {
  opening: {
    ready: 'Not ready: the town is being opened',
    detail: 'The service has been started this moment. Send the same request again.',
  },
  again: {
    ready: 'Not ready: the demo begins again',
    detail: 'The demo begins again: what was done in it goes away. Begin anew.',
  },
  crowded: {
    ready: null,
    detail:
      'Too many requests came at once. Send the same request again after the time in Retry-After.',
  },
  maintenance: {
    ready: null,
    detail: 'The service is being maintained. Send the same request again later.',
  },
} as const satisfies Record<Shut['why'], { ready: string | null; detail: string }>;

/**
 * Answers everything while a town can't be served, without its database: a page in the visitor's language, or a problem for programs. A
 * town in maintenance counts as ready, so that proxies lead people to this page.
 */
export function shutTown(assets: Assets, shut: Shut): Hono {
  const app = new Hono();
  const { ready, detail } = SAID[shut.why];
  const soon = () => (shut.why === 'crowded' ? String(shut.seconds()) : SOON);
  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', (c) => {
    c.header('Cache-Control', 'no-store');
    return ready === null ? c.text('ready\n') : c.text(`${ready}\n`, 503);
  });
  app.use(assets.serve);
  // Of another version: a proxy asks another machine.
  app.get('/assets/*', (c) => c.notFound());
  app.use(async (c, next) => lockedUpload(c, soon()) ?? next());
  app.all('/api/*', (c) => notNow(c, detail, soon()));
  app.all('*', async (c) => {
    if (shut.why === 'opening') return unavailable(c, assets, null, await keptForm(c, null), false);
    if (shut.why === 'again') return beginsAgain(c, assets, shut.seconds());
    if (shut.why === 'crowded') return crowded(c, assets, shut.seconds(), await keptForm(c, null));
    return closed(c, assets, null, { until: shut.until, now: shut.now() });
  });
  return app;
}

function notNow(c: Context, detail: string, after: string): Response {
  c.header('Retry-After', after);
  c.header('Cache-Control', 'no-store');
  return c.json(problemOf('not-now', detail), 503, { 'Content-Type': 'application/problem+json' });
}
