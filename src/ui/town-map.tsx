import type { Area, MapPoint, Position } from '../domain/requests/areas.ts';
import { textIn } from '../lib/i18n/languages.ts';
import type { Translate } from '../lib/i18n/translate.ts';

/** A point on the map with a letter, which the list beside it has too. */
export interface MarkedPoint extends MapPoint {
  mark: string;
  /** What stands there, for those who don't see it. */
  name: string;
  isMain?: boolean;
}

/** The width of the drawing; its height follows from the town. */
const WIDTH = 400;
const EDGE = 16;

interface Drawing {
  height: number;
  at(position: Position): [x: number, y: number];
}

/** Returns how positions are drawn so that all of them fit; degrees of longitude shrink with the latitude. */
function drawingOf(positions: readonly Position[]): Drawing | null {
  if (positions.length === 0) return null;
  const span = (list: number[]) => ({
    from: list.reduce((a, b) => Math.min(a, b)),
    to: list.reduce((a, b) => Math.max(a, b)),
  });
  const lon = span(positions.map(([each]) => each));
  const lat = span(positions.map(([, each]) => each));
  const shrink = Math.cos((((lat.from + lat.to) / 2) * Math.PI) / 180);
  const width = Math.max((lon.to - lon.from) * shrink, 0.002);
  const height = Math.max(lat.to - lat.from, 0.002);
  const scale = (WIDTH - 2 * EDGE) / Math.max(width, height / 1.2);
  return {
    height: Math.round(height * scale + 2 * EDGE),
    at: ([x, y]) => [
      Math.round((EDGE + (x - lon.from) * shrink * scale) * 10) / 10,
      Math.round((EDGE + (lat.to - y) * scale) * 10) / 10,
    ],
  };
}

/**
 * The town as a drawing of its areas, with points on it. It needs no map of anybody else’s, loads nothing and tells nobody what is looked at. What it shows
 * stands in words beside it.
 */
export function TownMap(props: {
  t: Translate;
  label: string;
  areas: readonly Area[];
  points: readonly MarkedPoint[];
}) {
  const { t, label, areas, points } = props;
  const corners = areas.flatMap(({ polygons }) => polygons.flat(2));
  const drawing = drawingOf([...corners, ...points.map(({ lon, lat }): Position => [lon, lat])]);
  if (!drawing) return null;
  const { height, at } = drawing;
  const path = (area: Area) =>
    area.polygons
      .flat()
      .map((ring) => `M${ring.map((each) => at(each).join(' ')).join('L')}Z`)
      .join('');
  return (
    <svg class="town-map" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={label}>
      {areas.map((area) => (
        <path key={area.code} class="area" d={path(area)} fill-rule="evenodd" />
      ))}
      {areas.map((area) => {
        const [x, y] = at(middleOf(area));
        return (
          <text key={area.code} class="area-name" x={x} y={y} text-anchor="middle">
            {textIn(area.name, t.language)}
          </text>
        );
      })}
      {points
        .toSorted((a, b) => Number(a.isMain ?? false) - Number(b.isMain ?? false))
        .map(({ lon, lat, mark, isMain }) => {
          const [x, y] = at([lon, lat]);
          return (
            <g key={mark} class={isMain ? 'point main' : 'point'}>
              <circle cx={x} cy={y} r={isMain ? 10 : 8} />
              <text x={x} y={y} text-anchor="middle" dominant-baseline="central">
                {mark}
              </text>
            </g>
          );
        })}
    </svg>
  );
}

/** Returns about the middle of an area: of its largest ring's corners. */
function middleOf({ polygons }: Area): Position {
  const [ring = []] = polygons.map(([outer = []]) => outer).sort((a, b) => b.length - a.length);
  const corners = ring.slice(1);
  const mean = (of: (position: Position) => number) =>
    corners.reduce((sum, each) => sum + of(each), 0) / Math.max(1, corners.length);
  return [mean(([lon]) => lon), mean(([, lat]) => lat)];
}
