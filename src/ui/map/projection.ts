import type { Area, MapPoint } from '../../domain/requests/areas.ts';
import { METRES_A_DEGREE } from '../../domain/requests/points.ts';

/** What a map shows: degrees of WGS 84. */
export interface MapView {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Where points are in a drawing of a view, from its left upper corner. */
export interface Drawing {
  width: number;
  height: number;
  at(point: MapPoint): { x: number; y: number };
}

/** Metres that a map shows at least, where everything is in one place. */
const LEAST_METRES = 1000;

/** A rectangle around a point, in metres. */
interface Extent {
  middle: MapPoint;
  wide: number;
  high: number;
}

/** Degrees of longitude shrink with the latitude; at the poles nothing is drawn. */
const shrinkAt = (lat: number): number => Math.max(0.1, Math.cos((lat * Math.PI) / 180));

/** Returns the smallest rectangle that has all of these points, of which there is one at least. */
export function extentOf(points: readonly MapPoint[]): Extent {
  const span = (of: (point: MapPoint) => number): [number, number] => [
    points.reduce((least, each) => Math.min(least, of(each)), Infinity),
    points.reduce((most, each) => Math.max(most, of(each)), -Infinity),
  ];
  const [south, north] = span(({ lat }) => lat);
  const [west, east] = span(({ lon }) => lon);
  const middle = { lat: (south + north) / 2, lon: (west + east) / 2 };
  return {
    middle,
    wide: (east - west) * METRES_A_DEGREE * shrinkAt(middle.lat),
    high: (north - south) * METRES_A_DEGREE,
  };
}

/** Returns what a map shows of a rectangle. */
export function viewAround({ middle: { lat, lon }, wide, high }: Extent): MapView {
  const north = high / 2 / METRES_A_DEGREE;
  const east = wide / 2 / METRES_A_DEGREE / shrinkAt(lat);
  return { west: lon - east, east: lon + east, south: lat - north, north: lat + north };
}

/** Returns how a view is drawn: plainly by degrees. */
export const drawingOf = (
  { west, south, east, north }: MapView,
  { width, height }: Pick<Drawing, 'width' | 'height'>,
): Drawing => ({
  width,
  height,
  at: ({ lat, lon }) => ({
    x: tenths(((lon - west) / (east - west)) * width),
    y: tenths(((north - lat) / (north - south)) * height),
  }),
});

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Returns a drawing in which all of these points are, at least `margin` from its edges; its height follows from them. */
export function drawingAround(
  points: readonly MapPoint[],
  { width, margin, least, most }: { width: number; margin: number; least: number; most: number },
): Drawing {
  const found = extentOf(points);
  const wide = Math.max(found.wide, LEAST_METRES);
  const high = Math.max(found.high, LEAST_METRES);
  const scale = Math.min((width - 2 * margin) / wide, (most - 2 * margin) / high);
  const height = Math.max(least, Math.round(high * scale) + 2 * margin);
  const view = viewAround({ ...found, wide: width / scale, high: height / scale });
  return drawingOf(view, { width, height });
}

/** Returns the corners of all areas. */
export const cornersOf = (areas: readonly Area[]): MapPoint[] =>
  areas.flatMap(({ polygons }) => polygons.flat(2).map(([lon, lat]) => ({ lat, lon })));
