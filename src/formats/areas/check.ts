import { code as codeSchema } from '../../domain/office/fields.ts';
import type { Area, Position, Ring } from '../../domain/requests/areas.ts';
import { isLanguage, LANGUAGES, type Language, type Texts } from '../../lib/i18n/languages.ts';
import { type Path, type Remark, readSource, type Source } from '../town-file/reading/source.ts';
import { Spot } from '../town-file/reading/spot.ts';
import { overlaps, selfCrossing } from './geometry.ts';

/** The most characters of a file of areas. The districts and quarters of Barcelona need half of it. */
export const MOST_CHARACTERS = 2_000_000;
const MOST_AREAS = 500;
const MOST_NAME = 120;
const MOST_POSITIONS = 50_000;
/** Decimals of a degree that are kept: a tenth of a metre. */
const DECIMALS = 6;

/** The areas of a file, or what is wrong with it; with lines. */
export type AreasCheck =
  | { ok: true; areas: Area[]; warnings: Remark[] }
  | { ok: false; mistakes: Remark[]; warnings: Remark[] };

interface Finding {
  grade: 'mistake' | 'warning';
  path: Path;
  message: string;
}
type Tell = (grade: Finding['grade'], spot: Spot, message: string) => void;

/**
 * Reads a file of areas: GeoJSON (RFC 7946), a FeatureCollection of polygons and multipolygons with a `code` and a `name`. Every mistake is
 * reported with its line. `languages`: those of the town, in which a name that isn't one for all should be. Never throws, for any text.
 */
