import type { ComponentChildren } from 'preact';
import type { Area, MapPoint } from '../../domain/requests/areas.ts';
import { type Language, textIn } from '../../lib/i18n/languages.ts';
import { cornersOf, type Drawing, drawingAround } from './projection.ts';

/** The sides of a map in a page, in its own units, which are CSS pixels on the narrowest telephones. */
const SIDES = { width: 360, margin: 20, least: 160, most: 480 };

/**
 * The town as a drawing of its areas, with something on it. It needs no map of anybody else’s, loads nothing and tells nobody what is looked at. What it shows
 * stands in words beside it.
 */
export function TownMap(props: {
  label: string;
  language: Language;
  areas: readonly Area[];
  /** What is to be seen besides the areas. */
  points: readonly MapPoint[];
  /** What is drawn on it. */
  children(at: Drawing['at']): ComponentChildren;
}) {
  const { label, language, areas, points, children } = props;
  const all = [...cornersOf(areas), ...points];
  if (all.length === 0) return null;
  const drawing = drawingAround(all, SIDES);
  return (
    <svg
      class="town-map"
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      role="img"
      aria-label={label}
    >
      <AreaShapes areas={areas} drawing={drawing} />
      <AreaNames areas={areas} drawing={drawing} language={language} />
      {children(drawing.at)}
    </svg>
  );
}

interface AreasProps {
  areas: readonly Area[];
  drawing: Drawing;
}

/** The borders of areas; holes are holes by the even-odd rule. `fills`: their colours, one after the other, where no stylesheet says them. */
export const AreaShapes = ({ areas, drawing, fills = [] }: AreasProps & { fills?: string[] }) => (
  <>
    {areas.map((area, nth) => (
      <path
        key={area.code}
        class="area"
        d={outlineOf(area, drawing)}
        fill={fills[nth % fills.length]}
        fill-rule="evenodd"
      />
    ))}
  </>
);

/** The names of areas, each about in its middle. */
export const AreaNames = ({ areas, drawing, language }: AreasProps & { language: Language }) => (
  <>
    {areas.map((area) => {
      const { x, y } = drawing.at(middleOf(area));
      return (
        <text key={area.code} class="area-name" x={x} y={y} text-anchor="middle">
          {textIn(area.name, language)}
        </text>
      );
    })}
  </>
);

const outlineOf = ({ polygons }: Area, { at }: Drawing): string =>
  polygons
    .flat()
    .map((ring) => {
      const corners = ring.map(([lon, lat]) => at({ lat, lon }));
      return `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}Z`;
    })
    .join('');

/** Returns about the middle of an area: of the corners of its ring that has most. */
function middleOf({ polygons }: Area): MapPoint {
  const [ring = []] = polygons.map(([outer = []]) => outer).sort((a, b) => b.length - a.length);
  const corners = ring.slice(1);
  const mean = (of: 0 | 1) =>
    corners.reduce((sum, each) => sum + each[of], 0) / Math.max(1, corners.length);
  return { lon: mean(0), lat: mean(1) };
}
