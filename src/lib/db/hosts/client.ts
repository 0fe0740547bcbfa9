import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { type Host, readAddress, type Sessions } from './address.ts';
import { aimAt, type Cluster, clusterOf, isRefusal } from './cluster.ts';
import { suits } from './facts.ts';
import { openSocket } from './names.ts';

/** The settings of a connection to whichever of several servers suits. */
interface Several extends pg.ConnectionConfig {
  hosts?: readonly Host[];
  sessions?: Sessions;
}

const ADDRESS = /^([^?#]*)\?([^#]*)(.*)$/s;

/**
 * Takes the settings of sessions (`options`) out of an address: the driver would take them in place of all others that a connection has.
 * The rest of the address stays as it is written.
 */
function withoutOptions(text: string): { url: string; options: string } {
  const [, place = text, query = '', rest = ''] = ADDRESS.exec(text) ?? [];
  const named = query.split('&').map((part) => ({ part, said: new URLSearchParams(part) }));
  // Of two of a name, the driver takes the last.
  const options = named.findLast(({ said }) => said.has('options'))?.said.get('options');
  if (options === undefined) return { url: text, options: '' };
  const others = named.filter(({ said }) => !said.has('options')).map(({ part }) => part);
  return {
    url: [place, others.join('&')].filter(Boolean).join('?') + rest,
    options: options ?? '',
  };
}

/**
 * Returns the settings of a connection for an address, which may name several servers: `DbClient` then finds the one to use.
 * @param text as `readAddress` takes it
 * @param unsaid which of several is wanted, if the address doesn't say; by default the one that can be written to
 */
export function connectionOf(text: string, unsaid: Sessions = 'read-write'): pg.ConnectionConfig {
  const { url, options } = withoutOptions(text);
  const own = options ? { options } : {};
  const address = readAddress(url);
  if (!address || (address.urls.length < 2 && address.sessions === null))
    return { connectionString: url, ...own };
  const { hosts, sessions } = address;
  const several: Several = {
    ...own,
    connectionString: address.urls[0]!,
    hosts,
    sessions: sessions ?? unsaid,
  };
  return several;
}

/** Returns the servers of a connection for which one is looked for; null: it has one. */
export const severalOf = (connection: pg.ConnectionConfig): readonly Host[] | null =>
  (connection as Several).hosts ?? null;

/** Milliseconds between two looks at whether an awaited answer is coming; after the second, the server is looked at by another connection. */
const LOOK_MS = 1_500;
/** Milliseconds of silence after which the system asks the other side whether it is there; it gives up ten seconds later. */
const KEEP_ALIVE_MS = 4_000;
/** Milliseconds that the server has to close a connection. */
const LEAVE_MS = 5_000;

const elsewhere = new WeakSet<Error>();

/** Returns whether no connection came about to a server that had just been found: another one may be the right one. */
export const mayBeElsewhere = (error: Error): boolean => elsewhere.has(error);

/** Parts of pg's client beyond its types. */
interface Wired {
  readyForQuery: boolean;
  /** From the first byte until somebody is signed in. */
  _connecting: boolean;
  _ending: boolean;
  connection: NodeJS.EventEmitter & { stream: Socket };
}

type Told = (error?: Error | null, client?: pg.Client) => void;

/**
 * The service's connection. `end` takes seconds at most, also when the server is silent. To an address with several servers it connects to
 * the one that suits, ends when that server no longer does or is gone, and then lets its cluster look again. When the server
 * says that the standby has not received a commit, that commit counts as failed.
 */
export class DbClient extends pg.Client {
  readonly #cluster: Cluster | null;
  readonly #config: Several;
  readonly #sessions: Sessions;

  constructor(config: Several = {}) {
    super({
      ...config,
      // A pool hides it from what lists its settings.
      password: config.password,
      stream: openSocket,
      // Without it, a wait for a machine that has vanished has no end.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    this.#config = config;
    this.#sessions = config.sessions ?? 'read-write';
    this.#cluster = config.hosts ? clusterOf(config.hosts, this.#sessions) : null;
    watchCommits(this);
    // What the server says beside any query, such as that it ends the connection, must not end the process: a pool that has ended listens no more.
    this.on('error', () => {});
  }

  /** Returns until when the certificate of the server is valid; null: the connection has no TLS. */
  certificateEnd(): Temporal.Instant | null {
    const { stream } = (this as unknown as Wired).connection;
    if (!(stream instanceof TLSSocket)) return null;
    const at = Date.parse(stream.getPeerCertificate().valid_to ?? '');
    return Number.isNaN(at) ? null : Temporal.Instant.fromEpochMilliseconds(at);
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    if (callback) {
      this.#find(callback as Told);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      this.#find((error) => (error ? reject(error) : resolve(this)));
    });
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | undefined {
    const wired = this as unknown as Wired;
    const { connection } = wired;
    // pg calls the callback of `connect` only with an error. A server that waits for a password logs pg's goodbye as an error, so the connection is cut instead.
    if (wired._connecting)
      connection.stream.destroy(
        new Error('Connection terminated: it was ended before it was made'),
      );
    // pg waits without end for a silent server.
    const late = setTimeout(() => connection.stream.destroy(), LEAVE_MS).unref();
    connection.once('end', () => clearTimeout(late));
    if (!callback) return super.end();
    super.end(callback);
    return undefined;
  }

  #find(told: Told): void {
    const cluster = this.#cluster;
    if (!cluster) {
      super.connect(told);
      return;
    }
    cluster.find(this.#config).then(
      (place) => this.#connectTo(place, cluster, told),
      (error: Error) => process.nextTick(told, error),
    );
  }

  #connectTo(place: Host, cluster: Cluster, told: Told): void {
    const { connection, _ending } = this as unknown as Wired;
    if (_ending || connection.stream.destroyed) {
      process.nextTick(told, new Error('Connection terminated before a server was found'));
      return;
    }
    aimAt(this, place);
    const said = readStatus(connection);
    this.#endWith(place, cluster);
    super.connect((error: Error | null) => {
      const isOn = (name: string) => said.get(name) === 'on';
      const isStandby = isOn('in_hot_standby');
      const facts = { isStandby, isReadOnly: isStandby || isOn('default_transaction_read_only') };
      const isRight = suits({ ...facts, timeline: 0 }, this.#sessions) > 0;
      if (!error && isRight) return told(null, this);
      cluster.doubt(place);
      if (!error) void this.end().catch(() => {});
      const why = error ?? new Error('Connection terminated: the server has another part by now');
      if (!isRefusal(why)) elsewhere.add(why);
      told(why);
    });
  }

  /** Ends with the server: when it is gone, silent, or can no longer be written to. */
  #endWith(place: Host, cluster: Cluster): void {
    const wired = this as unknown as Wired;
    const { connection } = wired;
    const cut = (error: Error) => {
      connection.stream.destroy(error);
    };
    const leave = cluster.join(place, { cut, heard: () => connection.stream.bytesRead });
    let heard = 0;
    let silent = 0;
    const looking = setInterval(() => {
      const { bytesRead } = connection.stream;
      silent = wired.readyForQuery || bytesRead !== heard ? 0 : silent + 1;
      heard = bytesRead;
      if (silent >= 2) void cluster.suspect(place, this.#config);
    }, LOOK_MS);
    looking.unref();
    connection.on('errorMessage', ({ code }: { code?: string }) => {
      // read_only_sql_transaction
      if (code !== '25006' || this.#sessions !== 'read-write') return;
      cluster.doubt(place);
      process.nextTick(cut, new Error('Connection terminated: the server can only be read'));
    });
    connection.once('end', () => {
      clearInterval(looking);
      leave();
      if (!wired._ending) cluster.doubt(place);
    });
  }
}

/** Collects what the server says of itself at the beginning, and when it changes: PostgreSQL 14 and newer say whether they can be written to. */
function readStatus(connection: NodeJS.EventEmitter): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  type Status = { parameterName: string; parameterValue: string };
  connection.on('parameterStatus', ({ parameterName, parameterValue }: Status) => {
    said.set(parameterName, parameterValue);
  });
  return said;
}

/**
 * A commit whose wait for the standby is ended by somebody stands on the primary only, and PostgreSQL reports it as done, with a warning
 * ("canceling wait for synchronous replication"): who asked must not be told that it is.
 */
function watchCommits(client: pg.Client): void {
  client.on('notice', ({ routine }) => {
    if (routine !== 'SyncRepWaitForLSN') return;
    const { connection } = client as unknown as Wired;
    const words = 'Connection terminated: the standby did not confirm what was written';
    connection.emit('error', new Error(words));
    connection.stream.destroy();
  });
}
