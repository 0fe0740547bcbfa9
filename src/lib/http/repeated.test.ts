import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerAgain, completeOnce, firstAnswer, type Repeated, writeDirectly } from './direct.ts';

let page: Repeated;
let completed: number;
let server: Server;
beforeEach(async () => {
  page = { body: new TextEncoder().encode('the page'), first: null };
  completed = 0;
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    await completeOnce(
      () => c.res,
      async () => {
        completed++;
        c.res.headers.set('X-Frame-Options', 'DENY');
      },
    );
  });
  app.use('/for-one', async (c, next) => {
    await next();
    c.header('Set-Cookie', 'life=1', { append: true });
  });
  app.get('*', (c) => {
    const again = answerAgain(page);
    if (again) return again;
    c.header('Content-Security-Policy', "default-src 'none'");
    return firstAnswer(c.body(page.body), page);
  });
  const fetch = writeDirectly((request, bindings?: object) => app.fetch(request, bindings));
  server = createAdaptorServer({ fetch }) as Server;
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Came {
  status: number | undefined;
  /** As they came, in lower case; without the time. */
  headers: Record<string, unknown>;
  text: string;
}

async function ask(path = '/', method = 'GET'): Promise<Came> {
  const { port } = server.address() as AddressInfo;
  const asked = request({ port, path, method }).end();
  const [answer] = await once(asked, 'response');
  const { date: _, ...headers } = answer.headers;
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, headers, text };
}

test('an answer that was sent before has the same headers and the same body', async () => {
  const first = await ask();
  expect(first.headers).toMatchObject({
    'x-frame-options': 'DENY',
    'content-security-policy': "default-src 'none'",
    'content-length': '8',
  });
  const again = await ask();
  expect(again).toEqual(first);
  expect(again.text).toBe('the page');
  expect(completed).toBe(1);
});

test('to a HEAD request it says the same, without its body', async () => {
  const first = await ask('/', 'HEAD');
  await ask();
  const again = await ask('/', 'HEAD');
  expect(again).toEqual(first);
  expect(again.text).toBe('');
  expect(again.headers['x-frame-options']).toBe('DENY');
});

test('a header that is added to it is sent, and has no effect on others', async () => {
  for (const _ of ['first', 'again']) {
    const own = await ask('/for-one');
    expect(own.headers).toMatchObject({ 'set-cookie': ['life=1'], 'x-frame-options': 'DENY' });
    expect(own.headers['content-security-policy']).toBe("default-src 'none'");
    expect(own.text).toBe('the page');
    const others = await ask();
    expect(others.headers['set-cookie']).toBeUndefined();
    expect(others.headers['x-frame-options']).toBe('DENY');
  }
});

test('a first answer with a cookie is no pattern for others', async () => {
  const answer = firstAnswer(new Response(page.body, { headers: { 'Set-Cookie': 'a=1' } }), page);
  await completeOnce(
    () => answer,
    async () => {},
  );
  expect(answerAgain(page)).toBeNull();
});
