import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { freePort } from '../../../../e2e/support/processes.ts';
import { formatCaseEvent } from '../../../web/api/shapes/cases.ts';
import { formatWebhook } from '../../../web/api/words.ts';
import { hookWorld } from './testing.ts';

const world = await hookWorld({ appointment: formatWebhook, case: formatCaseEvent });
const folder = await mkdtemp(join(tmpdir(), 'webhook-guide-'));
let child: ChildProcess | undefined;
afterAll(async () => {
  child?.kill();
  await rm(folder, { recursive: true });
  await world.database.close();
});

test('the receiver in docs/api.md believes what we send, once, and nothing else', async () => {
  const guide = await readFile('docs/api.md', 'utf8');
  const example = /```ts\n(import \{ createServer[\s\S]*?)```/.exec(guide)?.[1] ?? '';
  // Outside the project's folder the package isn't found by its name.
  const library = pathToFileURL('node_modules/standardwebhooks/dist/index.js').href;
  const file = join(folder, 'receiver.mts');
  await writeFile(file, example.replace("'standardwebhooks'", `'${library}'`));

  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const id = await world.add(url, { kinds: ['booked'] });
  const secret = (await world.webhooks.secret(world.viewer('administrator'), id)) ?? '';
  const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret };
  const said: string[] = [];
  child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout?.on('data', (chunk) => said.push(String(chunk)));
  const isThere = () => fetch(url, { method: 'POST', body: '{}' }).then((answer) => answer.status);
  await expect.poll(() => isThere().catch(() => 0), { timeout: 20_000 }).toBe(400);

  const { reference } = await world.book();
  const worker = world.worker();
  await worker.drain();
  const open = async () =>
    (await world.webhooks.open(world.viewer('administrator'), id))?.deliveries[0];
  const first = await open();
  expect(first?.status).toBe(204);
  const again = { kind: 'again', delivery: first?.id ?? '' } as const;
  await world.webhooks.act(world.viewer('administrator'), id, again);
  await worker.drain();
  expect((await open())?.status).toBe(204);
  await expect.poll(() => said.join('')).toBe(`appointment.booked ${reference}\n`);
});
