import { renderToString } from 'preact-render-to-string';
import type { Area, MapPoint } from '../../../domain/requests/areas.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import {
  cornersOf,
  drawingOf,
  extentOf,
  type MapView,
  viewAround,
} from '../../../ui/map/projection.ts';
import { AreaNames, AreaShapes } from '../../../ui/map/town-map.tsx';

/** The sides of the map's picture in pixels of the page, on a telephone and on a wide screen. A click is told in them. */
export const MAP_SIDES = { small: 264, large: 560 } as const;
export type MapSize = keyof typeof MAP_SIDES;

/** How much nearer a chosen point is looked at. */
const NEARER = 5;
/** How much wider than the town the map is. */
const EDGE = 1.06;

/** Returns the square, in metres, that shows all areas. */
function squareOf(areas: readonly Area[]): { middle: MapPoint; side: number } {
  const { middle, wide, high } = extentOf(cornersOf(areas));
  return { middle, side: Math.max(wide, high) * EDGE };
}

/** Returns the view of all areas, or the one around a chosen point. */
export function viewOf(areas: readonly Area[], point: MapPoint | null = null): MapView {
  const { middle, side } = squareOf(areas);
  const shown = point ? side / NEARER : side;
  return viewAround({ middle: point ?? middle, wide: shown, high: shown });
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

/** Draws the areas of a town, with their names, and a mark at a point, as a file. Nothing of it comes from another site. */
export function drawMap(
  areas: readonly Area[],
  view: MapView,
  mark: MapPoint | null,
  language: Language,
): string {
  const side = MAP_SIDES.large;
  const drawing = drawingOf(view, { width: side, height: side });
  const at = mark && drawing.at(mark);
  return renderToString(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${side} ${side}`}
      width={side}
      height={side}
      aria-hidden="true"
    >
      <rect width={side} height={side} fill="#eef1f3" />
      <g stroke="#4a5763" stroke-width="2" stroke-linejoin="round">
        <AreaShapes areas={areas} drawing={drawing} fills={FILLS} />
      </g>
      <g
        font-family="sans-serif"
        font-size="22"
        fill="#16202a"
        stroke="#fff"
        stroke-width="4"
        paint-order="stroke"
      >
        <AreaNames areas={areas} drawing={drawing} language={language} />
      </g>
      {at ? (
        <circle cx={at.x} cy={at.y} r={14} fill="#a3211b" stroke="#fff" stroke-width="4" />
      ) : null}
    </svg>,
  );
}

/** Light enough for names and the mark to be read on them. */
const FILLS = ['#fbfaf7', '#e3efe8', '#f6ead2', '#e4e9f3', '#f3e4e6'];
