import type { QuestionOf } from '../questions.ts';
import { type CheckedAnswer, kept, refused } from './slip.ts';

/** A file of an answer: where the document is kept, and what it was when it was handed over. */
export interface FileAnswer {
  document: string;
  name: string;
  /** Its ending, such as `pdf`. */
  kind: string;
  bytes: number;
  /** Of its bytes as they came, in hexadecimal. */
  sha256: string;
}

export const MEGABYTE = 1_000_000;

export function checkFiles(
  { accept, most, megabytes }: QuestionOf<'file'>,
  answer: unknown,
): CheckedAnswer {
  if (!Array.isArray(answer) || !answer.every(isFile)) return refused('form.error.file');
  if (answer.length > most) return refused('form.error.manyFiles', { most });
  if (new Set(answer.map(({ document }) => document)).size < answer.length)
    return refused('form.error.sameFile');
  const strange = answer.find(({ kind }) => !(accept as string[]).includes(kind));
  if (strange)
    return refused('form.error.fileKind', { name: strange.name, kinds: accept.join(', ') });
  const large = answer.find(({ bytes }) => bytes > megabytes * MEGABYTE);
  if (large) return refused('form.error.fileLarge', { name: large.name, megabytes });
  return kept(answer.map(plainFile));
}

const plainFile = ({ document, name, kind, bytes, sha256 }: FileAnswer): FileAnswer => ({
  document,
  name,
  kind,
  bytes,
  sha256,
});

/** A SHA-256 in hexadecimal. */
export const SHA256 = /^[\da-f]{64}$/;

function isFile(value: unknown): value is FileAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { document, name, kind, bytes, sha256 } = value as Record<string, unknown>;
  const texts = [document, name, kind];
  return (
    texts.every((each) => typeof each === 'string' && each !== '' && each.length <= 255) &&
    Number.isSafeInteger(bytes) &&
    (bytes as number) > 0 &&
    SHA256.test(String(sha256))
  );
}

/**
 * What somebody drew: a geometry of GeoJSON (RFC 7946). On the map its positions are longitude and latitude; on a picture they are units of
 * the picture from its top left.
 */
export type PlaceAnswer =
  | { type: 'Point'; coordinates: Position }
  | { type: 'LineString'; coordinates: Position[] }
  | { type: 'Polygon'; coordinates: [Position[]] };
export type Position = [number, number];

/** The geometry of each shape, and the fewest positions that it has. */
export const GEOMETRY = {
  point: { type: 'Point', fewest: 1 },
  line: { type: 'LineString', fewest: 2 },
  area: { type: 'Polygon', fewest: 4 },
} as const;
export const MOST_POSITIONS = 200;

export function checkPlace(question: QuestionOf<'place'>, answer: unknown): CheckedAnswer {
  const { shape } = question;
  const { type, fewest } = GEOMETRY[shape];
  const given = (answer ?? {}) as { type?: unknown; coordinates?: unknown };
  if (given.type !== type) return refused(`form.error.place.${shape}`);
  const { coordinates } = given;
  const positions =
    shape === 'point'
      ? [coordinates]
      : shape === 'area'
        ? Array.isArray(coordinates) && coordinates.length === 1
          ? coordinates[0]
          : null
        : coordinates;
  if (!Array.isArray(positions) || !positions.every(isPosition))
    return refused(`form.error.place.${shape}`);
  if (positions.length < fewest) return refused(`form.error.place.${shape}`);
  if (positions.length > MOST_POSITIONS)
    return refused('form.error.manyPositions', { most: MOST_POSITIONS });
  if (!positions.every((each) => isInside(each, question))) return refused('form.error.outside');
  if (shape === 'area' && !isArea(positions)) return refused('form.error.place.area');
  if (shape === 'line' && positions.every((each) => isSame(each, positions[0])))
    return refused('form.error.place.line');
  return kept({ type, coordinates });
}

const isPosition = (value: unknown): value is Position =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((each) => typeof each === 'number' && Number.isFinite(each));

/** Returns the bounds of what can be drawn: west or left, south or top, east or right, north or bottom. */
export const boundsOf = ({ picture }: QuestionOf<'place'>): [number, number, number, number] =>
  picture ? [0, 0, picture.width, picture.height] : [-180, -90, 180, 90];

function isInside([x, y]: Position, question: QuestionOf<'place'>): boolean {
  const [left, top, right, bottom] = boundsOf(question);
  return x >= left && x <= right && y >= top && y <= bottom;
}

const isSame = (a: Position | undefined, b: Position | undefined): boolean =>
  a?.[0] === b?.[0] && a?.[1] === b?.[1];

/** Returns whether positions are a closed ring that surrounds something. */
function isArea(ring: readonly Position[]): boolean {
  if (!isSame(ring[0], ring.at(-1))) return false;
  const twice = ring.slice(1).reduce((sum, [x, y], index) => {
    const [beforeX, beforeY] = ring[index] ?? [0, 0];
    return sum + beforeX * y - x * beforeY;
  }, 0);
  return twice !== 0;
}
