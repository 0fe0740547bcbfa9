import { describe, expect, it } from 'vitest';
import { pointIn, pointText } from './points.ts';

describe('a point in words', () => {
  it.each([
    ['41.55, 2.15', { lat: 41.55, lon: 2.15 }],
    [' -41.5;2 ', { lat: -41.5, lon: 2 }],
    ['41.55 2.15', { lat: 41.55, lon: 2.15 }],
    ['95, 2', null],
    ['41, 181', null],
    ['41,5, 2,1', null],
    ['carrer Major 7', null],
    ['', null],
  ])('%s', (text, point) => {
    expect(pointIn(text)).toEqual(point);
  });

  it('is read back as it is written', () => {
    const point = { lat: 41.55234, lon: -2.15 };
    expect(pointIn(pointText(point))).toEqual(point);
  });
});
