import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { addressOf, health } from './health.ts';

let server: Server | null = null;
let said = '';

afterEach(() => {
  vi.restoreAllMocks();
  server?.close();
  server = null;
  said = '';
});

/** Serves these statuses one after the other, the last one for good. @returns the port */
async function serveStatuses(...statuses: number[]): Promise<number> {
  server = createServer((_, answer) => {
    const status = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
    answer.writeHead(status).end('words\n');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function ask(port: number, options: Record<string, string> = {}, roles = ['web', 'worker']) {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
  }
  const config = { host: '127.0.0.1', port, roles: new Set(roles) };
  return health({ towns: [{ config }], options });
}

test('a server that can serve is ready', async () => {
  expect(await ask(await serveStatuses(200))).toBe(0);
  expect(said).toBe('ready\n');
});

test('a server that can not is said with its words', async () => {
  expect(await ask(await serveStatuses(503))).toBe(1);
  expect(said).toMatch(/answers 503: words/);
});

test('--wait asks again until it is ready', async () => {
  expect(await ask(await serveStatuses(503, 503, 200), { wait: '30' })).toBe(0);
});

test('where nobody listens, it says so', async () => {
  const port = await serveStatuses(200);
  await new Promise((resolve) => server?.close(resolve));
  expect(await ask(port)).toBe(1);
  expect(said).toMatch(/does not answer/);
});

test('a worker alone serves nothing that could be asked', async () => {
  expect(await ask(1, {}, ['worker'])).toBe(0);
});

test('a wait that is no number is refused', async () => {
  await expect(ask(1, { wait: 'long' })).rejects.toThrow('number of seconds');
  await expect(ask(1, { wait: '-1' })).rejects.toThrow('number of seconds');
});

test('a server that listens everywhere is asked on this machine', () => {
  const at = (host: string) => addressOf({ host, port: 3000 });
  expect(at('0.0.0.0')).toBe('http://127.0.0.1:3000/readyz');
  expect(at('::')).toBe('http://[::1]:3000/readyz');
  expect(at('10.0.0.5')).toBe('http://10.0.0.5:3000/readyz');
});
