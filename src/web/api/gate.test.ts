import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../../domain/form/schema.ts';
import { makeToken } from '../../features/foundation/tokens/testing.ts';
import type { OpenApiDocument } from './document.ts';
import { BOOKING, MONDAY, type TestApi, type TestClient, testApi } from './testing/api.ts';

let api: TestApi;
let own: TestClient;
let other: TestClient;
let document: OpenApiDocument;

beforeAll(async () => {
  api = await testApi();
  own = await api.office({ code: 'oac' });
  const steps = [{ id: 'tu', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  await api.forms.publish({ kind: 'system', why: 'operator' }, own.office, form);
  other = await api.office({ code: 'ajuts' });
  await api.forms.publish({ kind: 'system', why: 'operator' }, other.office, form);
  document = (await (await api.app.request('/api/v1/openapi.json')).json()) as OpenApiDocument;
});
afterAll(() => api.close());

const HTTP = ['get', 'put', 'post', 'patch', 'delete'] as const;
const operations = () =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    HTTP.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method: method.toUpperCase(), path, operation }] : [];
    }),
  );

/** Valid bodies, so that only the tenancy check can refuse them. */
const GOOD: Record<string, unknown> = {
  holdTime: {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    start: '2026-11-30T12:00:00+01:00',
  },
  book: BOOKING,
  changeAppointment: { start: '2026-11-30T11:00:00+01:00' },
  cancelAppointment: { reason: '' },
  beginCase: { procedure: 'volant-padro', language: 'ca' },
  moveCase: { from: 'registered', to: 'in-review' },
};
const QUERY: Record<string, string> = {
  getSlots: '?procedure=volant-padro&channel=phone&language=ca&from=2026-11-30&to=2026-11-30',
};

/** Hands in a case of a client's office, as its person does. Returns its id. */
async function handedInCase({ office }: TestClient): Promise<string> {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const holder = (id: string) => ({ kind: 'applicant', case: id, identified: null }) as const;
  const id = (await api.cases.begin(holder(''), office, what))!;
  const done = await api.cases.handIn(holder(id), office, id);
  if (!done.ok) throw new Error(done.reason);
  return id;
}

