import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  childrenOf,
  ended,
  freePort,
  hasEnded,
  isRoot,
  keep,
  temporaryFolder,
  until,
} from './processes.ts';

/** The programs of the system's PostgreSQL; null: there are none, and the tests that need them are skipped. */
export const POSTGRES_BIN: string | null = process.env.POSTGRES_BIN || findDebian();

export const NO_POSTGRES = 'no PostgreSQL server on this system (Debian: postgresql)';

function findDebian(): string | null {
  const place = '/usr/lib/postgresql';
  if (!existsSync(place)) return null;
  const folders = readdirSync(place)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(place, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

export interface Postgres extends AsyncDisposable {
  /** A new database with an owner of its own, who is no superuser; answers its DATABASE_URL. */
  createDatabase(name?: string): Promise<string>;
  /** For actions of a superuser. */
  superuser: pg.ConnectionConfig;
  port: number;
  /** Ends it at once (SIGQUIT), as when its machine is gone; start() brings it back. */
  halt(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT to every process of it: it takes connections and answers none. */
  freeze(): void;
  thaw(): void;
}

/** Stops the database when its input ends, which it does however the tests end. A frozen one is woken to hear it. */
const SUPERVISOR = `
exec 3<&0 </dev/null
"$@" 3<&- &
database=$!
(cat <&3 >/dev/null; kill -QUIT "$database"; kill -CONT "$database") &
watchdog=$!
exec 3<&-
wait "$database"
kill "$watchdog" 2>/dev/null
`;

/** Starts the system's PostgreSQL on a cluster of its own, with the settings that it comes with. */
export async function startPostgres(): Promise<Postgres> {
  const bin = POSTGRES_BIN;
  if (!bin) throw new Error(NO_POSTGRES);
  const folder = temporaryFolder();
  const cluster = await makeCluster(bin, folder.path);
  const { superuser } = cluster;
  let child = launch(bin, cluster);
  const ready = () =>
    until('PostgreSQL takes connections', async () => {
      if (hasEnded(child)) throw new Error(`PostgreSQL ended (${child.exitCode})`);
      return answers(superuser);
    });
  const postmaster = () =>
    Number.parseInt(readFileSync(join(cluster.path, 'postmaster.pid'), 'utf8'), 10);
  await ready();
  return {
    superuser,
    port: superuser.port,
    createDatabase: async (name = `t${Math.random().toString(36).slice(2, 10)}`) => {
      await asSuperuser(superuser, `create role ${name} login password 'secret'`);
      await asSuperuser(superuser, `create database ${name} owner ${name}`);
      return `postgres://${name}:secret@127.0.0.1:${superuser.port}/${name}`;
    },
    halt: async () => {
      process.kill(postmaster(), 'SIGQUIT');
      await ended(child);
    },
    start: async () => {
      child = launch(bin, cluster);
      await ready();
    },
    freeze: () => signalAll(postmaster(), 'SIGSTOP'),
    thaw: () => signalAll(postmaster(), 'SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      child.stdin?.end();
      await ended(child);
      folder.remove();
    },
  };
}

/** The place of a cluster, its account, and its superuser's sign-in. */
export interface Cluster {
  path: string;
  folder: string;
  user: { uid?: number; gid?: number };
  superuser: Postgres['superuser'] & { port: number };
}

/** Makes a cluster on a free port. @throws where initdb refuses */
export async function makeCluster(bin: string, folder: string): Promise<Cluster> {
  const path = join(folder, 'cluster');
  const user: Cluster['user'] = isRoot ? postgresAccount() : {};
  mkdirSync(path, { mode: 0o700 });
  if (isRoot) chownSync(path, user.uid ?? 0, user.gid ?? 0);
  const secret = join(folder, 'password');
  writeFileSync(secret, 'root\n');
  const how = ['-A', 'scram-sha-256', '-E', 'UTF8', '--no-sync', `--pwfile=${secret}`];
  const made = spawnSync(join(bin, 'initdb'), ['-D', path, '-U', 'root', ...how], {
    ...user,
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout}${made.stderr}`);
  const port = await freePort();
  writeFileSync(
    join(path, 'postgresql.auto.conf'),
    `port = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 100\n`,
  );
  const superuser = {
    host: '127.0.0.1',
    port,
    user: 'root',
    password: 'root',
    database: 'postgres',
  };
  return { path, folder, user, superuser };
}

export const launch = (bin: string, { path, folder, user }: Cluster): ChildProcess =>
  keep(
    spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', join(bin, 'postgres'), '-D', path], {
      ...user,
      cwd: folder,
      stdio: ['pipe', 'ignore', 'ignore'],
    }),
  );

/** Sends a signal to the postmaster and all of its processes. */
export function signalAll(postmaster: number, signal: NodeJS.Signals): void {
  const told = new Set<number>();
  // It may begin another process until it stands still itself.
  for (let isAll = false; !isAll; ) {
    const others = [postmaster, ...childrenOf(postmaster)].filter((pid) => !told.has(pid));
    isAll = others.length === 0 && (signal !== 'SIGSTOP' || isStopped(postmaster));
    for (const pid of others) {
      told.add(pid);
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}

/** Whether a process stands still, or is gone. */
function isStopped(pid: number): boolean {
  try {
    return /\) [TZ] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** The account of the system's PostgreSQL. */
export function postgresAccount(): { uid: number; gid: number } {
  const ask = (flag: string) =>
    Number.parseInt(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout, 10);
  return { uid: ask('-u'), gid: ask('-g') };
}

export async function answers(connection: pg.ConnectionConfig): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

export async function asSuperuser(
  connection: pg.ConnectionConfig,
  statement: string,
): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
