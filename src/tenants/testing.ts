import { pino } from 'pino';
import { type Config, readConfig } from '../config.ts';
import type { Instance, openInstance } from '../instance.ts';
import type { SeenDatabase } from '../lib/db/connections/serving.ts';
import { PlainError } from '../lib/plain-error.ts';
import { openTenants, type Tenants, type TenantsOptions } from './tenants.ts';

export const SHUT = 'The database is away';

/** The settings of a town with an embedded database, which stays awake, or on a server, where it may sleep. */
export const townOf = (name: string, on: 'server' | 'embedded' = 'server') => ({
  name,
  config: readConfig({
    BASE_URL: `https://cita.${name}.cat`,
    DATA_DIR: `/nowhere/${name}`,
    METRICS_TOKEN: 'a-token-of-monitoring',
    ...(on === 'server' && { DATABASE_URL: `postgres://${name}@localhost/${name}` }),
  }),
});

export const hostOf = (name: string): string => `cita.${name}.cat`;

/** A database in which others do nothing. */
const UNTOUCHED = { isServed: false, writes: 0 };

/** What a pretended town does. */
export interface Pretended {
  /** For how long its work rests; null: it is at work. */
  restsForMs: number | null;
  isWatched: boolean;
}

/** Opens instances that answer with their host, staff alone under `/console` and nobody under `/endless`, and has controls over them. */
export class World {
  readonly shut = new Set<string>();
  readonly ends = new Map<string, (why: string) => void>();
  readonly failsToClose = new Set<string>();
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  /** Those that kept what their jobs did. */
  readonly settled: string[] = [];
  readonly logs: string[] = [];
  readonly seen = new Map<string, SeenDatabase>();
  /** Whether nobody sees what others do in the databases. */
  isBlind = false;
  now = 1_000_000;
  /** How far the time of day is ahead of `now`. */
  aheadMs = 0;
  /** By host: resolves before this town is opened. */
  readonly slow = new Map<string, Promise<unknown>>();
  /** Resolves before a town is opened. */
  opening: Promise<unknown> = Promise.resolve();
  readonly #pretended = new Map<string, Pretended>();

  of(name: string): Pretended {
    const host = hostOf(name);
    const one = this.#pretended.get(host) ?? { restsForMs: 3_600_000, isWatched: false };
    this.#pretended.set(host, one);
    return one;
  }

  readonly open: typeof openInstance = async (config: Config, _log, options) => {
    const { host } = new URL(config.baseUrl);
    await this.opening;
    await this.slow.get(host);
    if (this.shut.has(host)) throw new PlainError(SHUT);
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    this.ends.set(host, resolve);
    this.opened.push(host);
    const town = this.of(host.split('.')[1]!);
    const login = { database: host.split('.')[1] };
    return {
      context: { config, database: { login } },
      fetch: ({ url }: Request) => {
        const { pathname } = new URL(url);
        if (pathname === '/console') options?.onStaff?.();
        return pathname === '/endless' ? new Promise(() => {}) : new Response(host);
      },
      lanFetch: null,
      gone,
      isWatched: () => town.isWatched,
      restsForMs: async () => town.restsForMs,
      settle: async () => {
        this.settled.push(host);
      },
      endStreams: () => {},
      close: async () => {
        this.closed.push(host);
        if (this.failsToClose.has(host)) throw new Error('It does not close');
      },
    } as unknown as Instance;
  };

  tenants(names: readonly string[], options: TenantsOptions & { on?: 'embedded' } = {}): Tenants {
    const log = pino({ level: 'info' }, { write: (line: string) => void this.logs.push(line) });
    const { on = 'server', ...others } = options;
    return openTenants(
      names.map((name) => townOf(name, on)),
      log,
      {
        open: this.open,
        now: () => this.now,
        wallMs: () => this.now + this.aheadMs,
        drainMs: 0,
        isTicking: false,
        watch: {
          look: async (databases) =>
            new Map(
              databases.flatMap(({ url, database }) => {
                const seen = this.seen.get(database) ?? UNTOUCHED;
                return this.isBlind ? [] : [[url, { ...seen, name: database }]];
              }),
            ),
          close: async () => {},
        },
        ...others,
      },
    );
  }

  /** Lets time pass, with a look at all towns at each step, and what follows from it. */
  async pass(tenants: Tenants, seconds: number, stepSeconds = 1): Promise<void> {
    for (let left = seconds; left > 0; left -= stepSeconds) {
      this.now += stepSeconds * 1_000;
      await tenants.tick();
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    }
  }
}
