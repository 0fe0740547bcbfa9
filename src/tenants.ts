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
import { unavailable } from './web/unavailable.tsx';

/** Several towns in one process, each found by the host that it is asked under, and each on its own if something fails. */
export interface Tenants {
  fetch: Fetch;
  /** Resolves when every town was tried once. */
  settled: Promise<void>;
  /** Those that are open now. */
  open(): Context[];
  /** See `Instance`. */
  endStreams(): void;
  close(): Promise<void>;
}

/** Each opening migrates and reads: all of many at once would keep each other waiting. */
const OPENING_AT_ONCE = 4;

/** Opens these towns, and again each whose database has gone, until it is closed. */
export function openTenants(
  towns: readonly TownConfig[],
  log: Logger,
  { open = openInstance, againAfterMs = 30_000 } = {},
): Tenants {
  const instances = new Map<string, Instance>();
  const closing = new AbortController();
  const { signal } = closing;
  const closed = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null));
  });

  /** One life of a town, from its opening to its end. `tried`: told when it is open, or can't be. */
  const live = async ({ config, name }: TownConfig, tried: () => void): Promise<void> => {
    const own = log.child({ town: name });
    const host = new URL(config.baseUrl).host;
    const instance = await open(config, own).catch((error: unknown) => {
      const words = error instanceof PlainError ? error.message : 'A bug keeps it shut';
      own.error(formatError(error), `This town can't be opened: ${words}`);
      return null;
    });
    if (instance) instances.set(host, instance);
    tried();
    if (!instance) return;
    const why = await Promise.race([instance.gone, closed]);
    instances.delete(host);
    if (why) own.error(`This town has to be opened anew: ${why}`);
    instance.endStreams();
    await instance.close();
  };

  const keepOpen = async (town: TownConfig, tried: () => void): Promise<void> => {
    while (!signal.aborted) {
      await live(town, tried);
      await wait(againAfterMs, null, { signal }).catch(() => {});
    }
  };

  const lives: Promise<void>[] = [];
  const queue = [...towns];
  const openInTurn = async (): Promise<void> => {
    for (let town = queue.shift(); town && !signal.aborted; town = queue.shift()) {
      const { promise: tried, resolve } = Promise.withResolvers<void>();
      lives.push(keepOpen(town, resolve));
      await tried;
    }
  };
  const turns = Array.from({ length: OPENING_AT_ONCE }, openInTurn);

  const known = new Set(towns.map(({ config }) => new URL(config.baseUrl).host));
  const outside = outsideOf(known, () => instances.size > 0);
  return {
    fetch(request, bindings) {
      const instance = instances.get(new URL(request.url).host);
      return instance?.fetch?.(request, bindings) ?? outside(request, bindings);
    },
    settled: Promise.all(turns).then(() => {}),
    open: () => [...instances.values()].map(({ context }) => context),
    endStreams: () => {
      for (const each of instances.values()) each.endStreams();
    },
    close: async () => {
      closing.abort();
      await Promise.all([...turns, ...lives]);
    },
  };
}

/** What is answered for a town that is shut for now, and where there is none: neither says which others there are. */
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
