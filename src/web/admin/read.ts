import { addressOf } from '../../formats/town-file/look/logo.ts';
import { LANGUAGES, type Language } from '../../lib/i18n/languages.ts';
import { unaccented } from '../../lib/unaccented.ts';
import type { SentFile } from '../files/upload.ts';
import { type Form, FormError, onOneLine } from '../form.ts';
import { type At, type Field, nameOf, type Value } from './types.ts';

/** A sent form, with the file for its picture. */
export type SentForm = Form & { files?: readonly SentFile[] };

/** More rows than our forms can hold. */
const MOST_ROWS = 2_000;

/**
 * Returns the values of a form, without the empty ones and without checks. @throws FormError for too
 * many rows
 */
export function readFields(
  fields: readonly Field[],
  form: SentForm,
  languages: readonly Language[],
  at: At = [],
): Value {
  const found = fields.flatMap((field) => {
    const value = readField(field, form, languages, [...at, field.key]);
    return value === undefined ? [] : [[field.key, value]];
  });
  return Object.fromEntries(found);
}

function readField(field: Field, form: SentForm, languages: readonly Language[], at: At): unknown {
  const name = nameOf(at);
  switch (field.kind) {
    case 'texts': {
      // Includes the hidden texts in languages that the office doesn't offer now.
      const texts = perLanguage([...new Set([...languages, ...LANGUAGES])], (language) => {
        const key = nameOf([...at, language]);
        return (field.rows ? form.lines(key) : form.line(key)) || undefined;
      });
      return field.optional && Object.keys(texts).length === 0 ? undefined : texts;
    }
    case 'words':
      return perLanguage(languages, (language) => {
        const words = form
          .line(nameOf([...at, language]))
          .split(',')
          .map(onOneLine)
          .filter(Boolean);
        return words.length > 0 ? words : undefined;
      });
    case 'number':
      return numberIn(form.line(name));
    case 'several':
      return form.all(name);
    case 'yes':
      return form.has(name);
    case 'group': {
      const group = readFields(field.fields, form, languages, at);
      return Object.keys(group).length > 0 ? group : undefined;
    }
    case 'picture': {
      const [file] = form.files ?? [];
      return file ? addressOf(file.bytes) : form.line(name) || keptPicture(form, at);
    }
    case 'rows':
      return rowsIn(field, form, languages, at);
    default:
      return form.line(name) || undefined;
  }
}

/** Returns the picture that the form had when it was shown. */
export const keptPicture = (form: Form, at: At): string | undefined =>
  form.text(nameOf([...at, 'kept'])) || undefined;

/** Returns the place of the form's picture field. */
export function pictureAt(fields: readonly Field[], at: At = []): At | null {
  for (const field of fields) {
    const here = [...at, field.key];
    if (field.kind === 'picture') return here;
    const inner = field.kind === 'group' ? pictureAt(field.fields, here) : null;
    if (inner) return inner;
  }
  return null;
}

function perLanguage<T>(languages: readonly Language[], of: (language: Language) => T | undefined) {
  const found = languages.flatMap((language) => {
    const value = of(language);
    return value === undefined ? [] : [[language, value]];
  });
  return Object.fromEntries(found) as Partial<Record<Language, T>>;
}

const numberIn = (text: string): unknown => {
  if (text === '') return undefined;
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
};

function rowsIn(
  field: Extract<Field, { kind: 'rows' }>,
  form: SentForm,
  languages: readonly Language[],
  at: At,
): Value[] {
  const count = Number(form.text(nameOf([...at, 'count']))) || 0;
  if (count > MOST_ROWS) throw new FormError(413);
  const rows = Array.from({ length: count }, (_, index) => {
    const row = readFields(field.fields, form, languages, [...at, index]);
    if (!field.coded) return row;
    const code = form.line(nameOf([...at, index, 'code']));
    return { ...(code && { code }), ...row };
  });
  return field.coded ? withCodes(rows) : rows;
}

/** Gives each row a code, made from its name where it has none. */
function withCodes(rows: readonly Value[]): Value[] {
  const taken = new Set(rows.map((each) => each.code));
  return rows.map((row) => {
    if (row.code) return row;
    const code = freeCode(firstText(row.name), taken);
    taken.add(code);
    return { code, ...row };
  });
}

/** Returns a text in the first language that has one. */
export const firstText = (texts: unknown): string => {
  const [text] = Object.values((texts ?? {}) as Record<string, unknown>);
  return typeof text === 'string' ? text : '';
};

/** Returns an unused code for this name. */
export function freeCode(name: string, taken: ReadonlySet<unknown>): string {
  const words = unaccented(name)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const base = words.replaceAll(/^-+|-+$/g, '') || 'nou';
  for (let n = 1; ; n += 1) {
    const code = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(code)) return code;
  }
}

/**
 * Applies a button that changes only the form: `add:documents`, `up:documents-2`, `remove:documents-2`,
 * `set:look-accent-light:#0b5d66,look-accentInk-light:#ffffff`, `clear:look-logo`, or `clear` for all of
 * it. Returns null for any other button.
 */
export function actOn(
  fields: readonly Field[],
  value: Value,
  act: string,
  [language = 'ca']: readonly Language[],
): { value: Value; focus: string } | null {
  const [verb = '', ...rest] = act.split(':');
  const [start] = fields;
  if (act === 'clear' && start) return { value: {}, focus: firstIn(start, [], language) };
  if (verb === 'set') return settled(value, rest.join(':'));
  if (verb === 'clear') {
    const picture = pictureAt(fields);
    return {
      value: changed(value, (rest[0] ?? '').split('-'), undefined),
      focus: nameOf(picture ?? []),
    };
  }
  const [key = '', at = ''] = (rest[0] ?? '').split('-');
  const field = fields.find((each) => each.kind === 'rows' && each.key === key);
  if (field?.kind !== 'rows') return null;
  const rows = (value[key] ?? []) as Value[];
  const put = (next: Value[], focus: string) => ({ value: { ...value, [key]: next }, focus });
  const [first] = field.fields;
  if (verb === 'add' && first)
    return put([...rows, {}], firstIn(first, [key, rows.length], language));
  const index = Number(at);
  const row = rows[index];
  if (!row) return null;
  const others = rows.toSpliced(index, 1);
  if (verb === 'remove') return put(others, `${key}-add`);
  if (verb !== 'up' || index === 0) return null;
  // The first row can't move up.
  const button = index > 1 ? 'up' : 'remove';
  return put(others.toSpliced(index - 1, 0, row), `${key}-${index - 1}-${button}`);
}

/** Returns the name of the first input of a row. */
const firstIn = (field: Field, at: At, language: Language): string =>
  nameOf(field.kind === 'texts' ? [...at, field.key, language] : [...at, field.key]);

function settled(value: Value, what: string): { value: Value; focus: string } {
  const all = what.split(',').map((each) => each.split(':'));
  const next = all.reduce((now, [name = '', to]) => changed(now, name.split('-'), to), value);
  return { value: next, focus: all[0]?.[0] ?? '' };
}

/** Returns the value with one place replaced. */
export function changed(value: Value, [key = '', ...rest]: At, to: unknown): Value {
  const inner = (value[key] ?? {}) as Value;
  return { ...value, [key]: rest.length === 0 ? to : changed(inner, rest, to) };
}
