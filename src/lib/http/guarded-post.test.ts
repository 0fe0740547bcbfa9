import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AddressKind, kindOfAddress } from './address-kind.ts';
import { guardedPost } from './guarded-post.ts';

let asked = 0;
let port = 0;
const server = createServer((_request, response) => {
  asked++;
  response.writeHead(204).end();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const post = (url: string, allowed: AddressKind[] = [], addresses: string[] = []) =>
  guardedPost(
    { url: new URL(url), headers: { 'Content-Type': 'application/json' }, body: '{}' },
    {
      allowed: new Set(allowed),
      timeoutMs: 10_000,
      resolve: async () =>
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    },
  );

test.each([
  ['8.8.8.8', 'public'],
  ['93.184.216.34', 'public'],
  ['172.32.0.1', 'public'],
  ['2a00:1450:4003:80f::200e', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd00::1', 'private'],
  ['fc00::1', 'private'],
  ['0.0.0.0', 'never'],
  ['169.254.169.254', 'never'],
  ['224.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
  ['192.0.2.1', 'never'],
  ['::', 'never'],
  ['fe80::1', 'never'],
  ['ff02::1', 'never'],
  ['2001:db8::1', 'never'],
  ['64:ff9b::10.0.0.1', 'never'],
  ['64:ff9b::a9fe:a9fe', 'never'],
  ['2002:a00:1::', 'never'],
  ['::10.0.0.1', 'never'],
  ['::ffff:169.254.169.254', 'never'],
])('%s is %s', (address, kind) => {
  expect(kindOfAddress(address)).toBe(kind);
});

describe('nothing is sent to', () => {
  test.each([
    'http://127.0.0.1',
    'http://[::1]',
    'http://10.0.0.1',
    'http://192.168.0.1',
    'http://169.254.169.254/latest/meta-data/',
    'http://0.0.0.0',
    'http://[::ffff:10.0.0.1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://2130706433', // 127.0.0.1 as one number
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
  ])('%s', async (address) => {
    asked = 0;
    const url = new URL(address);
    url.port = String(port);
    expect(await post(url.href)).toEqual({ ok: false, reason: 'refused_address' });
    expect(asked).toBe(0);
  });

  test.each([
    ['10.0.0.1'],
    ['127.0.0.1'],
    ['::ffff:10.0.0.1'],
    ['fd12:3456::1'],
    ['8.8.8.8', '127.0.0.1'], // one of several is enough
  ])('a name that resolves to %s', async (...addresses) => {
    asked = 0;
    const result = await post(`http://crm.example:${port}`, [], addresses);
    expect(result).toEqual({ ok: false, reason: 'refused_address' });
    expect(asked).toBe(0);
  });

  test.each(['169.254.169.254', '0.0.0.0', 'fe80::1'])(
    '%s, not even with the own network allowed',
    async (address) => {
      const result = await post('http://crm.example', ['private', 'loopback'], [address]);
      expect(result).toEqual({ ok: false, reason: 'refused_address' });
    },
  );

  test('a name that doesn’t resolve', async () => {
    expect(await post('http://crm.example')).toEqual({ ok: false, reason: 'refused_address' });
  });
});

test('the checked address is the one connected to: the name is not resolved again', async () => {
  asked = 0;
  // `crm.invalid` never resolves (RFC 6761): only the checked address can lead there.
  const result = await post(`http://crm.invalid:${port}`, ['loopback'], ['127.0.0.1']);
  expect(result).toEqual({ ok: true, status: 204 });
  expect(asked).toBe(1);
});

test('a server that is away, or has no TLS, is no connection', async () => {
  for (const url of ['http://crm.invalid:1', `https://crm.invalid:${port}`]) {
    const result = await post(url, ['loopback'], ['127.0.0.1']);
    expect(result).toEqual({ ok: false, reason: 'no_connection' });
  }
});

test('an unknown name is reported as such', async () => {
  const result = await guardedPost(
    { url: new URL('https://crm.example'), headers: {}, body: '' },
    {
      allowed: new Set(),
      timeoutMs: 10_000,
      resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    },
  );
  expect(result).toEqual({ ok: false, reason: 'no_such_host' });
});
