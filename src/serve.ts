import type { Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { announceDemo } from './demo/announcement.ts';
import { lanCertificate } from './demo/lan/certificate.ts';
import { createDraining } from './draining.ts';
import { isRoot } from './lib/accounts.ts';
import { isDrillLeft, removeDrill } from './lib/backup/drill-folder.ts';
import { systemClock } from './lib/clock.ts';
import { formatError } from './lib/format-error.ts';
import { STOPPING } from './lib/http/stopping.ts';
import { always } from './lib/log/always.ts';
import { createLog } from './lib/log/recent-troubles.ts';
import { giveMemoryBack } from './lib/process/spare-memory.ts';
import { type Fetch, listen, reserve, stopListening } from './listening.ts';
import { VERSION } from './paths.ts';
import { Renewable } from './renewable.ts';
import { leaveRoot } from './run-as.ts';
import { openTenants } from './tenants/tenants.ts';
import type { TownConfig } from './towns.ts';
import { sharedAssets } from './web/assets.ts';
import { keepQuick } from './web/operation/crowd.ts';
import { shutTown } from './web/operation/shut.ts';

/** Runs the roles of these towns until it is stopped. Returns the exit code. @throws when there is nothing to serve */
export async function serve(towns: readonly TownConfig[]): Promise<number> {
  const [only, ...others] = towns;
  if (!only) return 1;
  const reserved = await giveUpRights(towns, only.config);
  for (const { config } of towns) clearDrill(config);
  return only.name === null && others.length === 0
    ? serveOne(only, reserved)
    : serveAll(towns, reserved);
}

/** Reserves the address, for which root's rights may be necessary, and continues as another user; only if root started it. */
async function giveUpRights(
  towns: readonly TownConfig[],
  { roles, host, port, logLevel }: Config,
): Promise<NetServer | undefined> {
  const reserved = isRoot() && roles.has('web') ? await reserve({ host, port }) : undefined;
  const said = leaveRoot(towns.map(({ config }) => config));
  const log = pino({ level: logLevel });
  if (said?.isWarning) log.warn(said.words);
  else if (said) log.info(said.words);
  return reserved;
}

/** Removes what a drill that was killed has left: a copy of everybody's data. */
function clearDrill({ dataDir, logLevel }: Config): void {
  if (!isDrillLeft(dataDir)) return;
  const log = pino({ level: logLevel });
  try {
    removeDrill(dataDir);
    log.warn(`Removed what a drill that was ended had left in ${dataDir}`);
  } catch (error) {
    log.error(formatError(error), `What a drill has left in ${dataDir} can't be removed`);
  }
}

/**
 * Serves the only town: when its database has ended for good, the process ends, so that its supervisor restarts it. Whoever comes while it is
 * being opened gets a page that says so.
 */
async function serveOne({ config }: TownConfig, reserved?: NetServer): Promise<number> {
  const stopped = stopSignal();
  const draining = createDraining();
  const town = new Renewable(config);
  const fetch = draining.of(keepQuick(town.answer('fetch'), sharedAssets(), config));
  let log = pino({ level: config.logLevel });
  const servers: Server[] = [];
  if (config.roles.has('web'))
    servers.push(await listen(fetch, config, { reserved, onTrouble: notTaken(log) }));
  try {
    const { context, lanFetch } = await town.open();
    log = context.log;
    giveMemoryBack();
    if (lanFetch && config.lan) servers.push(await listenToLan(town.answer('lanFetch'), config));
    void announce(context);
    const why = await Promise.race([stopped, town.gone]);
    log.info(`Stopping: ${why}`);
    await draining.drain(servers.length > 0 ? config.drainSeconds : 0, why);
    return why.startsWith('SIG') ? 0 : 1;
  } finally {
    giveUpLater(log);
    town.endStreams();
    await Promise.all(servers.map(stopListening));
    await town.close();
  }
}

/** Returns what logs that a connection could not be taken, for instance for want of descriptors. */
const notTaken = (log: Logger) => (error: Error) =>
  log.error(formatError(error), 'A connection could not be taken');

/** Serves telephones of the own network, by https: a browser gives a page its camera only so. */
async function listenToLan(fetch: Fetch, { dataDir, lan }: Config): Promise<Server> {
  const { address, port } = lan!;
  const { key, cert } = lanCertificate(dataDir, address, systemClock.now());
  const variables = { host: 'LAN', port: 'LAN_PORT' };
  return listen(
    fetch,
    { host: address, port, trustedProxies: 0 },
    { tls: { key, cert }, variables },
  );
}

/** Serves several towns: a failure of one doesn't affect the others. */
async function serveAll(towns: readonly TownConfig[], reserved?: NetServer): Promise<number> {
  const stopped = stopSignal();
  const draining = createDraining();
  const config = towns[0]!.config;
  const log = createLog(config.logLevel);
  const { townConnections: connections, townIdleSeconds } = config;
  const tenants = openTenants(towns, log, { connections, idleMs: townIdleSeconds * 1_000 });
  let server: Server | null = null;
  try {
    if (config.roles.has('web'))
      server = await listen(draining.of(keepQuick(tenants.fetch, sharedAssets(), config)), config, {
        reserved,
        onTrouble: notTaken(log),
      });
    await Promise.race([tenants.settled, stopped]);
    giveMemoryBack();
    for (const each of tenants.open()) await announce(each);
    always(log).info(
      { version: VERSION, towns: towns.length },
      `Finestreta serves ${towns.length} towns`,
    );
    const why = await stopped;
    log.info(`Stopping: ${why}`);
    await draining.drain(server ? config.drainSeconds : 0, why);
    return 0;
  } finally {
    giveUpLater(log);
    tenants.endStreams();
    if (server) await stopListening(server);
    await tenants.close();
  }
}

/**
 * Answers everything with the page of maintenance, until it is stopped, and touches no database: for an upgrade that shuts the town
 * (docs/upgrading.md). CLOSED_UNTIL says until when. Returns the exit code.
 */
export async function serveShut(towns: readonly TownConfig[]): Promise<number> {
  const { config } = towns[0]!;
  const stopped = stopSignal();
  const draining = createDraining();
  const until = config.closed?.until ?? null;
  const shut = { why: 'maintenance', until, now: systemClock.now } as const;
  const { fetch } = shutTown(sharedAssets(), shut);
  const server = await listen(
    draining.of((request, bindings) => fetch(request, bindings as object)),
    config,
  );
  process.stdout.write(`Finestreta answers that it is shut: ${config.baseUrl}\n`);
  await draining.drain(config.drainSeconds, await stopped);
  await stopListening(server);
  return 0;
}

/** Ends the process if closing takes too long, for instance because of a silent database. */
function giveUpLater(log: Logger): void {
  setTimeout(() => {
    log.error('Not everything could be closed in good order');
    process.exit(1);
  }, STOPPING.withinMs).unref();
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => resolve(signal));
  });
}

/** Says that a town is served: a demo to its reader at the terminal, a town to what reads its log, which expects lines of JSON only. */
async function announce(context: Context): Promise<void> {
  const { config, log } = context;
  if (config.demo) return announceDemo(context, (line) => void process.stdout.write(`${line}\n`));
  const about = { version: VERSION, node: process.versions.node, roles: [...config.roles] };
  if (config.roles.has('web')) always(log).info(about, `Finestreta is ready: ${config.baseUrl}`);
  else always(log).info(about, 'Finestreta is working: sending notices.');
}
