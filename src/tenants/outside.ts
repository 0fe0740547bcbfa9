import { type Context, Hono } from 'hono';
import { Gauge, Registry } from 'prom-client';
import { hashSecret, sameHash } from '../lib/secrets.ts';
import type { Fetch } from '../listening.ts';
import { sharedAssets } from '../web/assets.ts';
import { robotsFile } from '../web/citizen/finding/sitemap.ts';
import { ofTheProcess } from '../web/operation/health.ts';
import { type Shut, shutTown } from '../web/operation/shut.ts';
import { keptForm, unavailable } from '../web/operation/unavailable.tsx';
import { securityHeaders } from '../web/security.ts';

/** The states of a town, as they are counted. */
export type TownState = 'awake' | 'asleep' | 'shut' | 'new';

/** What is said of all towns together. */
export interface TownsFacts {
  states: Readonly<Record<TownState, number>>;
  /** How often one was woken. */
  wakes: number;
  /** For how many milliseconds the work of a sleeping town has been due that waits for a place longest. */
  overdueMs: number;
  /** Connections to the databases of towns that may sleep. */
  connections: { used: number; most: number };
}

export interface OutsideDeps {
  /** Returns the state of the town with this host; null: there is none. */
  stateOf(host: string): TownState | null;
  /** Returns the address of the town with this host; null: there is none. */
  addressOf(host: string): string | null;
  facts(): TownsFacts;
  metricsToken: string | null;
}

/** What monitoring asks, again and again: it wakes no town, and keeps none awake. */
const CHECKS = new Set(['/healthz', '/readyz', '/metrics']);
export const isCheck = (path: string): boolean => CHECKS.has(path);

/** For how many seconds the work of a sleeping town waits. */
export const TOWNS_OVERDUE = 'finestreta_towns_overdue_seconds';

/** The files of the build, and what crawlers and browsers ask of any site: the same for a sleeping town. */
const FILE =
  /^\/(assets\/.*|docs(\/.*)?|icon[^/]*|favicon\.ico|apple-touch-icon[^/]*|robots\.txt)$/;
export const isFile = (path: string): boolean => FILE.test(path);

/** Answers checks for sleeping towns and for the whole process, and everything for unknown hosts; no answer reveals the other towns. */
export function outsideOf({ stateOf, addressOf, facts, metricsToken }: OutsideDeps): Fetch {
  const app = new Hono();
  const stateFor = (c: Context) => stateOf(new URL(c.req.url).host);
  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', (c) => {
    c.header('Cache-Control', 'no-store');
    const state = stateFor(c);
    const { awake, asleep } = facts().states;
    const isReady = state === null ? awake + asleep > 0 : state === 'awake' || state === 'asleep';
    return isReady ? c.text('ready\n') : c.text('Not ready: the town can’t be opened\n', 503);
  });
  app.get('/metrics', async (c) => {
    if (!metricsToken || !bears(c, metricsToken)) return c.notFound();
    const state = stateFor(c);
    const own = state === null ? ofAll(facts()) : ofOne(state);
    const all = Registry.merge([ofTheProcess(), own]);
    return c.text(await all.metrics(), 200, { 'Content-Type': all.contentType });
  });
  const assets = sharedAssets();
  app.use((c, next) => {
    const baseUrl = addressOf(new URL(c.req.url).host);
    return baseUrl && isFile(c.req.path) ? securityHeaders(baseUrl)(c, next) : next();
  });
  app.use(assets.serve);
  app.get('/robots.txt', (c, next) => {
    const baseUrl = addressOf(new URL(c.req.url).host);
    return baseUrl ? robotsFile({ baseUrl })(c) : next();
  });
  app.use((c, next) =>
    stateFor(c) !== null && isFile(c.req.path)
      ? Promise.resolve(c.text('Not found\n', 404))
      : next(),
  );
  // RFC 9110, 15.5.20.
  app.all('*', async (c) =>
    stateFor(c) === null
      ? c.text('Nothing is served under this name.\n', 421)
      : unavailable(c, assets, null, await keptForm(c, null), false),
  );
  return (request, bindings) => app.fetch(request, bindings as object);
}

/** Answers for a town that takes longer than people wait: its database is being brought up to date. */
export const openingPage = (): Fetch => pageOf({ why: 'opening' });

/** Seconds after which somebody may wake another town. */
const AGAIN_SECONDS = 2;

/** Answers whoever wakes too many towns. */
export const tooManyPage = (): Fetch => pageOf({ why: 'crowded', seconds: () => AGAIN_SECONDS });

function pageOf(why: Shut): Fetch {
  const app = shutTown(sharedAssets(), why);
  return (request, bindings) => app.fetch(request, bindings as object);
}

function bears(c: Context, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1] ?? '';
  return sameHash(hashSecret(given), hashSecret(token));
}

function ofAll({ states, wakes, overdueMs, connections }: TownsFacts): Registry {
  const registers = [new Registry()];
  const towns = new Gauge({
    name: 'finestreta_towns',
    help: 'The towns of this process by what they are at',
    labelNames: ['state'],
    registers,
  });
  for (const [state, count] of Object.entries(states)) towns.set({ state }, count);
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name, help, registers }).set(value);
  gauge(
    TOWNS_OVERDUE,
    'How long the work of a sleeping town has been due that waits for a place longest',
    overdueMs / 1_000,
  );
  gauge('finestreta_town_wakes_total', 'How often a town was woken', wakes);
  const about = 'connections to the databases of towns that may sleep';
  gauge('finestreta_towns_connections', `Open ${about}`, connections.used);
  gauge('finestreta_towns_connections_most', `Allowed ${about}`, connections.most);
  return registers[0]!;
}

function ofOne(state: TownState): Registry {
  const registers = [new Registry()];
  const help = 'Whether the town is awake; asleep, it has no other metrics';
  new Gauge({ name: 'finestreta_town_awake', help, registers }).set(state === 'awake' ? 1 : 0);
  return registers[0]!;
}
