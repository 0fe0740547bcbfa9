import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collected } from '../process/testing.ts';
import type { EventStream, Streams } from './streams.ts';

// As in a process that served before: the marker of a sent answer is then another one.
createAdaptorServer({ fetch: () => new Response() });
const { writeDirectly } = await import('./direct.ts');
const { createStreams } = await import('./streams.ts');

/** An answer as something between the stream and the server made it: with a header of its own, and made anew. */
const passedOn = ({ body, status, headers }: Response): Response => {
  const more = new Headers(headers);
  more.set('X-More', 'yes');
  more.append('Set-Cookie', 'a=1');
  more.append('Set-Cookie', 'b=2');
  return new Response(body, { status, headers: more });
};

let streams: Streams;
let server: Server;
let opened: { stream: EventStream; stopped: ReturnType<typeof vi.fn>; answer: WeakRef<Response> }[];
beforeEach(async () => {
  streams = createStreams();
  opened = [];
  server = createAdaptorServer({
    fetch: writeDirectly(async ({ url }) => {
      if (!url.endsWith('/stream')) return new Response('short');
      const stopped = vi.fn();
      let given: EventStream | undefined;
      const begin = async (stream: EventStream) => {
        given = stream;
        stream.send({ event: 'hello', data: {} });
        return stopped;
      };
      const answer = await streams.open({ of: 'somebody', mayGoOn: async () => true, begin });
      const passed = passedOn(answer!);
      opened.push({ stream: given!, stopped, answer: new WeakRef(passed) });
      return passed;
    }),
  }) as Server;
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  streams.close();
  server.closeAllConnections();
  server.close();
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test('what is written comes at once and with all headers, and a stream that ends ends the answer', async () => {
  const answer = await fetch(`${address()}/stream`);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
    'x-more': 'yes',
  });
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const hear = async (text: string) => {
    while (!heard.includes(text)) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`It ended after ${heard}`);
      heard += value;
    }
  };
  await hear('event: hello\ndata: {}\n\n');
  opened[0]?.stream.send({ event: 'news', id: 7, data: { text: 'Pràctica' } });
  await hear('event: news\nid: 7\ndata: {"text":"Pràctica"}\n\n');
  streams.close();
  expect((await reader.read()).done).toBe(true);
  expect(opened[0]?.stopped).toHaveBeenCalledTimes(1);
});

test('one who leaves ends the stream; an answer that is no stream is left alone', async () => {
  const leaving = new AbortController();
  await fetch(`${address()}/stream`, { signal: leaving.signal });
  expect(streams.count()).toBe(1);
  expect(await (await fetch(`${address()}/page`)).text()).toBe('short');
  leaving.abort();
  await expect.poll(() => streams.count()).toBe(0);
  expect(opened[0]?.stopped).toHaveBeenCalledTimes(1);
});

test('one who reads nothing is disconnected', async () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  socket.pause();
  await expect.poll(() => opened).toHaveLength(1);
  const data = { text: 'x'.repeat(10_000) };
  const afterMore = () => {
    for (let n = 0; n < 100; n++) opened[0]?.stream.send({ event: 'n', data });
    return streams.count();
  };
  await expect.poll(afterMore).toBe(0);
  expect(opened[0]?.stopped).toHaveBeenCalledTimes(1);
  socket.destroy();
});

test('one who is gone before the answer leaves nothing behind', async () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  server.prependOnceListener('request', (_, response) => response.destroy());
  socket.on('error', () => {});
  socket.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => opened[0]?.stopped).toHaveBeenCalledTimes(1);
  expect(streams.count()).toBe(0);
});

test('an open stream doesn’t keep the answer', async () => {
  const answer = await fetch(`${address()}/stream`);
  await expect.poll(() => collected(opened[0]!.answer)).toBe(true);
  expect(streams.count()).toBe(1);
  await answer.body?.cancel();
});
