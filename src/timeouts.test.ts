import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyTimeouts, type Coming, isWaitedFor, TIMEOUTS } from './timeouts.ts';

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
