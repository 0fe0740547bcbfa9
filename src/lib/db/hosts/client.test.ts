import { type EventEmitter, once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Issued, issueCertificate } from '../../../../e2e/support/identity/certificates.ts';
import { isUnavailable } from '../database.ts';
import { closeGates, openGate } from '../testing/gate.ts';
import { testLogins } from '../testing.ts';
import { formatHost } from './address.ts';
import { connectionOf, DbClient } from './client.ts';
import { triesElsewhere } from './elsewhere.ts';

afterAll(closeGates);

/** Where nobody listens: a port that no program is given by chance. */
const dead = 1;

/** A server asks for the password (PostgreSQL 18, 54.7: AuthenticationSASL). */
const SASL = Buffer.from('R\0\0\0\u0017\0\0\0\u000aSCRAM-SHA-256\0\0', 'latin1');

const addressOf = (ports: readonly number[], more = '') => {
  const { user, password, database } = testLogins().runtime;
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join();
  return `postgres://${user}:${password}@${hosts}/${database}${more}`;
};

describe('a connection to several servers', () => {
  test('finds the one that answers, alone and in a pool', async () => {
    const { port } = await openGate();
    const connection = connectionOf(addressOf([dead, port], '?target_session_attrs=read-write'));
    const client = new DbClient(connection);
    await client.connect();
    expect(client.port).toBe(port);
    await client.end();
    const pool = new pg.Pool({ ...connection, Client: DbClient, max: 2 });
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  test('doesn’t end the process when the server ends what a pool has given up', async () => {
    const { port } = await openGate();
    const [client, other] = [0, 1].map(() => new DbClient(connectionOf(addressOf([port]))));
    for (const each of [client!, other!]) await each.connect();
    const { rows } = await client!.query('select pg_backend_pid() as pid');
    const ended = new Promise<void>((resolve) => client!.on('end', () => resolve()));
    await other!.query('select pg_terminate_backend($1)', [rows[0].pid]);
    await ended;
    await other!.end();
  });

  test('says of each why it is not the one, and that this passes', async () => {
    const { port } = await openGate();
    const address = addressOf([dead, port], '?target_session_attrs=standby');
    const error = await new DbClient(connectionOf(address)).connect().catch((each) => each);
    expect(String(error)).toMatch(/127\.0\.0\.1:\d+: ECONNREFUSED.*; 127\.0\.0\.1:\d+: a primary/);
    expect(String(error)).not.toContain(testLogins().runtime.password);
    expect(isUnavailable(error)).toBe(true);
  });

  test('a wrong password at all of them stays what it is', async () => {
    const [one, two] = [await openGate(), await openGate()];
    const address = addressOf([one.port, two.port]).replace(/:[^:@]+@/, ':wrong@');
    const error = await new DbClient(connectionOf(address)).connect().catch((each) => each);
    expect(error).toMatchObject({ code: '28P01' });
    expect(isUnavailable(error)).toBe(false);
  });

  test('ends when the server can no longer be written to', async () => {
    const { port } = await openGate();
    const pool = new pg.Pool({ ...connectionOf(addressOf([dead, port])), Client: DbClient });
    pool.on('error', () => {});
    const client = await pool.connect();
    client.on('error', () => {});
    await client.query('begin read only');
    const error = await client.query('create temporary table x ()').catch((each) => each);
    expect(error).toMatchObject({ code: '25006' });
    expect(isUnavailable(error)).toBe(true);
    await expect(client.query('rollback')).rejects.toThrow(/Connection terminated|not queryable/);
    client.release();
    expect(pool.totalCount).toBe(0);
    await pool.end();
  });

  test('which has vanished: all connections to it end, and others take their place', async () => {
    const [first, second] = [await openGate(), await openGate()];
    const pool = new pg.Pool({
      ...connectionOf(addressOf([first.port, second.port])),
      Client: DbClient,
      max: 3,
    });
    pool.on('error', () => {});
    const open = await Promise.all([pool.connect(), pool.connect()]);
    expect(open.map(({ port }) => port)).toEqual([first.port, first.port]);
    const [busy, idle] = open;
    busy!.on('error', () => {});
    idle!.release();
    first.freeze();
    await expect(busy!.query('select 1')).rejects.toThrow(/Connection terminated.*timeout/);
    busy!.release();
    expect(pool.totalCount).toBe(0);
    const next = await pool.connect();
    expect(next.port).toBe(second.port);
    next.release();
    await pool.end();
  }, 30_000);

  test('in a pool, another is tried where one connect fails, and nobody is told of it', async () => {
    const [first, second] = [await openGate(), await openGate()];
    const settings = connectionOf(addressOf([first.port, second.port]));
    const pool = triesElsewhere(new pg.Pool({ ...settings, Client: DbClient, max: 2 }));
    const kept = await pool.connect();
    expect(kept.port).toBe(first.port);
    first.refuse();
    const next = await pool.connect();
    expect(next.port).toBe(second.port);
    next.release(true);
    const all = Array.from({ length: 5 }, () => pool.query('select 1'));
    expect(pool.totalCount).toBeLessThanOrEqual(2);
    await Promise.all(all);
    kept.release();
    await pool.end();
  });

  test('in a pool that is being ended, no other is tried, and whoever waits is told', async () => {
    const [first, second] = [await openGate(), await openGate()];
    const settings = connectionOf(addressOf([first.port, second.port]));
    const pool = triesElsewhere(new pg.Pool({ ...settings, Client: DbClient, max: 2 }));
    await pool.query('select 1');
    const kept = await pool.connect();
    first.refuse();
    const late = pool.connect().then(
      () => null,
      (error: Error) => error,
    );
    const ended = pool.end();
    expect(await late).toBeInstanceOf(Error);
    kept.release();
    await ended;
  });

  test('one that is slow stays connected', async () => {
    const { port } = await openGate();
    const client = new DbClient(connectionOf(addressOf([port, dead])));
    await client.connect();
    expect((await client.query('select 1 as one from pg_sleep(4)')).rows).toEqual([{ one: 1 }]);
    await client.end();
  }, 30_000);
});

describe('a connection that ends', () => {
  test('doesn’t wait for a server that is silent', async () => {
    const gate = await openGate();
    const clients = [1, 2].map(() => new DbClient(connectionOf(addressOf([gate.port]))));
    await Promise.all(clients.map((each) => each.connect()));
    gate.freeze();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [one, other] = clients as [DbClient, DbClient];
    const ended = [one.end(), new Promise<unknown>((resolve) => other.end(resolve))];
    vi.advanceTimersByTime(5_000);
    vi.useRealTimers();
    await Promise.all(ended);
  });

  test('while it connects to a silent server, it tells whoever waits for it', async () => {
    const gate = await openGate();
    gate.freeze();
    const client = new DbClient(connectionOf(addressOf([gate.port])));
    const made = client.connect().catch((error: Error) => error);
    await client.end();
    expect(isUnavailable(await made)).toBe(true);
  });

  test('while its server asks for the password says nothing more to it', async () => {
    const { promise: said, resolve: hasSaid } = Promise.withResolvers<Buffer[]>();
    const server = createServer((socket) => {
      const after: Buffer[] = [];
      socket.once('data', () => {
        socket.write(SASL);
        socket.on('data', (bytes: Buffer) => after.push(bytes)).on('close', () => hasSaid(after));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new DbClient(connectionOf(addressOf([port])));
    const ended = new Promise<void>((resolve) => {
      const { connection } = client as unknown as { connection: EventEmitter };
      connection.prependListener('authenticationSASL', () => resolve(client.end()));
    });
    const made = client.connect().catch((error: Error) => error);
    await ended;
    expect(isUnavailable(await made)).toBe(true);
    expect(Buffer.concat(await said)).toHaveLength(0);
    server.close();
  });

  test('while its server is looked for is not made any more', async () => {
    const [first, second] = [await openGate(), await openGate()];
    const client = new DbClient(connectionOf(addressOf([first.port, second.port])));
    const made = client.connect().catch((error: Error) => error);
    await client.end();
    expect(isUnavailable(await made)).toBe(true);
  });
});

test('a connection to one server, too, asks whether its machine is there', async () => {
  const asking = vi.spyOn(Socket.prototype, 'setKeepAlive');
  const { port } = await openGate();
  const client = new DbClient(connectionOf(addressOf([port])));
  await client.connect();
  expect(asking).toHaveBeenCalledWith(true, 4_000);
  await client.end();
  asking.mockRestore();
});

describe('several servers by TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const from = Temporal.Now.instant().subtract({ hours: 1 });
  const times = { from, until: from.add({ hours: 24 }) };
  const authority = () => issueCertificate({ subject: 'CN=CA', authority: {}, ...times });
  const named = (by: Issued, host: string) =>
    issueCertificate({ subject: 'CN=database', by, hosts: [host], ...times });
  let root: Issued;
  beforeAll(async () => {
    root = await authority();
    writeFileSync(join(folder, 'ca.pem'), root.pem);
  });
  const portOf = async (places: string, mode: string) => {
    const { user, password, database } = testLogins().runtime;
    const query = `target_session_attrs=read-write&sslmode=${mode}&sslrootcert=${folder}/ca.pem`;
    const address = `postgres://${user}:${password}@${places}/${database}?${query}`;
    const client = new DbClient(connectionOf(address));
    client.on('error', () => {});
    await client.connect();
    const end = client.certificateEnd();
    await client.end();
    // X.509 counts in seconds.
    expect(end?.epochMilliseconds).toBe(Math.floor(times.until.epochMilliseconds / 1_000) * 1_000);
    return client.port;
  };

  test.each(['verify-full', 'require'])(
    '%s: the second is found when the first is down',
    async (mode) => {
      const { port } = await openGate(await named(root, '127.0.0.1'));
      expect(await portOf(`localhost:${dead},127.0.0.1:${port}`, mode)).toBe(port);
    },
  );

  test.each(['verify-full', 'require'])(
    '%s: each certificate is compared with its own name',
    async (mode) => {
      const own = await named(root, 'localhost');
      const [first, second] = [await openGate(own), await openGate(own)];
      // The first is not called that, so it is not asked for a password.
      expect(await portOf(`127.0.0.1:${first.port},localhost:${second.port}`, mode)).toBe(
        second.port,
      );
      const none = portOf(`localhost:${dead},127.0.0.1:${first.port}`, mode);
      await expect(none).rejects.toThrow(
        /no server takes what is written.*IP: 127\.0\.0\.1 is not in/,
      );
    },
  );

  test.each(['verify-full', 'require'])('%s: one of another authority is none', async (mode) => {
    const { port } = await openGate(await named(await authority(), 'localhost'));
    await expect(portOf(`localhost:${dead},localhost:${port}`, mode)).rejects.toThrow(
      /no server takes what is written.*certificate/,
    );
  });
});

test('a connection without TLS has no certificate', async () => {
  const client = new DbClient(testLogins().runtime);
  await client.connect();
  expect(client.certificateEnd()).toBeNull();
  await client.end();
});

test('an address with one server is left as it is', () => {
  const address = 'postgres://u:p@a/d?sslmode=verify-full';
  expect(connectionOf(address)).toEqual({ connectionString: address });
  expect(connectionOf(`${address}&target_session_attrs=primary`)).toMatchObject({
    hosts: [{ host: 'a', port: 5432 }],
  });
  expect(formatHost({ host: '::1', port: 5432 })).toBe('[::1]:5432');
});

test('nothing connects past it', () => {
  const files = globSync('src/**/*.ts').filter(
    (each) => !/\.(test|fixture)\.ts$|testing/.test(each),
  );
  const past = files.filter((each) => {
    const text = readFileSync(each, 'utf8');
    const isPool = /new pg\.Pool\(/.test(text) && !/Client: \w*Client\b/.test(text);
    return isPool || /new pg\.Client\(/.test(text);
  });
  // The look at each server, and the driver's reading of an address.
  expect(past.sort()).toEqual(['src/lib/db/hosts/cluster.ts', 'src/lib/encryption.ts']);
});
