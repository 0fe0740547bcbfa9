import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formSchema } from '../../domain/form/schema.ts';
import type { OpenApiDocument } from './document.ts';
import { MONDAY, type TestApi, type TestClient, testApi } from './testing/api.ts';
import { type FuzzRequest, type Pools, requestsOf } from './testing/requests.ts';

/** `npm test` makes the same requests each time; FUZZ_RUNS=50000 makes others each time. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 20_000);
const ANY = process.env.FUZZ_RUNS ? fc.sample(fc.integer({ min: 1 }), 1)[0] : 1;
const SEED = Number(process.env.FUZZ_SEED ?? ANY);
const AT_ONCE = 16;

let api: TestApi;
let client: TestClient;
/** Another token of the same office, with fewer scopes. */
let narrow: TestClient;
let document: OpenApiDocument;
/** The results of earlier requests, for later requests to use. */
const seen = {
  id: [] as string[],
  case: [] as string[],
  hold: [] as string[],
  cursor: [] as string[],
};

beforeAll(async () => {
  api = await testApi();
  client = await api.office({
    code: 'oac',
    settings: { combining: { procedures: 2, people: 3, minutes: 60, roundTo: 5 } },
    procedures: { 'volant-padro': {}, fe: { onBehalf: false, channels: { phone: 10 } } },
    desks: {
      'taula-1': {},
      'taula-2': { languages: ['ca', 'es'] },
      'taula-3': { channels: ['video'] },
    },
  });
  const steps = [{ id: 'a', questions: [{ id: 'b', type: 'text' }] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  await api.forms.publish({ kind: 'system', why: 'operator' }, client.office, form);
  narrow = await api.client(client.office, { scopes: ['slots:read', 'appointments:write'] });
  document = (await (await api.app.request('/api/v1/openapi.json')).json()) as OpenApiDocument;
});
afterAll(() => api.close());

/** A result of an earlier request; it is chosen when the request is sent. */
class Earlier {
  readonly kind: keyof typeof seen;
  readonly nth: number;
  constructor(kind: keyof typeof seen, nth: number) {
    this.kind = kind;
    this.nth = nth;
  }
  toJSON = () => seen[this.kind][this.nth % Math.max(1, seen[this.kind].length)] ?? 'none yet';
}

const monday = Temporal.PlainDate.from(MONDAY.slice(0, 10));
const day = (min: number, max: number) =>
  fc.integer({ min, max }).map((days) => monday.add({ days }).toString());
const start = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 15 }))
  .map(([days, nth]) =>
    monday
      .add({ days })
      .toZonedDateTime('Europe/Madrid')
      .add({ minutes: 540 + 20 * nth })
      .toString({ timeZoneName: 'never' }),
  );
const pools: Pools = {
  office: fc.oneof(
    { weight: 30, arbitrary: fc.constant('oac') },
    { weight: 1, arbitrary: fc.constant('ajuts') },
  ),
  procedure: fc.oneof(
    { weight: 20, arbitrary: fc.constant('volant-padro') },
    { weight: 4, arbitrary: fc.constant('fe') },
    { weight: 1, arbitrary: fc.constant('res') },
  ),
  code: fc.oneof(
    { weight: 9, arbitrary: fc.constant('volant-padro') },
    { weight: 1, arbitrary: fc.constantFrom('fe', 'res') },
  ),
  // Most lists and numbers at random would be refused.
  procedures: fc.oneof(
    { weight: 9, arbitrary: fc.constant(['volant-padro']) },
    { weight: 3, arbitrary: fc.constant(['volant-padro', 'fe']) },
    { weight: 1, arbitrary: fc.constant(['fe', 'fe']) },
  ),
  people: fc.oneof(
    { weight: 9, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
  ),
  id: fc.nat().map((nth) => new Earlier('id', nth)),
  hold: fc.nat().map((nth) => new Earlier('hold', nth)),
  cursor: fc.nat().map((nth) => new Earlier('cursor', nth)),
  ...{ from: day(-3, 10), to: day(5, 60), start },
  name: fc.constantFrom('Rosa Soler', 'Çelma Ñandú', '李 小龙'),
  comment: fc.constantFrom('', 'Dues\nlínies'),
  phone: fc.constantFrom('600000001', '+34 93 000 00 10'),
  email: fc.constantFrom('rosa@example.cat', 'a@b.eu'),
  // Most needs and interpreters at random would be refused.
  needs: fc.constantFrom([], ['companion'], ['relay_service', 'real_time_text'], ['sign_language']),
  interpreter: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant('ar') },
  ),
  answers: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom({}, { a: { b: 'Rosa' } }, { a: {} }) },
    { weight: 1, arbitrary: fc.object({ maxDepth: 4 }) },
    { weight: 1, arbitrary: fc.record({ a: fc.record({ b: fc.anything() }) }) },
  ),
  externalId: fc.integer({ min: 1, max: 3_000 }).map(String),
  'Idempotency-Key': fc.integer({ min: 1, max: 3_000 }).map(String),
};

const TOKENS = {
  own: () => client.token,
  narrow: () => narrow.token,
  wrong: () => `fin_${'B'.repeat(32)}`,
  none: () => null,
};