/** Asks for every operation of `office` with `token`; `id` is an appointment of that office, `of` a case. */
async function askAll(code: string, ids: { id: string; of?: string }, token: string | null) {
  const answers = [];
  for (const { method, path, operation } of operations()) {
    const name = operation.operationId ?? '';
    const json = GOOD[name];
    const response = await api.app.request(
      path
        .replace('{office}', code)
        .replace('cases/{id}', `cases/${ids.of}`)
        .replace('{id}', ids.id)
        .replace('{code}', 'volant-padro') + (QUERY[name] ?? ''),
      {
        method,
        headers: {
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(json !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      },
    );
    const type = response.headers.get('Content-Type') ?? '';
    answers.push({ name, status: response.status, type, text: await response.text() });
  }
  return answers;
}

describe('tenancy', () => {
  test('every route is in the document, and every one of the document needs a token', () => {
    const documented = new Set(
      operations().map(({ method, path }) => `${method} ${path.replaceAll(/\{(.+?)\}/g, ':$1')}`),
    );
    const open = ['GET /api/v1/openapi.json', 'GET /api', 'GET /problems/:name'];
    const served = api.app.routes
      .filter(({ method }) => method !== 'ALL' && method !== 'OPTIONS')
      .map(({ method, path }) => `${method} ${path}`);
    expect(
      [...new Set(served)].filter((each) => !documented.has(each) && !open.includes(each)),
    ).toEqual([]);
    expect(operations().length).toBeGreaterThan(8);
    for (const { operation } of operations())
      expect(operation.security).toEqual([{ token: [expect.stringMatching(/^[a-z]+:[a-z]+$/)] }]);
    for (const { operation, method } of operations())
      if (method !== 'GET')
        expect(GOOD, operation.operationId).toHaveProperty(operation.operationId ?? '');
  });

  test('its own token gets through', async () => {
    const { json } = await own.book({ start: '2026-11-30T09:20:00+01:00' });
    const of = await handedInCase(own);
    for (const each of await askAll('oac', { id: json.id, of }, own.token))
      expect(each.status, each.name).toBeLessThan(300);
  });

  test("another office's answers equal those of an office that doesn't exist, to the byte", async () => {
    const { json } = await other.book();
    const ids = { id: json.id, of: await handedInCase(other) };
    const foreign = await askAll('ajuts', ids, own.token);
    const nowhere = await askAll('enlloc', ids, own.token);
    expect(foreign).toEqual(nowhere);
    for (const each of foreign) {
      expect([each.name, each.status]).toEqual([each.name, 404]);
      expect(each.type).toBe('application/problem+json');
    }
    // A case or an appointment of another office is not found in the own office's path.
    expect((await own.send(`/cases/${ids.of}`)).status).toBe(404);
    expect((await own.send(`/cases/${ids.of}/transitions`, { json: GOOD.moveCase })).status).toBe(
      404,
    );
    const { status } = await own.send(`/appointments/${json.id}`);
    expect(status).toBe(404);
    expect((await own.send(`/appointments/${json.id}/cancel`, { json: {} })).status).toBe(404);
    expect((await other.send(`/appointments/${json.id}`)).json.status).toBe('booked');
    const listed = (await own.send('/appointments')).json.appointments;
    expect(JSON.stringify(listed)).not.toContain(json.id);
  });

  test.each([
    ['none', () => null],
    [
      'one that is revoked',
      async () => {
        const { id, token } = await makeToken(api.tokens, own.office);
        await api.tokens.revoke(own.office, id);
        return token;
      },
    ],
    ['one that never was', () => `fin_${'A'.repeat(32)}`],
    ['something else', () => 'x'],
  ])('without a token, %s: 401 for all, whether the office exists or not', async (_, make) => {
    const token = await make();
    for (const office of ['oac', 'enlloc'])
      for (const each of await askAll(office, { id: office }, token)) {
        expect([each.name, each.status, each.type]).toEqual([
          each.name,
          401,
          'application/problem+json',
        ]);
      }
    const { headers } = await own.send('', { headers: { Authorization: `Bearer ${token}` } });
    expect(headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
    const bare = await api.app.request('/api/v1/offices/oac');
    expect(bare.headers.get('WWW-Authenticate')).toBe('Bearer realm="finestreta"');
  });

  test('an unknown path below /api gets the same refusal, and needs a token below /api/v1', async () => {
    const status = async (path: string, method = 'GET', token: string | null = own.token) => {
      const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
      const response = await api.app.request(path, { method, headers });
      expect(response.headers.get('Content-Type')).toBe('application/problem+json');
      return [response.status, response.headers.get('Allow')];
    };
    expect(await status('/api/v1/offices/oac/nothing')).toEqual([404, null]);
    expect(await status('/api/v1/offices/oac/nothing', 'GET', null)).toEqual([401, null]);
    expect(await status('/api/v2', 'GET', null)).toEqual([404, null]);
    expect(await status('/api/v1/offices/oac/holds')).toEqual([405, 'POST, OPTIONS']);
    expect(await status('/api/v1/offices/oac', 'DELETE')).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

describe('an invalid request', () => {
  const send = (body: string | ReadableStream | undefined, headers: Record<string, string> = {}) =>
    api.app.request('/api/v1/offices/oac/appointments', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${own.token}`,
        'Content-Type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body, duplex: 'half' }),
    } as RequestInit);
  const problemOf = async (response: Response) => {
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    const { type, status } = (await response.json()) as { type: string; status: number };
    expect(status).toBe(response.status);
    return `${status} ${type}`;
  };

  test.each(['', '{', '{"a":1}}', 'null x', '\ufeff\ufeff{}'])(
    'JSON like %j is malformed',
    async (body) => {
      expect(await problemOf(await send(body))).toBe('400 /problems/malformed-json');
    },
  );

  test('JSON that isn’t an object is invalid', async () => {
    for (const body of ['null', '1', '[]', '"x"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`])
      expect(await problemOf(await send(body))).toBe('422 /problems/invalid');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-no', ''])(
    'the type %j is not supported',
    async (type) => {
      expect(await problemOf(await send('{}', { 'Content-Type': type }))).toBe(
        '415 /problems/unsupported-media-type',
      );
    },
  );

  test('a body of more than 64 kB is too large, announced or counted', async () => {
    const large = JSON.stringify({ ...BOOKING, comment: 'x'.repeat(70_000) });
    expect(await problemOf(await send(large))).toBe('413 /problems/body-too-large');
    const told = await send('{}', { 'Content-Length': '70000' });
    expect(await problemOf(told)).toBe('413 /problems/body-too-large');
    const chunk = new TextEncoder().encode('x'.repeat(10_000));
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        sent++;
        controller.enqueue(chunk);
      },
    });
    expect(await problemOf(await send(endless))).toBe('413 /problems/body-too-large');
    expect(sent).toBeLessThan(12);
  });

  test('at most twenty mistakes are returned at a time', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, 1]));
    const response = await send(JSON.stringify({ ...BOOKING, ...many }));
    expect(((await response.json()) as { fields: unknown[] }).fields).toHaveLength(20);
  });
});

