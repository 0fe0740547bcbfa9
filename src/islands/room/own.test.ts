import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Own } from './own.ts';

type Kind = 'audio' | 'video';
/** The open permission questions; `give` is the person's yes. */
let asked: { kinds: Kind[]; give(): MediaStreamTrack[]; refuse(): void }[];

function track(kind: Kind): MediaStreamTrack {
  const settings = { deviceId: kind, facingMode: 'user' };
  const listening = { addEventListener: () => {}, getSettings: () => settings };
  const made = { kind, enabled: true, readyState: 'live', ...listening };
  return Object.assign(made, {
    stop: () => {
      made.readyState = 'ended';
    },
  }) as unknown as MediaStreamTrack;
}

beforeEach(() => {
  asked = [];
  const getUserMedia = (wanted: Partial<Record<Kind, unknown>>) => {
    const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind]);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const give = () => {
      const all = kinds.map(track);
      const of = (kind: Kind) => all.filter((each) => each.kind === kind);
      resolve({
        getTracks: () => all,
        getVideoTracks: () => of('video'),
        getAudioTracks: () => of('audio'),
      });
      return all;
    };
    asked.push({ kinds, give, refuse: () => reject(new Error('NotAllowedError')) });
    return promise;
  };
  vi.stubGlobal('navigator', {
    mediaDevices: { getUserMedia, enumerateDevices: async () => [] },
  });
});
afterEach(() => vi.unstubAllGlobals());

const states = (tracks: MediaStreamTrack[] | undefined) => tracks?.map((each) => each.readyState);

test('a device granted after closing is stopped at once', async () => {
  const own = new Own(() => {});
  const opening = own.open();
  own.close();
  const given = asked[0]?.give();
  expect(await opening).toBe(false);
  expect(states(given)).toEqual(['ended', 'ended']);
  expect([own.track('camera'), own.track('microphone')]).toEqual([null, null]);
});

test('of two openings, the last one has the granted devices', async () => {
  const own = new Own(() => {});
  const first = own.open();
  own.close();
  const second = own.open();
  const given = asked[1]?.give();
  expect(await second).toBe(true);
  asked[0]?.refuse();
  expect(await first).toBe(false);
  expect(states(given)).toEqual(['live', 'live']);
  expect(asked).toHaveLength(2);
});

test('the browser asks for no other camera after closing', async () => {
  const own = new Own(() => {});
  const opening = own.open();
  asked[0]?.give();
  await opening;
  const changing = own.nextCamera();
  own.close();
  const given = asked[1]?.give();
  await changing;
  expect(states(given)).toEqual(['ended']);
  await own.toggle('camera');
  expect(asked).toHaveLength(2);
});
