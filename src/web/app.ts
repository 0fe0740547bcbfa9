import { Hono, type Context as Request } from 'hono';
import type { Context } from '../context.ts';
import { isUnavailable } from '../lib/db/database.ts';
import { PUBLIC } from '../paths.ts';
import { clientAddress, senders } from './address.ts';
import { apiRoutes } from './api/routes.ts';
import { openAssets } from './assets.ts';
import { type Problem, problem } from './citizen/problem.tsx';
import { citizenPages } from './citizen/routes.ts';
import { visitOf } from './citizen/visit.tsx';
import { consolePages } from './console/routes.ts';
import { demoPages } from './demo/routes.ts';
import { FormError } from './form.ts';
import { mountHealth } from './health.ts';
import { createLimits } from './limiter.ts';
import { isCrossSite, securityHeaders } from './security.ts';
import { unavailable } from './unavailable.tsx';

/** All that is served over HTTP: pages, console, API, demo. */
export function createApp(context: Context): Hono {
  const { config, clock, key, log } = context;
  const app = new Hono();
  const assets = openAssets(PUBLIC);
  const senderOf = senders(key, clock, config.trustedProxies);
  const deps = { ...context, assets, baseUrl: config.baseUrl, senderOf };
  const limits = createLimits(clock);
  const say = async (c: Request, what: Problem) => problem(await visitOf(deps, c), what);

  app.use(securityHeaders(config.baseUrl));
  const isReady = () =>
    context.bodies.town().then(
      () => true,
      () => false,
    );
  mountHealth(app, { isReady, log, metricsToken: config.metricsToken });
  app.use(assets.serve);
  // Before the browsers' checks: a token is no cookie, so no page can use somebody's without asking.
  app.route('/', apiRoutes(deps));

  app.use(async (c, next) => {
    if (isCrossSite(c, config.baseUrl)) return say(c, 'foreign');
    // A whole office stands behind one address, and the console does nothing without a session.
    const isFree = config.demo || c.req.path.startsWith('/console/');
    const wait = isFree ? 0 : limits.take(c.req, clientAddress(c, config.trustedProxies));
    if (wait === 0) return next();
    c.header('Retry-After', String(wait));
    return say(c, 'too_many');
  });

  if (config.demo) app.route('/', demoPages(deps));
  app.route('/', consolePages(deps));
  app.route('/', citizenPages(deps));

  app.notFound((c) => say(c, 'not_found'));
  app.onError(async (error, c) => {
    if (error instanceof FormError) return say(c, 'bad_form');
    log.error({ error: error.message, stack: error.stack }, 'A request failed');
    if (isUnavailable(error)) return unavailable(c, assets);
    return say(c, 'broken').catch(() => unavailable(c, assets));
  });
  return app;
}
