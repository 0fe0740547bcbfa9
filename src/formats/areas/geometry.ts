import { type Area, isIn, type Position, type Ring } from '../../domain/requests/areas.ts';

/** Two areas overlap where a part of one lies deeper in the other than this; borders that were drawn twice never match exactly. */
const DEEP_METRES = 2;
const METRES_A_DEGREE = 111_320;

interface Edge {
  a: Position;
  b: Position;
}

const edgesOf = (ring: Ring): Edge[] =>
  ring.slice(1).map((b, index) => ({ a: ring[index] as Position, b }));

/** Returns a place where a closed line crosses itself; null: nowhere. */
export function selfCrossing(ring: Ring): Position | null {
  const edges = edgesOf(ring).sort((one, other) => westOf(one) - westOf(other));
  let open: Edge[] = [];
  for (const edge of edges) {
    const west = westOf(edge);
    open = open.filter((each) => eastOf(each) >= west);
    for (const other of open) {
      const point = crossing(edge, other);
      if (point) return point;
    }
    open.push(edge);
  }
  return null;
}

const westOf = ({ a, b }: Edge): number => Math.min(a[0], b[0]);
const eastOf = ({ a, b }: Edge): number => Math.max(a[0], b[0]);

/** Returns on which side of an edge a position is: positive, negative, or 0 on its line. */
const side = ({ a, b }: Edge, [lon, lat]: Position): number =>
  Math.sign((b[0] - a[0]) * (lat - a[1]) - (b[1] - a[1]) * (lon - a[0]));

/** Returns where the insides of two edges cross; null: they don't, or only touch. */
function crossing(one: Edge, other: Edge): Position | null {
  if (Math.max(one.a[1], one.b[1]) < Math.min(other.a[1], other.b[1])) return null;
  if (Math.max(other.a[1], other.b[1]) < Math.min(one.a[1], one.b[1])) return null;
  if (side(one, other.a) * side(one, other.b) >= 0) return null;
  if (side(other, one.a) * side(other, one.b) >= 0) return null;
  const [dx, dy] = [one.b[0] - one.a[0], one.b[1] - one.a[1]];
  const [ex, ey] = [other.b[0] - other.a[0], other.b[1] - other.a[1]];
  const part = ((other.a[0] - one.a[0]) * ey - (other.a[1] - one.a[1]) * ex) / (dx * ey - dy * ex);
  return [one.a[0] + part * dx, one.a[1] + part * dy];
}

/** Returns the pairs of areas that overlap, in the file's order, each with a point that is in both. */
export function overlaps(areas: readonly Area[]): { first: Area; second: Area }[] {
  const boxed = areas.map((area) => ({ area, box: boxOf(area) }));
  return boxed.flatMap((one, index) =>
    boxed
      .slice(index + 1)
      .filter((other) => common(one.box, other.box) && overlap(one.area, other.area))
      .map((other) => ({ first: one.area, second: other.area })),
  );
}

interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

function boxOf({ polygons }: Area): Box {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const [lon, lat] of polygons.flat(2)) {
    box.west = Math.min(box.west, lon);
    box.east = Math.max(box.east, lon);
    box.south = Math.min(box.south, lat);
    box.north = Math.max(box.north, lat);
  }
  return box;
}

/** Returns the box that two have in common; null: they only touch, or not even that. */
function common(one: Box, other: Box): Box | null {
  const box = {
    west: Math.max(one.west, other.west),
    south: Math.max(one.south, other.south),
    east: Math.min(one.east, other.east),
    north: Math.min(one.north, other.north),
  };
  return box.west < box.east && box.south < box.north ? box : null;
}

function overlap(one: Area, other: Area): boolean {
  const box = common(boxOf(one), boxOf(other));
  if (!box) return false;
  if (JSON.stringify(one.polygons) === JSON.stringify(other.polygons)) return true;
  const near = (area: Area) =>
    area.polygons
      .flat()
      .flatMap(edgesOf)
      .filter((edge) => touches(edge, box));
  const [ownEdges, otherEdges] = [near(one), near(other)];
  return isDeepIn(ownEdges, other, otherEdges) || isDeepIn(otherEdges, one, ownEdges);
}

const touches = ({ a, b }: Edge, box: Box): boolean =>
  Math.min(a[0], b[0]) <= box.east &&
  Math.max(a[0], b[0]) >= box.west &&
  Math.min(a[1], b[1]) <= box.north &&
  Math.max(a[1], b[1]) >= box.south;

/** Returns whether some edge runs deep in an area: it is cut where it crosses the area's edges, and the middle of each piece is looked at. */
function isDeepIn(edges: readonly Edge[], area: Area, borders: readonly Edge[]): boolean {
  return edges.some((edge) => {
    const along = ([lon, lat]: Position) => Math.hypot(lon - edge.a[0], lat - edge.a[1]);
    const cuts = borders.map((border) => crossing(edge, border)).filter((each) => each !== null);
    const stops = [edge.a, ...cuts, edge.b].sort((p, q) => along(p) - along(q));
    return stops.slice(1).some((stop, index) => {
      const before = stops[index] as Position;
      const [lon, lat] = [(stop[0] + before[0]) / 2, (stop[1] + before[1]) / 2];
      return (
        isIn(area, { lon, lat }, true) &&
        borders.every((border) => metresTo(border, [lon, lat]) > DEEP_METRES)
      );
    });
  });
}

/** Returns how far a position is from an edge, in metres; exact enough within a town. */
function metresTo({ a, b }: Edge, [lon, lat]: Position): number {
  const shrink = Math.cos((lat * Math.PI) / 180);
  const flat = ([x, y]: Position) =>
    [(x - lon) * shrink * METRES_A_DEGREE, (y - lat) * METRES_A_DEGREE] as const;
  const [[ax, ay], [bx, by]] = [flat(a), flat(b)];
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length));
  return Math.hypot(ax + part * dx, ay + part * dy);
}
