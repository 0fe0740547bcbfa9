import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { POSTGRES_BIN, postgresAccount } from '../postgres.ts';
import {
  childrenOf,
  ended,
  freePort,
  hasEnded,
  isRoot,
  keep,
  nameOf,
  ROOT,
  temporaryFolder,
  until,
} from '../processes.ts';
import { put } from '../proxies/kinds.ts';
import { accepts } from '../proxies/proxy.ts';
import {
  type Any,
  addressOf,
  deployed,
  filesOf,
  here,
  MACHINES,
  type Machine,
  type Ports,
} from './deployed.ts';

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
  /** Stops Patroni and its server in good order, and starts it again; etcd goes on. */
  stopPatroni(machine: Machine): Promise<void>;
  startPatroni(machine: Machine): void;
  /** The port of each server. */
  port: number;
  /** A place of a machine. */
  at(machine: Any, ...names: string[]): string;
  /** Gives it to the database's account. */
  own(machine: Any, ...names: string[]): void;
  /** Writes a file there that only the database's account may read. */
  write(machine: Any, name: string, text: string): void;
  /** Runs a command there as the database's account. Returns what it said. @throws with that when it fails */
  run(machine: Machine, program: string, words: readonly string[], input?: string): Promise<string>;
  /** Resolves when the server on this machine takes writes, with the time (`performance.now`). */
  promoted(machine: Machine): Promise<number>;
  /** What Patroni says of this machine, by the status of an address of its REST interface. */
  status(machine: Machine, path: string): Promise<number>;
  /** The authority of all certificates. */
  authority: string;
}

export type Login = 'finestreta_owner' | 'finestreta_runtime';

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
  readonly port: number;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.port = ports.sql;
  }

  at(...names: string[]): string {
    return join(this.#folder.path, ...names);
  }

  write(machine: Any, name: string, text: string): void {
    const path = this.at(machine, name);
    writeFileSync(path, text, { mode: 0o600 });
    this.own(machine, name);
  }

  own(machine: Any, ...names: string[]): void {
    const { uid, gid } = this.#user;
    if (uid !== undefined && gid !== undefined) chownSync(this.at(machine, ...names), uid, gid);
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
      this.startPatroni(machine);
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
      this.own(machine, ...each);
    }
    for (const kind of ['crt', 'key'])
      this.write(machine, `own.${kind}`, readFileSync(this.at(`${machine}.${kind}`), 'utf8'));
    const files = filesOf(machine, this.#ports, {
      authority: this.authority,
      folder: this.at(machine),
    });
    for (const [name, text] of Object.entries(files)) this.write(machine, name, text);
  }

  /** The environment of what runs on a machine. */
  #environment(machine: Any): Record<string, string> {
    return {
      PATH: `${POSTGRES_BIN}:/usr/bin:/bin:/usr/sbin`,
      HOME: this.at(machine, 'home'),
      CLUSTER: this.at(machine, 'cluster'),
      PGBACKREST_CONFIG: this.at(machine, 'pgbackrest.conf'),
    };
  }

  #run(name: string, machine: Any, program: string, ...words: string[]): void {
    const etcd = readFileSync(this.at(machine, 'etcd.env'), 'utf8').match(/^ETCD_.*=.*$/gm) ?? [];
    const settings = program === '/usr/bin/etcd' ? etcd : [];
    const env = {
      ...this.#environment(machine),
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

  startPatroni(machine: Machine): void {
    this.#run(`patroni ${machine}`, machine, '/usr/bin/patroni', this.at(machine, 'config.yml'));
  }

  async #startProxy(): Promise<void> {
    const { sql, rest, proxy } = this.#ports;
    const text = put(here(deployed('haproxy.cfg'), { '5432': sql, '5433': proxy }), {
      '/etc/haproxy/database-ca.crt': this.authority,
      'port 8008': `port ${rest}`,
    });
    this.write('db3', 'haproxy.cfg', text);
    this.#run('haproxy', 'db3', '/usr/sbin/haproxy', '-db', '-f', this.at('db3', 'haproxy.cfg'));
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

  readonly #withWords = (error: Error): never => {
    throw new Error(`${error.message}\n${this.#said}`);
  };

  primary(): Promise<Machine> {
    return until(
      'there is a primary',
      async () => {
        for (const each of ['db1', 'db2'] as const)
          if ((await this.status(each, '/primary')) === 200) return each;
        return null;
      },
      90,
    ).catch(this.#withWords);
  }

  async synchronous(): Promise<void> {
    const standby = (await this.primary()) === 'db1' ? 'db2' : 'db1';
    const isOne = async () => (await this.status(standby, '/synchronous')) === 200;
    await until(`${standby} confirms`, isOne, 120).catch(this.#withWords);
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
    this.startPatroni(machine);
  }

  async stopPatroni(machine: Machine): Promise<void> {
    const name = `patroni ${machine}`;
    const child = this.#running.get(name);
    for (const pid of childrenOf(child?.pid ?? 0).filter((each) => nameOf(each) === 'patroni'))
      process.kill(pid, 'SIGTERM');
    const file = this.at(machine, 'cluster', 'postmaster.pid');
    await until(`the server of ${machine} has stopped`, () => !existsSync(file));
    await this.#end(name);
  }

  async run(
    machine: Machine,
    program: string,
    words: readonly string[],
    input = '',
  ): Promise<string> {
    const child = spawn(program, words, {
      ...this.#user,
      env: this.#environment(machine),
      cwd: this.at(machine),
    });
    // It may end without having read it.
    child.stdin.on('error', () => {}).end(input);
    const [status, out, err] = await Promise.all([
      ended(child),
      text(child.stdout),
      text(child.stderr),
    ]);
    if (status !== 0) throw new Error(`${program} ${words.join(' ')}:\n${out}${err}`);
    return out;
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
      return this.#withWords(error as Error);
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
