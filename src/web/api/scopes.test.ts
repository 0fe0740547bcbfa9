import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formSchema } from '../../domain/form/schema.ts';
import { SCOPES, type Scope } from '../../domain/scopes.ts';
import type { OpenApiDocument } from './document.ts';
import { methodsOf } from './methods.ts';
import { apiRoutes } from './routes.ts';
import { BOOKING, NINE, type TestApi, type TestClient, testApi } from './testing/api.ts';

/** Each operation of the API, with its scope and a sample request. */
const OPERATIONS: { id: string; scope: Scope; ask: (of: TestClient, id: string) => Sent }[] = [
  { id: 'getOffice', scope: 'catalogue:read', ask: (of) => of.send('') },
  { id: 'getProcedures', scope: 'catalogue:read', ask: (of) => of.send('/procedures') },
  {
    ...{ id: 'getForm', scope: 'catalogue:read' },
    ask: (of) => of.send('/procedures/volant-padro/form'),
  },
  { id: 'getSlots', scope: 'slots:read', ask: (of) => of.send(SLOTS) },
  {
    ...{ id: 'holdTime', scope: 'appointments:write' },
    ask: (of) => of.send('/holds', { json: { ...CHOICE, start: at('11:00') } }),
  },
  {
    ...{ id: 'book', scope: 'appointments:write' },
    ask: (of) => of.book({ start: at('12:00') }),
  },
  { id: 'listAppointments', scope: 'appointments:read', ask: (of) => of.send('/appointments') },
  {
    ...{ id: 'getAppointment', scope: 'appointments:read' },
    ask: (of, id) => of.send(`/appointments/${id}`),
  },
  {
    ...{ id: 'getCourse', scope: 'appointments:read' },
    ask: (of, id) => of.send(`/appointments/${id}/events`),
  },
  {
    ...{ id: 'changeAppointment', scope: 'appointments:write' },
    ask: (of, id) =>
      of.send(`/appointments/${id}`, { method: 'PATCH', json: { start: at('10:00') } }),
  },
  {
    ...{ id: 'cancelAppointment', scope: 'appointments:write' },
    ask: (of, id) => of.send(`/appointments/${id}/cancel`, { json: {} }),
  },
  {
    ...{ id: 'beginCase', scope: 'cases:write' },
    ask: (of) => of.send('/cases', { json: CASE }),
  },
  { id: 'listCases', scope: 'cases:read', ask: (of) => of.send('/cases') },
  {
    ...{ id: 'getCase', scope: 'cases:read' },
    ask: async (of) => of.send(`/cases/${(await own.send('/cases', { json: CASE })).json.id}`),
  },
  {
    ...{ id: 'moveCase', scope: 'cases:write' },
    ask: async (of) =>
      of.send(`/cases/${await handedInCase()}/transitions`, {
        json: { from: 'registered', to: 'in-review' },
      }),
  },
  { id: 'getEvents', scope: 'appointments:read', ask: (of) => of.send('/events') },
  { id: 'getCaseEvents', scope: 'cases:read', ask: (of) => of.send('/case-events') },
];
type Sent = ReturnType<TestClient['send']>;

const at = (time: string) => `2026-11-30T${time}:00+01:00`;
const CASE = { procedure: 'volant-padro', language: 'ca', answers: { a: { b: 'Rosa' } } };

/** Hands in a case, as its person does. Returns its id. */
async function handedInCase(): Promise<string> {
  const { id } = (await own.send('/cases', { json: CASE })).json;
  await api.cases.handIn({ kind: 'applicant', case: id, identified: null }, own.office, id);
  return id;
}

const CHOICE = { procedure: 'volant-padro', channel: 'phone', language: 'ca' };
const SLOTS = `/slots?${new URLSearchParams({ ...CHOICE, from: '2026-11-30', to: '2026-11-30' })}`;
const NOBODY = '00000000-0000-4000-8000-000000000000';

let api: TestApi;
let document: OpenApiDocument;
let own: TestClient;
let other: TestClient;

