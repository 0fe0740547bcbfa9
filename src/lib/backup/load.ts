import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Blobs } from '../blobs/types.ts';
import { copyIn } from '../db/copy.ts';
import { migrateWithin, migrationNames } from '../db/migrate.ts';
import { connect } from './dump.ts';
import {
  type About,
  BackupError,
  type BackupTable,
  copyInStatement,
  identifierOf,
  nameOf,
  readBackup,
  type Sequences,
} from './format.ts';
import type { BackupSource } from './places/types.ts';
import { clear, readMigrations, readTables } from './tables.ts';

/** The contents of a backup that was read completely and is whole. */
export interface Contents {
  about: About;
  /** Number of rows by the table's name. */
  rows: Record<string, number>;
  /** The size of all rows as text, in bytes; without the pieces of documents. */
  rowBytes: number;
}

/** Reads a backup without a database. @throws BackupError when it is incomplete, or of a newer Finestreta than these migrations */
export async function checkBackup(
  source: BackupSource,
  migrations: string,
  identities: readonly string[] = [],
): Promise<Contents> {
  const counted: Record<string, number> = {};
  let about: About | null = null;
  let rowBytes = 0;
  const rows = await readBackup(
    source,
    {
      about: (facts) => {
        about = facts;
        demandKnown(facts, migrationNames(migrations));
      },
      table: async (table, chunks) => {
        let count = 0;
        for await (const chunk of chunks) {
          count += newlinesIn(chunk);
          rowBytes += chunk.length;
        }
        counted[nameOf(table)] = count;
      },
      blob: () => {},
      sequences: () => {},
    },
    identities,
  );
  if (!about || JSON.stringify(counted) !== JSON.stringify(rows)) {
    throw new BackupError(`${source.name} is damaged or not whole. Nothing was changed.`);
  }
  return { about, rows, rowBytes };
}

function demandKnown({ migrations, version }: About, known: readonly string[]): void {
  if (migrations.every((name, index) => known[index] === name)) return;
  throw new BackupError(
    `The backup was made by Finestreta ${version}, whose database this one doesn't know (${migrations.at(-1)}). ` +
      'Upgrade, and restore it then.',
  );
}

/** Returns the number of newlines; in PostgreSQL's text format a row is a line. */
function newlinesIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++;
  return count;
}

/** The content of the database into which a backup is to be restored. */
export type Standing =
  | { kind: 'empty' }
  | { kind: 'finestreta'; town: string | null; appointments: number }
  /** Tables of another application. */
  | { kind: 'foreign' };

export async function whatStands(connection: pg.ConnectionConfig): Promise<Standing> {
  const client = await connect(connection);
  try {
    const tables = await readTables(client);
    const migrations = await readMigrations(client);
    const isOurs = migrations?.[0] === '0001_offices';
    if (!isOurs) return { kind: tables.length > 0 || migrations ? 'foreign' : 'empty' };
    const filled = tables.map((each) => `exists (select from ${identifierOf(each)})`).join(' or ');
    const { rows } = await client.query(
      `select ${filled || 'false'} as filled, (select settings ->> 'name' from town) as town,
         (select count(*)::int from appointment) as appointments`,
    );
    const { filled: isFilled, town, appointments } = rows[0];
    return isFilled ? { kind: 'finestreta', town, appointments } : { kind: 'empty' };
  } finally {
    await client.end();
  }
}

/** Returns the number of other connections to the database; servers keep some open. */
export async function othersConnected(connection: pg.ConnectionConfig): Promise<number> {
  const client = await connect(connection);
  try {
    const { rows } = await client.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and usesysid is not null
         and coalesce(backend_type, 'client backend') = 'client backend' -- null: of a login whose sessions aren't ours to see`,
    );
    return rows[0]?.others ?? 0;
  } finally {
    await client.end();
  }
}

export interface RestoreOptions {
  connection: pg.ConnectionConfig;
  source: BackupSource;
  /** Identities of age, one of which opens an encrypted file. */
  identities?: readonly string[];
  /** The result of `checkBackup`. */
  contents: Contents;
  /** The folder of the migrations. */
  migrations: string;
  /** The store of documents. Pieces that are stored there without a known document are removed later. */
  blobs: Blobs;
}

