import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Operating } from '../../features/insight/operating/service.ts';
import { hashSecret, sameHash } from '../../lib/secrets.ts';
import type { SecurityLog } from '../../lib/security-events.ts';
import { patternOf } from '../routes.ts';
import { registryOf } from './measured.ts';

export interface HealthDeps {
  /** Returns whether the process can serve: the database answers, and a town was applied. */
  isReady(): Promise<boolean>;
  log: Logger;
  security: Pick<SecurityLog, 'counts'>;
  metricsToken: string | null;
  /** How the installation runs. */
  operating: Pick<Operating, 'facts'>;
}

/** The metrics of requests; the others are in MEASURES. */
export const REQUEST_SECONDS = 'finestreta_http_request_seconds';
export const SECURITY_EVENTS_TOTAL = 'finestreta_security_events_total';

/** Mounts the checks that the process runs and can serve, and the metrics. */
export function mountHealth(app: Hono, deps: HealthDeps): void {
  const { isReady, log, security, metricsToken, operating } = deps;
  const registry = new Registry();
  countSecurityEvents(registry, security);
  const seconds = new Histogram({
    name: REQUEST_SECONDS,
    help: 'How long requests take, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  app.use(observe(seconds, log));

  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', async (c) => {
    c.header('Cache-Control', 'no-store');
    return (await soon(isReady()))
      ? c.text('ready\n')
      : c.text('Not ready: the database does not answer, or no town file was applied\n', 503);
  });
  app.get('/metrics', async (c) => {
    if (!metricsToken || !bears(c, metricsToken)) return c.notFound();
    const measured = registryOf(await operating.facts());
    const all = Registry.merge([ofTheProcess(), registry, measured]);
    return c.text(await all.metrics(), 200, { 'Content-Type': registry.contentType });
  });
}

/** Every kind has a counter from the start, at 0, so that an alert can compare with before. */
function countSecurityEvents(registry: Registry, security: HealthDeps['security']): void {
  new Counter({
    name: SECURITY_EVENTS_TOTAL,
    help: 'How many security events there were, by kind: docs/security-events.md',
    labelNames: ['event'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [event, count] of security.counts()) this.inc({ event }, count);
    },
  });
}

let processMetrics: Registry | null = null;

/** The metrics of the whole process, once for all its towns. */
export function ofTheProcess(): Registry {
  if (!processMetrics) {
    processMetrics = new Registry();
    collectDefaultMetrics({ register: processMetrics });
  }
  return processMetrics;
}

const PATIENCE_MS = 3_000;

/** Resolves to false after some seconds without an answer: a monitoring system won't wait longer either. */
function soon(answer: Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function bears(c: Context, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1] ?? '';
  return sameHash(hashSecret(given), hashSecret(token));
}

/** Measures and logs requests by their route, never by their address: addresses contain secrets. */
function observe(seconds: Histogram, log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const start = performance.now();
    await next();
    const took = performance.now() - start;
    const labels = { method: c.req.method, route: patternOf(c), status: c.res.status };
    seconds.observe(labels, took / 1000);
    log.debug({ ...labels, ms: Math.round(took) }, 'request');
  };
}
