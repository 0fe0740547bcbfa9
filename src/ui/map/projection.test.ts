import { describe, expect, it } from 'vitest';
import { drawingAround, drawingOf, extentOf, viewAround } from './projection.ts';

const SIDES = { width: 360, margin: 20, least: 160, most: 480 };
const POINTS = [
  { lat: 41.5, lon: 2.1 },
  { lat: 41.6, lon: 2.3 },
  { lat: 41.55, lon: 2.2 },
];

describe('a drawing', () => {
  it('has every point inside its margin, north above south and east right of west', () => {
    const { width, height, at } = drawingAround(POINTS, SIDES);
    for (const { x, y } of POINTS.map(at)) {
      expect(x).toBeGreaterThanOrEqual(20);
      expect(x).toBeLessThanOrEqual(width - 20);
      expect(y).toBeGreaterThanOrEqual(20);
      expect(y).toBeLessThanOrEqual(height - 20);
    }
    const [south, north] = POINTS.map(at);
    expect(north?.y).toBeLessThan(south?.y ?? 0);
    expect(north?.x).toBeGreaterThan(south?.x ?? 0);
  });

  it('has a single point in its middle, and is never too tall or too low', () => {
    const [one] = POINTS;
    if (!one) throw new Error('There is a point');
    const single = drawingAround([one], SIDES);
    expect(single.at(one)).toEqual({ x: 180, y: single.height / 2 });
    const tall = drawingAround([one, { lat: 42.5, lon: 2.1 }], SIDES);
    expect(tall.height).toBe(480);
    const low = drawingAround([one, { lat: 41.5, lon: 3.1 }], SIDES);
    expect(low.height).toBe(160);
  });

  it('is as wide as it is high where the ground is: a degree of longitude shrinks with the latitude', () => {
    // On the parallel of 60 degrees one of longitude is half of one of latitude.
    const square = [
      { lat: 59.95, lon: 10 },
      { lat: 60.05, lon: 10.2 },
    ];
    const { wide, high } = extentOf(square);
    expect(wide / high).toBeCloseTo(1, 3);
    const view = viewAround({ middle: { lat: 60, lon: 10.1 }, wide: 1000, high: 1000 });
    const { at } = drawingOf(view, { width: 100, height: 100 });
    expect(at({ lat: 60, lon: 10.1 })).toEqual({ x: 50, y: 50 });
    expect(at({ lat: view.north, lon: view.west })).toEqual({ x: 0, y: 0 });
  });
});
