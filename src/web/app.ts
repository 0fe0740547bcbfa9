import { Hono, type MiddlewareHandler, type Context as Request } from 'hono';
import type { Context } from '../context.ts';
import { NoBlobs } from '../lib/blobs/types.ts';
import { isUnavailable } from '../lib/db/database.ts';
import { formatError } from '../lib/format-error.ts';
import { clientAddress, senders, undeclaredProxy } from './address.ts';
import { apiRoutes } from './api/routes.ts';
import { openAssets, sharedAssets, without } from './assets.ts';
import { calendarFeeds } from './calendars/feed.ts';
import { formProblem, type Problem, problem } from './citizen/problem.tsx';
import { citizenPages } from './citizen/routes.ts';
import { visitOf } from './citizen/visit.tsx';
import { consolePages } from './console/routes.ts';
import { chosenLanguage } from './console/visit.tsx';
import { demoBar, lifeCookies } from './demo/bar.tsx';
import { phoneDoor } from './demo/phone/door.tsx';
import { demoPages } from './demo/routes.ts';
import { type BeginAgain, type DemoLife, type DemoTools, NO_TOOLS } from './demo/types.ts';
import { embedPages } from './embed/routes.ts';
import { logoFiles } from './files/logos.ts';
import { FormError } from './form.ts';
import { hubRoutes } from './hub/routes.ts';
import { createLimits } from './limiter.ts';
import { openDataFiles } from './open-data/routes.ts';
import { open311Routes } from './open311/routes.ts';
import { mountHealth } from './operation/health.ts';
import { townMemory } from './operation/known-town.ts';
import { maintenance } from './operation/maintenance.ts';
import { offlineWorker } from './operation/offline-worker.ts';
import { keptForm, unavailable } from './operation/unavailable.tsx';
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
  /** What such a demo has besides. */
  tools?: DemoTools | null;
}

/** Creates everything that is served over HTTP: pages, console, API, demo. */
export function createApp(context: Context, options: AppOptions = {}): Hono {
  const { guards, life = null } = options;
  const tools = options.tools ?? NO_TOOLS;
  const { config, clock, log, security } = context;
  const app = new Hono();
  const { baseUrl, metricsToken } = config;
  const parts = partsOf(context, options.publicDir);
  const { deps, byMany, addressOf, latest, say } = parts;
  const { assets, keepsPage, offices } = deps;

  app.use('/embed.js', openToOthers);
  app.use('/embed/*', openToOthers);
  app.use(securityHeaders(baseUrl));
  app.use(refuseForeignHosts(context, addressOf));
  const isReady = () =>
    offices.town().then(
      () => true,
      () => false,
    );
  mountHealth(app, { isReady, log, security, metricsToken, operating: context.operating });
  app.use('/sw.js', offlineWorker(keepsPage));
  app.use(assets.serve);
  // Before the browser checks: a token isn't a cookie, so no page can use it without its owner.
  app.route('/', apiRoutes(byMany));
  app.route('/', hubRoutes(deps, guards));
  app.route('/', open311Routes(deps, guards));
  app.route('/', paymentRoutes(deps, guards));

  app.use(undeclaredProxy(config.trustedProxies, log));
  app.use(refuseBrowsers(context, addressOf, say, { isUnlimited: config.demo }));

  if (life) app.use(demoBar({ baseUrl, again: tools.again, hasLink: true }));
  if (config.demo) app.route('/', demoPages({ ...deps, life, tools }));
  app.route('/', consolePages(deps, guards));
  app.route('/', calendarFeeds(deps, guards));
  app.route('/', wellKnownFiles({ clock, baseUrl, securityContact: config.securityContact }));
  app.route('/', logoFiles(deps)); // including the town's own page with the reason
  app.use(maintenance({ ...deps, latest }));
  app.route('/', embedPages(deps));
  app.route('/', openDataFiles(deps));
  app.route('/', citizenPages(byMany, guards));
  answerTheRest(app, context, parts);
  return app;
}

/**
 * Creates what a demo serves to telephones of the own network: citizens' pages and nothing else, to whoever came by the code. Neither staff's
 * pages nor the page of the demo nor the API are part of it, so no mistake in a guard can open them. `context` is that of the network's address.
 */
export function createLanApp(
  context: Context,
  options: {
    publicDir?: string;
    door: { secret: string };
    again: BeginAgain | null;
  },
): Hono {
  const { config, clock, security } = context;
  const { baseUrl } = config;
  const app = new Hono();
  const parts = partsOf(context, options.publicDir);
  const { deps, byMany, addressOf, say } = parts;
  const { assets, keepsPage } = deps;

  app.use(securityHeaders(baseUrl));
  app.use(refuseForeignHosts(context, addressOf));
  app.use('/assets/*', assets.serve);
  app.use(
    phoneDoor({
      baseUrl,
      assets,
      clock,
      secret: options.door.secret,
      cookies: () => lifeCookies(options.again, baseUrl),
      onRefused: (c) => security.note('web.phone_refused', {}, addressOf(c)),
    }),
  );
  app.use('/sw.js', offlineWorker(keepsPage));
  app.use(assets.serve);
  app.route('/', paymentRoutes(deps));
  app.use(refuseBrowsers(context, addressOf, say, { isUnlimited: false }));
  app.use(demoBar({ baseUrl, again: options.again, hasLink: false }));
  app.route('/', logoFiles(deps));
  app.route('/', citizenPages(byMany));
  answerTheRest(app, context, parts);
  return app;
}

type Parts = ReturnType<typeof partsOf>;

/** Returns what all pages are made with. */
function partsOf(context: Context, publicDir?: string) {
  const { config, clock, keys } = context;
  const { baseUrl, offlinePage: keepsPage } = config;
  const built = publicDir === undefined ? sharedAssets() : openAssets(publicDir);
  const assets = keepsPage ? built : without('offline', built);
  const { remember, latest } = townMemory();
  const offices = remember(context.offices);
  const senderOf = senders(keys.forms, clock, config.trustedProxies);
  const addressOf = (c: Request) => clientAddress(c, config.trustedProxies);
  const software = readSoftware();
  const deps = { ...context, offices, assets, baseUrl, keepsPage, software, senderOf, addressOf };
  const byMany = { ...deps, offices: remember(context.recentOffices) };
  const say = async (c: Request, what: Problem) =>
    problem(await visitOf(deps, c, chosenLanguage(c, baseUrl)), what);
  return { deps, byMany, addressOf, latest, say };
}

/** Answers what no route has, and what went wrong. */
function answerTheRest(app: Hono, { log }: Context, { deps, latest, say }: Parts): void {
  const { assets, baseUrl } = deps;
  app.notFound((c) => leaveOutSlash(c) ?? say(c, 'not_found'));
  app.onError(async (error, c) => {
    if (error instanceof FormError) return say(c, formProblem(error));
    log.error({ ...formatError(error), ...askedFor(c) }, 'A request failed');
    if (isUnavailable(error) || error instanceof NoBlobs)
      return unavailable(c, assets, latest(), await keptForm(c, baseUrl));
    return say(c, 'broken').catch(() => unavailable(c, assets, latest()));
  });
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
  { isUnlimited }: { isUnlimited: boolean },
): MiddlewareHandler {
  const limits = createLimits(clock);
  return async (c, next) => {
    if (isCrossSite(c, config.baseUrl)) {
      security.note('web.cross_site_refused', { route: routeOf(c) }, addressOf(c));
      return say(c, 'foreign');
    }
    // A whole office shares one address, and the console does nothing without a session.
    const isFree = isUnlimited || c.req.path.startsWith('/console/');
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
