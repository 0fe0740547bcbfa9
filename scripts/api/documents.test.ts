import { describe, expect, test } from 'vitest';
import { type Json, type Node, nameOf } from './changes.ts';
import { compareDocuments } from './documents.ts';

/** Returns a small API with one of every construct that the comparison handles. */
const made = (): Node => ({
  openapi: '3.1.0',
  info: { title: 'Made', version: '1' },
  paths: {
    '/api/v1/times/{code}': {
      parameters: [{ $ref: '#/components/parameters/Code' }],
      get: {
        operationId: 'getTimes',
        security: [{ token: ['slots:read'] }],
        parameters: [{ name: 'from', in: 'query', required: false, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'Times',
            headers: { ETag: { schema: { type: 'string' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Times' } } },
          },
          404: { description: 'None' },
        },
      },
      post: {
        operationId: 'book',
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Request' } } },
        },
        responses: {
          201: {
            description: 'Booked',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Times' } } },
          },
        },
      },
    },
  },
  webhooks: {
    'appointment.booked': {
      post: {
        operationId: 'booked',
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Event' } } },
        },
        responses: { 204: { description: 'Taken' } },
      },
    },
  },
  components: {
    parameters: {
      Code: { name: 'code', in: 'path', required: true, schema: { type: 'string', maxLength: 9 } },
    },
    schemas: {
      Request: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 80 },
          phone: { type: ['string', 'null'], pattern: '^\\+' },
          channel: { type: 'string', enum: ['phone', 'video'] },
          needs: { type: 'array', items: { type: 'string' } },
          texts: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
      Times: {
        type: 'object',
        required: ['id', 'status'],
        properties: {
          id: { type: 'string' },
          status: { type: 'string', enum: ['free', 'taken'] },
          note: { type: 'string', maxLength: 80 },
          next: { $ref: '#/components/schemas/Times' },
        },
      },
      Event: { type: 'object', properties: { kind: { const: 'booked' } } },
    },
  },
});

/** The start of a test's pointer: schemas and operations by their short names, everything else at the top. */
const SHORT: Record<string, string[]> = {
  get: ['paths', '/api/v1/times/{code}', 'get'],
  post: ['paths', '/api/v1/times/{code}', 'post'],
  Request: ['components', 'schemas', 'Request'],
  Times: ['components', 'schemas', 'Times'],
  Event: ['components', 'schemas', 'Event'],
  Code: ['components', 'parameters', 'Code'],
};

/** Returns the document with one part replaced or, without a value, removed. */
function madeWith(pointer: string, value?: Json): Node {
  const document: Node = JSON.parse(JSON.stringify(made()));
  const [first = '', ...rest] = pointer.split(' ');
  const path = [...(SHORT[first] ?? [first]), ...rest];
  const last = path.pop() ?? '';
  const holder = path.reduce((at, key) => {
    const next = (at as Node)[key];
    if (typeof next !== 'object' || next === null)
      throw new Error(`The made API has no ${pointer}.`);
    return next as Node;
  }, document);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return document;
}

const compared = (pointer: string, value?: Json): string[] =>
  compareDocuments(made(), madeWith(pointer, value)).map(
    (each) => `${each.weight}: ${nameOf(each)} ${each.what}`,
  );

const STRING = { type: 'string' };
const FROM = { name: 'from', in: 'query', required: false, schema: STRING };
const TO = { name: 'to', in: 'query', schema: STRING };

