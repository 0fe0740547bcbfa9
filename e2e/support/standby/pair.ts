import { type ChildProcess, spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  answers,
  asSuperuser,
  type Cluster,
  launch,
  makeCluster,
  NO_POSTGRES,
  POSTGRES_BIN,
  type Postgres,
  signalAll,
} from '../postgres.ts';
import {
  childrenOf,
  ended,
  freePort,
  hasEnded,
  isRoot,
  temporaryFolder,
  until,
} from '../processes.ts';
import { query } from '../truth.ts';

/** A primary and a synchronous standby, each the system's PostgreSQL on this machine. */
export interface Pair extends AsyncDisposable {
  /** A new database with an owner of its own; answers its name. */
  createDatabase(): Promise<string>;
  /** The value for DATABASE_URL: both servers. */
  address(database: string): string;
  /** The address of the database on the server that is the primary now. */
  primary(database: string): string;
  /** Has the standby take what is written, and show nothing of it; or show it again. */
  holdStandby(isHeld: boolean): Promise<void>;
  /** `kill -9` of the primary and all of its processes. */
  killPrimary(): Promise<void>;
  /** Stops every process of the primary where it is: connections stay open, and nothing answers. */
  freezePrimary(): Promise<void>;
  /** Makes the standby the primary. Returns when it takes writes. */
  promote(): Promise<void>;
  /** Makes a new synchronous standby in the place of the server that died. */
  rejoin(): Promise<void>;
}

interface Server extends Cluster {
  child: ChildProcess;
}

const addressAt = (places: string, database: string) =>
  `postgres://${database}:secret@${places}/${database}`;

export async function startPair(): Promise<Pair> {
  const bin = POSTGRES_BIN;
  if (!bin) throw new Error(NO_POSTGRES);
  const folders = [temporaryFolder(), temporaryFolder()] as const;
  const first = await makeCluster(bin, folders[0].path);
  const ports = [first.superuser.port, await freePort()];
  const both = ports.map((port) => `127.0.0.1:${port}`).join();
  let primary: Server = { ...first, child: launch(bin, first) };
  await ready(primary);
  let dead: Cluster = {
    ...first,
    folder: folders[1].path,
    path: join(folders[1].path, 'cluster'),
    superuser: { ...first.superuser, port: ports[1]! },
  };
  let standby: Server;
  let frozen: Server | null = null;
  const pair: Pair = {
    createDatabase: () => createDatabaseAt(primary),
    address: (database) => `${addressAt(both, database)}?target_session_attrs=read-write`,
    primary: (database) => addressAt(`127.0.0.1:${primary.superuser.port}`, database),
    holdStandby: (isHeld) =>
      asSuperuser(standby.superuser, `select pg_wal_replay_${isHeld ? 'pause' : 'resume'}()`),
    killPrimary: () => end(primary),
    freezePrimary: async () => signalAll(postmasterOf(primary), 'SIGSTOP'),
    promote: async () => {
      await asSuperuser(standby.superuser, 'select pg_promote(true, 60)');
      dead = primary;
      if (!hasEnded(primary.child)) frozen = primary;
      primary = standby;
    },
    rejoin: async () => {
      if (frozen) await end(frozen);
      frozen = null;
      standby = await copyOf(bin, primary, dead);
      await ready(standby);
      // Only now: without a standby, nothing could be written.
      await confirmedBy(primary.superuser, '*');
      await until('the standby is synchronous', async () => {
        const all = await query<{ state: string }>(
          primary.superuser,
          'select sync_state as state from pg_stat_replication',
        );
        return all.some(({ state }) => state === 'sync');
      });
      // It confirms all that was written before, too.
      await asSuperuser(primary.superuser, `select pg_logical_emit_message(true, 'pair', '')`);
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of [standby, primary, ...(frozen ? [frozen] : [])]) await end(each);
      for (const each of folders) each.remove();
    },
  };
  await pair.rejoin();
  return pair;
}

/** Has commits wait for these standbys, from its return on. */
export async function confirmedBy(superuser: Postgres['superuser'], names: string): Promise<void> {
  await asSuperuser(superuser, `alter system set synchronous_standby_names = '${names}'`);
  await asSuperuser(superuser, 'select pg_reload_conf()');
  await until('new connections know it', async () => {
    const [row] = await query<Record<string, string>>(superuser, 'show synchronous_standby_names');
    return row?.synchronous_standby_names === names;
  });
  // Until the checkpointer has read it, no commit waits.
  await asSuperuser(superuser, 'checkpoint');
}

/** Makes a database with an owner of its name. */
async function createDatabaseAt({ superuser }: Server): Promise<string> {
  const name = `t${Math.random().toString(36).slice(2, 10)}`;
  await asSuperuser(superuser, `create role ${name} login password 'secret'`);
  await asSuperuser(superuser, `create database ${name} owner ${name}`);
  return name;
}

async function ready({ child, superuser }: Server): Promise<void> {
  await until('PostgreSQL takes connections', async () => {
    if (hasEnded(child)) throw new Error(`PostgreSQL ended (${child.exitCode})`);
    return answers(superuser);
  });
}

/** Starts a copy of a running server that follows it, in the place of another one. */
async function copyOf(bin: string, from: Cluster, to: Cluster): Promise<Server> {
  rmSync(to.path, { recursive: true, force: true });
  mkdirSync(to.path, { mode: 0o700 });
  if (isRoot) chownSync(to.path, from.user.uid ?? 0, from.user.gid ?? 0);
  const { host, port, user, password } = from.superuser;
  const login = ['-h', String(host), '-p', String(port), '-U', String(user)];
  const made = spawnSync(
    join(bin, 'pg_basebackup'),
    ['-D', to.path, ...login, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'],
    {
      ...from.user,
      cwd: '/',
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PGPASSWORD: String(password) },
    },
  );
  if (made.status !== 0) throw new Error(`pg_basebackup failed:\n${made.stdout}${made.stderr}`);
  // The last line of a setting counts.
  appendFileSync(
    join(to.path, 'postgresql.auto.conf'),
    `port = ${to.superuser.port}\nsynchronous_standby_names = ''\n`,
  );
  return { ...to, child: launch(bin, to) };
}

/** Ends every process of a server at once. */
async function end(server: Server): Promise<void> {
  if (hasEnded(server.child)) return;
  for (const pid of processesOf(server)) signal(pid, 'SIGKILL');
  await ended(server.child);
}

const postmasterOf = ({ path }: Cluster): number =>
  Number.parseInt(readFileSync(join(path, 'postmaster.pid'), 'utf8'), 10);

function processesOf(cluster: Cluster): number[] {
  const postmaster = postmasterOf(cluster);
  return [postmaster, ...childrenOf(postmaster)];
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
