import type { Area, MapPoint } from '../../../domain/requests/areas.ts';
import type { ShownDot } from '../../../features/service/requests/service.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** A place with the numbers of the list that are there. */
export interface Numbered {
  point: MapPoint;
  numbers: readonly number[];
}

/** The width of the drawing in its own units, which are CSS pixels on the narrowest telephones. */
const WIDTH = 360;
const LEAST = 160;
const MOST = 480;
const MARGIN = 20;
/** Degrees that the map shows at least, where everything is in one place. */
const SPAN = 0.01;

/** Where positions are in the drawing. */
export interface Drawing {
  width: number;
  height: number;
  at(point: MapPoint): { x: number; y: number };
}

/** Returns how positions are drawn so that all are inside: plainly by degrees, narrower from west to east by the cosine of the latitude. */
export function drawingOf(points: readonly MapPoint[]): Drawing {
  const lats = points.map(({ lat }) => lat);
  const lons = points.map(({ lon }) => lon);
  const [south, north] = widened(Math.min(...lats), Math.max(...lats));
  const [west, east] = widened(Math.min(...lons), Math.max(...lons));
  const narrowing = Math.max(0.1, Math.cos(((south + north) / 2) * (Math.PI / 180)));
  const inner = WIDTH - 2 * MARGIN;
  const wanted = inner / ((east - west) * narrowing);
  const tallest = (MOST - 2 * MARGIN) / (north - south);
  const scale = Math.min(wanted, tallest);
  const height = Math.max(LEAST, Math.round((north - south) * scale) + 2 * MARGIN);
  const rounded = (value: number) => Math.round(value * 10) / 10;
  const middle = { lat: (south + north) / 2, lon: (west + east) / 2 };
  return {
    width: WIDTH,
    height,
    at: ({ lat, lon }) => ({
      x: rounded(WIDTH / 2 + (lon - middle.lon) * narrowing * scale),
      y: rounded(height / 2 - (lat - middle.lat) * scale),
    }),
  };
}

function widened(least: number, most: number): [number, number] {
  const lacking = Math.max(0, SPAN - (most - least)) / 2;
  return [least - lacking, most + lacking];
}

/** Returns the places of a page of the list, each with the numbers that are there. */
export function numberedOf(rows: readonly { point: MapPoint | null }[], first: number): Numbered[] {
  const places = rows.flatMap(({ point }, at) => (point ? [{ point, number: first + at }] : []));
  const byPoint = Map.groupBy(places, ({ point: { lat, lon } }) => `${lat} ${lon}`);
  return [...byPoint.values()].flatMap(([one, ...others]) =>
    one ? [{ point: one.point, numbers: [one, ...others].map(({ number }) => number) }] : [],
  );
}

/**
 * The town with its districts and where requests are, drawn by the service itself: nobody else is asked for a map. It is a picture; everything in
 * it is in the list.
 */
export function RequestMap(props: {
  t: Translate;
  areas: readonly Area[];
  /** All places of the list, on whichever page. */
  dots: readonly ShownDot[];
  numbered: readonly Numbered[];
}) {
  const { t, areas, dots, numbered } = props;
  const corners = areas.flatMap(({ polygons }) =>
    polygons.flatMap(([outer = []]) => outer.map(([lon, lat]) => ({ lat, lon }))),
  );
  const drawing = drawingOf([...corners, ...[...dots, ...numbered].map(({ point }) => point)]);
  const { width, height, at } = drawing;
  return (
    <svg
      class="request-map"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t('requests.public.map.alt', { count: dots.length })}
    >
      {areas.map((area) => (
        <path key={area.code} class="district" d={outlineOf(area, drawing)} />
      ))}
      {dots.map(({ point, requests }) => {
        const { x, y } = at(point);
        return <circle key={`${x} ${y}`} class="dot" cx={x} cy={y} r={requests > 1 ? 6 : 4} />;
      })}
      {numbered.map(({ point, numbers }) => {
        const { x, y } = at(point);
        return (
          <g key={`${x} ${y}`} class="numbered">
            <circle cx={x} cy={y} r={numbers.length > 1 ? 12 : 10} />
            <text x={x} y={y} dy="0.35em" text-anchor="middle">
              {numbers[0]}
              {numbers.length > 1 ? '+' : ''}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** Returns the borders of a district as a path; holes are holes by the even-odd rule. */
function outlineOf({ polygons }: Area, { at }: Drawing): string {
  return polygons
    .flat()
    .map((ring) => {
      const corners = ring.map(([lon, lat]) => at({ lat, lon }));
      return `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}Z`;
    })
    .join('');
}
