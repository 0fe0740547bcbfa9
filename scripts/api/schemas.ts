import {
  type Change,
  isNode,
  isSame,
  type Json,
  listOf,
  type Node,
  nodeOf,
  sides,
  type Weight,
} from './changes.ts';

/** `request`: clients send it. `answer`: clients read it, in an answer or in a webhook. */
export type Direction = 'request' | 'answer';

/** The documents that references lead into, and the pairs that were compared already. */
export interface Documents {
  before: Node;
  after: Node;
  compared: Set<string>;
}

interface Pair {
  documents: Documents;
  direction: Direction;
  at: string[];
}

/** Keywords that don't affect which values are valid. */
const ANNOTATIONS = new Set([
  'description',
  'title',
  'example',
  'examples',
  'default',
  'deprecated',
]);
/** Keywords where a greater number allows less, and where it allows more. */
const AT_LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const AT_MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const FORMS = ['pattern', 'format'];
const COMPARED = new Set([
  ...['$ref', 'type', 'enum', 'const', 'properties', 'required', 'items', 'additionalProperties'],
  ...[...AT_LEAST, ...AT_MOST, ...FORMS],
]);

/**
 * Compares two JSON Schemas as OpenAPI 3.1 has them. Clients may fail when a request must be narrower than before, and when an
 * answer can be wider. A keyword that this function does not know is breaking when it changes: somebody must look.
 */
export function compareSchemas(
  before: Json | undefined,
  after: Json | undefined,
  pair: Pair,
): Change[] {
  const { documents } = pair;
  const names = [refOf(before), refOf(after)];
  // A part that many operations share is reported once, under its own name.
  const at = names[0] && names[0] === names[1] ? [names[0]] : pair.at;
  if (names[0] && names[1]) {
    const key = `${names.join(' ')} ${pair.direction}`;
    if (documents.compared.has(key)) return [];
    documents.compared.add(key);
  }
  const old = resolve(before, documents.before);
  const now = resolve(after, documents.after);
  const here = { ...pair, at };
  return [
    ...types(old, now, here),
    ...values(old, now, here),
    ...bounds(old, now, here),
    ...properties(old, now, here),
    ...inner(old, now, here),
    ...unknown(old, now, here),
  ];
}

const refOf = (schema: Json | undefined): string | null => {
  const ref = nodeOf(schema)['$ref'];
  return typeof ref === 'string' ? (ref.split('/').at(-1) ?? null) : null;
};

/** Follows a reference within the document; `true` and `{}` allow everything. */
export function resolve(schema: Json | undefined, document: Node): Node {
  const ref = nodeOf(schema)['$ref'];
  if (typeof ref !== 'string') return nodeOf(schema);
  const target = ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<Json | undefined>((at, key) => nodeOf(at)[key], document);
  if (!isNode(target)) throw new Error(`${ref} leads nowhere in the document.`);
  const { $ref, ...beside } = nodeOf(schema);
  return { ...resolve(target, document), ...beside };
}

const narrower = ({ direction }: Pair): Weight =>
  direction === 'request' ? 'breaking' : 'compatible';
const wider = ({ direction }: Pair): Weight => (direction === 'answer' ? 'breaking' : 'addition');

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** The types that a schema allows; a number may be an integer. */
function typesOf({ type }: Node): string[] {
  const own = type === undefined ? TYPES : ([type].flat() as string[]);
  return own.includes('number') ? [...own, 'integer'] : own;
}

function types(old: Node, now: Node, pair: Pair): Change[] {
  const { gone, added } = sides(typesOf(old), typesOf(now));
  return [
    ...gone.map((type) => change(narrower(pair), pair, `can be of type ${type} no more`)),
    ...added.map((type) => change(wider(pair), pair, `can be of type ${type} too`)),
  ];
}

/** The values that a schema lists; null: any. */
function valuesOf(schema: Node): string[] | null {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  return Array.isArray(schema.enum) ? schema.enum.map((each) => JSON.stringify(each)) : null;
}

