import { Hono, type MiddlewareHandler, type Context as Request } from 'hono';
import type { Context } from '../context.ts';
import { NoBlobs } from '../lib/blobs/types.ts';
import { isUnavailable } from '../lib/db/database.ts';
import { formatError } from '../lib/format-error.ts';
import { PUBLIC } from '../paths.ts';
import { clientAddress, senders, undeclaredProxy } from './address.ts';
import { apiRoutes } from './api/routes.ts';
import { openAssets, without } from './assets.ts';
import { calendarFeeds } from './calendars/feed.ts';
import { formProblem, type Problem, problem } from './citizen/problem.tsx';
import { citizenPages } from './citizen/routes.ts';
import { visitOf } from './citizen/visit.tsx';
import { consolePages } from './console/routes.ts';
import { chosenLanguage } from './console/visit.tsx';
import { demoBar } from './demo/bar.tsx';
import { demoPages } from './demo/routes.ts';
import type { DemoLife } from './demo/types.ts';
import { embedPages } from './embed/routes.ts';
import { logoFiles } from './files/logos.ts';
import { FormError } from './form.ts';
import { hubRoutes } from './hub/routes.ts';
import { createLimits } from './limiter.ts';
import { openDataFiles } from './open-data/routes.ts';
import { open311Routes } from './open311/routes.ts';
import { mountHealth } from './operation/health.ts';
import { rememberTown } from './operation/known-town.ts';
import { maintenance } from './operation/maintenance.ts';
import { offlineWorker } from './operation/offline-worker.ts';
import { unavailable } from './operation/unavailable.tsx';
import { wellKnownFiles } from './operation/well-known.ts';
import { ownHost } from './own-host.ts';
import { paymentRoutes } from './payment/routes.ts';
import { type Guards, patternOf, routeOf } from './routes.ts';
import { isCrossSite, openToOthers, securityHeaders } from './security.ts';
import { leaveOutSlash } from './slash.ts';
import { readSoftware } from './software.ts';

export interface AppOptions {
  /** The browser build. */
  publicDir?: string;
  /** Replace the guards of the policies, for tests of the services' own checks. */
  guards?: Guards | undefined;
  /** The life of a demo that has one. */
  life?: DemoLife | null;
}

/** Creates everything that is served over HTTP: pages, console, API, demo. */
export function createApp(
  context: Context,
  { publicDir = PUBLIC, guards, life = null }: AppOptions = {},
): Hono {
  const { config, clock, keys, log, security } = context;
  const app = new Hono();
  const { baseUrl, offlinePage: keepsPage } = config;
  const built = openAssets(publicDir);
  const assets = keepsPage ? built : without('offline', built);
  const { offices, latest } = rememberTown(context.offices);
  const senderOf = senders(keys.forms, clock, config.trustedProxies);
  const addressOf = (c: Request) => clientAddress(c, config.trustedProxies);
  const software = readSoftware();
  const deps = { ...context, offices, assets, baseUrl, keepsPage, software, senderOf, addressOf };
  const say = async (c: Request, what: Problem) =>
    problem(await visitOf(deps, c, chosenLanguage(c, baseUrl)), what);

  app.use('/embed.js', openToOthers);
  app.use('/embed/*', openToOthers);
  app.use(securityHeaders(baseUrl));
  app.use(refuseForeignHosts(context, addressOf));
  const isReady = () =>
    offices.town().then(
      () => true,
      () => false,
    );
  const { metricsToken } = config;
  mountHealth(app, { isReady, log, security, metricsToken, operating: context.operating });
  app.use('/sw.js', offlineWorker(keepsPage));
  app.use(assets.serve);
  // Before the browser checks: a token isn't a cookie, so no page can use it without its owner.
  app.route('/', apiRoutes(deps));
  app.route('/', hubRoutes(deps, guards));
  app.route('/', open311Routes(deps, guards));
  app.route('/', paymentRoutes(deps, guards));

  app.use(undeclaredProxy(config.trustedProxies, log));
  app.use(refuseBrowsers(context, addressOf, say));

  if (life) app.use(demoBar);
  if (config.demo) app.route('/', demoPages({ ...deps, life }));
  app.route('/', consolePages(deps, guards));
  app.route('/', calendarFeeds(deps, guards));
  app.route('/', wellKnownFiles({ clock, baseUrl, securityContact: config.securityContact }));
  app.route('/', logoFiles(deps)); // including the town's own page with the reason
  app.use(maintenance({ ...deps, latest }));
  app.route('/', embedPages(deps));
  app.route('/', openDataFiles(deps));
  app.route('/', citizenPages(deps, guards));

  app.notFound((c) => leaveOutSlash(c) ?? say(c, 'not_found'));
  app.onError(async (error, c) => {
    if (error instanceof FormError) return say(c, formProblem(error));
    log.error({ ...formatError(error), ...askedFor(c) }, 'A request failed');
    if (isUnavailable(error) || error instanceof NoBlobs) return unavailable(c, assets, latest());
    return say(c, 'broken').catch(() => unavailable(c, assets, latest()));
  });
  return app;
}

/** What was asked for, without its address, which may be a secret. */
const askedFor = (c: Request) => ({ method: c.req.method, route: patternOf(c) });

type AddressOf = (c: Request) => string;

/** Refuses requests for another host, and warns once about the likely cause. */
function refuseForeignHosts({ config, log, security }: Context, addressOf: AddressOf) {
  const { baseUrl } = config;
  const warn = onceOnly(() =>
    log.warn(
      `A request for another host than ${baseUrl} was refused. If people are refused, the proxy must pass on the Host header.`,
    ),
  );
  return ownHost(baseUrl, (c, what) => {
    security.note('web.host_refused', { what }, addressOf(c));
    if (what === 'other') warn();
  });
}

/** Refuses browser requests from another site, and too many requests. */
function refuseBrowsers(
  { config, clock, security }: Context,
  addressOf: AddressOf,
  say: (c: Request, what: Problem) => Promise<Response>,
): MiddlewareHandler {
  const limits = createLimits(clock);
  return async (c, next) => {
    if (isCrossSite(c, config.baseUrl)) {
      security.note('web.cross_site_refused', { route: routeOf(c) }, addressOf(c));
      return say(c, 'foreign');
    }
    // A whole office shares one address, and the console does nothing without a session.
    const isFree = config.demo || c.req.path.startsWith('/console/');
    const wait = isFree ? 0 : limits.take(c.req, addressOf(c));
    if (wait === 0) return next();
    security.note('web.rate_limited', { route: routeOf(c) }, addressOf(c));
    c.header('Retry-After', String(wait));
    return say(c, 'too_many');
  };
}

/** Runs the action the first time only. */
function onceOnly(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
