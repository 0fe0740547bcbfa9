import { describe, expect, test } from 'vitest';
import { createSaver, type SendSample } from './saving.ts';

const good: SendSample = { available: 500_000, lost: 0.01 };
const slow: SendSample = { available: 80_000, lost: 0 };
const lossy: SendSample = { available: 500_000, lost: 0.5 };
const silent: SendSample = { available: null, lost: null };

/** Returns the lengths of the alternating stretches with and without pictures, in samples. */
function turns(samples: SendSample[]): number[] {
  const saver = createSaver();
  const said = samples.map(saver);
  const all: number[] = [0];
  said.forEach((each, at) => {
    if (each !== (said[at - 1] ?? false)) all.push(0);
    all[all.length - 1] = (all.at(-1) ?? 0) + 1;
  });
  return all;
}
const times = (count: number, sample: SendSample) => Array.from({ length: count }, () => sample);

describe('pictures are left out', () => {
  test('where the network carries only sound, or loses much, for a while', () => {
    expect(turns(times(5, slow))).toEqual([3, 2]);
    expect(turns(times(5, lossy))).toEqual([3, 2]);
  });

  test('not for a short problem, nor where the browser gives no figures', () => {
    expect(turns([...times(3, slow), good, ...times(3, slow)])).toEqual([7]);
    expect(turns(times(50, silent))).toEqual([50]);
    expect(turns(times(50, good))).toEqual([50]);
  });

  test('and tried again after a pause that grows while they fail at once', () => {
    expect(turns(times(60, slow)).slice(0, 6)).toEqual([3, 8, 4, 16, 4, 25]);
    // After a good period the pause is short again.
    const mended = [...times(27, slow), ...times(30, good), ...times(20, slow)];
    expect(turns(mended).slice(0, 6)).toEqual([3, 8, 4, 16, 29, 8]);
  });
});