export function checkAreasFile(
  text: string,
  languages: readonly Language[] = LANGUAGES,
): AreasCheck {
  if (text.length > MOST_CHARACTERS)
    return failed(`The file is too long for areas: the limit is ${MOST_CHARACTERS} characters.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failed(`The file is not JSON: ${(error as Error).message}`);
  }
  const findings: Finding[] = [];
  const areas = readAreas(new Spot(value, []), languages, (grade, { path }, message) =>
    findings.push({ grade, path, message }),
  );
  // Places are only looked for where there is something to say: reading a large file for them takes a while.
  const { source } = findings.length > 0 ? readSource(text) : {};
  const remarks = (grade: Finding['grade']) =>
    findings.filter((each) => each.grade === grade).map((each) => remark(each, source));
  const [mistakes, warnings] = [remarks('mistake'), remarks('warning')];
  return mistakes.length > 0 ? { ok: false, mistakes, warnings } : { ok: true, areas, warnings };
}

const failed = (message: string): AreasCheck => ({
  ok: false,
  mistakes: [{ line: 1, column: 1, path: '', message }],
  warnings: [],
});

const remark = ({ path, message }: Finding, source: Source | undefined): Remark => ({
  ...(source?.place(path, 'value') ?? { line: 1, column: 1 }),
  path: path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, ''),
  message,
});

function readAreas(root: Spot, languages: readonly Language[], tell: Tell): Area[] {
  const features = root.get('features');
  if (root.get('type').text() !== 'FeatureCollection' || !Array.isArray(features.value)) {
    tell('mistake', root, 'This is not a GeoJSON FeatureCollection with a list of features.');
    return [];
  }
  if (features.items().length > MOST_AREAS)
    tell('mistake', features, `A town has at most ${MOST_AREAS} areas.`);
  const areas = features.items().map((each) => readArea(each, languages, tell));
  const positions = areas.flatMap(({ polygons }) => polygons.flat(2)).length;
  if (positions > MOST_POSITIONS)
    tell(
      'mistake',
      features,
      `The areas have ${positions} positions; the limit is ${MOST_POSITIONS}. Simplify their borders.`,
    );
  if (areas.length === 0) tell('warning', features, 'There is no area in the file.');
  const codes = new Map<string, number>();
  for (const [index, { code }] of areas.entries()) {
    const first = codes.get(code);
    if (code && first !== undefined)
      tell(
        'mistake',
        features.items()[index]!.get('properties').get('code'),
        `The code "${code}" stands twice.`,
      );
    else codes.set(code, index);
  }
  if (positions <= MOST_POSITIONS)
    for (const { first, second } of overlaps(areas))
      tell(
        'warning',
        features.items()[areas.indexOf(second)]!,
        `"${second.code}" overlaps "${first.code}". What is in both is in "${first.code}", since it comes first.`,
      );
  return areas;
}

function readArea(feature: Spot, languages: readonly Language[], tell: Tell): Area {
  const properties = feature.get('properties');
  const codeSpot = properties.get('code');
  const code = codeSpot.text() ?? '';
  if (!codeSchema.safeParse(codeSpot.value).success)
    tell(
      'mistake',
      codeSpot.exists() ? codeSpot : feature,
      'An area needs a "code" of lower-case letters, digits and hyphens, such as "centre".',
    );
  return {
    code,
    name: readName(properties.get('name'), feature, languages, tell),
    polygons: readPolygons(feature.get('geometry'), feature, code, tell),
  };
}

/** One text is the name in every language. */
function readName(name: Spot, feature: Spot, languages: readonly Language[], tell: Tell): Texts {
  const one = name.text()?.trim();
  if (one && one.length <= MOST_NAME)
    return Object.fromEntries(languages.map((each) => [each, one]));
  const texts = name.entries().flatMap(([language, each]): [Language, string][] => {
    const text = each.text()?.trim();
    if (isLanguage(language) && text) return [[language, text]];
    tell('mistake', each, `"${language}" is not a text in one of: ${LANGUAGES.join(', ')}.`);
    return [];
  });
  if (texts.length === 0 || texts.some(([, text]) => text.length > MOST_NAME))
    tell(
      'mistake',
      name.exists() ? name : feature,
      'An area needs a "name": a text of at most 120 characters, or one for each language.',
    );
  const missing = languages.filter((each) => !texts.some(([language]) => language === each));
  if (texts.length > 0 && missing.length > 0)
    tell(
      'warning',
      name,
      `"name" is not translated into: ${missing.join(', ')}. Readers will see another language.`,
    );
  return Object.fromEntries(texts);
}

function readPolygons(geometry: Spot, feature: Spot, code: string, tell: Tell): Ring[][] {
  const type = geometry.get('type').text();
  const coordinates = geometry.get('coordinates');
  const polygons =
    type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates.items() : [];
  if (
    polygons.length === 0 ||
    !polygons.every(({ value }) => Array.isArray(value) && value.length > 0)
  ) {
    const what = type ? `${type} without a ring is none` : 'it has none';
    tell(
      'mistake',
      geometry.exists() ? geometry : feature,
      `"${code}" needs a Polygon or a MultiPolygon; ${what}.`,
    );
    return [];
  }
  return polygons.map((polygon) => polygon.items().map((ring) => readRing(ring, code, tell)));
}

function readRing(ring: Spot, code: string, tell: Tell): Ring {
  const positions: Ring = [];
  for (const each of ring.items()) {
    const position = positionOf(each.value);
    if (!position) {
      const hint =
        ' Is it in metres (UTM), or latitude before longitude? Export it as GeoJSON in WGS 84.';
      tell('mistake', each, `"${code}" has a position that is no longitude and latitude.${hint}`);
      return [];
    }
    positions.push(position);
  }
  const [first, last] = [positions[0], positions.at(-1)];
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) {
    tell(
      'warning',
      ring,
      `A ring of "${code}" is not closed: its last position is not its first. It is closed with a straight line.`,
    );
    positions.push(first);
  }
  if (positions.length < 4) {
    tell('mistake', ring, `A ring of "${code}" needs at least three positions.`);
    return positions;
  }
  const crossing = selfCrossing(positions);
  if (crossing)
    tell(
      'warning',
      ring,
      `A ring of "${code}" crosses itself at ${crossing.map((each) => each.toFixed(DECIMALS)).join(', ')}: what is inside it is not clear.`,
    );
  return positions;
}

/** Returns a position rounded to a tenth of a metre, without its height; null: it is none. */
function positionOf(value: unknown): Position | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  const [lon, lat] = value as unknown[];
  if (typeof lon !== 'number' || typeof lat !== 'number') return null;
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
  return [Number(lon.toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
}
