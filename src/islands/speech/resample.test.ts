import { describe, expect, test } from 'vitest';
import { createResampler } from './resample.ts';

/** A pure tone, in pieces of 128 samples as a browser gives them. */
function* tone(hertz: number, rate: number, seconds: number): Generator<Float32Array> {
  for (let at = 0; at < rate * seconds; at += 128)
    yield Float32Array.from({ length: 128 }, (_, each) =>
      Math.sin((2 * Math.PI * hertz * (at + each)) / rate),
    );
}

/** How often the sound crosses zero upwards: its frequency, without a transform. */
const crossings = (samples: readonly number[]) =>
  samples.filter((each, at) => each >= 0 && (samples[at - 1] ?? 0) < 0).length;

const resampled = (from: number, hertz: number): number[] => {
  const resample = createResampler(from, 16_000);
  return [...tone(hertz, from, 1)].flatMap((piece) => [...resample(piece)]);
};

describe.each([48_000, 44_100, 16_000, 8_000])('sound of %i samples a second', (rate) => {
  test('has 16,000 afterwards', () => {
    const pieces = Math.ceil(rate / 128);
    expect(resampled(rate, 440).length).toBeCloseTo((pieces * 128 * 16_000) / rate, -1);
  });

  test('keeps its pitch', () => {
    const seconds = (Math.ceil(rate / 128) * 128) / rate;
    expect(Math.abs(crossings(resampled(rate, 440)) - 440 * seconds)).toBeLessThan(2);
  });
});

test('three samples become their mean', () => {
  const resample = createResampler(48_000, 16_000);
  expect([...resample(Float32Array.of(0.3, 0.6, 0, -1, -1, -1))]).toEqual([9830, -32_767]);
});

test('what is left of a piece counts for the next one', () => {
  const resample = createResampler(48_000, 16_000);
  expect([...resample(Float32Array.of(1, 1))]).toEqual([]);
  expect([...resample(Float32Array.of(1))]).toEqual([32_767]);
});

test('a sound that is too loud is cut', () =>
  expect([...createResampler(1, 1)(Float32Array.of(1.5, -2))]).toEqual([32_767, -32_767]));
