import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, apiClient } from '../support/api.ts';
import { startBookers } from '../support/bookers.ts';
import { ROOT, temporaryFolder, until } from '../support/processes.ts';
import { writeTown } from '../support/proving-town.ts';
import { type RunningServer, startServer } from '../support/server.ts';

/** Connections of each kind, and bookings beside them. */
const MANY = { waiting: 3_000, unread: 200, heads: 150, bodies: 150, bookings: 60 };
/** Memory of the process that the slow ones may take together, in MB. */
const MOST_MB = 200;
/** How often an unread connection asks for the largest file. */
const PIPELINED = 12;
const ASSETS = join(ROOT, 'dist', 'public', 'assets');
const LARGE = readdirSync(ASSETS).toSorted(
  (a, b) => statSync(join(ASSETS, b)).size - statSync(join(ASSETS, a)).size,
)[0];

const folder = temporaryFolder();
let server: RunningServer;
let client: ApiClient;
const open: Socket[] = [];

beforeAll(async () => {
  server = await startServer({ env: { TOWN_FILE: writeTown(folder.path, 40) } });
  client = await apiClient(server);
});
afterAll(async () => {
  client?.close();
  await server?.stop();
  folder.remove();
});

const filesOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;
const memoryOf = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Opens connections, each from one of 200 addresses of this machine. `begin`: what each does first; resolves when it is as slow as it is to be. */
async function openMany(many: number, begin: (socket: Socket) => Promise<void> | void) {
  let left = many;
  const work = async () => {
    while (left-- > 0) {
      const localAddress = `127.0.8.${(left % 200) + 1}`;
      const socket = connect({ port: server.port, host: '127.0.0.1', localAddress });
      open.push(socket);
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('connect', resolve));
      await begin(socket);
    }
  };
  await Promise.all(Array.from({ length: 50 }, work));
}

const request = (line: string, more = '') => `${line} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

describe('thousands who wait, hundreds who read nothing or write byte by byte', () => {
  it('keep nobody from booking, and take a bounded part of memory and files', async () => {
    // Not the first: it takes a while until they are wanted, and the clock is the real one.
    const starts = (await client.slots(20)).slice(50).map((each) => each.start);
    const before = { files: filesOf(server.pid), memory: memoryOf(server.pid) };
    await openMany(MANY.waiting, (socket) => {
      socket.write(request('GET /healthz'));
      return new Promise((resolve) => socket.once('data', () => resolve()));
    });
    await openMany(MANY.unread, (socket) => {
      socket.pause();
      socket.write(request(`GET /assets/${LARGE}`).repeat(PIPELINED));
    });
    await openMany(MANY.heads, (socket) => {
      socket.write('GET /ca HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    });
    const form = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n';
    await openMany(MANY.bodies, (socket) => {
      socket.write(`${request('POST /ca/oac/prova/times', form)}start=`);
    });
    const slow = open.slice(-MANY.heads - MANY.bodies);
    const trickle = setInterval(() => {
      for (const each of slow) if (each.writable) each.write('x');
    }, 500);

    const bookers = startBookers(client, starts, 8);
    await bookers.booked(MANY.bookings);
    await bookers.stop();
    clearInterval(trickle);
    const during = { files: filesOf(server.pid), memory: memoryOf(server.pid) };
    const connections = MANY.waiting + MANY.unread + MANY.heads + MANY.bodies;
    expect(bookers.wrong).toEqual([]);
    expect(bookers.unanswered).toEqual([]);
    expect(during.files - before.files).toBeGreaterThan(connections * 0.9);
    expect(during.files - before.files).toBeLessThan(connections + 100);
    expect(during.memory - before.memory).toBeLessThan(MOST_MB);

    for (const each of open) each.destroy();
    await until('the files are closed', () => filesOf(server.pid) < before.files + 50);
    process.stdout.write(
      `${connections} connections: ${(during.memory - before.memory).toFixed(0)} MB, ${during.files - before.files} files\n`,
    );
  });
});
