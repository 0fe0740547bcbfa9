import { describe, expect, test } from 'vitest';
import {
  addTo,
  NOTHING_YET,
  type Sample,
  stateAfter,
  stretchOf,
  summaryOf,
  wordOf,
  wordOfCall,
} from './rules.ts';
import type { QualityReport } from './types.ts';

const FIRST: Sample = {
  at: 1_000,
  isConnected: true,
  path: 'host',
  rttMs: 40,
  received: 1_000,
  lost: 0,
  frames: 500,
  freezes: 0,
  frozenSeconds: 0,
  width: 640,
  height: 480,
};
/** Two seconds later, when all is well. */
const NEXT: Sample = { ...FIRST, at: 3_000, received: 1_200, frames: 550 };
const stretch = (change: Partial<Sample> = {}, hasCamera = true) =>
  stretchOf(FIRST, { ...NEXT, ...change }, hasCamera);

describe('a moment of a call', () => {
  test('is good where sound and picture come', () => {
    expect(stretch()).toMatchObject({ seconds: 2, received: 200, lost: 0, frames: 50 });
    expect(wordOf(stretch())).toBe('good');
  });

  test.each<[string, Partial<Sample>, string]>([
    ['a camera of 20 pictures a second', { frames: 539 }, 'good'],
    ['too few pictures to follow signs', { frames: 533 }, 'fair'],
    ['hardly a picture', { frames: 510 }, 'poor'],
    ['no picture at all', { frames: 500 }, 'fair'],
    ['a little lost', { lost: 6 }, 'good'],
    ['a tenth lost', { lost: 22 }, 'fair'],
    ['a third lost', { lost: 100 }, 'poor'],
    ['a long way', { rttMs: 350 }, 'good'],
    ['so late that people talk over each other', { rttMs: 900 }, 'poor'],
    ['a picture that stood still for a moment', { freezes: 1, frozenSeconds: 0.3 }, 'fair'],
    ['a picture that stood still', { freezes: 1, frozenSeconds: 0.8 }, 'poor'],
    ['cut', { isConnected: false, received: 1_000, frames: 500 }, 'poor'],
    ['nothing sent by anybody', { received: 1_000, frames: 500 }, 'good'],
  ])('%s', (_what, change, word) => {
    expect(wordOf(stretch(change))).toBe(word);
  });

  test('a camera that is off is no fault', () => {
    expect(wordOf(stretch({ frames: 500 }, false))).toBe('good');
    expect(wordOf(stretch({ frames: 500, lost: 100 }, false))).toBe('poor');
  });

  test('a browser that says little is not held against the call', () => {
    const bare = { rttMs: null, freezes: null, frozenSeconds: null, width: null, height: null };
    expect(wordOf(stretchOf({ ...FIRST, ...bare }, { ...NEXT, ...bare }, true))).toBe('good');
  });
});

describe('the state that is said', () => {
  const follow = (...words: ('good' | 'fair' | 'poor')[]) => {
    const said: string[] = [];
    let state: 'good' | 'fair' | 'poor' = 'good';
    for (let nth = 1; nth <= words.length; nth++) {
      state = stateAfter(state, words.slice(0, nth));
      said.push(state);
    }
    return said.join(' ');
  };

  test('one bad moment is not said', () => {
    expect(follow('good', 'poor', 'good', 'poor', 'good')).toBe('good good good good good');
  });

  test('two are, by the better of them', () => {
    expect(follow('poor', 'fair', 'poor', 'poor')).toBe('good fair fair poor');
  });

  test('it is good again after five, and not before', () => {
    expect(follow('poor', 'poor', 'good', 'good', 'good', 'good', 'good')).toBe(
      'good poor poor poor poor poor good',
    );
    expect(follow('poor', 'poor', 'fair', 'good', 'good', 'good', 'good', 'good')).toBe(
      'good poor poor poor poor poor fair good',
    );
  });

  test('what wavers at a limit doesn’t make it flicker', () => {
    const said = follow('good', 'fair', 'good', 'fair', 'fair', 'good', 'fair', 'good', 'good');
    expect(said).toBe('good good good good fair fair fair fair fair');
  });
});

describe('a whole call', () => {
  /** A minute, by hand: 40 s with a camera, 10 s of sound alone, 10 s with the camera off. */
  const minute = () => {
    let [tally, last] = [NOTHING_YET, { ...FIRST, received: 0, frames: 0 }];
    for (let nth = 1; nth <= 30; nth++) {
      const [isCamera, isSmall] = [nth <= 20, nth > 15];
      const now: Sample = {
        ...last,
        at: last.at + 2_000,
        received: last.received + 95,
        lost: last.lost + 5,
        frames: last.frames + (isCamera ? 48 : 0),
        freezes: nth === 7 ? 1 : last.freezes,
        frozenSeconds: nth === 7 ? 1.24 : last.frozenSeconds,
        rttMs: nth <= 15 ? 40 : 80,
        ...(isSmall && { width: 320, height: 240 }),
      };
      tally = addTo(tally, stretchOf(last, now, nth <= 25));
      last = now;
    }
    return tally;
  };

  test('comes to these figures', () => {
    expect(summaryOf(minute())).toEqual({
      seconds: 60,
      path: 'host',
      lossPercent: 5,
      rttMs: 60,
      fps: 24,
      freezes: 1,
      frozenSeconds: 1.2,
      audioOnlySeconds: 10,
      width: 640,
      height: 480,
    });
  });

  test('that never connected has none', () => {
    const nothing = { isConnected: false, path: null, rttMs: null, width: null, height: null };
    const empty = { ...FIRST, ...nothing, freezes: null, frozenSeconds: null };
    const tally = addTo(NOTHING_YET, stretchOf(empty, { ...empty, at: 9_000 }, true));
    expect(summaryOf(tally)).toEqual({
      seconds: 0,
      audioOnlySeconds: 0,
      ...{ path: null, lossPercent: null, rttMs: null, fps: null },
      ...{ freezes: null, frozenSeconds: null, width: null, height: null },
    });
  });

  test('packets that come after all make no loss less than none', () => {
    const back = stretchOf({ ...FIRST, lost: 9 }, { ...NEXT, lost: 2 }, true);
    expect(back.lost).toBe(0);
  });

  const WELL: QualityReport = {
    id: '',
    from: 'agent',
    firstFrameMs: 300,
    reconnections: 0,
    ...summaryOf(minute()),
    lossPercent: 0,
    audioOnlySeconds: 0,
  };
  test.each<[Partial<QualityReport>, string]>([
    [{}, 'good'],
    [{ path: null }, 'poor'],
    [{ fps: 15 }, 'fair'],
    [{ fps: null }, 'good'],
    [{ lossPercent: 10 }, 'fair'],
    [{ rttMs: 900 }, 'poor'],
    [{ frozenSeconds: 4 }, 'fair'],
    [{ audioOnlySeconds: 40 }, 'poor'],
    [{ reconnections: 1 }, 'fair'],
    [{ reconnections: 3 }, 'poor'],
  ])('with %j is, in a word, %s', (change, word) => {
    expect(wordOfCall({ ...WELL, ...change })).toBe(word);
  });
});
