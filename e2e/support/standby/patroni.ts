import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import pg from 'pg';
import { POSTGRES_BIN, postgresAccount } from '../postgres.ts';
import {
  childrenOf,
  ended,
  freePort,
  hasEnded,
  isRoot,
  keep,
  ROOT,
  temporaryFolder,
  until,
} from '../processes.ts';
import { put } from '../proxies/kinds.ts';
import { accepts } from '../proxies/proxy.ts';

const PROGRAMS = [
  ...['/usr/bin/patroni', '/usr/bin/etcd', '/usr/sbin/haproxy', '/usr/bin/openssl'],
  '/usr/lib/python3/dist-packages/etcd/__init__.py',
];

/** Why the tests with Patroni are skipped; null: all is installed. */
export const NO_PATRONI =
  POSTGRES_BIN && PROGRAMS.every((path) => existsSync(path))
    ? null
    : 'PostgreSQL, Patroni, etcd or HAProxy is not installed (Debian: postgresql patroni python3-etcd etcd-server haproxy)';

/**
 * Three machines with the files of `deploy/postgres`, each an address of this one: on two of them PostgreSQL, on all of them etcd. HAProxy
 * leads to the primary.
 */
export interface Patroni extends AsyncDisposable {
  /** The value of DATABASE_URL for a login: both servers, or HAProxy. */
  address(login: Login, by: 'hosts' | 'proxy'): string;
  /** The machine of the primary. */
  primary(): Promise<Machine>;
  /** The owner's address at one machine. */
  addressAt(machine: Machine): string;
  /** Waits until a standby confirms what is written. */
  synchronous(): Promise<void>;
  /** `kill -9` of all that runs on a machine. */
  kill(machine: Machine): Promise<void>;
  /** Stops all that runs on a machine where it is; or lets it go on. */
  freeze(machine: Machine): void;
  thaw(machine: Machine): void;
  /** Starts what was killed. */
  start(machine: Machine): Promise<void>;
  /** Resolves when the server on this machine takes writes, with the time (`performance.now`). */
  promoted(machine: Machine): Promise<number>;
  /** What Patroni says of this machine, by the status of an address of its REST interface. */
  status(machine: Machine, path: string): Promise<number>;
  /** The authority of all certificates. */
  authority: string;
}

export type Login = 'finestreta_owner' | 'finestreta_runtime';
export type Machine = 'db1' | 'db2';
const MACHINES = ['db1', 'db2', 'db3'] as const;
type Any = (typeof MACHINES)[number];

interface Ports {
  sql: number;
  rest: number;
  client: number;
  peer: number;
  proxy: number;
}

const addressOf = (machine: Any) => `127.0.0.2${machine.at(-1)}`;
const read = (name: string) => readFileSync(join(ROOT, 'deploy', 'postgres', name), 'utf8');

/** Returns a file for another machine than db1: all but the list of machines is its own. */
const ownOf = (machine: Any, text: string): string =>
  text.replaceAll(/^(?!.*10\.0\.0\.2).*$/gm, (line) =>
    line.replaceAll('10.0.0.1', `10.0.0.${machine.at(-1)}`).replaceAll('db1', machine),
  );

/** Returns a file with the addresses and ports of this machine. */
function here(text: string, ports: Partial<Record<string, number>>): string {
  const there = MACHINES.map((each) => [`10.0.0.${each.at(-1)}`, addressOf(each)] as const);
  const moved = there.reduce((so, [from, to]) => so.replaceAll(from, to), text);
  const named = Object.entries(ports).map(([from, to]) => [`:${from}`, `:${to}`] as const);
  return put(moved.replaceAll('10.0.0.0/24', '127.0.0.0/24'), Object.fromEntries(named));
}

/**
 * Ends what it runs, and the database with it, when its input ends, which it does however the tests end. Patroni's PostgreSQL is nobody's child.
 */
const SUPERVISOR = `
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
cat <&3 >/dev/null
kill -KILL "$program"
database=$(head -n 1 "$CLUSTER/postmaster.pid" 2>/dev/null) && kill -QUIT "$database" && kill -CONT "$database"
`;

class Cluster implements Patroni {
  readonly #folder = temporaryFolder();
  readonly #user: { uid?: number; gid?: number } = isRoot ? postgresAccount() : {};
  readonly #running = new Map<string, ChildProcess>();
  readonly #ports: Ports;
  #said = '';
  readonly authority = this.at('ca.crt');

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  at(...names: string[]): string {
    return join(this.#folder.path, ...names);
  }

  /** Writes a file that only the database's account may read. */
  #write(path: string, text: string, mode = 0o600): void {
    writeFileSync(path, text, { mode });
    this.#own(path);
  }

