import { cell, MADE } from './tables.ts';

/** A part of a JSON Schema, as far as the pages show it. */
export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema | boolean;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  definitions?: Record<string, Schema>;
}

interface Row {
  path: string;
  kind: string;
  isRequired: boolean;
  byDefault: string;
  about: string;
}

/** What a page says before its tables. */
export interface SchemaPage {
  title: string;
  lead: string;
  schema: Schema;
}

const MOST_WORDS = 12;
/** An object with these keys is a text in each language. */
const TEXT_KEYS = 'ca,en,es,eu';

/** Writes a page of reference from a JSON Schema: a part for each key at the top, a row for each key below it. */
export function schemaPage({ title, lead, schema }: SchemaPage): string {
  const definitions = schema.definitions ?? {};
  const parts = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const isRequired = schema.required?.includes(key) ?? false;
    const [own, ...rows] = rowsOf(key, value, isRequired, { definitions, within: [] });
    if (!own) return [];
    return `## ${key}\n\n${introduce(own)}\n${rows.length > 0 ? `\n${tableOf(rows)}\n` : ''}`;
  });
  return `# ${title}\n\n${MADE}\n\n${lead}\n\n${parts.join('\n')}`;
}

const introduce = ({ kind, about, isRequired, byDefault }: Row): string =>
  [
    about ? `${about[0]?.toUpperCase()}${about.slice(1)}.` : '',
    `It is ${kind}${isRequired ? ', and must be there' : ''}.`,
    byDefault ? `By default: ${byDefault}.` : '',
  ]
    .filter(Boolean)
    .join(' ');

const tableOf = (rows: readonly Row[]): string =>
  [
    '| key | what it is | value | by default |',
    '|---|---|---|---|',
    ...rows.map(
      ({ path, about, kind, isRequired, byDefault }) =>
        `| \`${path}\` | ${about} | ${kind} | ${isRequired ? 'must be there' : byDefault} |`,
    ),
  ].join('\n');

interface Walk {
  definitions: Record<string, Schema>;
  /** The definitions above this one, so that one that contains itself ends. */
  within: readonly string[];
}

/** The row of a key, and the rows of the keys below it. */
function rowsOf(path: string, written: Schema, isRequired: boolean, walk: Walk): Row[] {
  const { schema, within, isAgain } = resolved(written, walk);
  const row: Row = {
    path,
    kind: kindOf(schema),
    isRequired,
    byDefault: defaultOf(schema),
    about: cell(schema.description ?? ''),
  };
  const next = { ...walk, within };
  return isAgain || isText(schema) ? [row] : [row, ...below(path, schema, next)];
}

/** Follows references, and joins what a description and the thing itself say. */
function resolved(written: Schema, { definitions, within }: Walk) {
  let schema = written;
  const names = [...within];
  let isAgain = false;
  for (;;) {
    const target = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
    const name = target?.replace('#/definitions/', '');
    const found = name === undefined ? undefined : definitions[name];
    if (name === undefined || !found) return { schema, within: names, isAgain };
    isAgain ||= names.includes(name);
    names.push(name);
    const { $ref, allOf, ...own } = schema;
    schema = { ...found, ...own };
  }
}

function below(path: string, schema: Schema, walk: Walk): Row[] {
  const keys = Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
    rowsOf(`${path}.${key}`, value, schema.required?.includes(key) ?? false, walk),
  );
  const named = isSchema(schema.additionalProperties)
    ? inside(`${path}.*`, schema.additionalProperties, walk)
    : [];
  const items = isSchema(schema.items) ? inside(`${path}[]`, schema.items, walk) : [];
  const forms = (schema.oneOf ?? schema.anyOf ?? []).flatMap((each) => {
    const { schema: form, within, isAgain } = resolved(each, walk);
    return isAgain ? [] : below(path, form, { ...walk, within });
  });
  return firstOfEach([...keys, ...named, ...items, ...forms]);
}

/** The keys of a member: the member itself has a row only where it has no keys. */
function inside(path: string, schema: Schema, walk: Walk): Row[] {
  const [own, ...rows] = rowsOf(path, schema, false, walk);
  return own ? [own, ...rows] : rows;
}

const firstOfEach = (rows: readonly Row[]): Row[] =>
  [...new Map([...rows].reverse().map((each) => [each.path, each])).values()].reverse();

const isSchema = (value: Schema | boolean | undefined): value is Schema =>
  typeof value === 'object' && Object.keys(value).length > 0;

const isText = ({ properties }: Schema): boolean =>
  Object.keys(properties ?? {})
    .sort()
    .join() === TEXT_KEYS;

function kindOf(schema: Schema): string {
  if (isText(schema)) return 'a text in each language';
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return wordsOf(schema.enum);
  if (schema.oneOf ?? schema.anyOf) return 'one of several forms';
  if (schema.type === 'array') return 'a list';
  if (schema.type === 'object')
    return isSchema(schema.additionalProperties) ? 'a group, by codes' : 'a group';
  if (schema.type === 'boolean') return '`true` or `false`';
  const { minimum, maximum, maxLength } = schema;
  const isBounded = minimum !== undefined && maximum !== undefined && maximum < 1e15;
  if (schema.type === 'integer' || schema.type === 'number')
    return isBounded ? `a number from ${minimum} to ${maximum}` : 'a number';
  return maxLength ? `a text of at most ${maxLength} letters` : 'a text';
}

const wordsOf = (values: readonly unknown[]): string => {
  const shown = values.slice(0, MOST_WORDS).map((each) => `\`${cell(String(each))}\``);
  return values.length > MOST_WORDS
    ? `${shown.join(', ')} … (${values.length} in all)`
    : shown.join(', ');
};

const defaultOf = ({ default: value }: Schema): string =>
  value === undefined || (typeof value === 'object' && value !== null)
    ? ''
    : `\`${cell(String(value))}\``;
