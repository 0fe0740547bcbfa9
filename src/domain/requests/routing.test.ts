import { describe, expect, it } from 'vitest';
import { type Area, areaAt, type Position, type Ring } from './areas.ts';
import { requestRoute } from './routing.ts';

/** A rectangle between two corners. */
const box = (west: number, south: number, east: number, north: number): Ring => [
  ...([
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ] as Position[]),
];
const area = (code: string, ...polygons: Ring[][]): Area => ({ code, name: {}, polygons });
const at = (areas: Area[], lon: number, lat: number) => areaAt(areas, { lon, lat })?.code ?? null;

/** Two districts side by side that share the line lon = 2, and the corner (2, 1) with a third one above the second. */
const left = area('left', [box(1, 0, 2, 1)]);
const right = area('right', [box(2, 0, 3, 1)]);
const above = area('above', [box(2, 1, 3, 2)]);
const town = [left, right, above];

describe('the area of a point', () => {
  it('is the one in which it is; outside all, none', () => {
    expect(at(town, 1.5, 0.5)).toBe('left');
    expect(at(town, 2.5, 0.5)).toBe('right');
    expect(at(town, 2.5, 1.5)).toBe('above');
    expect(at(town, 1.5, 1.5)).toBeNull();
    expect(at(town, 0.999999, 0.5)).toBeNull();
    expect(at([], 1.5, 0.5)).toBeNull();
  });

  it('on an edge or a vertex of two areas is the first of the file, in both orders', () => {
    expect(at(town, 2, 0.5)).toBe('left');
    expect(at([right, left, above], 2, 0.5)).toBe('right');
    expect(at(town, 2, 1)).toBe('left');
    expect(at([above, right, left], 2, 1)).toBe('above');
    expect(at(town, 2.5, 1)).toBe('right');
    expect(at(town, 1, 0)).toBe('left');
    expect(at(town, 3, 2)).toBe('above');
  });

  it('on a slanted border is one of the two, never none', () => {
    // The line from (0, 0) to (0.3, 0.1): few of its points can be written exactly in binary.
    const below = area('below', [
      [
        [0, 0],
        [0.3, 0],
        [0.3, 0.1],
        [0, 0],
      ],
    ]);
    const over = area('over', [
      [
        [0, 0],
        [0.3, 0.1],
        [0, 0.1],
        [0, 0],
      ],
    ]);
    for (let n = 0; n <= 300; n++) {
      const lon = n / 1000;
      expect([n, at([below, over], lon, lon / 3)]).not.toEqual([n, null]);
    }
  });

  it('is not one whose hole has it; the edge of the hole is', () => {
    const ring = area('ring', [box(0, 0, 9, 9), box(3, 3, 6, 6)]);
    const core = area('core', [box(3, 3, 6, 6)]);
    expect(at([ring], 4, 4)).toBeNull();
    expect(at([ring], 1, 1)).toBe('ring');
    expect(at([ring, core], 4, 4)).toBe('core');
    expect(at([ring, core], 3, 4)).toBe('ring');
    expect(at([core, ring], 3, 4)).toBe('core');
    expect(at([ring, core], 6, 6)).toBe('ring');
  });

  it('may be in any polygon of several, with an island in a hole', () => {
    const many = area(
      'many',
      [box(0, 0, 9, 9), box(2, 2, 7, 7)],
      [box(4, 4, 5, 5)],
      [box(20, 0, 21, 1)],
    );
    expect(at([many], 4.5, 4.5)).toBe('many');
    expect(at([many], 3, 3)).toBeNull();
    expect(at([many], 20.5, 0.5)).toBe('many');
    expect(at([many], 15, 0.5)).toBeNull();
  });

  it('is the same whichever way its rings go round', () => {
    const turned = area('turned', [box(0, 0, 9, 9).toReversed(), box(3, 3, 6, 6)]);
    expect(at([turned], 1, 1)).toBe('turned');
    expect(at([turned], 4, 4)).toBeNull();
  });
});

describe('the team of a request', () => {
  const teams = [{ code: 'brigada' }, { code: 'brigada-dreta' }];
  const known = { areas: town, teams };
  const type = { team: 'brigada', byArea: { right: 'brigada-dreta' } };
  const inRight = { point: { lon: 2.5, lat: 0.5 } };

  it('is that of the area of its point', () => {
    expect(requestRoute(type, inRight, known)).toEqual({
      ...{ team: 'brigada-dreta', area: 'right', by: 'area' },
    });
  });

  it('is that of the type where the area has none, or there is no area', () => {
    const route = { team: 'brigada', by: 'type' };
    const point = (lon: number, lat: number) => ({ point: { lon, lat } });
    expect(requestRoute(type, point(1.5, 0.5), known)).toEqual({ ...route, area: 'left' });
    expect(requestRoute(type, point(50, 50), known)).toEqual({ ...route, area: null });
    expect(requestRoute(type, {}, known)).toEqual({ ...route, area: null });
  });

  it('is that of the area that was chosen, where no point says otherwise', () => {
    const chosen = { area: 'right', point: null };
    expect(requestRoute(type, chosen, known).team).toBe('brigada-dreta');
    const outside = { area: 'right', point: { lon: 50, lat: 50 } };
    expect(requestRoute(type, outside, known)).toMatchObject({ area: 'right', by: 'area' });
    const elsewhere = { area: 'left', ...inRight };
    expect(requestRoute(type, elsewhere, known)).toMatchObject({ area: 'right', by: 'area' });
    expect(requestRoute(type, { area: 'lluna' }, known)).toMatchObject({ area: null, by: 'type' });
  });

  it('is nobody’s where the type names none, or one that is not declared any more', () => {
    expect(requestRoute({ byArea: {} }, inRight, known)).toEqual({
      ...{ team: null, area: 'right', by: 'nobody' },
    });
    const few = { areas: town, teams: [teams[0]!] };
    expect(requestRoute(type, inRight, few)).toMatchObject({ team: 'brigada', by: 'type' });
    const none = { areas: town, teams: [] };
    expect(requestRoute(type, inRight, none)).toMatchObject({ team: null, by: 'nobody' });
  });
});
