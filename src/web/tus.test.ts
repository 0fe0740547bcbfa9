import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { takePart } from './tus.ts';

const headers = {
  ...{ 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0' },
  'Content-Type': 'application/offset+octet-stream',
};

test('of one upload a part is taken at a time, and of all of them no more than there is memory for', async () => {
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  const app = new Hono().patch('/:id', (c) =>
    takePart(c, async () => {
      await end;
      return { ok: true, received: 1 };
    }),
  );
  const send = async (id: number) => app.request(`/${id}`, { method: 'PATCH', headers });
  const taken = Array.from({ length: 24 }, (_, id) => send(id));
  expect((await send(3)).status).toBe(409);
  const refused = await send(99);
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '30']);
  finish();
  const statuses = (await Promise.all(taken)).map((each) => each.status);
  expect(new Set(statuses)).toEqual(new Set([204]));
  expect((await send(3)).status).toBe(204);
});
