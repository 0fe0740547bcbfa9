import { statfsSync } from 'node:fs';
import { sql } from 'kysely';
import type { Config } from '../config.ts';
import { demoClock } from '../demo/life.ts';
import { readState } from '../features/booking/administration/views.ts';
import { readInstallation, readLastRuns } from '../features/foundation/backups/views.ts';
import { demandOwnHost } from '../features/foundation/offices/service.ts';
import { countOutside } from '../features/foundation/registry/views.ts';
import { readJobs, readQueue } from '../features/insight/operating/views.ts';
import { countHandovers } from '../features/service/notifications/views.ts';
import { isRoot } from '../lib/accounts.ts';
import { systemClock } from '../lib/clock.ts';
import {
  type Database,
  INSTALLATION,
  isUnavailable,
  openDatabase,
  type Tx,
  within,
} from '../lib/db/database.ts';
import { migrationNames } from '../lib/db/migrate.ts';
import { isNewer, worksWith } from '../lib/db/upgrade/release.ts';
import { isLoopback } from '../lib/http/loopback.ts';
import { PlainError } from '../lib/plain-error.ts';
import { MIGRATIONS, ROOT, VERSION } from '../paths.ts';
import { readSoftware } from '../web/software.ts';
import type { Call, Everywhere } from './commands.ts';
import { aboutAntivirus } from './doctor/antivirus.ts';
import { aboutCalendars, type CalendarCount } from './doctor/calendars.ts';
import { aboutCaptions } from './doctor/captions.ts';
import { aboutFolder } from './doctor/connectors/folder.ts';
import { aboutNotifications } from './doctor/connectors/notification.ts';
import { aboutPayment } from './doctor/connectors/payment.ts';
import { aboutAutofirma, aboutSignature } from './doctor/connectors/signature.ts';
import {
  aboutLogin,
  aboutPooler,
  aboutRowLevelSecurity,
  aboutServer,
  readServer,
  type ServerFacts,
} from './doctor/database.ts';
import { aboutDocuments } from './doctor/documents.ts';
import { aboutKeptDatabases } from './doctor/embedded.ts';
import { aboutExchanges } from './doctor/exchange.ts';
import { aboutGraph } from './doctor/graph.ts';
import { aboutIdentity } from './doctor/identity.ts';
import {
  aboutAccount,
  aboutClock,
  aboutDataFolder,
  aboutEnvironment,
  aboutKey,
  aboutNode,
} from './doctor/machine.ts';
import { aboutBounces, aboutMailServer } from './doctor/mail.ts';
import { aboutNetworks } from './doctor/networks.ts';
import { aboutRegistry } from './doctor/registry.ts';
import { aboutRelay, aboutRelayedOffices } from './doctor/relay.ts';
import { exitCodeOf, type Finding, reportOf, right, warning, wrong } from './doctor/report.ts';
import { aboutResidents } from './doctor/residents.ts';
import { aboutSeal } from './doctor/seal.ts';
import { aboutProvider } from './doctor/sign-in.ts';
import { aboutBackups } from './doctor/standing/backups.ts';
import { aboutDatabaseCertificate, readCertificateEnd } from './doctor/standing/certificate.ts';
import { aboutGrowth, readGrowth } from './doctor/standing/growth.ts';
import { lookAtKept, shortestPeriod } from './doctor/standing/kept.ts';
import { aboutOutbox, type Outboxes } from './doctor/standing/outbox.ts';
import { aboutOverdue, readOverdue } from './doctor/standing/overdue.ts';
import { lookAtReading } from './doctor/standing/reading.ts';
import { aboutRelease, readReleaseDate } from './doctor/standing/release.ts';
import {
  lookAtEach,
  type Once,
  rememberingFindings,
  reportOfTowns,
} from './doctor/standing/towns.ts';
import { aboutWal, readWal } from './doctor/standing/wal.ts';
import { aboutToken } from './doctor/token.ts';
import { aboutStaff, aboutTown } from './doctor/town.ts';
import { hasDatabase, type Reached, reachDatabase } from './reach.ts';
import { examineStart } from './start.ts';

