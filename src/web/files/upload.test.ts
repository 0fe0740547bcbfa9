import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { readFileForm } from './upload.ts';

const MEGABYTE = 1_000_000;
const app = new Hono().post('*', async (c) => {
  const from = { link: c.req.path, address: c.req.header('X-From') ?? '' };
  using read = await readFileForm(c, 200 * MEGABYTE, from);
  if (read.ok) await sealing;
  return c.text(read.ok ? 'ok' : read.reason);
});
/** Processing the files waits for this. */
let sealing: Promise<void> | null = null;
app.onError((_, c) => c.text('none', 415));
const cuts: (() => void)[] = [];
/** Sends a form that announces its length, and then sends nothing. */
const idle = (path: string, megabytes: number, from = 'home') => {
  const body = new ReadableStream({ start: (line) => void cuts.push(() => line.close()) });
  const headers = {
    'Content-Type': 'multipart/form-data; boundary=x',
    'Content-Length': String(megabytes * MEGABYTE),
    'X-From': from,
  };
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
  return Promise.resolve(app.request(path, init)).then((answer) => answer.text());
};
const cutAll = async (all: Promise<string>[]) => {
  for (const cut of cuts.splice(0)) cut();
  return Promise.all(all);
};

test('forms that send nothing block neither the staff nor the largest file', async () => {
  const all = [idle('/ca/a/1', 190)];
  expect(await idle('/ca/a/1', 1)).toBe('busy');
  expect(await idle('/ca/a/2', 20)).toBe('busy');
  all.push(idle('/console/oac/1', 190));
  expect(await idle('/console/oac/2', 20)).toBe('busy');
  await cutAll(all);
  const again = idle('/ca/a/1', 190);
  cuts.pop()?.();
  expect(await again).not.toBe('busy');
});

test('an address with many links blocks nobody else', async () => {
  const all = [idle('/ca/a/1', 20, 'library')];
  expect(await idle('/ca/a/2', 20, 'library')).toBe('busy');
  all.push(idle('/ca/a/2', 10, 'library'));
  for (const nth of [1, 2, 3]) all.push(idle(`/ca/b/${nth}`, 25, `home ${nth}`));
  // The complete body isn't a valid form.
  expect(new Set(await cutAll(all))).toEqual(new Set(['none']));
});

test('read data count until they are sealed', async () => {
  const { promise, resolve: sealed } = Promise.withResolvers<void>();
  sealing = promise;
  const send = () => {
    const form = new FormData();
    form.append('file', new File(['x'], 'x.txt'));
    const { body, headers } = new Response(form);
    const type = headers.get('Content-Type') ?? '';
    const init = {
      ...{ method: 'POST', body, duplex: 'half' },
      headers: { 'Content-Type': type, 'Content-Length': '300', 'X-From': 'home' },
    } as RequestInit;
    return Promise.resolve(app.request('/ca/a/9', init)).then((answer) => answer.text());
  };
  const first = send();
  await expect.poll(send).toBe('busy');
  sealed();
  expect(await first).toBe('ok');
  expect(await send()).toBe('ok');
});