function toRequest(fuzz: FuzzRequest): [string, RequestInit] {
  const said = (value: unknown): string =>
    (value instanceof Earlier ? value.toJSON() : String(value)).toWellFormed();
  const ofCase = (value: unknown) =>
    value instanceof Earlier && value.kind === 'id' ? new Earlier('case', value.nth) : value;
  const isCase = fuzz.operation.path.includes('/cases/');
  const path = fuzz.operation.path.replaceAll(/\{(.+?)\}/g, (_, name: string) => {
    const value = fuzz.path[name] ?? '';
    return encodeURIComponent(said(isCase ? ofCase(value) : value));
  });
  const query = new URLSearchParams(
    Object.entries(fuzz.query).map(([name, value]) => [name.toWellFormed(), said(value)]),
  );
  const token = TOKENS[fuzz.token]();
  const { body } = fuzz;
  const sent =
    body && ('json' in body ? JSON.stringify(body.json) : 'raw' in body ? body.raw : body.bytes);
  return [
    `${path}?${query}${fuzz.rawQuery}`,
    {
      method: fuzz.method,
      headers: {
        ...fuzz.headers,
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(sent !== null && fuzz.contentType && { 'Content-Type': fuzz.contentType }),
      },
      ...(sent !== null && { body: sent }),
    },
  ];
}

/** Returns the document with every object closed: an answer must not have undocumented properties. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  const isOpenObject = 'properties' in schema && !('additionalProperties' in schema);
  return isOpenObject ? { ...inside, additionalProperties: false } : inside;
}

/** Returns a judge of an answer against the document: it returns the mistake, or nothing. */
function judge(): (fuzz: FuzzRequest, response: Response, text: string) => string | null {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(closed(document) as object, 'document');
  const validators = new Map<string, ValidateFunction>();
  return ({ operation, method }, { status, headers }, text) => {
    if (status >= 500) return 'failed';
    const content = operation.responses[status]?.content;
    if (!content) return 'undocumented status';
    const type = headers.get('Content-Type') ?? '';
    if (!(type in content)) return `undocumented type ${type}`;
    if (method === 'HEAD') return text === '' ? null : 'a body for HEAD';
    const pointer = [
      'paths',
      operation.path,
      operation.method.toLowerCase(),
      'responses',
      status,
      'content',
      type,
      'schema',
    ]
      .map((each) => encodeURIComponent(String(each).replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `document#/${pointer}` });
    validators.set(pointer, validate);
    const json = JSON.parse(text) as Record<string, unknown>;
    if (!validate(json)) return ajv.errorsText(validate.errors);
    if (status >= 400 && json.status !== status) return 'another status in the problem';
    if (typeof json.hold === 'string') seen.hold.push(json.hold);
    if (status === 201 && typeof json.id === 'string')
      seen[operation.path.endsWith('/cases') ? 'case' : 'id'].push(json.id);
    if (typeof json.nextCursor === 'string') seen.cursor.push(json.nextCursor);
    return null;
  };
}

test(`${RUNS} requests made from the OpenAPI document get documented answers`, {
  timeout: 600_000,
}, async () => {
  const wrongWith = judge();
  const counts: Record<string, number> = {};
  const findings: string[] = [];
  const one = async (fuzz: FuzzRequest) => {
    const [path, init] = toRequest(fuzz);
    const response = await api.app.request(path, init);
    const text = await response.text();
    const kind = `${fuzz.operation.method} ${fuzz.operation.path.replace('/api/v1/offices/{office}', '')} ${response.status}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
    const wrong = wrongWith(fuzz, response, text);
    if (wrong)
      findings.push(
        `${wrong}\n${path}\n${JSON.stringify(init).slice(0, 2_000)}\n${response.status} ${text.slice(0, 500)}`,
      );
  };
  for (let done = 0; done < RUNS && findings.length < 3; done += 1_000) {
    const numRuns = Math.min(1_000, RUNS - done);
    const requests = fc.sample(requestsOf(document, pools), { numRuns, seed: SEED + done });
    for (let i = 0; i < requests.length; i += AT_ONCE)
      await Promise.all(requests.slice(i, i + AT_ONCE).map(one));
  }
  expect(findings, `FUZZ_SEED=${SEED}`).toEqual([]);
  expect(api.errors, `FUZZ_SEED=${SEED}`).toEqual([]);
  if (process.env.FUZZ_RUNS) console.log(counts);
  // Otherwise it would only test the refusal.
  for (const each of [
    'GET /slots 200',
    'GET /procedures/{code}/form 200',
    'GET /procedures/{code}/form 404',
    'POST /holds 201',
    'POST /appointments 201',
    'GET /appointments/{id} 200',
    'PATCH /appointments/{id} 200',
    'POST /appointments/{id}/cancel 200',
    'POST /appointments 422',
    'GET /appointments 403',
    'POST /cases 201',
    'POST /cases 409',
    'POST /cases 422',
    'GET /cases 200',
    'GET /cases/{id} 200',
    'POST /cases/{id}/transitions 409',
  ])
    expect(counts, `FUZZ_SEED=${SEED}`).toHaveProperty([each]);
});