beforeAll(async () => {
  api = await testApi();
  own = await api.office({ code: 'oac' });
  other = await api.office({ code: 'ajuts' });
  const steps = [{ id: 'a', questions: [{ id: 'b', type: 'text' }] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  for (const { office } of [own, other])
    await api.forms.publish({ kind: 'system', why: 'operator' }, office, form);
  document = (await (await api.app.request('/api/v1/openapi.json')).json()) as OpenApiDocument;
});
afterAll(() => api.close());

const without = (scope: Scope) => SCOPES.filter((each) => each !== scope);
const declared = () =>
  Object.values(document.paths ?? {}).flatMap((item) =>
    (['get', 'post', 'patch', 'put', 'delete'] as const).flatMap((method) => {
      const found = item[method];
      return found ? [[found.operationId, found.security] as const] : [];
    }),
  );

test('every operation of the document needs the scope that is listed here', () => {
  expect(Object.fromEntries(declared())).toEqual(
    Object.fromEntries(OPERATIONS.map(({ id, scope }) => [id, [{ token: [scope] }]])),
  );
});

test('an operation without a scope can’t be served', () => {
  const { '/api/v1/offices/{office}': item } = structuredClone(document.paths ?? {});
  for (const security of [undefined, [], [{ token: [] }], [{ token: ['all'] }], [{}]]) {
    const paths = { '/x': { get: { ...item?.get, security } } };
    expect(() => methodsOf({ ...document, paths } as OpenApiDocument)).toThrow('declares no scope');
  }
});

test('a route that isn’t in the document isn’t served', async () => {
  const app = apiRoutes(api.deps);
  app.get('/api/v1/offices/:office/everything', (c) => c.text('secret'));
  const headers = { Authorization: `Bearer ${own.token}` };
  expect((await app.request('/api/v1/offices/oac/everything', { headers })).status).toBe(404);
});

describe.each(OPERATIONS)('$id', ({ scope, ask }) => {
  test(`without ${scope} is refused, whatever the request`, async () => {
    const narrow = await api.client(own.office, { scopes: without(scope) });
    const { id } = (await own.book()).json;
    const refused = await ask(narrow, id);
    expect([refused.status, refused.json.type]).toEqual([403, '/problems/insufficient-scope']);
    expect(refused.headers.get('WWW-Authenticate')).toBe(
      `Bearer realm="finestreta", error="insufficient_scope", scope="${scope}"`,
    );
    expect((await ask(narrow, NOBODY)).json).toEqual(refused.json);
    expect((await own.send(`/appointments/${id}`)).json).toMatchObject({
      ...{ status: 'booked', start: NINE },
    });
    await own.send(`/appointments/${id}/cancel`, { json: {} });
  });

  test(`with ${scope} alone succeeds`, async () => {
    const narrow = await api.client(own.office, { scopes: [scope] });
    const { id } = (await own.book()).json;
    const { status, json } = await ask(narrow, id);
    expect(status, JSON.stringify(json)).toBeLessThan(300);
    for (const each of [id, json.id ?? id])
      await own.send(`/appointments/${each}/cancel`, { json: {} });
  });

  test('of another office isn’t found, with the scope or without it', async () => {
    const { id } = (await other.book()).json;
    const elsewhere = (client: TestClient): TestClient => ({
      ...client,
      send: (path, request) => client.send(`/../ajuts${path}`, request),
      book: (more) => client.send('/../ajuts/appointments', { json: { ...BOOKING, ...more } }),
    });
    const narrow = await api.client(own.office, { scopes: without(scope) });
    const answers = [await ask(elsewhere(own), id), await ask(elsewhere(narrow), id)];
    expect(answers.map((each) => each.status)).toEqual([404, 404]);
    expect(answers[0]?.json).toEqual(answers[1]?.json);
    await other.send(`/appointments/${id}/cancel`, { json: {} });
  });
});

describe('what is in an answer only when asked for', () => {
  test('the link of a case takes contacts:write, its answers answers:read', async () => {
    const narrow = await api.client(own.office, { scopes: ['cases:read', 'cases:write'] });
    const refused = await narrow.send('/cases?include=link', { json: CASE });
    expect([refused.status, refused.json.type]).toEqual([403, '/problems/insufficient-scope']);
    const { json } = await own.send('/cases?include=link', { json: CASE });
    expect(json.link).toMatch(/\/ca\/case\/[\w-]+$/);
    expect((await own.send('/cases', { json: CASE })).json).not.toHaveProperty('link');
    for (const part of ['link', 'answers']) {
      const { status } = await narrow.send(`/cases/${json.id}?include=${part}`);
      expect([part, status]).toEqual([part, 403]);
    }
    // One token's draft is not another's to hand on.
    const another = await api.client(own.office, { scopes: ['cases:read', 'contacts:write'] });
    const looked = await another.send(`/cases/${json.id}?include=link`);
    expect([looked.status, looked.json.link]).toEqual([200, undefined]);
  });

  test('what was answered is nowhere without it', async () => {
    const id = await handedInCase();
    const plain = await own.send(`/cases/${id}`);
    const listed = await own.send('/cases');
    for (const { status, json } of [plain, listed]) {
      expect(status).toBe(200);
      expect(JSON.stringify(json)).not.toContain('Rosa');
    }
    const whole = await own.send(`/cases/${id}?include=answers`);
    expect(whole.json).toMatchObject({ answers: { a: { b: 'Rosa' } }, number: plain.json.number });
  });
});

describe('an invalid token', () => {
  const answer = async (token: string, address?: string) => {
    const response = await api.app.request('/api/v1/offices/oac', {
      headers: {
        Authorization: `Bearer ${token}`,
        ...(address && { 'X-Forwarded-For': address }),
      },
    });
    return {
      status: response.status,
      headers: [...response.headers],
      text: await response.text(),
    };
  };

  test('from a wrong address gets the answer of an unknown token, to the byte', async () => {
    const { token } = await api.client(own.office, { networks: '192.0.2.0/24, 2001:db8:5::/64' });
    const behind = (proxies: object) =>
      apiRoutes({ ...api.deps, config: { ...api.deps.config, trustedProxies: 1, ...proxies } });
    const proxied = behind({ declaredProxies: 1 });
    const from = async (address: string, of = token) => {
      const headers = { Authorization: `Bearer ${of}`, 'X-Forwarded-For': address };
      const response = await proxied.request('/api/v1/offices/oac', { headers });
      const text = await response.text();
      return { status: response.status, headers: [...response.headers], text };
    };
    expect((await from('192.0.2.1')).status).toBe(200);
    expect((await from('2001:db8:5::7')).status).toBe(200);
    const refused = await from('198.51.100.1');
    expect(refused.status).toBe(401);
    expect(refused).toEqual(await from('198.51.100.1', `fin_${'A'.repeat(32)}`));
    // The client's own entry comes before the proxy's.
    expect((await from('192.0.2.1, 198.51.100.1')).status).toBe(401);
    // A proxy that must be there, and that nobody declared, may pass on what the client claims.
    const claimed = { Authorization: `Bearer ${token}`, 'X-Forwarded-For': '192.0.2.1' };
    const undeclared = await behind({}).request('/api/v1/offices/oac', { headers: claimed });
    expect(undeclared.status).toBe(401);
    // Without a trusted proxy the header doesn't count.
    expect((await answer(token, '192.0.2.1')).status).toBe(401);
  });

  test('after its end gets the answer of an unknown token, to the byte', async () => {
    const { token } = await api.client(own.office, { lastDay: '2026-12-01' });
    expect((await answer(token)).status).toBe(200);
    api.clock.set('2026-12-02T00:00:00+01:00');
    const late = await answer(token);
    expect(late.status).toBe(401);
    expect(late).toEqual(await answer(`fin_${'A'.repeat(32)}`));
  });
});
