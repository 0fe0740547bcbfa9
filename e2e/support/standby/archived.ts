import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import {
  answers,
  asSuperuser,
  type Cluster,
  launch,
  makeCluster,
  NO_POSTGRES,
  POSTGRES_BIN,
} from '../postgres.ts';
import { childrenOf, ended, isRoot, ROOT, temporaryFolder, until } from '../processes.ts';
import { deployed } from './deployed.ts';

export const HAS_PGBACKREST = existsSync('/usr/bin/pgbackrest');

/** Returns a command of docs/database.md, as it stands there: the words after `pgbackrest`. @throws when there is not exactly one */
function documented(beginning: string): string[] {
  const page = readFileSync(join(ROOT, 'docs', 'database.md'), 'utf8');
  const lines = [...page.matchAll(/^sudo -u postgres pgbackrest (.*?)(?: +#.*)?$/gm)]
    .map(([, words = '']) => words)
    .filter((words) => words.endsWith(beginning));
  if (lines.length !== 1) throw new Error(`docs/database.md has ${lines.length} × “${beginning}”`);
  return [...(lines[0] ?? '').matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) =>
    word.replaceAll("'", ''),
  );
}

/** What the page does: the last words of its command. */
type Command = 'stanza-create' | 'check' | '--type=full backup' | '--type=incr backup' | 'restore';

/** A server of PostgreSQL that archives what is written, as docs/database.md and deploy/postgres have it. */
export interface ArchivedServer extends AsyncDisposable {
  superuser: pg.ConnectionConfig;
  /** A new database with an owner of its own. Returns its address. */
  createDatabase(): Promise<string>;
  /** Runs a command of the page. `target`: the moment of a restore. @throws with its words when it fails */
  run(command: Command, target?: string): void;
  /** Ends every process of the server at once, and removes all of its files. */
  destroy(): Promise<void>;
  /** Starts what was restored, and waits until it takes writes. */
  start(): Promise<void>;
}

/** A cluster that pgBackRest looks after, and how it is called. */
interface Archived {
  cluster: Cluster;
  config: string;
  passwords: string;
}

export async function startArchived(): Promise<ArchivedServer> {
  const bin = POSTGRES_BIN;
  if (!bin) throw new Error(NO_POSTGRES);
  const folder = temporaryFolder();
  const archived = await makeArchived(bin, folder.path);
  const { cluster } = archived;
  const { superuser, user, path } = cluster;
  let child = launch(bin, cluster);
  const ready = () => until('PostgreSQL takes connections', () => answers(superuser));
  const end = async () => {
    killAll(path);
    await ended(child);
  };
  await ready();
  return {
    superuser,
    createDatabase: async () => {
      await asSuperuser(superuser, "create role town login password 'secret'");
      await asSuperuser(superuser, 'create database town owner town');
      return `postgres://town:secret@127.0.0.1:${superuser.port}/town`;
    },
    run: (command, target) => runDocumented(archived, command, target),
    destroy: async () => {
      await end();
      rmSync(path, { recursive: true });
      makeOwn(path, user);
    },
    start: async () => {
      child = launch(bin, cluster);
      await ready();
      await until('it has become a primary', () =>
        asSuperuser(superuser, 'create temporary table writable ()').then(
          () => true,
          () => false,
        ),
      );
    },
    [Symbol.asyncDispose]: async () => {
      await end();
      folder.remove();
    },
  };
}

/** Makes a cluster with the settings of deploy/postgres. What differs from a server of Debian's: places, the port, and the login. */
async function makeArchived(bin: string, folder: string): Promise<Archived> {
  const cluster = await makeCluster(bin, folder);
  const { superuser, user, path } = cluster;
  const place = (name: string) => makeOwn(join(folder, name), user);
  const socket = place('socket');
  const own: Record<string, string> = {
    'repo1-path': place('repository'),
    'pg1-path': path,
    'pg1-port': String(superuser.port),
  };
  const config = join(folder, 'pgbackrest.conf');
  const shipped = deployed('pgbackrest.conf')
    .replaceAll(/^(repo1-path|pg1-path|pg1-port)=.*$/gm, (_, key) => `${key}=${own[key]}`)
    .replace('[global]\n', `[global]\nlock-path=${place('lock')}\n`);
  writeFileSync(config, `${shipped}pg1-socket-path=${socket}\npg1-user=root\n`);
  const archive = deployed('archive.conf').replace(
    "'pgbackrest ",
    `'pgbackrest --config=${config} `,
  );
  appendFileSync(
    join(path, 'postgresql.auto.conf'),
    `${archive}unix_socket_directories = '${socket}'\n`,
  );
  const passwords = join(folder, 'pgpass');
  writeFileSync(passwords, '*:*:*:root:root\n', { mode: 0o600 });
  if (isRoot) chownSync(passwords, user.uid ?? 0, user.gid ?? 0);
  chmodSync(folder, 0o755);
  return { cluster, config, passwords };
}

/** Makes a folder of the server's account. Returns its path. */
function makeOwn(path: string, { uid = 0, gid = 0 }: Cluster['user']): string {
  mkdirSync(path, { mode: 0o700 });
  if (isRoot) chownSync(path, uid, gid);
  return path;
}

function runDocumented({ cluster, config, passwords }: Archived, command: Command, target = '') {
  const words = documented(command).map((word) =>
    word.startsWith('--target=') ? `--target=${target}` : word,
  );
  const { status, stdout, stderr } = spawnSync('pgbackrest', [`--config=${config}`, ...words], {
    ...cluster.user,
    cwd: cluster.folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, PGPASSFILE: passwords },
  });
  if (status !== 0) throw new Error(`pgbackrest ${words.join(' ')}:\n${stdout}${stderr}`);
}

/** Ends the server with all of its processes at once. */
function killAll(path: string): void {
  const [line] = readFileSync(join(path, 'postmaster.pid'), 'utf8').split('\n');
  for (const pid of [Number(line), ...childrenOf(Number(line))]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
