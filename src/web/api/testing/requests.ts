import fc from 'fast-check';
import type { OpenApiDocument } from '../document.ts';
import { nasty, nastyText } from './nasty.ts';

/** Generates requests from the OpenAPI document: mostly right, each with a few mistakes. */

type Json = Record<string, unknown>;

/** The pieces of JSON Schema that our document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  body: Schema | null;
  responses: Record<string, { content?: Record<string, unknown> }>;
}

export interface FuzzRequest {
  operation: Operation;
  method: string;
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  rawQuery: string;
  headers: Record<string, string>;
  token: 'own' | 'none' | 'wrong' | 'narrow';
  contentType: string | null;
  body: { json: unknown } | { raw: string } | { bytes: Uint8Array<ArrayBuffer> } | null;
}

/** Plausible values of a property with this name. */
export type Pools = Record<string, fc.Arbitrary<unknown>>;

function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'patch'] as const).flatMap((method) => {
      const found = item[method] as unknown as
        | (Pick<Operation, 'responses'> & {
            parameters?: Parameter[];
            requestBody?: { content: Record<string, { schema: Schema }> };
          })
        | undefined;
      if (!found) return [];
      const { parameters = [], requestBody, responses } = found;
      const body = requestBody?.content['application/json']?.schema ?? null;
      return [{ method: method.toUpperCase(), path, parameters, body, responses }];
    }),
  );
}

const ABSENT = Symbol('absent');

/** Returns the value with one place replaced, at any depth: `nth` chooses it. */
function spoil(value: unknown, nth: number, by: unknown): unknown {
  const places: (string | number)[][] = [];
  const walk = (each: unknown, path: (string | number)[]) => {
    if (typeof each !== 'object' || each === null || 'toJSON' in each) places.push(path);
    else for (const key of Object.keys(each)) walk((each as Json)[key], [...path, key]);
  };
  walk(value, []);
  const put = (each: unknown, [key, ...rest]: (string | number)[]): unknown => {
    if (key === undefined) return by;
    const copy = (Array.isArray(each) ? [...each] : { ...(each as Json) }) as Json;
    copy[key] = put(copy[key], rest);
    return copy;
  };
  return put(value, places[nth % Math.max(1, places.length)] ?? []);
}

/** Generates values of a schema; in `wrong` of a hundred places another value or nothing. */
function valuesOf(schema: Schema, name: string, all: Context): fc.Arbitrary<unknown> {
  const right = rightValuesOf(resolve(schema, all.document), name, all);
  return fc.oneof(
    { weight: 100 - 2 * all.wrong, arbitrary: right },
    { weight: all.wrong, arbitrary: all.inUrl ? nastyText : nasty },
    { weight: all.wrong, arbitrary: fc.constant(ABSENT) },
  );
}

interface Context {
  document: OpenApiDocument;
  pools: Pools;
  wrong: number;
  inUrl: boolean;
}

function resolve(schema: Schema, document: OpenApiDocument): Schema {
  if (!schema.$ref) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  return (document.components?.schemas?.[name] ?? {}) as Schema;
}

function rightValuesOf(schema: Schema, name: string, all: Context): fc.Arbitrary<unknown> {
  const pool = all.pools[name];
  if (pool) return pool;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? 'null'].flat().filter((type) => type !== 'null');
  if (schema.anyOf)
    return fc.oneof(
      ...schema.anyOf.map((each) => rightValuesOf(resolve(each, all.document), name, all)),
    );
  switch (types[0]) {
    case 'object':
      return objectsOf(schema, all);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, name, all), { maxLength: 3 }).map(present);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.string({ unit: 'grapheme', minLength: schema.minLength ?? 0, maxLength: 12 });
  }
}

const present = (values: unknown[]) => values.filter((each) => each !== ABSENT);

