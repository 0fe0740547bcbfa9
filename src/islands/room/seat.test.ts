import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Seat, type SeatListener } from './seat.ts';

const listener: SeatListener = {
  ...{ room: vi.fn(), signal: vi.fn(), message: vi.fn() },
  ...{ unsaid: vi.fn(), online: vi.fn(), ended: vi.fn() },
};
const SEATED = { ok: true, status: 200, json: async () => ({ seat: 's1' }) };
let fetching: ReturnType<typeof vi.fn>;
let beacons: [path: string, fields: string][];

beforeEach(() => {
  beacons = [];
  fetching = vi.fn(async () => SEATED);
  vi.stubGlobal('fetch', fetching);
  vi.stubGlobal('navigator', {
    sendBeacon: (path: string, fields: URLSearchParams) => beacons.push([path, `${fields}`]),
  });
  vi.stubGlobal(
    'EventSource',
    vi.fn(
      class extends EventTarget {
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
