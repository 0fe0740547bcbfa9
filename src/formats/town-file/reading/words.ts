import type { z } from 'zod';
import { type Slip, slipOf } from '../../../domain/office/fields.ts';
import type { Path } from './source.ts';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];
type Issue = z.core.$ZodIssue;

export const defOf = (schema: Schema): Def => schema._zod.def as Def;

/** Returns the schema without its optional and default wrappers. */
export function unwrapped(schema: Schema): Schema {
  const def = defOf(schema);
  return 'innerType' in def ? unwrapped(def.innerType) : schema;
}

/** Returns the schema of the value at a path, which decides between alternatives; undefined beyond the schema. */
function schemaAt(schema: Schema, path: Path, value: unknown): Schema | undefined {
  let at: Schema | undefined = chosenOf(schema, value);
  for (const [index, step] of path.entries()) {
    const child: Schema | undefined = at && childSchema(at, step);
    at = child && chosenOf(child, valueAt(value, path.slice(0, index + 1)));
  }
  return at;
}

/** Returns the alternative that a value means: by its discriminator, or since only one of them is a group. */
function chosenOf(schema: Schema, value: unknown): Schema {
  const def = defOf(unwrapped(schema));
  if (def.type !== 'union') return schema;
  const groups = def.options.filter((each) => defOf(each).type === 'object');
  if (!('discriminator' in def)) {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup && groups.length === 1 ? (groups[0] ?? schema) : schema;
  }
  const written = valueAt(value, [String(def.discriminator)]);
  const meant = groups.find((each) => wordsOf(each, String(def.discriminator)).includes(written));
  return meant ?? schema;
}

/** Returns the words that a key of a group may have, where they are fixed. */
function wordsOf(group: Schema, key: string): readonly unknown[] {
  const child = childSchema(group, key);
  const def = child && defOf(unwrapped(child));
  return def?.type === 'literal' ? def.values : [];
}

/** Returns the schema of one child. */
export function childSchema(schema: Schema, step: string | number): Schema | undefined {
  const def = defOf(unwrapped(schema));
  if (def.type === 'object') return Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
  if (def.type === 'record') return def.valueType;
  if (def.type === 'array') return def.element;
  return undefined;
}

function descriptionOf(schema: Schema | undefined): string | undefined {
  for (let at = schema; at; ) {
    const description = (at as z.ZodType).description;
    if (description) return description;
    const def = defOf(at);
    at = 'innerType' in def ? def.innerType : undefined;
  }
  return undefined;
}

export interface Sentence {
  path: Path;
  part: 'key' | 'value';
  message: string;
  /** The path of the wrong or missing field, when the file has no such place. */
  field: Path;
  slip?: Slip | undefined;
}

/** Returns the mistakes in plain words, for readers who don't use the schema library. */
export function inWords(issue: Issue, root: Schema, value: unknown): Sentence[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key, root, value));
  }
  if (issue.code === 'invalid_union') {
    const told = withoutAlternative(issue, path, root, value);
    if (told) return told;
  }
  const name = nameOf(path);
  if (issue.code === 'invalid_key') {
    const detail = issue.issues[0]?.message ?? 'must be another word';
    const known = defOf(unwrapped(schemaAt(root, path.slice(0, -1), value) ?? root));
    const options = known.type === 'record' ? optionsOf(known.keyType) : [];
    const message =
      options.length > 0
        ? `${name} is not one of: ${options.join(', ')}.${didYouMean(String(path.at(-1)), options)}`
        : `The code ${name} ${detail}.`;
    return [{ path, part: 'key', message, field: path, slip: slipOf(detail) }];
  }
  const found = valueAt(value, path);
  if (found === undefined) return [missing(path, root, value)];
  const slip = slipOf(issue.message) ?? { kind: 'choose' as const };
  return [
    {
      path,
      part: 'value',
      message: wrongValue(issue, name, found, schemaAt(root, path, value)),
      field: path,
      slip,
    },
  ];
}

/** Returns the mistakes of a value that fits no alternative; null when they can't be told apart. */
function withoutAlternative(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  root: Schema,
  value: unknown,
): Sentence[] | null {
  const words = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  if (words.length > 0) return [wrongWord(path, words, valueAt(value, path))];
  // An alternative of another kind than the value has no mistake but its kind.
  const inner = issue.errors.find((issues) =>
    issues.some((each) => each.path.length > 0 || each.code === 'unrecognized_keys'),
  );
  if (!inner) return null;
  return inner.flatMap((each) => inWords({ ...each, path: [...path, ...each.path] }, root, value));
}

