import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { ClamdAddress } from '../../lib/clamd.ts';
import { NO_CLAMD, openClamd } from '../../lib/testing/clamd.ts';
import { aboutAntivirus } from './antivirus.ts';

const NOW = Temporal.Instant.from('2026-11-30T08:00:00Z');

const about = async (address: ClamdAddress) =>
  (await aboutAntivirus(address, NOW)).map(({ state, words }) => `${state}: ${words}`).join('\n');

test.skipIf(NO_CLAMD)(
  'a real clamd finds the test file; after kill, it does not answer',
  async () => {
    await using clamd = await openClamd();
    expect(await about(clamd.address)).toMatch(/^warning: .* no official ones.$/);
    await clamd.kill();
    expect(await about(clamd.address)).toMatch(/^wrong: .* documents wait for it.$/);
  },
);

test.skipIf(NO_CLAMD)('one with Debian’s settings hides files that it doesn’t scan', async () => {
  const debian = ['StreamMaxLength 25M', 'MaxFileSize 25M', 'MaxScanSize 100M'];
  await using clamd = await openClamd(debian);
  expect(await about(clamd.address)).toMatch(/wrong: .*in part only.*warning: .* 100 MB \(size\)/s);
  await using other = await openClamd(['MaxFileSize 25M', 'AlertExceedsMax yes']);
  expect(await about(other.address)).toMatch(/100 MB \(Heuristics.Limits.Exceeded.MaxFileSize\)/);
  expect(await about(other.address)).not.toContain('in part only');
});

test.each([
  ['stream: Eicar-Test-Signature FOUND', 'Sun Nov 29', 'right', 'of 2026-11-29'],
  ['stream: Eicar-Test-Signature FOUND', 'Sun Nov  1', 'warning', '29 days old'],
  ['stream: OK', 'Sun Nov 29', 'wrong', 'EICAR'],
  ['stream: Can’t create temporary file ERROR', 'Sun Nov 29', 'wrong', 'does not look'],
])('one that says %s, with signatures of %s: %s', async (found, day, state, words) => {
  const answers: Record<string, string> = {
    'zPING\0': 'PONG',
    'zVERSION\0': `ClamAV 1.4.6/27815/${day} 09:24:11 2026`,
  };
  const server = createServer((socket) =>
    socket.once('data', (data) => socket.end(`${answers[data.toString()] ?? found}\0`)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const [finding] = await aboutAntivirus({ host: '127.0.0.1', port }, NOW);
  expect(finding).toMatchObject({ state, words: expect.stringContaining(words) });
  server.close();
});