/** Checks everything that can be wrong, or what keeps a server from starting, and prints the remedies. */
export async function doctor(call: Call & Everywhere): Promise<number> {
  const towns = severalOf(call);
  if (towns && !call.options['start']) return lookAtTowns(towns);
  const findings = call.options['start']
    ? await examineStart(() => call.towns.map(({ config }) => config))
    : await examine(() => call.config);
  process.stdout.write(reportOf(findings));
  return exitCodeOf(findings);
}

/** Returns the towns where there are several; null: there is one, or the environment has mistakes. */
function severalOf(call: Everywhere): Everywhere['towns'] | null {
  try {
    return call.towns.length > 1 ? call.towns : null;
  } catch (error) {
    if (error instanceof PlainError) return null;
    throw error;
  }
}

async function lookAtTowns(towns: Everywhere['towns']): Promise<number> {
  const once = rememberingFindings();
  const named = towns.map(({ name, config }) => ({ name: name ?? config.baseUrl, config }));
  const found = await lookAtEach(named, ({ config }) => examineTown(config, once));
  const shared = [...aboutProgram(), aboutAccount(towns[0]!.config, isRoot())];
  process.stdout.write(reportOfTowns(shared, found));
  return exitCodeOf([...shared, ...found.flatMap(({ findings }) => findings)]);
}

/** Returns all findings, the most basic ones first. */
export async function examine(read: () => Config): Promise<Finding[]> {
  const { config, findings } = aboutEnvironment(read);
  if (!config) return [...aboutProgram(), ...findings];
  const account = aboutAccount(config, isRoot());
  return [...aboutProgram(), account, ...(await examineTown(config, rememberingFindings()))];
}

function aboutProgram(): Finding[] {
  const { revision, version } = readSoftware();
  const facts = { version, revision, releaseDate: readReleaseDate(ROOT) };
  return [aboutRelease(facts, systemClock.now()), aboutNode(process.versions.node)];
}

/** Returns what is found of one town. `once`: looks at what several towns share only once. */
async function examineTown(config: Config, once: Once): Promise<Finding[]> {
  const { smtpUrl, bouncesUrl, oidc, graph, turn, clamd, pkcs11 } = config;
  const now = systemClock.now();
  const isPlain = config.withoutTls.has('SMTP_URL');
  return [
    ...aboutEnvironment(() => config).findings,
    ...aboutDataFolder(config),
    ...(pkcs11 ? await once('token', pkcs11, async () => [await aboutToken(pkcs11)]) : []),
    ...(await aboutDatabase(config)),
    ...aboutKeptDatabases(config),
    await aboutDocuments(config),
    ...(smtpUrl
      ? await once('mail', smtpUrl, async () => [await aboutMailServer(smtpUrl, isPlain)])
      : []),
    ...(bouncesUrl ? [await aboutBounces(bouncesUrl)] : []),
    ...(oidc ? [await aboutProvider(oidc, config.baseUrl)] : []),
    ...(graph
      ? await once('graph', graph, async () => [await aboutGraph(graph, systemClock)])
      : []),
    ...(turn ? await once('relay', turn, () => aboutRelay(turn, now)) : []),
    ...(clamd ? await once('antivirus', clamd, () => aboutAntivirus(clamd, now)) : []),
    ...(await aboutAddress(config)),
  ];
}

async function aboutDatabase(config: Config): Promise<Finding[]> {
  if (!hasDatabase(config)) {
    return [
      warning(
        `There is no database in ${config.dataDir} yet; the first start makes it.`,
        'Is DATA_DIR the one that the server uses?',
      ),
      aboutKey(config, false),
    ];
  }
  let reached: Reached;
  try {
    reached = await reachDatabase(config);
  } catch (error) {
    if (error instanceof PlainError) return [wrong(error.message), aboutKey(config, false)];
    throw error;
  }
  try {
    return await lookInto(config, reached);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return [
      wrong(
        `The database does not answer: ${(error as Error).message}`,
        'Is it running, and may this user reach it?',
      ),
    ];
  } finally {
    await reached.close();
  }
}

