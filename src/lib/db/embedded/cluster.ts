import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedDatabaseError, explain } from './errors.ts';
import type { Folder } from './folder.ts';
import { giveTo, type Identity, runAs } from './identity.ts';
import { DATABASE, markOf, type Passwords, ROLES, statementsFor } from './logins.ts';

const SETTINGS = `# Written at every start; put your own settings in local.conf, beside this file.
max_connections = 60
superuser_reserved_connections = 3
# Restoring a backup drops and makes every table in one transaction.
max_locks_per_transaction = 256
shared_buffers = 64MB
work_mem = 4MB
maintenance_work_mem = 32MB
effective_cache_size = 512MB
min_wal_size = 32MB
max_wal_size = 256MB
max_worker_processes = 4
max_parallel_workers_per_gather = 0
autovacuum_max_workers = 2
max_wal_senders = 3
jit = off
fsync = on
synchronous_commit = on
full_page_writes = on
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.simple'
# Errors go to the client that caused them; in a log their values could be a person's.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
log_line_prefix = ''
include_if_exists = 'local.conf'
`;

const HBA = `# Written at every start. Every account of this machine needs a password (DATA_DIR/keys/database.json), root too.
local all all scram-sha-256
local replication ${ROLES.superuser} scram-sha-256
`;

/** The setting that records the roles and passwords of the cluster; see markOf(). */
const MARK = 'finestreta.roles';

/**
 * Makes the cluster if there is none, and writes the settings. It is made in a temporary folder that is renamed when complete, so that a
 * crash never leaves a partial cluster. @throws EmbeddedDatabaseError, also when another major version wrote the cluster
 */
export function prepareCluster(
  folder: Folder,
  binaries: Binaries,
  identity: Identity,
  passwords: Passwords,
): { created: boolean } {
  const created = !existsSync(folder.cluster);
  try {
    if (created) create(folder, binaries, identity, passwords);
    else checkVersion(folder, binaries);
    giveTo(folder.cluster, identity);
    configure(folder, identity);
    if (!created) giveRoles(folder, binaries, identity, passwords);
  } catch (error) {
    if (error instanceof EmbeddedDatabaseError) throw error;
    throw explain(String(error), folder.home, 'preparing the database');
  }
  return { created };
}

/** Returns the major version that wrote a cluster; NaN: unknown. */
export function majorOf(cluster: string): number {
  const file = join(cluster, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN;
}

function checkVersion({ cluster }: Folder, binaries: Binaries): void {
  const written = majorOf(cluster);
  if (written === binaries.major) return;
  const found = `The database in ${cluster} was written by PostgreSQL ${Number.isNaN(written) ? 'of an unknown version' : written}`;
  throw new EmbeddedDatabaseError(
    written < binaries.major
      ? `${found}, and this Finestreta brings PostgreSQL ${binaries.version}. Run once: finestreta database upgrade ` +
          '(it keeps the old one; docs/operating.md, The database).'
      : `${found}, but this Finestreta brings PostgreSQL ${binaries.version}, which can't read it. Install the Finestreta ` +
          'that wrote it, or a newer one, or set DATA_DIR to another folder.',
  );
}

function create(
  { home, cluster }: Folder,
  binaries: Binaries,
  identity: Identity,
  passwords: Passwords,
): void {
  for (const name of readdirSync(home)) {
    if (name.startsWith('cluster-unfinished-')) rmSync(join(home, name), { recursive: true });
  }
  const unfinished = mkdtempSync(join(home, 'cluster-unfinished-'));
  try {
    giveTo(unfinished, identity);
    initialise(unfinished, home, binaries, identity);
    addDatabase(unfinished, home, binaries, identity, passwords);
    renameSync(unfinished, cluster);
    syncFolder(home);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Runs initdb. Sorting is ICU's (right for all our languages); letters and digits need a UTF-8 ctype. */
function initialise(target: string, home: string, binaries: Binaries, identity: Identity): void {
  const ctypes = process.platform === 'darwin' ? ['en_US.UTF-8', 'C'] : ['C.UTF-8', 'C.utf8', 'C'];
  let output = '';
  for (const ctype of ctypes) {
    const run = runAs(
      identity,
      [
        binaries.initdb,
        `--pgdata=${target}`,
        `--username=${ROLES.superuser}`,
        '--encoding=UTF8',
        '--locale=C',
        `--lc-ctype=${ctype}`,
        '--locale-provider=icu',
        '--icu-locale=und',
        '--data-checksums',
        '--auth-local=scram-sha-256',
        '--auth-host=reject',
        '--no-instructions',
      ],
      { cwd: home },
    );
    if (run.ok) return;
    output = run.output;
    if (!/invalid locale|locale name/i.test(output)) break;
  }
  throw explain(output, home, 'creating the database');
}

/** Makes the database. Row-level security binds its owner: neither superuser nor BYPASSRLS. */
function addDatabase(
  target: string,
  home: string,
  binaries: Binaries,
  identity: Identity,
  passwords: Passwords,
): void {
  const roles = statementsFor(passwords);
  const made = `CREATE ROLE ${ROLES.owner}\nCREATE DATABASE ${DATABASE} OWNER ${ROLES.owner}\n`;
  singleUser(target, home, binaries, identity, made + roles);
  write(join(target, MARK), markOf(roles), identity);
}

/** Gives the necessary roles to a cluster of an earlier version, or to one without its passwords. */
function giveRoles(
  { home, cluster }: Folder,
  binaries: Binaries,
  identity: Identity,
  passwords: Passwords,
): void {
  const roles = statementsFor(passwords);
  const mark = join(cluster, MARK);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === markOf(roles)) return;
  singleUser(cluster, home, binaries, identity, roles);
  write(mark, markOf(roles), identity);
}

/** Runs statements, one a line, as the superuser on a cluster without a running server. @throws EmbeddedDatabaseError */
function singleUser(
  target: string,
  home: string,
  binaries: Binaries,
  identity: Identity,
  input: string,
): void {
  const run = runAs(
    identity,
    [binaries.postgres, '--single', '-D', target, '-c', 'exit_on_error=true', 'postgres'],
    { cwd: home, input },
  );
  if (!run.ok) throw explain(run.output, home, 'preparing the database');
}

function configure({ cluster }: Folder, identity: Identity): void {
  write(join(cluster, 'postgresql.conf'), SETTINGS, identity);
  write(join(cluster, 'pg_hba.conf'), HBA, identity);
}

function write(path: string, text: string, identity: Identity): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  giveTo(unfinished, identity);
  renameSync(unfinished, path);
}

/** Has the names in a folder written to the disk. */
export function syncFolder(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
