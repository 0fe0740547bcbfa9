import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAreasFile } from './check.ts';
import { writtenAreas } from './written.ts';

const box = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const polygon = (...rings: number[][][]) => ({ type: 'Polygon', coordinates: rings });
const feature = (code: unknown, geometry: unknown, name: unknown = 'Un lloc') => ({
  type: 'Feature',
  properties: { code, name },
  geometry,
});
/** A file with a feature on each line, from line 2 on. */
const file = (...features: unknown[]) =>
  `{ "type": "FeatureCollection", "features": [\n${features.map((each) => JSON.stringify(each)).join(',\n')}\n] }`;

const told = (text: string, languages: ('ca' | 'es')[] = ['ca', 'es']) => {
  const checked = checkAreasFile(text, languages);
  const lines = (list: { line: number; message: string }[]) =>
    list.map(({ line, message }) => `${line} ${message}`);
  return {
    mistakes: checked.ok ? [] : lines(checked.mistakes),
    warnings: lines(checked.warnings),
    areas: checked.ok ? checked.areas : null,
  };
};

const HERE = polygon(box(2.1, 41.5, 2.11, 41.51));
const BESIDE = polygon(box(2.11, 41.5, 2.12, 41.51));

describe('a file of areas', () => {
  it('is read with its names, holes and multipolygons', () => {
    const many = {
      ...{ type: 'MultiPolygon' },
      coordinates: [
        [box(2.2, 41.5, 2.3, 41.6), box(2.22, 41.52, 2.24, 41.54)],
        [box(3, 41, 4, 42)],
      ],
    };
    const { areas, warnings } = told(
      file(feature('centre', HERE, { ca: 'Centre', es: 'Centro' }), feature('eres', many)),
    );
    expect(warnings).toEqual([]);
    expect(areas).toEqual([
      { code: 'centre', name: { ca: 'Centre', es: 'Centro' }, polygons: [HERE.coordinates] },
      { code: 'eres', name: { ca: 'Un lloc', es: 'Un lloc' }, polygons: many.coordinates },
    ]);
  });

  it('is the same after it was written and read again', () => {
    const { areas } = told(
      file(
        feature('centre', HERE, { ca: 'Centre', es: 'Centro' }),
        feature('b', {
          type: 'MultiPolygon',
          coordinates: [[box(3, 41, 4, 42)], [box(5, 41, 6, 42)]],
        }),
      ),
    );
    expect(told(writtenAreas(areas!)).areas).toEqual(areas);
  });

  it('may share borders and corners, and lie in each other’s holes', () => {
    const ring = polygon(box(2, 41, 2.5, 41.5), box(2.1, 41.1, 2.2, 41.2));
    const core = polygon(box(2.1, 41.1, 2.2, 41.2));
    expect(told(file(feature('a', HERE), feature('b', BESIDE))).warnings).toEqual([]);
    expect(told(file(feature('a', ring), feature('b', core))).warnings).toEqual([]);
    // A border that was drawn twice, ten centimetres apart.
    const near = polygon(box(2.109999, 41.5, 2.12, 41.51));
    expect(told(file(feature('a', HERE), feature('b', near))).warnings).toEqual([]);
  });

  it('is warned of areas that overlap: in part, in a cross, one within another, twice the same', () => {
    const overlapping: [string, unknown][] = [
      ['in part', polygon(box(2.105, 41.505, 2.12, 41.52))],
      ['in a cross', polygon(box(2.0, 41.501, 2.2, 41.502))],
      ['within', polygon(box(2.102, 41.502, 2.103, 41.503))],
      ['around', polygon(box(1, 41, 3, 42))],
      ['the same', HERE],
    ];
    for (const [name, other] of overlapping)
      expect([name, told(file(feature('a', HERE), feature('b', other))).warnings]).toEqual([
        name,
        ['3 "b" overlaps "a". What is in both is in "a", since it comes first.'],
      ]);
  });

  it('is warned of a ring that is not closed, and closes it', () => {
    const open = polygon(box(2.1, 41.5, 2.11, 41.51).slice(0, 4));
    const { areas, warnings } = told(file(feature('a', open)));
    expect(warnings).toEqual([
      '2 A ring of "a" is not closed: its last position is not its first. It is closed with a straight line.',
    ]);
    expect(areas?.[0]?.polygons).toEqual([HERE.coordinates]);
  });

  it('is warned of a ring that crosses itself, with where', () => {
    const bow = polygon([
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 2],
      [0, 0],
    ]);
    const { warnings } = told(file(feature('a', HERE), feature('b', bow)));
    expect(warnings).toEqual([
      '3 A ring of "b" crosses itself at 1.000000, 1.000000: what is inside it is not clear.',
    ]);
  });

  it('is warned of a name without one of the languages', () => {
    expect(told(file(feature('a', HERE, { ca: 'Centre' }))).warnings).toEqual([
      '2 "name" is not translated into: es. Readers will see another language.',
    ]);
  });

  const BROKEN: [string, string, RegExp][] = [
    ['no JSON', '{ "type": ', /^1 The file is not JSON/],
    [
      'another kind of GeoJSON',
      '{ "type": "Feature" }',
      /^1 This is not a GeoJSON FeatureCollection/,
    ],
    ['a code that is none', file(feature('Centre', HERE)), /^2 An area needs a "code"/],
    ['no code', file(feature('a', HERE), feature(undefined, BESIDE)), /^3 An area needs a "code"/],
    [
      'a code twice',
      file(feature('a', HERE), feature('a', BESIDE)),
      /^3 The code "a" stands twice/,
    ],
    ['no name', file(feature('a', HERE, '')), /^2 An area needs a "name"/],
    [
      'a name in no language',
      file(feature('a', HERE, { xx: 'a', ca: 'b' })),
      /^2 "xx" is not a text/,
    ],
    ['a long name', file(feature('a', HERE, 'x'.repeat(121))), /^2 An area needs a "name"/],
    [
      'a point',
      file(feature('a', { type: 'Point', coordinates: [2, 41] })),
      /^2 "a" needs a Polygon/,
    ],
    [
      'no geometry',
      file(feature('a', null)),
      /^2 "a" needs a Polygon or a MultiPolygon; it has none/,
    ],
    ['an empty polygon', file(feature('a', polygon())), /^2 "a" needs a Polygon/],
    [
      'two positions',
      file(
        feature(
          'a',
          polygon([
            [1, 1],
            [2, 2],
            [1, 1],
          ]),
        ),
      ),
      /^2 A ring of "a" needs/,
    ],
    [
      'metres',
      file(
        feature(
          'a',
          polygon([
            [430_000, 4_600_000],
            [1, 1],
            [2, 2],
          ]),
        ),
      ),
      /^2 .*UTM/,
    ],
    ['words for degrees', file(feature('a', polygon([['2', '41'] as never]))), /^2 .*no longitude/],
  ];
  it.each(BROKEN)('has a mistake: %s', (_, text, message) => {
    expect(told(text).mistakes[0]).toMatch(message);
  });

  it('is refused where it is too long', () => {
    expect(told(' '.repeat(2_000_001)).mistakes[0]).toMatch(/^1 The file is too long/);
    const rings = Array.from({ length: 12_501 }, () => box(2.1, 41.5, 2.11, 41.51));
    expect(told(file(feature('a', polygon(...rings)))).mistakes[0]).toMatch(/positions; the limit/);
  });

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((each) => file(feature('a', each), each)),
        ),
        (text) => {
          const checked = checkAreasFile(text);
          expect(typeof checked.ok).toBe('boolean');
        },
      ),
    );
    expect(checkAreasFile('['.repeat(200_000)).ok).toBe(false);
  });
});
