import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Texts } from '../../lib/i18n/languages.ts';

/** A position in degrees of WGS 84: longitude and latitude, in this order (RFC 7946, 3.1.1). */
export type Position = [lon: number, lat: number];

/** A closed line: its last position is its first. */
export type Ring = Position[];

/** A part of the town, such as a district. */
export interface Area {
  code: string;
  name: Texts;
  /** Each polygon is its outer ring and those of its holes (RFC 7946, 3.1.6). */
  polygons: Ring[][];
}

/** A point in degrees of WGS 84. */
export interface MapPoint {
  lat: number;
  lon: number;
}

/**
 * Returns the area in which a point is; null: in none. A point on an edge or a vertex is in the area, so that one on the border of two is in
 * the first of the file, always.
 */
export const areaAt = (areas: readonly Area[], point: MapPoint): Area | null =>
  areas.find((each) => isIn(each, point)) ?? null;

/** Returns whether a point is in an area. `onlyInside`: a point on its edge is not. */
export const isIn = (
  { polygons }: Pick<Area, 'polygons'>,
  { lat, lon }: MapPoint,
  onlyInside = false,
): boolean =>
  booleanPointInPolygon(
    [lon, lat],
    { type: 'MultiPolygon', coordinates: polygons },
    { ignoreBoundary: onlyInside },
  );