describe('a change breaks clients', () => {
  test.each<[wanted: string, pointer: string, value?: Json]>([
    ['GET /times/{code} is gone', 'get'],
    ['webhook appointment.booked is gone', 'webhooks appointment.booked'],
    [
      'GET /times/{code} has the operationId findTimes, and had getTimes',
      'get operationId',
      'findTimes',
    ],
    [
      'GET /times/{code} needs times:read',
      'get security',
      [{ token: ['slots:read', 'times:read'] }],
    ],
    ['POST /times/{code} needs token', 'post security', [{ token: [] }]],
    ['GET /times/{code}.from is gone', 'get parameters', []],
    ['GET /times/{code}.from must be there', 'get parameters', [{ ...FROM, required: true }]],
    [
      'GET /times/{code}.to is new, and must be sent',
      'get parameters',
      [FROM, { ...TO, required: true }],
    ],
    [
      'POST /times/{code}.X-Key header is new, and must be sent',
      'post parameters',
      [{ name: 'X-Key', in: 'header', required: true, schema: STRING }],
    ],
    ['GET /times/{code}.code maxLength is 8, and was 9', 'Code schema maxLength', 8],
    ['POST /times/{code} must have a body', 'post requestBody required', true],
    ['POST /times/{code} answers 201 no more', 'post responses 201'],
    ['POST /times/{code} answers 202 too', 'post responses 202', { description: 'Later' }],
    ['GET /times/{code}.200 has the header ETag no more', 'get responses 200 headers ETag'],
    [
      'GET /times/{code}.200 is application/json no more',
      'get responses 200 content',
      { 'text/plain': { schema: STRING } },
    ],
    ['Request.phone is gone', 'Request properties phone'],
    ['Request.phone must be sent', 'Request required', ['name', 'phone']],
    [
      'Request.email is new, and must be sent',
      'Request',
      { type: 'object', required: ['name', 'email'], properties: { email: STRING } },
    ],
    ['Request.phone can be of type null no more', 'Request properties phone type', 'string'],
    ['Request.channel can be "video" no more', 'Request properties channel enum', ['phone']],
    ['Request.name has a list of values now', 'Request properties name enum', ['a']],
    ['Request.name minLength is 2, and was 1', 'Request properties name minLength', 2],
    ['Request.name maxLength is 79, and was 80', 'Request properties name maxLength', 79],
    ['Request.needs maxItems is 3, and was not there', 'Request properties needs maxItems', 3],
    ['Request.needs.[] format is uuid', 'Request properties needs items format', 'uuid'],
    ['Request.phone pattern is ^0, and was ^\\+', 'Request properties phone pattern', '^0'],
    ['Request.* is refused', 'Request additionalProperties', false],
    [
      'Request.texts.* can be of type string no more',
      'Request properties texts additionalProperties type',
      'integer',
    ],
    ['Request not changed, which nothing here can weigh', 'Request not', { required: ['phone'] }],
    ['Times.note is gone', 'Times properties note'],
    ['Times.status may be missing', 'Times required', ['id']],
    ['Times.id can be of type null too', 'Times properties id type', ['string', 'null']],
    ['Times.status can be "held" too', 'Times properties status enum', ['free', 'taken', 'held']],
    ['Times.status has a list of values no more', 'Times properties status enum'],
    ['Times.note maxLength is 90, and was 80', 'Times properties note maxLength', 90],
    ['Event.kind can be "moved" too', 'Event properties kind const', 'moved'],
  ])('%s', (wanted, pointer, value) => {
    const breaking = compared(pointer, value).filter((each) => each.startsWith('breaking'));
    expect(breaking.join('\n')).toContain(`breaking: ${wanted}`);
  });
});

describe('a change breaks nobody', () => {
  test.each<[pointer: string, value: Json | undefined, wanted: string[]]>([
    ['info title', 'Another', []],
    ['Times properties note description', 'What to know', []],
    ['get security', [{ token: [] }], ['addition: GET /times/{code} needs slots:read no more']],
    ['get parameters', [FROM, TO], ['addition: GET /times/{code}.to is new']],
    [
      'Code required',
      false,
      [
        'addition: GET /times/{code}.code may be missing',
        'addition: POST /times/{code}.code may be missing',
      ],
    ],
    ['get responses 404', undefined, ['compatible: GET /times/{code} answers 404 no more']],
    ['get responses 410', { description: 'Gone' }, ['addition: GET /times/{code} answers 410 too']],
    ['Request properties email', STRING, ['addition: Request.email is new']],
    ['Request required', [], ['addition: Request.name may be left out']],
    [
      'Request properties channel enum',
      ['phone', 'video', 'in_person'],
      ['addition: Request.channel can be "in_person" too'],
    ],
    [
      'Request properties name maxLength',
      90,
      ['addition: Request.name maxLength is 90, and was 80'],
    ],
    [
      'Request properties phone pattern',
      undefined,
      ['addition: Request.phone pattern is not there, and was ^\\+'],
    ],
    ['Times properties more', STRING, ['addition: Times.more is new']],
    ['Times required', ['id', 'status', 'note'], ['compatible: Times.note is always there']],
    ['Times properties status enum', ['free'], ['compatible: Times.status can be "taken" no more']],
    ['Times properties note maxLength', 70, ['compatible: Times.note maxLength is 70, and was 80']],
    ['paths /api/v1/days', { get: { operationId: 'getDays' } }, ['addition: GET /days is new']],
  ])('%s: %j', (pointer, value, wanted) => {
    expect(compared(pointer, value)).toEqual(wanted);
  });

  test('when a schema has only another name', () => {
    const text = JSON.stringify(made()).replaceAll('Event"', 'News"');
    expect(compareDocuments(made(), JSON.parse(text))).toEqual([]);
  });
});

test('a part that several operations share is reported once, and a schema may contain itself', () => {
  expect(compared('Times properties note')).toEqual(['breaking: Times.note is gone']);
});

test('a reference that leads nowhere is a mistake in the document', () => {
  expect(() => compared('Times')).toThrow('#/components/schemas/Times leads nowhere');
});
