import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { demandOwnHost } from './features/foundation/offices/service.ts';
import { type Clock, clockStartingAt, systemClock } from './lib/clock.ts';
import { connectDatabase } from './lib/db/connect.ts';
import type { Budget } from './lib/db/connections/budget.ts';
import type { LoginFacts } from './lib/db/logins.ts';
import { formatError } from './lib/format-error.ts';
import { createLog } from './lib/log/recent-troubles.ts';
import { closeAll } from './lib/process/close-all.ts';
import { MIGRATIONS } from './paths.ts';
import { followKeys, openKeys } from './root-key.ts';
import { type Base, wireBase } from './wiring/base.ts';
import { type Booking, wireBooking } from './wiring/booking.ts';
import { type Foundation, wireFoundation } from './wiring/foundation.ts';
import { type Insight, wireInsight } from './wiring/insight.ts';
import { type Service, wireService } from './wiring/service.ts';

/** All parts of the service, wired by hand, layer by layer. */
export interface Context extends Base, Foundation, Booking, Service, Insight {
  close(): Promise<void>;
}

export interface ContextOptions {
  /** Whether to join the database of a server that runs on the same data folder: for the operator's commands. */
  join?: boolean;
  /** Whether the database may belong to a town with another name. */
  ofAnyTown?: boolean;
  log?: Logger;
  /** The connections of all towns of the process together. */
  budget?: Budget | undefined;
  /** The facts of the database's login, if this process opened the same database before. */
  login?: LoginFacts | undefined;
  /** Another clock than the configured one: in tests, one that is moved by hand. */
  clock?: Clock;
}

export async function openContext(config: Config, options: ContextOptions = {}): Promise<Context> {
  const log = options.log ?? createLog(config.logLevel);
  const clock = options.clock ?? (config.clock ? clockStartingAt(config.clock) : systemClock);
  const database = await connectDatabase({
    databaseUrl: config.databaseUrl,
    databaseOwnerUrl: config.databaseOwnerUrl,
    databaseReadUrl: config.databaseReadUrl,
    databasePoolerUrl: config.databasePoolerUrl,
    dataDir: config.dataDir,
    pool: config.databasePool,
    budget: options.budget,
    login: options.login,
    migrations: MIGRATIONS,
    join: options.join ?? false,
    log,
    ...(!options.ofAnyTown && { before: (at) => demandOwnHost(at, config.baseUrl) }),
  });
  try {
    const opened = await openKeys(config, database.kysely);
    return wire(wireBase(config, log, clock, database, opened));
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Returns the same town under another address, as another process would serve it: over the same database and keys, which stay open when it is
 * closed. Its links and cookies belong to that address.
 */
export function wireUnder(baseUrl: string, of: Context): Context {
  const { log, clock, database, opened } = of;
  // What comes there comes without a proxy.
  const config = { ...of.config, baseUrl, trustedProxies: 0, declaredProxies: 0 };
  const there = wire(wireBase(config, log, clock, database, opened), { isOwner: false });
  // One follows all seats: when a demo's clock leaps, the other would take those that it does not follow for left.
  there.room.close();
  return { ...there, room: of.room };
}

/** `isOwner`: it closes database and keys when it is closed. */
function wire(base: Base, { isOwner } = { isOwner: true }): Context {
  const foundation = wireFoundation(base);
  const booking = wireBooking(base, foundation);
  const service = wireService(base, foundation, booking);
  const insight = wireInsight(base, foundation, service);
  const { opened, notifier, log } = base;
  const stopFollowing = followKeys(opened, notifier, (error) =>
    log.warn(formatError(error), 'The keys could not be read again; the last ones stay'),
  );
  const close = async () => {
    stopFollowing();
    base.streams.close();
    booking.eventFeed.close();
    service.presence.close();
    service.room.close();
    base.security.close();
    await closeAll(
      () => booking.linkRecovery.settled(),
      () => notifier.close(),
      () => foundation.staff.close(),
      () => isOwner && base.database.close(),
      () => isOwner && opened.roots.close(),
    );
  };
  return { ...base, ...foundation, ...booking, ...service, ...insight, close };
}
