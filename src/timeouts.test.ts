import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { expect, test } from 'vitest';
import {
  applyTimeouts,
  type Coming,
  connectionLimits,
  cutUnread,
  isWaitedFor,
  limitConnections,
  mostConnections,
  oneByOne,
  TIMEOUTS,
} from './timeouts.ts';

const PAPERS = '/ca/oac/cita/AbC-1/documents';
const flowing = 15_000;

test.each<[string, Coming, boolean]>([
  ['a form within a minute', { method: 'POST', url: '/ca/oac', seconds: 45, bytes: 0 }, true],
  ['a form after it', { method: 'POST', url: '/ca/oac', seconds: 60, bytes: flowing }, false],
  ['a file that flows', { method: 'POST', url: PAPERS, seconds: 1_785, bytes: flowing }, true],
  [
    'a file of a line',
    { method: 'POST', url: `${PAPERS}?for=dni`, seconds: 90, bytes: flowing },
    true,
  ],
  [
    'a part of one',
    { method: 'PATCH', url: `${PAPERS}/upload/1-2`, seconds: 90, bytes: flowing },
    true,
  ],
  [
    'a result of the staff’s',
    { method: 'POST', url: '/console/oac/appointment/1/documents', seconds: 90, bytes: flowing },
    true,
  ],
  ['a file that stands', { method: 'POST', url: PAPERS, seconds: 15, bytes: 14_999 }, false],
  ['a file for ever', { method: 'POST', url: PAPERS, seconds: 1_800, bytes: flowing }, false],
  [
    'what only looks like one',
    { method: 'POST', url: `${PAPERS}/code`, seconds: 60, bytes: flowing },
    false,
  ],
  ['a page', { method: 'GET', url: PAPERS, seconds: 60, bytes: flowing }, false],
])('%s', (_, coming, expected) => expect(isWaitedFor(coming)).toBe(expected));

test('a slow request gets an answer and is disconnected; a complete one never is', async () => {
  const server = createServer((request, response) => {
    request.on('error', () => {});
    request.resume();
    // A complete request may be answered late.
    if (request.method === 'GET') server.once('slow one gone', () => response.end('at last'));
  });
  applyTimeouts(server, () => false, 0.01);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const say = (text: string) => {
    const line = connect(port, '127.0.0.1');
    const heard: Buffer[] = [];
    line.on('data', (bytes: Buffer) => heard.push(bytes));
    line.write(text);
    return once(line, 'close').then(() => Buffer.concat(heard).toString());
  };
  const patient = say('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const slow = say('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf');
  expect(await slow).toMatch(/^HTTP\/1.1 408 /);
  server.emit('slow one gone');
  expect(await patient).toContain('at last');
  server.close();
});

/** Opens a connection that says this, and reads nothing when it is not to. */
function sayTo(port: number, text: string, isReading: boolean, localAddress = '127.0.0.1') {
  const line = connect({ port, host: '127.0.0.1', localAddress });
  let heard = 0;
  line.on('error', () => {});
  line.on('data', (bytes: Buffer) => {
    heard += bytes.length;
  });
  if (!isReading) line.pause();
  line.write(text);
  return { line, heard: () => heard };
}

test('whoever takes nothing of an answer is disconnected; whoever waits for one, or takes it slowly, is not', async () => {
  const large = Buffer.alloc(64 * 1024 * 1024, 'x');
  let late: ServerResponse | null = null;
  const cut = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    if (request.url === '/unread') response.once('close', cut.resolve);
    if (request.url === '/late') late = response;
    else response.end(large);
  });
  cutUnread(server, 1_000);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, isReading: boolean) =>
    sayTo(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, isReading);
  const waiting = ask('/late', true);
  const slow = ask('/', false);
  const taking = setInterval(() => slow.line.read(), 5);
  const unread = ask('/unread', false);
  await cut.promise;
  expect(unread.heard()).toBe(0);
  clearInterval(taking);
  slow.line.resume();
  await once(slow.line, 'close');
  expect(slow.heard()).toBeGreaterThan(large.length);
  late!.end('at last');
  await once(waiting.line, 'close');
  expect(waiting.heard()).toBeGreaterThan(0);
  unread.line.destroy();
  server.close();
});

test('the requests of a connection are answered one after the other, and too many at once end it', async () => {
  const under = new Set<string>();
  let most = 0;
  let begun = 0;
  const fetch = oneByOne(async ({ url }) => {
    begun++;
    under.add(url);
    most = Math.max(most, under.size);
    await new Promise(setImmediate);
    under.delete(url);
    return new Response('x'.repeat(1_000));
  });
  const server = createAdaptorServer({ fetch }) as Server;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const requests = (many: number, more = '') =>
    Array.from({ length: many }, (_, n) => `GET /${n} HTTP/1.1\r\nHost: x\r\n${more}\r\n`).join('');
  const few = sayTo(port, requests(9) + requests(1, 'Connection: close\r\n'), true);
  await once(few.line, 'close');
  expect([begun, most]).toEqual([10, 1]);
  expect(few.heard()).toBeGreaterThan(10_000);
  const many = sayTo(port, requests(500), true);
  await once(many.line, 'close');
  expect(begun).toBeLessThan(10 + 17);
  server.close();
});

