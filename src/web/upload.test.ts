import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { readFileForm } from './upload.ts';

const MEGABYTE = 1_000_000;
const app = new Hono().post('*', async (c) => {
  const read = await readFileForm(c, 200 * MEGABYTE);
  return c.text(read.ok ? 'ok' : read.reason);
});
app.onError((_, c) => c.text('none', 415));
const cuts: (() => void)[] = [];
/** A form that says how long it is, and then sends nothing. */
const idle = (path: string, megabytes: number) => {
  const body = new ReadableStream({ start: (line) => void cuts.push(() => line.close()) });
  const headers = {
    'Content-Type': 'multipart/form-data; boundary=x',
    'Content-Length': String(megabytes * MEGABYTE),
  };
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
  return Promise.resolve(app.request(path, init)).then((answer) => answer.text());
};

test('forms that send nothing keep neither the staff nor the largest file out', async () => {
  const all = [idle('/ca/a/1', 190)];
  expect(await idle('/ca/a/1', 1)).toBe('busy');
  expect(await idle('/ca/a/2', 20)).toBe('busy');
  all.push(idle('/console/oac/1', 190));
  expect(await idle('/console/oac/2', 20)).toBe('busy');
  for (const cut of cuts) cut();
  await Promise.all(all);
  const again = idle('/ca/a/1', 190);
  cuts.at(-1)?.();
  expect(await again).not.toBe('busy');
});
