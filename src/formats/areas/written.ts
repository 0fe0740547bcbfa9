import type { Area } from '../../domain/requests/areas.ts';

/** Returns areas as a GeoJSON file (RFC 7946), a feature a line, so that changes can be compared. */
export function writtenAreas(areas: readonly Area[]): string {
  const features = areas.map(({ code, name, polygons }) => {
    const texts = Object.values(name);
    const isOne = texts.length > 1 && texts.every((each) => each === texts[0]);
    const [only] = polygons;
    const geometry =
      polygons.length === 1
        ? { type: 'Polygon', coordinates: only }
        : { type: 'MultiPolygon', coordinates: polygons };
    return JSON.stringify({
      ...{ type: 'Feature', properties: { code, name: isOne ? texts[0] : name }, geometry },
    });
  });
  const lines = features.map((each) => `  ${each}`).join(',\n');
  return `{ "type": "FeatureCollection", "features": [\n${lines}\n] }\n`;
}