test('a process keeps files for its database, and ends connections that wait when others come', async () => {
  const limits = (files: string) => `Max open files            ${files}                files`;
  expect(mostConnections(limits('1024                 524288'))).toBe(768);
  expect(mostConnections(limits('20000                20000'))).toBe(15_000);
  expect(mostConnections(limits('256                  256'))).toBe(128);
  expect(mostConnections(limits('unlimited            unlimited'))).toBeNull();
  expect(mostConnections('')).toBeNull();

  const server = createServer((_request, response) => response.end('done'));
  limitConnections(server, { most: 2, mostEach: null });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const idle = await Promise.all(
    [1, 2].map(async () => {
      const one = sayTo(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', true);
      await expect.poll(one.heard).toBeGreaterThan(0);
      return one;
    }),
  );
  const ends = idle.map(({ line }) => once(line, 'close'));
  const refused = sayTo(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', true);
  await Promise.all([...ends, once(refused.line, 'close')]);
  expect(refused.heard()).toBe(0);
  const next = sayTo(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', true);
  await once(next.line, 'close');
  expect(next.heard()).toBeGreaterThan(0);
  server.close();
});

test('at the limit, connections on which nothing was ever sent end before those of proxies', async () => {
  const server = createServer((_request, response) => response.end('done'));
  limitConnections(server, { most: 3, mostEach: null });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = sayTo(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', true);
  await expect.poll(proxy.heard).toBeGreaterThan(0);
  const silent: ReturnType<typeof sayTo>[] = [];
  for (const _ of [1, 2]) {
    const accepted = once(server, 'connection');
    silent.push(sayTo(port, '', true));
    await accepted;
  }
  const first = once(silent[0]!.line, 'close');
  const refused = sayTo(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', true);
  await Promise.all([first, once(refused.line, 'close')]);
  const before = proxy.heard();
  proxy.line.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(proxy.heard).toBeGreaterThan(before);
  expect(silent[1]!.line.destroyed).toBe(false);
  for (const { line } of [proxy, ...silent]) line.destroy();
  server.close();
});

test('one address has a part of the connections, and its silent ones give way first', async () => {
  expect(connectionLimits({ trustedProxies: 1 }).mostEach).toBeNull();
  const { most, mostEach } = connectionLimits({ trustedProxies: 0 });
  expect(mostEach).toBeLessThanOrEqual((most ?? Number.POSITIVE_INFINITY) / 2);

  const server = createServer((_request, response) => response.write('begun'));
  limitConnections(server, { most: 6, mostEach: 3 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const open = async (from: string, text = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n') => {
    const accepted = once(server, 'connection');
    const one = sayTo(port, text, true, from);
    await accepted;
    return one;
  };
  const stranger = '127.0.0.2';
  const silent = await open(stranger, '');
  const first = await open(stranger);
  await expect.poll(first.heard).toBeGreaterThan(0);
  const before = await open(stranger);
  await expect.poll(before.heard).toBeGreaterThan(0);
  const ended = once(silent.line, 'close');
  const next = await open(stranger);
  await ended;
  await expect.poll(next.heard).toBeGreaterThan(0);
  const tooMany = await open(stranger);
  await once(tooMany.line, 'close');
  expect(tooMany.heard()).toBe(0);
  const neighbour = await open('127.0.0.3');
  await expect.poll(neighbour.heard).toBeGreaterThan(0);
  // What it closes it may open again.
  const closed = once(first.line, 'close');
  first.line.destroy();
  await closed;
  await expect
    .poll(async () => {
      const again = await open(stranger);
      await Promise.race([once(again.line, 'close'), once(again.line, 'data')]);
      return again.heard();
    })
    .toBeGreaterThan(0);
  server.closeAllConnections();
  server.close();
});

test('a refusal looks at no connection again on which something was sent', () => {
  const server = new EventEmitter() as Server;
  limitConnections(server, { most: null, mostEach: 1_000 });
  let looks = 0;
  const connect = (bytes: number) => {
    const socket = new EventEmitter() as Socket;
    const read = () => {
      looks++;
      return bytes;
    };
    Object.defineProperty(socket, 'bytesRead', { get: read });
    Object.assign(socket, { remoteAddress: '192.0.2.1', destroyed: false });
    socket.destroy = () => Object.assign(socket, { destroyed: true });
    server.emit('connection', socket);
    return socket;
  };
  const silent = connect(0);
  for (let n = 1; n < 1_000; n++) connect(10);
  expect(connect(10).destroyed).toBe(false);
  expect(silent.destroyed).toBe(true);
  silent.emit('close');
  for (let n = 0; n < 500; n++) expect(connect(10).destroyed).toBe(true);
  expect(looks).toBeLessThan(3_000);
});

test('an idle connection stays for longer than the proxies keep theirs', () => {
  const { keepAliveTimeout } = createServer(TIMEOUTS);
  const kept = [
    ['nginx.conf', /^upstream [^}]*\bkeepalive_timeout (\d+)s;/m],
    ['Caddyfile', /^\t\ttransport http [^}]*\bkeepalive (\d+)s$/m],
  ] as const;
  for (const [name, setting] of kept) {
    const file = readFileSync(join(import.meta.dirname, '../deploy/proxies', name), 'utf8');
    const seconds = Number(setting.exec(file)?.[1]);
    expect(seconds, name).toBeGreaterThan(0);
    // Time for what is on its way.
    expect(keepAliveTimeout, name).toBeGreaterThan((seconds + 10) * 1_000);
  }
});