  #own(path: string): void {
    const { uid, gid } = this.#user;
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  }

  async begin(): Promise<void> {
    const script = join(ROOT, 'deploy', 'postgres', 'certificates.sh');
    const machines = MACHINES.map((each) => `${each}=${addressOf(each)}`);
    const cwd = this.#folder.path;
    const made = spawnSync('/bin/sh', [script, ...machines], { cwd, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`No certificates:\n${made.stderr}`);
    chmodSync(this.authority, 0o644);
    for (const machine of MACHINES) this.#prepare(machine);
    for (const machine of MACHINES) this.#startEtcd(machine);
    for (const machine of ['db1', 'db2'] as const) {
      this.#startPatroni(machine);
      const role = machine === 'db1' ? '/primary' : '/replica';
      await until(`${machine} works`, async () => (await this.status(machine, role)) === 200, 120);
    }
    await this.#makeDatabase();
    await this.synchronous();
    await this.#startProxy();
  }

  #prepare(machine: Any): void {
    for (const each of [[], ['etcd'], ['home'], ['socket']]) {
      mkdirSync(this.at(machine, ...each), { mode: 0o700 });
      this.#own(this.at(machine, ...each));
    }
    for (const kind of ['crt', 'key'])
      this.#write(
        this.at(machine, `own.${kind}`),
        readFileSync(this.at(`${machine}.${kind}`), 'utf8'),
      );
    const { sql, rest, client, peer } = this.#ports;
    const ports = { '5432': sql, '8008': rest, '2379': client };
    const files = put(here(ownOf(machine, read('patroni.yml')), ports), {
      '/etc/patroni/ca.crt': this.authority,
      '/etc/patroni': this.at(machine),
      '/usr/lib/postgresql/17/bin': POSTGRES_BIN ?? '',
      '/var/lib/postgresql/17/finestreta': this.at(machine, 'cluster'),
      '/var/run/postgresql': this.at(machine, 'socket'),
    });
    this.#write(this.at(machine, 'config.yml'), files);
    const etcd = put(here(ownOf(machine, read('etcd')), { '2379': client, '2380': peer }), {
      '/etc/etcd/ca.crt': this.authority,
      '/etc/etcd': this.at(machine),
      '/var/lib/etcd/finestreta': this.at(machine, 'etcd'),
    });
    this.#write(this.at(machine, 'etcd.env'), etcd);
  }

  #run(name: string, machine: Any, program: string, ...words: string[]): void {
    const etcd = readFileSync(this.at(machine, 'etcd.env'), 'utf8').match(/^ETCD_.*=.*$/gm) ?? [];
    const settings = program === '/usr/bin/etcd' ? etcd : [];
    const env = {
      PATH: `/usr/bin:/bin:/usr/sbin`,
      HOME: this.at(machine, 'home'),
      CLUSTER: this.at(machine, 'cluster'),
      ...Object.fromEntries(settings.map((each) => each.split(/=(.*)/s).slice(0, 2))),
    };
    const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', program, ...words], {
      ...this.#user,
      env,
      cwd: this.at(machine),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text.replaceAll(/^/gm, `${name} `)).slice(-20_000);
      });
    this.#running.set(name, keep(child));
  }

  #startEtcd(machine: Any): void {
    this.#run(`etcd ${machine}`, machine, '/usr/bin/etcd', '--log-level=error');
  }

  #startPatroni(machine: Machine): void {
    this.#run(`patroni ${machine}`, machine, '/usr/bin/patroni', this.at(machine, 'config.yml'));
  }

  async #startProxy(): Promise<void> {
    const { sql, rest, proxy } = this.#ports;
    const text = put(here(read('haproxy.cfg'), { '5432': sql, '5433': proxy }), {
      '/etc/haproxy/database-ca.crt': this.authority,
      'port 8008': `port ${rest}`,
    });
    const config = this.at('haproxy.cfg');
    this.#write(config, text);
    this.#run('haproxy', 'db3', '/usr/sbin/haproxy', '-db', '-f', config);
    await until('HAProxy listens', () => accepts('127.0.0.1', proxy));
  }

  /** As docs/operating.md has it. */
  async #makeDatabase(): Promise<void> {
    const client = await this.#superuser('db1');
    try {
      await client.query(`create role finestreta_owner login password 'secret'`);
      await client.query(`create role finestreta_runtime login password 'secret'`);
      await client.query('create database finestreta owner finestreta_owner');
      await client.query('revoke all on database finestreta from public');
      await client.query('grant connect on database finestreta to finestreta_runtime');
    } finally {
      await client.end();
    }
  }

  async #superuser(machine: Machine): Promise<pg.Client> {
    const place = `${addressOf(machine)}:${this.#ports.sql}`;
    const client = new pg.Client({
      connectionString: `postgres://postgres:SECRET-1@${place}/postgres?${this.#tls()}`,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  #tls(): string {
    return `sslmode=verify-full&sslrootcert=${this.authority}`;
  }

  address(login: Login, by: 'hosts' | 'proxy'): string {
    const { sql, proxy } = this.#ports;
    const both = (['db1', 'db2'] as const).map((each) => `${addressOf(each)}:${sql}`);
    const places = by === 'hosts' ? both.join() : `127.0.0.1:${proxy}`;
    return `postgres://${login}:secret@${places}/finestreta?target_session_attrs=read-write&${this.#tls()}`;
  }

  addressAt(machine: Machine): string {
    const place = `${addressOf(machine)}:${this.#ports.sql}`;
    return `postgres://finestreta_owner:secret@${place}/finestreta?${this.#tls()}`;
  }

  status(machine: Machine, path: string): Promise<number> {
    const place = { host: addressOf(machine), port: this.#ports.rest };
    const ca = readFileSync(this.authority);
    return new Promise((resolve) => {
      const asked = get({ ...place, path, ca, timeout: 2_000, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve(0));
    });
  }

  primary(): Promise<Machine> {
    return until(
      'there is a primary',
      async () => {
        for (const each of ['db1', 'db2'] as const)
          if ((await this.status(each, '/primary')) === 200) return each;
        return null;
      },
      90,
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.#said}`);
    });
  }

  async synchronous(): Promise<void> {
    const standby = (await this.primary()) === 'db1' ? 'db2' : 'db1';
    const isOne = async () => (await this.status(standby, '/synchronous')) === 200;
    await until(`${standby} confirms`, isOne, 120).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.#said}`);
    });
  }

  /** What runs on a machine: the programs, and the database. */
  #processes(machine: Any): number[] {
    const supervisors = ['etcd', 'patroni'].flatMap(
      (each) => this.#running.get(`${each} ${machine}`)?.pid ?? [],
    );
    const programs = supervisors.flatMap(childrenOf).filter((pid) => nameOf(pid) !== 'cat');
    const file = this.at(machine, 'cluster', 'postmaster.pid');
    const database = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null;
    const all = database ? [database, ...childrenOf(database)] : [];
    return [...programs, ...all];
  }

  #signal(machine: Any, name: NodeJS.Signals): void {
    for (const pid of this.#processes(machine)) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  async kill(machine: Machine): Promise<void> {
    this.#signal(machine, 'SIGKILL');
    for (const name of [`etcd ${machine}`, `patroni ${machine}`]) await this.#end(name);
  }

  freeze(machine: Machine): void {
    this.#signal(machine, 'SIGSTOP');
  }

  thaw(machine: Machine): void {
    this.#signal(machine, 'SIGCONT');
  }

  async start(machine: Machine): Promise<void> {
    this.#startEtcd(machine);
    this.#startPatroni(machine);
  }

  async promoted(machine: Machine): Promise<number> {
    const client = await this.#superuser(machine);
    try {
      await until(
        `${machine} is promoted`,
        async () => {
          const { rows } = await client.query('select pg_is_in_recovery() as standby');
          return !rows[0].standby;
        },
        120,
      );
      return performance.now();
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.#said}`);
    } finally {
      await client.end().catch(() => {});
    }
  }

  async #end(name: string): Promise<void> {
    const child = this.#running.get(name);
    this.#running.delete(name);
    if (!child || hasEnded(child)) return;
    child.stdin?.end();
    await ended(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#running.keys()].reverse()) await this.#end(name);
    this.#folder.remove();
  }
}

/** The name of a process's program. */
function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Starts all of it. Returns when a synchronous standby follows the primary, with an empty database. */
export async function startPatroni(): Promise<Patroni> {
  const cluster = new Cluster({
    sql: await freePort(),
    rest: await freePort(),
    client: await freePort(),
    peer: await freePort(),
    proxy: await freePort(),
  });
  try {
    await cluster.begin();
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}
