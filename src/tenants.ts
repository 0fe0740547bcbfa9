import { setTimeout as wait } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Context } from './context.ts';
import { type Instance, openInstance } from './instance.ts';
import { formatError } from './lib/format-error.ts';
import { PlainError } from './lib/plain-error.ts';
import type { Fetch } from './listening.ts';
import { PUBLIC } from './paths.ts';
import type { TownConfig } from './towns.ts';
import { openAssets } from './web/assets.ts';
import { unavailable } from './web/operation/unavailable.tsx';

/** Several towns in one process, each found by the host of the request, and independent in failures. */
export interface Tenants {
  fetch: Fetch;
  /** Resolves when every town was tried once. */
  settled: Promise<void>;
  /** Returns the towns that are open now. */
  open(): Context[];
  /** See `Instance`. */
  endStreams(): void;
  close(): Promise<void>;
}

/** The maximum of simultaneous openings: each migrates and reads, and many at once would delay each other. */
const OPENING_AT_ONCE = 4;

/** Opens these towns, and opens a town again when its database has ended, until it is closed. */
export function openTenants(
  towns: readonly TownConfig[],
  log: Logger,
  { open = openInstance, againAfterMs = 30_000 } = {},
): Tenants {
  const tenants = new OpenTenants(log, open, againAfterMs);
  const settled = tenants.openAll(towns);
  const known = new Set(towns.map(({ config }) => new URL(config.baseUrl).host));
  const outside = outsideOf(known, () => tenants.instances.size > 0);
  return {
    fetch(request, bindings) {
      const instance = tenants.instances.get(new URL(request.url).host);
      return instance?.fetch?.(request, bindings) ?? outside(request, bindings);
    },
    settled,
    open: () => [...tenants.instances.values()].map(({ context }) => context),
    endStreams: () => {
      for (const each of tenants.instances.values()) each.endStreams();
    },
    close: () => tenants.close(),
  };
}

/** The open towns, each opened again when it ends, until they are closed. */
class OpenTenants {
  /** By their host. */
  readonly instances = new Map<string, Instance>();
  readonly #log: Logger;
  readonly #open: typeof openInstance;
  readonly #againAfterMs: number;
  readonly #closing = new AbortController();
  readonly #closed: Promise<null>;
  readonly #lives: Promise<void>[] = [];
  #turns: Promise<void>[] = [];

  constructor(log: Logger, open: typeof openInstance, againAfterMs: number) {
    this.#log = log;
    this.#open = open;
    this.#againAfterMs = againAfterMs;
    this.#closed = new Promise((resolve) => {
      this.#closing.signal.addEventListener('abort', () => resolve(null));
    });
  }

  /** Resolves once each is open, or has failed to open. */
  async openAll(towns: readonly TownConfig[]): Promise<void> {
    const queue = [...towns];
    this.#turns = Array.from({ length: OPENING_AT_ONCE }, () => this.#openInTurn(queue));
    await Promise.all(this.#turns);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#turns, ...this.#lives]);
  }

  async #openInTurn(queue: TownConfig[]): Promise<void> {
    const { signal } = this.#closing;
    for (let town = queue.shift(); town && !signal.aborted; town = queue.shift()) {
      const { promise: tried, resolve } = Promise.withResolvers<void>();
      this.#lives.push(this.#keepOpen(town, resolve));
      await tried;
    }
  }

  async #keepOpen(town: TownConfig, tried: () => void): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#live(town, tried);
      await wait(this.#againAfterMs, null, { signal }).catch(() => {});
    }
  }

  /** Runs a town from its opening to its end. `tried`: called when it is open, or has failed to open. */
  async #live({ config, name }: TownConfig, tried: () => void): Promise<void> {
    const own = this.#log.child({ town: name });
    const host = new URL(config.baseUrl).host;
    const instance = await this.#open(config, own).catch((error: unknown) => {
      const words = error instanceof PlainError ? error.message : 'A bug keeps it shut';
      own.error(formatError(error), `This town can't be opened: ${words}`);
      return null;
    });
    if (instance) this.instances.set(host, instance);
    tried();
    if (!instance) return;
    const why = await Promise.race([instance.gone, this.#closed]);
    this.instances.delete(host);
    if (why) own.error(`This town has to be opened anew: ${why}`);
    instance.endStreams();
    await instance.close();
  }
}

/** Answers requests for a town that is closed for now, and for unknown hosts; neither answer reveals the other towns. */
function outsideOf(known: ReadonlySet<string>, isAnyOpen: () => boolean): Fetch {
  const app = new Hono();
  const assets = openAssets(PUBLIC);
  const isKnown = (url: string) => known.has(new URL(url).host);
  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', (c) => {
    const isReady = !isKnown(c.req.url) && isAnyOpen();
    return isReady ? c.text('ready\n') : c.text('Not ready: the town can’t be opened\n', 503);
  });
  app.use(assets.serve);
  // RFC 9110, 15.5.20.
  app.all('*', (c) =>
    isKnown(c.req.url)
      ? unavailable(c, assets, null)
      : c.text('Nothing is served under this name.\n', 421),
  );
  return (request, bindings) => app.fetch(request, bindings as object);
}
