import type { MapPoint } from './areas.ts';

/** The metres of a degree of latitude on a sphere of the mean radius of the earth. */
export const METRES_A_DEGREE = (Math.PI * 6_371_000) / 180;

/** Whether two numbers are a point on the earth. */
export const isPoint = ({ lat, lon }: MapPoint): boolean =>
  Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;

/** A point as people write it, and as other maps give it: degrees of latitude and longitude. */
export const pointText = ({ lat, lon }: MapPoint): string => `${lat}, ${lon}`;

/** Returns the point that somebody wrote, as `pointText` does; null: it isn't one on the earth. */
export function pointIn(text: string): MapPoint | null {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  const point = found && { lat: Number(found[1]), lon: Number(found[2]) };
  return point && isPoint(point) ? point : null;
}

/** Returns the point of two columns of a row; null: it has none. */
export const pointOf = (lat: number | null, lon: number | null): MapPoint | null =>
  lat === null || lon === null ? null : { lat, lon };
