import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type RunUnit, unitOf } from '../features/foundation/audit/service.ts';
import { isReached } from '../features/foundation/notices/rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Connected } from '../lib/db/connect.ts';
import { sayServing } from '../lib/db/connections/serving.ts';
import type { Reading } from '../lib/db/reading/reading.ts';
import { servingName } from '../lib/db/upgrade/serving.ts';
import { formatError } from '../lib/format-error.ts';
import { createStreams, type Streams } from '../lib/http/streams.ts';
import { createNotifier, type Notifier } from '../lib/notifier.ts';
import { createSecurityLog, networkDigest, type SecurityLog } from '../lib/security-events.ts';
import { VERSION } from '../paths.ts';
import type { OpenedKeys } from '../root-key.ts';

/** The base of all other parts: configuration, clock, log, keys, database, the notifier and the event streams. */
export interface Base {
  config: Config;
  log: Logger;
  clock: Clock;
  database: Connected;
  /** The keys of all purposes. */
  keys: OpenedKeys['keys'];
  /** Loads the keys again after another process changed them. */
  opened: OpenedKeys;
  /** Writes and counts refusals and actions that are relevant to security. */
  security: SecurityLog;
  /** Notifies every process after a commit. */
  notifier: Notifier;
  /** Runs units of work. */
  unit: RunUnit;
  streams: Streams;
  /** Where figures are read. */
  reading: Reading;
}

export function wireBase(
  config: Config,
  log: Logger,
  clock: Clock,
  database: Connected,
  opened: OpenedKeys,
): Base {
  const { keys } = opened;
  const notifier = createNotifier({
    connection: database.connection,
    pool: database.pool,
    name: servingName(VERSION),
    onListening: config.roles.has('worker') ? null : sayServing,
    onDeaf: (error) =>
      log.warn(formatError(error), 'Other processes cannot be heard: open pages may be late'),
  });
  const unit = unitOf({ db: database.kysely, clock, notifier });
  const security = createSecurityLog({ log, clock, digest: networkDigest(keys.forms, clock) });
  const streams = createStreams();
  const { reading } = database;
  return { config, log, clock, database, keys, opened, security, notifier, unit, streams, reading };
}

/** Returns whether SMS go to a number: only where there is a provider of SMS. */
export function reachedBySms({ config }: Pick<Base, 'config'>): (phone: string) => boolean {
  const bySms = config.sms !== null || config.demo;
  return (phone) => bySms && isReached(phone, config.smsLimits.prefixes);
}
