import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRoom } from './ctrl.ts';
import type { RoomPlace } from './page.ts';

vi.mock('./pictures.ts', () => ({ pictureOf: async () => new Blob() }));

const NOBODY = { getTracks: () => [], getVideoTracks: () => [], getAudioTracks: () => [] };
const place: RoomPlace = {
  side: 'agent',
  base: '/room',
  isLive: false,
  maySnap: true,
  signs: false,
  providers: {},
  phone: '',
  keys: { mute: '', hangUp: '' },
  engine: null,
};
const listener = { changed: () => {}, devicesChanged: () => {} };
let devices: { getUserMedia: unknown; getDisplayMedia?: unknown; enumerateDevices: unknown };
let fetching: ReturnType<typeof vi.fn<(url: string) => Promise<unknown>>>;
let gone: AbortController;

beforeEach(() => {
  gone = new AbortController();
  devices = { getUserMedia: async () => NOBODY, enumerateDevices: async () => [] };
  fetching = vi.fn(async () => ({ ok: true, status: 200, json: async () => ({ seat: 's1' }) }));
  vi.stubGlobal('navigator', { mediaDevices: devices, sendBeacon: () => true });
  vi.stubGlobal(
    'RTCPeerConnection',
    class {
      close() {}
    },
  );
  vi.stubGlobal('sessionStorage', { setItem: () => {}, removeItem: () => {} });
  vi.stubGlobal('window', { setInterval: () => 0 });
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('fetch', fetching);
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      close() {}
    },
  );
});
afterEach(() => {
  gone.abort();
  vi.unstubAllGlobals();
});

const room = () => createRoom(place, { ...listener, signal: gone.signal });
const asked = () => fetching.mock.calls.map(([url]) => url);
const sits = () => vi.waitFor(() => expect(asked()).toContain('/room/seat'));

describe('results that arrive after the end', () => {
  test('camera and microphone: a person who left during the question isn’t in, and takes no seat', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof NOBODY>();
    devices.getUserMedia = () => promise;
    const { page, act } = room();
    act.enter();
    expect(page.isIn).toBe(true);
    act.leave();
    expect([page.isIn, page.said]).toEqual([false, 'left']);
    const given = { stop: vi.fn() };
    resolve({ ...NOBODY, getTracks: () => [given] as never[] });
    await vi.waitFor(() => expect(given.stop).toHaveBeenCalledOnce());
    await promise;
    expect(asked()).toEqual(['/room/servers']);
    expect([page.isIn, page.said]).toEqual([false, 'left']);
  });

  test('a window: it is not shared', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    devices.getDisplayMedia = () => promise;
    const { page, act } = room();
    act.enter();
    await sits();
    act.share();
    act.leave();
    const track = { stop: vi.fn(), addEventListener: vi.fn() };
    resolve({ getTracks: () => [track], getVideoTracks: () => [track] });
    await vi.waitFor(() => expect(track.stop).toHaveBeenCalledOnce());
    expect(page.sharing).toBe(false);
  });
});

test('of two presses, one takes the picture', async () => {
  const { page, act } = room();
  act.takePicture();
  act.takePicture();
  await vi.waitFor(() => expect(page.picture).toBe('kept'));
  expect(asked()).toEqual(['/room/picture']);
});

test('where the browser blocks storage, a person enters and leaves all the same', async () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  vi.stubGlobal('sessionStorage', { setItem: refuse, removeItem: refuse });
  const { page, act } = room();
  act.enter();
  await sits();
  act.leave();
  expect([page.isIn, page.said]).toEqual([false, 'left']);
});
