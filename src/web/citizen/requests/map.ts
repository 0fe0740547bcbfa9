import type { Area, MapPoint } from '../../../domain/requests/areas.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';

/** What a map shows: degrees of WGS 84. */
export interface MapView {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** The sides of the map's picture in pixels of the page, on a telephone and on a wide screen. A click is told in them. */
export const MAP_SIDES = { small: 264, large: 560 } as const;
export type MapSize = keyof typeof MAP_SIDES;

/** How much nearer a chosen point is looked at. */
const NEARER = 5;
const METRES_A_DEGREE = 111_195;

/** Returns a square view, in metres, around a point. */
function squareAt({ lat, lon }: MapPoint, metres: number): MapView {
  const high = metres / 2 / METRES_A_DEGREE;
  const wide = high / Math.cos((lat * Math.PI) / 180);
  return { west: lon - wide, east: lon + wide, south: lat - high, north: lat + high };
}

/** Returns the square that shows all areas. */
export function wholeView(areas: readonly Area[]): MapView {
  const all = areas.flatMap(({ polygons }) => polygons.flat(2));
  const lons = all.map(([lon]) => lon);
  const lats = all.map(([, lat]) => lat);
  const west = Math.min(...lons);
  const east = Math.max(...lons);
  const south = Math.min(...lats);
  const north = Math.max(...lats);
  const lat = (south + north) / 2;
  const high = (north - south) * METRES_A_DEGREE;
  const wide = (east - west) * METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180);
  return squareAt({ lat, lon: (west + east) / 2 }, Math.max(high, wide) * 1.06);
}

/** Returns the view around a chosen point. */
export function nearView(areas: readonly Area[], point: MapPoint): MapView {
  const { south, north } = wholeView(areas);
  return squareAt(point, ((north - south) * METRES_A_DEGREE) / NEARER);
}

const VIEW =
  /^(-?\d{1,3}\.\d{1,6}),(-?\d{1,2}\.\d{1,6}),(-?\d{1,3}\.\d{1,6}),(-?\d{1,2}\.\d{1,6})$/;

export const viewText = ({ west, south, east, north }: MapView): string =>
  [west, south, east, north].map((each) => each.toFixed(6)).join(',');

/** Returns the view that an address names; null: none. */
export function viewIn(text: string): MapView | null {
  const found = VIEW.exec(text);
  if (!found) return null;
  const [west = 0, south = 0, east = 0, north = 0] = found.slice(1).map(Number);
  return west < east && south < north ? { west, south, east, north } : null;
}

/** Returns the point at which a picture of a view was clicked, from its left upper corner; null: it was sent by the keyboard, which chooses none. */
export function clickedAt(
  view: MapView,
  size: MapSize,
  { x, y }: { x: number; y: number },
): MapPoint | null {
  const side = MAP_SIDES[size];
  if ((x === 0 && y === 0) || ![x, y].every((each) => each >= 0 && each <= side)) return null;
  return {
    lat: round(view.north - (y / side) * (view.north - view.south)),
    lon: round(view.west + (x / side) * (view.east - view.west)),
  };
}

/** Metres, more or less: nobody clicks more exactly. */
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

/** A point as people write it, and as other maps give it. */
export const pointText = ({ lat, lon }: MapPoint): string => `${lat}, ${lon}`;

/** Returns the point that somebody wrote; null: it isn't one. */
export function pointIn(text: string): MapPoint | null {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  return found ? { lat: Number(found[1]), lon: Number(found[2]) } : null;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Draws the areas of a town, with their names, and a mark at a point. Nothing of it comes from another site. */
export function drawMap(
  areas: readonly Area[],
  view: MapView,
  mark: MapPoint | null,
  language: Language,
): string {
  const side = MAP_SIDES.large;
  const x = (lon: number) => (((lon - view.west) / (view.east - view.west)) * side).toFixed(1);
  const y = (lat: number) => (((view.north - lat) / (view.north - view.south)) * side).toFixed(1);
  const shapes = areas.map(({ polygons }, nth) => {
    const d = polygons
      .flat()
      .map((ring) => `M${ring.map(([lon, lat]) => `${x(lon)} ${y(lat)}`).join('L')}Z`)
      .join('');
    return `<path d="${d}" fill="${FILLS[nth % FILLS.length]}" fill-rule="evenodd"/>`;
  });
  const names = areas.map(({ name, polygons }) => {
    const ring = polygons[0]?.[0] ?? [];
    const middle = (of: 0 | 1) => ring.reduce((sum, at) => sum + at[of], 0) / (ring.length || 1);
    return `<text x="${x(middle(0))}" y="${y(middle(1))}">${escaped(textIn(name, language))}</text>`;
  });
  const at = mark && `<circle cx="${x(mark.lon)}" cy="${y(mark.lat)}" r="14"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}">
<rect width="${side}" height="${side}" fill="#eef1f3"/>
<g stroke="#4a5763" stroke-width="2" stroke-linejoin="round">${shapes.join('')}</g>
<g font-family="sans-serif" font-size="22" text-anchor="middle" fill="#16202a" stroke="#fff" stroke-width="4" paint-order="stroke">${names.join('')}</g>
${at ? `<g fill="#a3211b" stroke="#fff" stroke-width="4">${at}</g>` : ''}</svg>`;
}

/** Light enough for names and the mark to be read on them. */
const FILLS = ['#fbfaf7', '#e3efe8', '#f6ead2', '#e4e9f3', '#f3e4e6'];
