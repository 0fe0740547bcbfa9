import { expect, test } from 'vitest';
import { countShown } from './stats.ts';

/** Firefox: its number of frames stays 0 for a call. */
const quality = (totalVideoFrames: number) => () => ({ totalVideoFrames }) as VideoPlaybackQuality;

test('shown pictures are counted by the calls of the browser, one by one', () => {
  const waiting: VideoFrameRequestCallback[] = [];
  const shown = countShown({
    getVideoPlaybackQuality: quality(0),
    requestVideoFrameCallback: (callback) => waiting.push(callback),
  });
  const show = () => waiting.shift()?.(0, {} as VideoFrameCallbackMetadata);
  expect(shown()).toBe(0);
  show();
  show();
  show();
  expect(shown()).toBe(3);
  expect(waiting).toHaveLength(1);
});

test('a browser without these calls has its own number', () => {
  expect(countShown({ getVideoPlaybackQuality: quality(7) })()).toBe(7);
});
