import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownHost } from './own-host.ts';

const OWN = 'cita.vilaclara.cat';
let refused: string[];
let server: Server;

function start(baseUrl: string): void {
  const app = new Hono();
  app.use(ownHost(baseUrl, (_, what) => refused.push(what)));
  for (const path of ['/healthz', '/ca']) app.get(path, (c) => c.text('in'));
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
}

/** Sends request lines unchanged and returns the status. */
async function ask(...lines: string[]): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  let answer = '';
  for await (const part of socket) answer += part;
  return Number(answer.split(' ')[1]);
}

beforeEach(() => {
  refused = [];
});
afterEach(() => void server.close());

describe('over https', () => {
  beforeEach(() => start(`https://${OWN}`));

  test.each([OWN, `${OWN}:443`, OWN.toUpperCase()])('the host %s is accepted', async (host) => {
    expect(await ask('GET /ca HTTP/1.1', `Host: ${host}`)).toBe(200);
    expect(refused).toEqual([]);
  });

  test.each(['evil.example', `${OWN}:8443`, '127.0.0.1:3000', `me@${OWN}`, `${OWN}.evil.example`])(
    'the host %s is refused',
    async (host) => {
      expect(await ask('GET /ca HTTP/1.1', `Host: ${host}`)).toBe(400);
    },
  );

  test('two hosts are refused, in any order, also two equal ones', async () => {
    const [own, other] = [`Host: ${OWN}`, 'Host: evil.example'];
    expect(await ask('GET /ca HTTP/1.1', own, other)).toBe(400);
    expect(await ask('GET /ca HTTP/1.1', other, own)).toBe(400);
    expect(await ask('GET /ca HTTP/1.1', own, own)).toBe(400);
    expect(refused).toEqual(['two', 'two', 'two']);
  });

  test('an address with another host is refused though the header is right', async () => {
    expect(await ask('GET http://evil.example/ca HTTP/1.1', `Host: ${OWN}`)).toBe(400);
  });

  test('health is served under any name, but not with two', async () => {
    expect(await ask('GET /healthz HTTP/1.1', 'Host: 10.0.0.5:3000')).toBe(200);
    expect(await ask('GET /healthz HTTP/1.1', 'Host: 10.0.0.5', `Host: ${OWN}`)).toBe(400);
  });
});

test('over http on this machine any name is accepted, but not two', async () => {
  start('http://localhost:3000');
  expect(await ask('GET /ca HTTP/1.1', 'Host: 127.0.0.1:3000')).toBe(200);
  expect(await ask('GET /ca HTTP/1.1', 'Host: localhost', 'Host: localhost')).toBe(400);
});