function objectsOf(schema: Schema, all: Context): fc.Arbitrary<Json> {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const values = valuesOf(value, key, all);
    const optional = fc.oneof(
      { weight: 4, arbitrary: values },
      { weight: 1, arbitrary: fc.constant(ABSENT) },
    );
    return [key, required.has(key) ? values : optional] as const;
  });
  return fc
    .tuple(
      fc.record(Object.fromEntries(fields)),
      fc.oneof(
        { weight: 60, arbitrary: fc.constant({}) },
        {
          weight: all.wrong === 0 ? 0 : 1,
          arbitrary: fc.dictionary(nastyText, all.inUrl ? nastyText : nasty, { maxKeys: 3 }),
        },
      ),
    )
    .map(([known, more]) => ({
      ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== ABSENT)),
      ...more,
    }));
}

/** Generates bodies that are right, wrong in one place, or wrong in several. */
function bodiesOf(schema: Schema, all: Context): fc.Arbitrary<unknown> {
  const right = rightValuesOf(resolve(schema, all.document), '', { ...all, wrong: 0 });
  const wrong = rightValuesOf(resolve(schema, all.document), '', { ...all, wrong: 4 });
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(right, fc.nat(), nasty).map(([value, nth, by]) => spoil(value, nth, by)),
    },
    { weight: 3, arbitrary: right },
    { weight: 1, arbitrary: wrong },
  );
}

/** Generates requests of any operation. */
export function requestsOf(document: OpenApiDocument, pools: Pools): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(
    ...operationsOf(document).map((operation) => ({
      // A cancelled appointment would make most other requests conflict, and cases leave less for the rest.
      weight: /\/cancel$|\/case/.test(operation.path) ? 1 : 4,
      arbitrary: requestOf(operation, { document, pools, wrong: 0, inUrl: false }),
    })),
  );
}

/** Generates the usual value nearly always. */
const seldom = <T>(usual: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 60, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

/** Invalid or oversized JSON. */
const BROKEN = fc.constantFrom(
  '{',
  '',
  '[',
  '{"a":}',
  'null',
  '"\\ud800"',
  `${'['.repeat(30_000)}`,
  `"${'x'.repeat(66_000)}"`,
);

function bodyOf({ body }: Operation, all: Context): fc.Arbitrary<FuzzRequest['body']> {
  if (!body) return fc.constant(null);
  return fc.oneof(
    { weight: 80, arbitrary: bodiesOf(body, all).map((json) => ({ json })) },
    { weight: 2, arbitrary: BROKEN.map((raw) => ({ raw })) },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 50 })
        .map((bytes) => ({ bytes: new Uint8Array(bytes) })),
    },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

function requestOf(operation: Operation, all: Context): fc.Arbitrary<FuzzRequest> {
  const named = (place: Parameter['in']) => {
    const own = operation.parameters.filter((each) => each.in === place);
    const required = own.filter((each) => each.required).map((each) => each.name);
    const properties = Object.fromEntries(own.map((each) => [each.name, each.schema]));
    // A request with a body has its mistakes there, since otherwise the body is never read.
    return objectsOf(
      { properties, required },
      { ...all, wrong: operation.body ? 0 : 2, inUrl: true },
    );
  };
  return fc.record({
    operation: fc.constant(operation),
    method:
      operation.method === 'GET'
        ? seldom('GET', fc.constant('HEAD'))
        : fc.constant(operation.method),
    path: named('path'),
    query: named('query'),
    rawQuery: seldom(
      '',
      fc.constantFrom('&%ff=1', '&from=%ed%a0%80', '&=&&?', '&limit=%00', '&cursor=%zz'),
    ),
    headers: named('header').map((headers) =>
      Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => /^[\w-]+$/.test(name))
          .map(([name, value]) => [name, String(value).replaceAll(/[^\x20-\xff]/g, '?')]),
      ),
    ),
    token: seldom<FuzzRequest['token']>('own', fc.constantFrom('none', 'wrong', 'narrow')),
    contentType: seldom<string | null>(
      'application/json',
      fc.constantFrom(
        null,
        'text/plain',
        'application/json; charset=latin1',
        'application/merge-patch+json',
        'multipart/form-data',
        ';',
      ),
    ),
    body: bodyOf(operation, all),
  });
}