/**
 * Replaces the content of the database with the backup, completely or not at all: it drops the existing tables, makes the tables of the
 * backup's version, and fills them. The caller migrates them.
 */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { connection, source, contents, migrations, blobs, identities = [] } = options;
  const client = await connect(connection);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: poolOf(client) }) });
  try {
    // Fails instead of waiting when another connection uses the database.
    await client.query("set lock_timeout = '10s'");
    await db.transaction().execute(async (tx) => {
      await clear(client);
      await migrateWithin(tx, migrations, contents.about.migrations.at(-1) ?? '');
      await fill(client, { source, identities }, contents, blobs);
    });
    await client.query('analyze');
  } catch (error) {
    const words = WORDS[(error as { code?: string }).code ?? ''];
    throw words ? new BackupError(`${words} Nothing was changed.`) : error;
  } finally {
    await client.end();
  }
}

/** The database's errors that the operator can solve. */
const WORDS: Record<string, string> = {
  '55P03': 'Somebody is using the database: stop every server first.',
  // All tables are dropped and made in one transaction.
  '53200':
    'The database server has too few locks for so many tables at once: set max_locks_per_transaction = 256 there, and restart it.',
};

/** Runs Kysely's transaction and COPY on one connection. */
function poolOf(client: pg.Client) {
  const lent = { query: client.query.bind(client), release: () => {} };
  return {
    connect: async () => lent,
    end: async () => {},
  } as unknown as pg.Pool;
}

async function fill(
  client: pg.Client,
  { source, identities }: { source: BackupSource; identities: readonly string[] },
  contents: Contents,
  blobs: Blobs,
): Promise<void> {
  const tables = new Map((await readTables(client)).map((each) => [nameOf(each), each]));
  const names = [...tables.values()].map(identifierOf).join(', ');
  const forced = await readForced(client, [...tables.keys()]);
  // COPY can't fill tables whose row-level security binds the owner. The backup already has the rows that triggers made.
  for (const each of tables.values()) {
    await client.query(`alter table ${identifierOf(each)} disable trigger user`);
  }
  // The backup also has the rows that a migration inserted.
  await client.query(`truncate ${names} cascade`);
  for (const name of forced) await client.query(`alter table ${name} no force row level security`);
  const rows = await readBackup(
    source,
    {
      about: () => {},
      table: async (each, chunks) => {
        demandFits(each, tables.get(nameOf(each)));
        const taken = await copyIn(client, copyInStatement(each), chunks);
        if (taken !== contents.rows[nameOf(each)]) throw changedMeanwhile(source);
      },
      blob: (name, bytes) => blobs.put(name, bytes),
      sequences: (all) => setSequences(client, all),
    },
    identities,
  );
  if (JSON.stringify(rows) !== JSON.stringify(contents.rows)) throw changedMeanwhile(source);
  for (const name of forced) await client.query(`alter table ${name} force row level security`);
  for (const each of tables.values()) {
    await client.query(`alter table ${identifierOf(each)} enable trigger user`);
  }
}

const changedMeanwhile = ({ name }: BackupSource) =>
  new BackupError(`${name} was changed while it was read. Nothing was changed.`);

async function setSequences(client: pg.Client, all: Sequences): Promise<void> {
  for (const [name, last] of Object.entries(all)) {
    await client.query('select setval($1::regclass, $2::bigint)', [name, last]);
  }
}

/** Returns the tables whose row-level security also binds their owner. */
async function readForced(client: pg.Client, names: string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relforcerowsecurity and n.nspname || '.' || c.relname = any ($1)`,
    [names],
  );
  return rows.map(({ name }) => name);
}

function demandFits(wanted: BackupTable, found: BackupTable | undefined): void {
  const missing = wanted.columns.filter((each) => !found?.columns.includes(each));
  if (found && missing.length === 0) return;
  throw new BackupError(
    `The backup's table ${nameOf(wanted)} isn't as the migrations make it${found ? ` (${missing.join(', ')})` : ''}: ` +
      'it was made by a Finestreta with other migrations. Nothing was changed.',
  );
}