async function lookInto(config: Config, reached: Reached): Promise<Finding[]> {
  const now = systemClock.now();
  const server = await readServer(reached.connection);
  const place = config.databaseUrl
    ? 'DATABASE_URL'
    : reached.servedBy
      ? `embedded, run by process ${reached.servedBy}`
      : 'embedded, no server runs';
  const findings = [
    ...aboutServer(server, MIGRATIONS, place),
    ...(await aboutOwner(config, reached)),
    aboutClock(now, server.now),
  ];
  // The queries of the following checks need the tables of this version.
  if (!canRead(server.applied)) return [...findings, aboutKey(config, false)];
  const database = await openDatabase({
    connection: reached.runtime,
    pool: 2,
    onIdleError: () => {},
  });
  try {
    const town = await within(database.kysely, INSTALLATION, readState);
    const count = await within(database.kysely, INSTALLATION, countOutside);
    const own = await within(database.kysely, INSTALLATION, readInstallation);
    const handovers = await within(database.kysely, INSTALLATION, countHandovers);
    return [
      ...findings,
      await aboutRowLevelSecurity(database),
      aboutLogin(database.login),
      ...aboutGrowth(await readGrowth(reached.connection, freeBytesFor(config))),
      ...aboutWal(await readWal(reached.connection)),
      ...aboutDatabaseCertificate(await readCertificateEnd(reached.connection), now),
      ...(await lookAtReading(config, database)),
      ...(await aboutPooler(config.databasePoolerUrl, reached.runtime)),
      ...(await aboutContents(config, database, now)),
      ...(await lookAtKept(config, { shortest: shortestPeriod(town.offices), own }, now)),
      ...(await aboutExchanges(town, config.sip)),
      ...aboutRelayedOffices(town, config.turn),
      ...aboutFolder(town.town?.folder, config),
      ...(config.seal ? await aboutSeal(config.seal, town.town?.name ?? null, now) : []),
      ...(await aboutPayment(town.town?.payment, config)),
      ...(await aboutSignature(town.town?.signature, config)),
      ...aboutAutofirma(town.town?.autofirma, config, now),
      ...(await aboutCaptions(town, config.captionsSecret, now)),
      ...(await aboutIdentity(config, town.town?.identity ?? [], systemClock)),
      ...aboutResidents(town.town?.residents, config.registryKey),
      ...(town.town
        ? [
            ...(await aboutRegistry(town.town, config.registryKey, { count, clock: systemClock })),
            ...(await aboutNotifications(town.town, config.registryKey, {
              count: handovers,
              clock: systemClock,
            })),
          ]
        : []),
    ];
  } finally {
    await database.close();
  }
}

/** Returns the free bytes of the disk of the embedded database; null: the database is on another machine, or may be. */
function freeBytesFor({ databaseUrl, dataDir }: Config): number | null {
  if (databaseUrl) return null;
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize;
}

/** Returns whether the database has the tables of this version, perhaps with more of a newer one that it works with. */
function canRead(applied: ServerFacts['applied']): boolean {
  const known = migrationNames(MIGRATIONS);
  const { release, tables = [] } = applied ?? {};
  return isNewer(release, VERSION)
    ? worksWith(release, VERSION) && known.every((each) => tables.includes(each))
    : tables.join() === known.join();
}

/** Reports the town of the database, if known: the server refuses another town's. */
async function aboutOwner(config: Config, { connection }: Reached): Promise<Finding[]> {
  try {
    const kept = await demandOwnHost(connection, config.baseUrl);
    return kept === null ? [] : [right(`The database is that of ${kept}.`)];
  } catch (error) {
    if (error instanceof PlainError) return [wrong(error.message)];
    throw error;
  }
}