describe('when the server fails', () => {
  test('a lost database gives 503 with Retry-After, and requests succeed again when it is back', async () => {
    const { find } = api.deps.tokens;
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    api.deps.tokens.find = () => Promise.reject(away);
    try {
      const { status, headers, json } = await own.send('');
      expect([status, json.type, headers.get('Retry-After')]).toEqual([
        503,
        '/problems/not-now',
        '5',
      ]);
    } finally {
      api.deps.tokens.find = find;
    }
    expect((await own.send('')).status).toBe(200);
  });

  test('a bug reveals nothing but is logged', async () => {
    const { at } = api.deps.offices;
    api.deps.offices.at = () => Promise.reject(new Error('secret inside'));
    api.errors.length = 0;
    try {
      const { status, json } = await own.send('');
      expect([status, json.type]).toEqual([500, '/problems/bug']);
      expect(JSON.stringify(json)).not.toContain('secret inside');
      expect(api.errors).toMatchObject([{ message: 'secret inside' }]);
    } finally {
      api.deps.offices.at = at;
    }
  });
});

test('a client that sends too much gets a waiting time, each token for itself', async () => {
  const strict = await testApi({
    token: { burst: 3, perMinute: 6 },
    stranger: { burst: 2, perMinute: 6 },
  });
  try {
    const one = await strict.office({ code: 'oac' });
    const two = await strict.office({ code: 'ajuts' });
    const statuses = async (client: TestClient, count: number, headers = {}) => {
      const found = [];
      for (let i = 0; i < count; i++) {
        const answer = await client.send('', { headers });
        found.push([answer.status, answer.headers.get('Retry-After')]);
      }
      return found;
    };
    const ok = [200, null];
    expect(await statuses(one, 4)).toEqual([ok, ok, ok, [429, '10']]);
    expect(await statuses(two, 1)).toEqual([ok]);
    strict.clock.advance({ seconds: 10 });
    expect(await statuses(one, 1)).toEqual([ok]);
    const strangers = await statuses(one, 3, { Authorization: 'Bearer x' });
    expect(strangers).toEqual([
      [401, null],
      [401, null],
      [429, '10'],
    ]);
  } finally {
    await strict.close();
  }
});

test('the document is OpenAPI 3.1 with an example of every request', async () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.components?.securitySchemes).toMatchObject({
    token: { type: 'http', scheme: 'bearer' },
  });
  const codes = operations().map(({ operation }) => Object.keys(operation.responses ?? {}));
  for (const each of codes)
    expect(each).toEqual(expect.arrayContaining(['401', '404', '429', '500', '503']));
  api.clock.set(MONDAY);
});
