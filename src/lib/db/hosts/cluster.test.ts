import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { clusterOf } from './cluster.ts';

/** How a server answers a connection. */
type Manner =
  /** As a primary of this timeline, once this is over. */
  | { timeline: number; after?: Promise<unknown> }
  /** With an error instead of a login. */
  | { refuses: string }
  /** Not at all: it ends the connection. */
  | 'hangs up';

/** Parts of PostgreSQL's protocol (PostgreSQL 17, 53.7, Message Formats). */
const int16 = (n: number) => Buffer.from([n >> 8, n & 255]);
const int32 = (n: number) => Buffer.from([n >> 24, n >> 16, n >> 8, n]);
const message = (type: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const READY = message('Z', Buffer.from('I'));
const SIGNED_IN = Buffer.concat([message('R', int32(0)), READY]);
const refusal = (code: string) => message('E', Buffer.from(`SFATAL\0C${code}\0Mno\0\0`));
const factsOf = (timeline: number) => {
  const columns: [string, number, string][] = [
    ['isStandby', 16, 'f'],
    ['isReadOnly', 16, 'f'],
    ['timeline', 23, String(timeline)],
  ];
  const described = columns.flatMap(([name, type]) => [
    ...[Buffer.from(`${name}\0`), int32(0), int16(0), int32(type)],
    ...[int16(-1), int32(-1), int16(0)],
  ]);
  const row = columns.flatMap(([, , text]) => [int32(text.length), Buffer.from(text)]);
  return Buffer.concat([
    message('T', int16(columns.length), ...described),
    message('D', int16(columns.length), ...row),
    message('C', Buffer.from('SELECT 1\0')),
    READY,
  ]);
};

const ending: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const each of ending.splice(0)) each();
});

/** A server that answers the question who is the primary, and nothing else. */
async function standIn(first: Manner) {
  const sockets = new Set<Socket>();
  const left = Promise.withResolvers<void>();
  const stand = { manner: first, connections: 0, left: left.promise, place: { host: '', port: 0 } };
  const server = createServer((socket) => {
    const { manner } = stand;
    sockets.add(socket.on('error', () => {}).on('close', () => left.resolve()));
    stand.connections++;
    if (manner === 'hangs up') return socket.destroy();
    socket.once('data', () => {
      if ('refuses' in manner) return socket.end(refusal(manner.refuses));
      socket.write(SIGNED_IN);
      socket.once('data', async () => {
        await manner.after;
        socket.write(factsOf(manner.timeline));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.push(() => {
    for (const each of sockets) each.destroy();
    server.close();
  });
  stand.place = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  return stand;
}

const login = { connectionString: 'postgres://u@unused/d' };

test('a server that was silent is left only when it is gone: not when it has no connection left, or answers others', async () => {
  const stand = await standIn({ timeline: 1 });
  const cluster = clusterOf([stand.place], 'read-write');
  const cut = vi.fn();
  let bytes = 0;
  cluster.join(stand.place, { cut, heard: () => bytes });
  const isCut = async (manner: Manner) => {
    stand.manner = manner;
    cut.mockClear();
    await cluster.suspect(stand.place, login);
    return cut.mock.calls.length > 0;
  };
  expect(await isCut({ timeline: 1 })).toBe(false);
  // No connection left; a login that was just changed; no such database.
  for (const refuses of ['53300', '28P01', '28000', '3D000'])
    expect(await isCut({ refuses }), refuses).toBe(false);
  // It is being shut down, or was and starts again.
  for (const refuses of ['57P01', '57P03']) expect(await isCut({ refuses }), refuses).toBe(true);
  expect(await isCut('hangs up')).toBe(true);
  cluster.join(stand.place, { cut: () => {}, heard: () => bytes++ });
  expect(await isCut('hangs up')).toBe(false);
});

test('a process that has seen no server yet waits for all, and takes the one of the later time', async () => {
  const old = await standIn({ timeline: 4 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const promoted = await standIn({
    timeline: 5,
    after: old.left.then(() => vi.advanceTimersByTimeAsync(1_000)),
  });
  const cluster = clusterOf([old.place, promoted.place], 'read-write');
  expect(await cluster.find(login)).toEqual(promoted.place);
});

test('callers share one look, also who comes soon after one that found nothing', async () => {
  const stand = await standIn({ refuses: '53300' });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const cluster = clusterOf([stand.place], 'read-write');
  await expect(cluster.find(login)).rejects.toThrow('53300');
  await vi.advanceTimersByTimeAsync(150);
  await expect(cluster.find(login)).rejects.toThrow('53300');
  expect(stand.connections).toBe(1);
  await vi.advanceTimersByTimeAsync(60);

  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  stand.manner = { timeline: 1, after: released };
  const first = cluster.find(login);
  await vi.advanceTimersByTimeAsync(200);
  const second = cluster.find(login);
  release();
  expect(await Promise.all([first, second])).toEqual([stand.place, stand.place]);
  expect(stand.connections).toBe(2);
});
