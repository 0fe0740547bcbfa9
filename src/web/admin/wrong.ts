import type { Finding } from '../../formats/town-file/reading/check.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { Sheet } from './sections.ts';
import { type At, type Field, nameOf, type Value, type Wrong } from './types.ts';

/**
 * Returns the mistakes, each at the field for its correction. `base`: the place of the form's value in
 * the office.
 */
export function wrongOf(
  t: Translate,
  findings: readonly Finding[],
  form: { fields: readonly Field[]; value: Value; languages: readonly string[]; base: At },
): Wrong[] {
  const places = placesIn(form.fields, form.value, form.languages, []);
  const { base } = form;
  const told = findings.map((finding): Wrong => {
    const { slip, message } = finding;
    const field = mendedAt(finding);
    const inside = base.every((step, index) => field[index] === step);
    const at = nearest(places, inside ? inRows(form, field.slice(base.length)) : []);
    return slip
      ? { at, text: t(`admin.slip.${slip.kind}`, slip.values), slip }
      : { at, text: message, lang: 'en' };
  });
  const first = new Map(told.toReversed().map((each) => [nameOf(each.at), each]));
  return told.filter((each) => first.get(nameOf(each.at)) === each);
}

/** Returns whether a form has a field for a mistake. */
export function isAskedIn(
  { base, fields }: Pick<Sheet, 'base' | 'fields'>,
  finding: Placed,
): boolean {
  const field = mendedAt(finding);
  const key = field[base.length];
  const isInside = base.every((step, index) => field[index] === step);
  return isInside && (key === undefined || fields.some((each) => each.key === key));
}

/** Maps a code of the office to a row of the form. */
function inRows(form: { fields: readonly Field[]; value: Value }, at: At): At {
  const [key = '', code, ...rest] = at;
  const field = form.fields.find((each) => each.key === key);
  if (field?.kind !== 'rows' || !field.coded || typeof code !== 'string') return at;
  const index = ((form.value[key] ?? []) as Value[]).findIndex((each) => each.code === code);
  return index < 0 ? [key] : [key, index, ...rest];
}

/** The place of a message in the office. */
interface Placed {
  field: At;
  slip?: Finding['slip'];
}

/** A mistake about two similar colours belongs to the accent, since the town changes that one. */
const mendedAt = ({ field, slip }: Placed): At =>
  slip?.kind === 'contrast' ? ['look', 'accent', String(slip.values?.mode)] : field;

/** Returns the places of a form that can have a mistake. */
function placesIn(
  fields: readonly Field[],
  value: Value,
  languages: readonly string[],
  at: At,
): At[] {
  return fields.flatMap((field): At[] => {
    const here = [...at, field.key];
    if (field.kind === 'texts' || field.kind === 'words')
      return languages.map((language) => [...here, language]);
    if (field.kind === 'group')
      return placesIn(field.fields, (value[field.key] ?? {}) as Value, languages, here);
    if (field.kind !== 'rows') return [here];
    const rows = (value[field.key] ?? []) as Value[];
    const inner = rows.flatMap((row, index) =>
      placesIn(field.fields, row, languages, [...here, index]),
    );
    return [...inner, here];
  });
}

/** Returns the first of the places that shares the longest path with the mistake. */
function nearest(places: readonly At[], at: At): At {
  const common = (place: At) => {
    const index = place.findIndex((step, n) => String(at[n]) !== String(step));
    return index < 0 ? place.length : index;
  };
  const most = Math.max(0, ...places.map(common));
  return places.find((each) => common(each) === most) ?? [];
}
