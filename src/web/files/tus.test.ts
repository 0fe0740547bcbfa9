import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { takePart } from './tus.ts';

const headers = {
  ...{ 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0' },
  'Content-Type': 'application/offset+octet-stream',
};

test('one part of an upload at a time, three of a link, eight of an address, and a total limited by memory', async () => {
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  const app = new Hono().patch('/:address/:link/:id', (c) =>
    takePart(c, c.req.param(), async () => {
      await end;
      return { ok: true, received: 1 };
    }),
  );
  const send = async (path: string) => app.request(path, { method: 'PATCH', headers });
  const several = (count: number, pathOf: (nth: number) => string) =>
    Array.from({ length: count }, (_, nth) => send(pathOf(nth)));
  const taken = several(3, (nth) => `/library/a/${nth}`);
  expect((await send('/library/a/1')).status).toBe(409);
  const refused = await send('/home/a/3');
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '30']);
  taken.push(...several(5, (nth) => `/library/${nth}/0`));
  expect((await send('/library/b/0')).status).toBe(503);
  taken.push(...several(16, (nth) => `/home-${nth}/${nth}-/0`));
  expect((await send('/elsewhere/c/0')).status).toBe(503);
  finish();
  const statuses = (await Promise.all(taken)).map((each) => each.status);
  expect(new Set(statuses)).toEqual(new Set([204]));
  expect((await send('/library/a/1')).status).toBe(204);
});
