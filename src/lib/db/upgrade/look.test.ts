import { afterAll, expect, test, vi } from 'vitest';
import { readHostAt } from '../../../features/foundation/offices/views.ts';
import { connectionOf } from '../hosts/client.ts';
import { readLogin } from '../logins.ts';
import { checkServer } from '../reach.ts';
import { closeGates, openGate } from '../testing/gate.ts';
import { testLogins } from '../testing.ts';
import { readUpToDate } from './look.ts';

afterAll(closeGates);

test.each<[string, (url: string) => Promise<unknown>]>([
  ['its version', checkServer],
  ['its login', (url) => readLogin(connectionOf(url))],
  ['its host', (url) => readHostAt(connectionOf(url))],
  ['its tables', (url) => readUpToDate(connectionOf(url), 'migrations')],
])('a look at %s ends when the server falls silent', async (_, look) => {
  const asked = Promise.withResolvers<void>();
  const { port } = await openGate(undefined, asked.resolve);
  const { user, password, database } = testLogins().runtime;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const seen = look(`postgres://${user}:${password}@127.0.0.1:${port}/${database}`).catch(String);
  await asked.promise;
  vi.advanceTimersByTime(30_000);
  vi.useRealTimers();
  expect(await seen).toContain('Query read timeout');
});
