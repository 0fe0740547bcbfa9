import type pg from 'pg';
import { type Database, openDatabase } from './database.ts';
import { type Embedded, type EmbeddedLog, findEmbedded, startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { checkServer, explainServer } from './reach.ts';

export interface Connected extends Database {
  connection: pg.ConnectionConfig;
  /** The embedded database, when this process runs it. */
  embedded: Embedded | null;
}

export interface ConnectOptions {
  databaseUrl: string | null;
  dataDir: string;
  pool: number;
  migrations: string;
  log: EmbeddedLog & { error(message: string): void };
  /** Whether to join the embedded database that a running server has, rather than be refused: the operator's commands. */
  join?: boolean;
  /** Asked before anything in the database is changed. @throws PlainError where nothing may be */
  before?(connection: pg.ConnectionConfig): Promise<unknown>;
}

/**
 * Reaches the server that DATABASE_URL names, or the embedded one, and brings its schema up to date.
 * @throws PlainError where the operator can help
 */
export async function connectDatabase(options: ConnectOptions): Promise<Connected> {
  const { databaseUrl, dataDir, log } = options;
  if (databaseUrl) await checkServer(databaseUrl);
  const running = options.join && !databaseUrl ? findEmbedded(dataDir) : null;
  const embedded = databaseUrl || running ? null : await startEmbedded({ dataDir, log });
  const connection: pg.ConnectionConfig = databaseUrl
    ? { connectionString: databaseUrl }
    : (running?.connection ?? embedded!.connection);
  let isClosing = false;
  try {
    await options.before?.(connection);
    for (const name of await migrate(connection, options.migrations))
      log.info(`Migrated the database: ${name}`);
    const database = await openDatabase({
      connection,
      pool: options.pool,
      onIdleError: (error) => {
        if (!isClosing) log.warn(`A database connection broke: ${error.message}`);
      },
    });
    const close = async () => {
      isClosing = true;
      await database.close();
      await embedded?.stop();
    };
    return { ...database, connection, embedded, close };
  } catch (error) {
    await embedded?.stop();
    throw databaseUrl ? explainServer(error, databaseUrl) : error;
  }
}