function values(old: Node, now: Node, pair: Pair): Change[] {
  const before = valuesOf(old);
  const after = valuesOf(now);
  if (before === null && after === null) return [];
  if (before === null) return [change(narrower(pair), pair, 'has a list of values now')];
  if (after === null) return [change(wider(pair), pair, 'has a list of values no more')];
  const { gone, added } = sides(before, after);
  return [
    ...gone.map((value) => change(narrower(pair), pair, `can be ${value} no more`)),
    ...added.map((value) => change(wider(pair), pair, `can be ${value} too`)),
  ];
}

function bounds(old: Node, now: Node, pair: Pair): Change[] {
  const changed = [...AT_LEAST, ...AT_MOST, ...FORMS].filter((key) => old[key] !== now[key]);
  return changed.flatMap((key) => {
    const what = `${key} is ${now[key] ?? 'not there'}, and was ${old[key] ?? 'not there'}`;
    // Another form may allow values that the old one refused, and refuse others.
    if (FORMS.includes(key) && old[key] !== undefined && now[key] !== undefined)
      return [change('breaking', pair, what)];
    const unbounded = AT_LEAST.includes(key) ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const isNarrower = FORMS.includes(key)
      ? now[key] !== undefined
      : Number(now[key] ?? unbounded) > Number(old[key] ?? unbounded) === AT_LEAST.includes(key);
    return [change((isNarrower ? narrower : wider)(pair), pair, what)];
  });
}

function properties(old: Node, now: Node, pair: Pair): Change[] {
  const { direction } = pair;
  const needed = { before: listOf(old.required), after: listOf(now.required) };
  const { gone, added, both } = sides(
    Object.keys(nodeOf(old.properties)),
    Object.keys(nodeOf(now.properties)),
  );
  const of = (name: string) => ({ ...pair, at: [...pair.at, name] });
  return [
    ...gone.map((name) => change('breaking', of(name), 'is gone')),
    ...added.map((name) =>
      direction === 'request' && needed.after.includes(name)
        ? change('breaking', of(name), 'is new, and must be sent')
        : change('addition', of(name), 'is new'),
    ),
    ...both.flatMap((name) => [
      ...presence(needed.before.includes(name), needed.after.includes(name), of(name)),
      ...compareSchemas(nodeOf(old.properties)[name], nodeOf(now.properties)[name], of(name)),
    ]),
  ];
}

/** A property that was there before, and whether it must be sent or is always given. */
function presence(before: boolean, after: boolean, pair: Pair): Change[] {
  if (before === after) return [];
  const isRequest = pair.direction === 'request';
  if (after) return [change(narrower(pair), pair, isRequest ? 'must be sent' : 'is always there')];
  return [change(wider(pair), pair, isRequest ? 'may be left out' : 'may be missing')];
}

/** Compares the elements of lists and maps. */
function inner(old: Node, now: Node, pair: Pair): Change[] {
  const items =
    old.items === undefined && now.items === undefined
      ? []
      : compareSchemas(old.items, now.items, { ...pair, at: [...pair.at, '[]'] });
  const more = {
    before: old.additionalProperties ?? true,
    after: now.additionalProperties ?? true,
  };
  const at = [...pair.at, '*'];
  if (isSame(more.before, more.after)) return items;
  if (more.after === false) return [...items, change(narrower(pair), { at }, 'is refused')];
  if (more.before === false) {
    // Clients ignore unknown properties.
    return [...items, change('addition', { at }, 'is allowed')];
  }
  return [...items, ...compareSchemas(more.before, more.after, { ...pair, at })];
}

function unknown(old: Node, now: Node, pair: Pair): Change[] {
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keys]
    .filter((key) => !COMPARED.has(key) && !ANNOTATIONS.has(key) && !isSame(old[key], now[key]))
    .map((key) => change('breaking', pair, `${key} changed, which nothing here can weigh`));
}

export const change = (weight: Weight, { at }: Pick<Pair, 'at'>, what: string): Change => ({
  weight,
  at,
  what,
});
