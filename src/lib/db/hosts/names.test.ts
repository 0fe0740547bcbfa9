import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSocket, rememberNames } from './names.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Told = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
const address = (last: number): LookupAddress => ({ address: `192.0.2.${last}`, family: 4 });

/** A resolver that answers when it is told to, and what was heard of it. */
function resolver() {
  const asked: Told[] = [];
  const lookup = rememberNames((_host, _options, told) => asked.push(told));
  const heard: string[] = [];
  const ask = (all = true) =>
    lookup('db.example', { all }, (error, found) =>
      heard.push(
        error ? String(error.code) : typeof found === 'string' ? found : (found[0]?.address ?? ''),
      ),
    );
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
  return { asked, ask, heard, settle };
}

test('a name that was found is found while the resolver says nothing, after a second', async () => {
  const { asked, ask, heard, settle } = resolver();
  ask();
  await settle(60_000);
  expect(heard).toEqual([]);
  asked[0]?.(null, [address(1)]);
  await settle();
  ask();
  await settle(999);
  expect(heard).toEqual(['192.0.2.1']);
  await settle(1);
  expect(heard).toEqual(['192.0.2.1', '192.0.2.1']);
  // The one question is still under way: no other waits behind it.
  ask(false);
  expect(asked).toHaveLength(2);
  asked[1]?.(null, [address(2)]);
  await settle();
  expect(heard.at(-1)).toBe('192.0.2.2');
});

test('no answer is no news; that there is no such name is', async () => {
  const { asked, ask, heard, settle } = resolver();
  const failed = (code: string) => Object.assign(new Error(code), { code });
  ask();
  asked[0]?.(failed('EAI_AGAIN'), []);
  await settle();
  ask();
  asked[1]?.(null, [address(1)]);
  await settle();
  ask();
  asked[2]?.(failed('EAI_AGAIN'), []);
  await settle();
  ask();
  asked[3]?.(failed('ENOTFOUND'), []);
  await settle();
  expect(heard).toEqual(['EAI_AGAIN', '192.0.2.1', '192.0.2.1', 'ENOTFOUND']);
  // Nor is it where it was when the resolver says nothing after that.
  ask();
  await settle(60_000);
  expect(heard).toHaveLength(4);
});

test('a socket for pg connects to a name, and to a file', async () => {
  vi.useRealTimers();
  const folder = mkdtempSync(join(tmpdir(), 'finestreta-'));
  for (const at of [{ port: 0, host: 'localhost' }, { path: join(folder, 'socket') }]) {
    const server = createServer((line) => line.end('hello'));
    await once(server.listen(at), 'listening');
    const address = server.address();
    const socket = openSocket();
    if (address !== null && typeof address === 'object') socket.connect(address.port, 'localhost');
    else socket.connect(String(address));
    const [heard] = await once(socket, 'data');
    expect(String(heard)).toBe('hello');
    socket.destroy();
    server.close();
  }
  rmSync(folder, { recursive: true });
});