/** Returns the mistake in a word that decides between alternatives. */
function wrongWord(path: Path, words: readonly string[], found: unknown): Sentence {
  const name = nameOf(path);
  if (found === undefined) {
    const owner = path.slice(0, -1);
    const message = `${name} is missing in ${nameOf(owner)}: one of ${words.join(', ')}.`;
    return { path: owner, part: 'key', message, field: path, slip: { kind: 'missing' } };
  }
  const hint = didYouMean(String(found), words);
  const message = `${name} must be one of: ${words.join(', ')}${butIs(found)}.${hint}`;
  return { path, part: 'value', message, field: path, slip: { kind: 'choose' } };
}

function wrongValue(
  issue: Issue,
  name: string,
  found: unknown,
  schema: Schema | undefined,
): string {
  if (issue.message.startsWith('must ')) return `${name} ${issue.message}${butIs(found)}.`;
  if (issue.code === 'invalid_value') {
    const options = issue.values.map(String);
    return `${name} must be one of: ${options.join(', ')}${butIs(found)}.${didYouMean(String(found), options)}`;
  }
  if (
    issue.code === 'invalid_type' &&
    (issue.expected === 'object' || issue.expected === 'record')
  ) {
    const keys = shortcutsOf(schema);
    const some = keys.length > 0 ? `, such as ${keys.slice(0, 3).join(', ')}` : '';
    return `${name} must be a group of keys${some}${butIs(found)}.`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'array') {
    return `${name} must be a list${butIs(found)}.`;
  }
  return `${name} is not right here${butIs(found)}.`;
}

function missing(path: Path, root: Schema, value: unknown): Sentence {
  const description = descriptionOf(schemaAt(root, path, value));
  const owner = path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : '';
  const what = description ? `: ${description}` : '';
  return {
    path: path.slice(0, -1),
    part: 'key',
    message: `${nameOf(path)} is missing${owner}${what}.`,
    field: path,
    slip: { kind: 'missing' },
  };
}

function unknownKey(path: Path, key: string, root: Schema, value: unknown): Sentence {
  const keys = shortcutsOf(schemaAt(root, path, value));
  const hint = didYouMean(key, keys) || ` Known here: ${keys.join(', ')}.`;
  const merge = key === '<<' ? ' Merging groups (<<) is not supported; write them out.' : hint;
  return {
    path: [...path, key],
    part: 'key',
    message: `The key "${key}" is not known here.${merge}`,
    field: [...path, key],
  };
}

function shortcutsOf(schema: Schema | undefined): string[] {
  const def = schema && defOf(unwrapped(schema));
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

function optionsOf(schema: Schema): string[] {
  const def = defOf(unwrapped(schema));
  return def.type === 'enum' ? Object.values(def.entries).map(String) : [];
}

/** Returns the name of a path in a sentence: its last word, or "the second of ..." in a list. */
export function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'The file';
  if (typeof last === 'string') return `"${last}"`;
  const list = path.slice(0, -1).at(-1);
  return list === undefined ? `Item ${last + 1}` : `Item ${last + 1} of "${list}"`;
}

function butIs(found: unknown): string {
  if (found === null) return ', but it is empty';
  if (typeof found === 'string') return `, but it is "${shortened(found)}"`;
  if (Array.isArray(found)) return ', but it is a list';
  if (typeof found === 'object') return ', but it is a group of keys';
  return `, but it is ${String(found)}`;
}

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
};

/** Returns the value at a path; undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

/** Returns " Did you mean x?" when one of the options is close to the written word, else an empty text. */
export function didYouMean(written: string, options: readonly string[]): string {
  if (written.length > 80) return '';
  const scored = options
    .map((option) => ({ option, steps: editSteps(written.toLowerCase(), option.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  const best = scored[0];
  const allowed = Math.max(1, Math.floor(written.length / 3));
  return best && best.steps <= allowed ? ` Did you mean ${best.option}?` : '';
}

/** Returns the number of characters to add, remove, change or swap with their neighbour (Damerau-Levenshtein). */
function editSteps(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
