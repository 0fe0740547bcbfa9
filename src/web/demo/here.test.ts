import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { isHere } from './here.ts';

const app = (trustedProxies: number) =>
  new Hono().get('/', (c) => c.text(isHere(c, trustedProxies) ? 'here' : 'elsewhere'));

const ask = async (from: string, headers: Record<string, string>, trustedProxies = 0) => {
  const socket = { remoteAddress: from, remotePort: 1, remoteFamily: 'IPv4' };
  const given = { Host: 'localhost:3000', ...headers };
  const answer = await app(trustedProxies).request(
    '/',
    { headers: given },
    { incoming: { socket } },
  );
  return answer.text();
};

test.each([
  ['127.0.0.1', {}, 'here'],
  ['::1', { Host: '[::1]:3000' }, 'here'],
  ['::ffff:127.0.0.1', { Host: '127.0.0.1:3000' }, 'here'],
  // Somebody in the same network.
  ['192.168.1.33', {}, 'elsewhere'],
  // A page whose name leads to this machine (DNS rebinding).
  ['127.0.0.1', { Host: 'rebound.example:3000' }, 'elsewhere'],
  // Through a proxy on this machine.
  ['127.0.0.1', { 'X-Forwarded-For': '203.0.113.7' }, 'elsewhere'],
  ['127.0.0.1', { Forwarded: 'for=203.0.113.7' }, 'elsewhere'],
] as const)('%s with %o is %s', async (from, headers, where) => {
  expect(await ask(from, headers)).toBe(where);
});

test('is nobody where proxies are trusted, and nobody without an address', async () => {
  for (const from of ['127.0.0.1', '192.168.1.33']) {
    expect(await ask(from, { 'X-Forwarded-For': '127.0.0.1' }, 1)).toBe('elsewhere');
    expect(await ask(from, {}, 1)).toBe('elsewhere');
  }
  expect(await (await app(0).request('/', { headers: { Host: 'localhost' } })).text()).toBe(
    'elsewhere',
  );
});
