import type pg from 'pg';
import { systemClock } from '../clock.ts';
import { PlainError } from '../plain-error.ts';
import { closeAll } from '../process/close-all.ts';
import type { Budget } from './connections/budget.ts';
import { type Database, openDatabase } from './database.ts';
import { type Embedded, type EmbeddedLog, findEmbedded, startEmbedded } from './embedded.ts';
import { connectionOf } from './hosts/client.ts';
import { couldAlter, type LoginFacts, type Logins, readLogin } from './logins.ts';
import { demandMigrated, prepareSchema } from './prepare.ts';
import { checkServer, explainServer } from './reach.ts';
import { openReading, type Reading } from './reading/reading.ts';
import { readUpToDate } from './upgrade/look.ts';
import { PATIENCE } from './upgrade/patience.ts';
import { demandWorking, readSchemaRelease, versionBeside } from './upgrade/release.ts';

export interface Connected extends Database {
  /** The embedded database, when this process runs it. */
  embedded: Embedded | null;
  /** Where figures and exports are read. */
  reading: Reading;
}

/** The address of the database. */
export interface DatabaseAddress {
  /** DATABASE_URL: the login of the service, on a server; null: the embedded database. */
  databaseUrl: string | null;
  /** DATABASE_OWNER_URL: the login that owns the tables, when it is another. */
  databaseOwnerUrl: string | null;
  /** DATABASE_POOLER_URL: the same login through a pooler; null: the service asks the server itself. */
  databasePoolerUrl?: string | null;
  dataDir: string;
}

export interface ConnectOptions extends DatabaseAddress {
  pool: number;
  /** DATABASE_READ_URL: a standby of the same server, with the same login; null: none. */
  databaseReadUrl?: string | null;
  /** The connections of all towns of the process together. */
  budget?: Budget | undefined;
  /** The facts of the service's login on the server, from when this process opened the same database before: it is taken to be as it was then. */
  login?: LoginFacts | undefined;
  migrations: string;
  log: EmbeddedLog & { error(message: string): void };
  /** Whether to join the embedded database of a running server instead of being refused: for the operator's commands. */
  join?: boolean;
  /** Called before any change in the database. @throws PlainError when changes are not allowed */
  before?(connection: pg.ConnectionConfig): Promise<unknown>;
}

/** Returns the logins of the server in DATABASE_URL, after trying each. @throws PlainError */
export async function serverLogins(
  databaseUrl: string,
  databaseOwnerUrl: string | null,
): Promise<Logins> {
  await checkServer(databaseUrl);
  if (databaseOwnerUrl) await checkServer(databaseOwnerUrl, 'DATABASE_OWNER_URL');
  const runtime = connectionOf(databaseUrl);
  if (databaseOwnerUrl) return { owner: connectionOf(databaseOwnerUrl), runtime };
  const facts = await readLogin(runtime);
  return { owner: facts.makesTables || facts.ownsTables ? runtime : null, runtime };
}

/**
 * Connects to the server in DATABASE_URL, or to the embedded one, and migrates its schema as the owner if it needs that. The service then
 * runs as a role that owns nothing, if there is one. @throws PlainError for problems that the operator can solve
 */
export async function connectDatabase(options: ConnectOptions): Promise<Connected> {
  const { databaseUrl, databaseOwnerUrl, dataDir, log } = options;
  const known =
    options.login ?? (databaseUrl ? await readyLogin(connectionOf(databaseUrl), options) : null);
  const server = databaseUrl
    ? known
      ? { owner: null, runtime: connectionOf(databaseUrl) }
      : await serverLogins(databaseUrl, databaseOwnerUrl)
    : null;
  const running = options.join && !server ? findEmbedded(dataDir) : null;
  const embedded = server || running ? null : await startEmbedded({ dataDir, log });
  const logins = server ?? running?.logins ?? embedded!.logins;
  try {
    const login = known ?? (server ? null : await readyLogin(logins.runtime, options));
    if (!login) await bringUpToDate(logins, options);
    const database = await openPool(logins.runtime, login, options);
    const reading = await openReading({
      primary: database,
      standbyUrl: options.databaseReadUrl ?? null,
      pool: options.pool,
      budget: options.budget,
      log,
      now: systemClock.now,
    }).catch(async (error) => {
      await database.close();
      throw error;
    });
    const endIdle = () => {
      database.endIdle();
      reading.endIdle();
    };
    const close = () =>
      closeAll(
        () => reading.close(),
        () => database.close(),
        () => embedded?.stop(),
      );
    if (couldAlter(database.login) && !options.login) log.warn(adviceOn(database.login));
    return { ...database, embedded, reading, endIdle, close };
  } catch (error) {
    await embedded?.stop();
    throw databaseUrl ? explainServer(error, databaseUrl) : error;
  }
}

/** Returns the facts of the service's login, if its database needs nothing; null: it does. @throws PlainError when a server refuses it */
async function readyLogin(
  runtime: pg.ConnectionConfig,
  { databaseUrl, migrations, before }: ConnectOptions,
): Promise<LoginFacts | null> {
  try {
    const facts = await readUpToDate(runtime, migrations);
    if (facts) await before?.(runtime);
    return facts;
  } catch (error) {
    const why = databaseUrl ? explainServer(error, databaseUrl) : error;
    if (why instanceof PlainError) throw why;
    return null;
  }
}

/** Opens the pool, and demands what this version needs unless the login was found in a database that has it. */
async function openPool(
  connection: pg.ConnectionConfig,
  login: LoginFacts | null,
  { pool, budget, migrations, log, databasePoolerUrl: pooler = null }: ConnectOptions,
): Promise<Database> {
  let isClosing = false;
  const database = await openDatabase({
    connection,
    login: login ?? undefined,
    pooler,
    pool,
    budget,
    onIdleError: (error) => {
      if (!isClosing) log.warn(`A database connection broke: ${error.message}`);
    },
  });
  const close = async () => {
    isClosing = true;
    await database.close();
  };
  const demand = async () => {
    if (!login) return demandMigrated(database.pool, migrations);
    // A newer program may have changed it while this process had no connection by which that program would have noticed it.
    demandWorking(await readSchemaRelease(database.pool), versionBeside(migrations));
  };
  await demand().catch(async (error) => {
    await close();
    throw error;
  });
  return { ...database, close };
}

async function bringUpToDate({ owner, runtime }: Logins, options: ConnectOptions): Promise<void> {
  await options.before?.(owner ?? runtime);
  if (!owner) return;
  const onWait = (why: string) => options.log.warn(`${why} It is tried again.`);
  const patience = { ...PATIENCE, onWait };
  const { migrations } = options;
  const { tables, functions, newer } = await prepareSchema(owner, runtime, migrations, patience);
  if (newer)
    options.log.info(
      `The database is of Finestreta ${newer.version}, and stays so: this older version works with it`,
    );
  // A line for each would hide the others at the first start.
  if (tables.length > 0) options.log.info(`Migrated the database: ${inFew(tables)}`);
  if (functions.length > 0) options.log.info(`Replaced SQL functions: ${inFew(functions)}`);
}

/** Returns the names of a few; of more, how many they are, and the last. */
const inFew = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.length}, the last is ${names.at(-1)}`;

/** Returns the advice about a service login with more rights than necessary. */
export const adviceOn = ({ name, actsAs }: LoginFacts): string =>
  `The database login ${name} could change the tables and their history` +
  `${actsAs ? `, although the service acts as ${actsAs}` : ''}. Give the service a login of its own in DATABASE_URL, and ` +
  'name the owner in DATABASE_OWNER_URL.';
