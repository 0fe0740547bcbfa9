import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Seat, type SeatListener } from './seat.ts';

const listener: SeatListener = {
  ...{ room: vi.fn(), signal: vi.fn(), message: vi.fn() },
  ...{ unsaid: vi.fn(), online: vi.fn(), ended: vi.fn() },
};
const SEATED = { ok: true, status: 200, json: async () => ({ seat: 's1' }) };
let fetching: ReturnType<typeof vi.fn>;
let streams: EventTarget[];
let beacons: [path: string, fields: string][];

beforeEach(() => {
  beacons = [];
  streams = [];
  fetching = vi.fn(async () => SEATED);
  vi.stubGlobal('fetch', fetching);
  vi.stubGlobal('navigator', {
    sendBeacon: (path: string, fields: URLSearchParams) => beacons.push([path, `${fields}`]),
  });
  vi.stubGlobal(
    'EventSource',
    vi.fn(
      class extends EventTarget {
        static CLOSED = 2;
        readyState = 2;
        constructor() {
          super();
          streams.push(this);
        }
        close() {}
      },
    ),
  );
});
afterEach(() => vi.unstubAllGlobals());

function sitDown(): Seat {
  const seat = new Seat('/room', listener);
  seat.open();
  return seat;
}

test('a person who leaves before they have a seat leaves it as soon as it exists', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof SEATED>();
  fetching.mockReturnValueOnce(promise);
  const seat = sitDown();
  seat.leave();
  expect(beacons).toEqual([]);
  resolve(SEATED);
  await vi.waitFor(() => expect(beacons).toEqual([['/room/leave', 'seat=s1']]));
  expect(EventSource).not.toHaveBeenCalled();
});

test('a person who leaves with a seat leaves it', async () => {
  const seat = sitDown();
  await vi.waitFor(() => expect(EventSource).toHaveBeenCalledOnce());
  seat.leave();
  expect(beacons).toEqual([['/room/leave', 'seat=s1']]);
});

test('a written message is sent even when its page goes away', async () => {
  const seat = sitDown();
  await vi.waitFor(() => expect(EventSource).toHaveBeenCalledOnce());
  seat.say('m1', 'Visc aquí');
  expect(fetching).toHaveBeenLastCalledWith(
    '/room/say',
    expect.objectContaining({ keepalive: true }),
  );
  seat.leave();
});

test.each([
  ['is being started again', 503, ['/room/stream?seat=s1', '/room/stream?seat=s1']],
  ['no longer knows the seat', 410, ['/room/stream?seat=s1', '/room/seat']],
])('a stream is refused by a server that %s', async (_, status, asked) => {
  vi.useFakeTimers();
  const seat = sitDown();
  await vi.waitFor(() => expect(EventSource).toHaveBeenCalledOnce());
  fetching.mockReset();
  fetching.mockResolvedValueOnce({ ok: false, status }).mockResolvedValue(SEATED);
  streams[0]?.dispatchEvent(new Event('error'));
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitFor(() => expect(EventSource).toHaveBeenCalledTimes(2));
  expect(fetching.mock.calls.map(([url]) => url)).toEqual(asked);
  expect(EventSource).toHaveBeenLastCalledWith('/room/stream?seat=s1');
  seat.leave();
  vi.useRealTimers();
});

test('a person whose stream was refused returns to their seat, in browsers of three years ago too', async () => {
  const { timeout } = AbortSignal;
  vi.stubGlobal('AbortSignal', { timeout });
  const seat = sitDown();
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  streams[0]?.dispatchEvent(new Event('error'));
  await vi.waitFor(() => expect(streams).toHaveLength(2));
  expect(fetching).toHaveBeenLastCalledWith('/room/stream?seat=s1', expect.anything());
  seat.leave();
});
