import { afterEach, expect, test, vi } from 'vitest';
import { createStreams, type EventStream, type Streams } from './streams.ts';

let streams: Streams = createStreams();
afterEach(() => streams.close());

/** Opens a stream, by default without any limit, and returns its controls. */
async function open(how: { of?: string; mayGoOn?: () => Promise<boolean> } = {}) {
  const stopped = vi.fn();
  let given: EventStream | undefined;
  const response = await streams.open({
    of: how.of ?? 'somebody',
    mayGoOn: how.mayGoOn ?? (async () => true),
    begin: async (stream) => {
      given = stream;
      return stopped;
    },
  });
  return {
    response,
    stopped,
    send: (n: number | string) => given?.send({ event: 'n', id: 7, data: { n } }),
  };
}

test('sends events as they are written, and ends cleanly', async () => {
  streams = createStreams();
  const { response, send, stopped } = await open();
  send(7);
  streams.close();
  expect(await response?.text()).toMatch(/^retry: \d+\n\nevent: n\nid: 7\ndata: \{"n":7\}\n\n$/);
  expect(response?.headers.get('Cache-Control')).toBe('no-store');
  expect(response?.headers.get('X-Accel-Buffering')).toBe('no');
  expect(stopped).toHaveBeenCalledTimes(1);
});

test('keeps a silent stream alive, and ends it when its owner may no longer have it', async () => {
  streams = createStreams({ beatMs: 2 });
  let may = true;
  let asked = 0;
  const mayGoOn = async () => {
    asked++;
    return may;
  };
  const { response, stopped } = await open({ mayGoOn });
  const text = response?.text();
  await expect.poll(() => asked).toBeGreaterThan(1);
  may = false;
  expect(await text).toMatch(/^retry: \d+\n\n(:\n\n)+$/);
  expect(stopped).toHaveBeenCalledTimes(1);
});

test('continues when the permission can’t be checked', async () => {
  streams = createStreams({ beatMs: 2 });
  let asked = 0;
  const mayGoOn = () => Promise.reject(new Error(`away ${asked++}`));
  const { response, stopped } = await open({ mayGoOn });
  void response?.text();
  await expect.poll(() => asked).toBeGreaterThan(2);
  expect(stopped).not.toHaveBeenCalled();
});

test('one person has at most ten; one that ends makes room', async () => {
  streams = createStreams();
  const mine = [];
  for (let n = 0; n < 10; n++) mine.push(await open());
  expect((await open()).response).toBeNull();
  expect((await open({ of: 'another' })).response).not.toBeNull();
  await mine[3]?.response?.body?.cancel();
  expect(mine[3]?.stopped).toHaveBeenCalledTimes(1);
  expect((await open()).response).not.toBeNull();
  expect((await open()).response).toBeNull();
});

test('a client that stops to read is disconnected; one that hasn’t begun gets all there is', async () => {
  streams = createStreams();
  const long = 'x'.repeat(1_000);
  const { send, stopped, response } = await open();
  const reader = response!.body!.getReader();
  for (let n = 0; n < 2_000; n++) send(long);
  expect(stopped).not.toHaveBeenCalled();
  expect((await reader.read()).value!.length).toBeGreaterThan(2_000_000);
  for (let n = 0; n < 2_000; n++) send(long);
  expect(stopped).toHaveBeenCalledTimes(1);
});

test('a stream that nobody begins to read, as after a request by HEAD, ends after a while', async () => {
  streams = createStreams({ beatMs: 2 });
  const { stopped } = await open();
  await expect.poll(() => stopped).toHaveBeenCalledTimes(1);
});

test('a stream that takes long to begin has all that was sent meanwhile', async () => {
  streams = createStreams({ beatMs: 2 });
  let checks = 0;
  const mayGoOn = async () => ++checks > 0;
  const response = await streams.open({
    of: 'somebody',
    mayGoOn,
    begin: async (stream) => {
      // Three rounds: a stream that nobody reads ends after one.
      await expect.poll(() => checks).toBeGreaterThan(2);
      stream.send({ event: 'n', data: {} });
      return () => {};
    },
  });
  const text = response?.text();
  streams.close();
  expect(await text).toMatch(/\n\nevent: n\ndata: \{\}\n\n$/);
});

test('an error at the beginning is thrown and leaves nothing behind', async () => {
  streams = createStreams();
  const failing = () =>
    streams.open({
      of: 'somebody',
      mayGoOn: async () => true,
      begin: () => Promise.reject(new Error('no')),
    });
  for (let n = 0; n < 11; n++) await expect(failing()).rejects.toThrow('no');
  expect((await open()).response).not.toBeNull();
});

test('opened while it is being closed, it ends at once', async () => {
  streams = createStreams();
  streams.close();
  const { response, stopped } = await open();
  expect(await response?.text()).toMatch(/^retry/);
  expect(stopped).toHaveBeenCalledTimes(1);
});