function aboutContents(
  config: Config,
  { kysely }: Database,
  now: Temporal.Instant,
): Promise<Finding[]> {
  // The rows of a demo that lives are by its own clock.
  const there = config.demoLife ? demoClock(config).now() : now;
  const canSend = config.smtpUrl !== null || config.demo;
  return within(kysely, INSTALLATION, async (tx) => [
    aboutKey(config, await isKeyInUse(tx)),
    ...aboutTown(await readState(tx), there),
    ...aboutStaff(await readStaff(tx)),
    ...aboutOutbox(await readOutboxes(tx, there), there, canSend),
    ...(config.demo && !config.backups
      ? []
      : aboutBackups(await readLastRuns(tx), config.backups !== null, now)),
    ...aboutCalendars(await readCalendars(tx)),
    ...aboutNetworks(await countLimited(tx, now), config),
    ...aboutOverdue(await readOverdue(tx, there), await readJobs(tx)),
  ]);
}

/** Returns whether the root key has wrapped keys, or links were made with it before purposes had keys of their own. */
async function isKeyInUse(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from purpose_key where wrapped is not null) or exists (select from appointment) as used`.execute(
    tx,
  );
  return rows[0]?.used ?? false;
}

async function readStaff(tx: Tx): Promise<{ total: number; withoutAccount: string[] }> {
  const people = await tx
    .selectFrom('staff')
    .select(['email', 'user_id'])
    .where('retired_at', 'is', null)
    .orderBy('email')
    .execute();
  const withoutAccount = people.filter((each) => each.user_id === null).map(({ email }) => email);
  return { total: people.length, withoutAccount };
}

async function readCalendars(tx: Tx): Promise<CalendarCount> {
  const { rows } = await sql<CalendarCount>`
    select count(*)::int as all,
      count(*) filter (where failures > 3 or (failures > 0 and trouble <> 'throttled'))::int as failing
    from calendar_connection where ended_at is null`.execute(tx);
  return rows[0] ?? { all: 0, failing: 0 };
}

/** Returns how many valid tokens work only from their networks. */
async function countLimited(tx: Tx, now: Temporal.Instant): Promise<number> {
  const { rows } = await sql<{ limited: number }>`
    select count(*)::int as limited from token
    where networks <> '{}' and revoked_at is null and expires_at > ${now.toString()}::timestamptz`.execute(
    tx,
  );
  return rows[0]?.limited ?? 0;
}

async function readOutboxes(tx: Tx, now: Temporal.Instant): Promise<Outboxes> {
  const mail = await readQueue(tx, 'mail', now);
  const sms = await readQueue(tx, 'sms', now);
  const oldest = [mail.oldest, sms.oldest].filter((each) => each !== null);
  return {
    notices: {
      waiting: mail.waiting + sms.waiting,
      oldest: oldest.sort(Temporal.Instant.compare)[0] ?? null,
      failed: mail.failed + sms.failed,
    },
    staffMail: await readQueue(tx, 'staff_mail', now),
  };
}

/** Checks that the service answers at its public address. */
async function aboutAddress({ baseUrl }: Config): Promise<Finding[]> {
  const url = `${baseUrl}/readyz`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    if (answer.status === 200) return [right(`${baseUrl} answers and is ready.`)];
    return [
      wrong(
        `${url} answers ${answer.status}.`,
        answer.status === 503
          ? 'The server runs but is not ready: see above.'
          : 'Does the web server before it pass everything to Finestreta?',
      ),
    ];
  } catch {
    return [
      warning(
        `${baseUrl} does not answer from here.`,
        isLoopback(baseUrl)
          ? 'Start the server.'
          : 'Does the server run? Some networks also hide a public address from their own machines.',
      ),
    ];
  }
}
