import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROBLEMS } from '../../../lib/problem.ts';
import { faultsOf } from '../../citizen/testing.ts';
import type { OpenApiDocument } from '../document.ts';
import { exampleOf } from '../examples.ts';
import { type TestApi, testApi } from '../testing/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

test('the page explains every operation and every problem, without a script', async () => {
  const page = await api.app.request('/api');
  expect(page.status, JSON.stringify(api.errors)).toBe(200);
  expect(page.headers.get('Content-Security-Policy')).not.toContain('script-src');
  const html = await page.text();
  expect(html).not.toMatch(/<script| style=/);
  const document = (await (await api.app.request('/api/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  for (const item of Object.values(document.paths))
    for (const { operationId } of Object.values(item))
      expect(html).toContain(`id="${operationId}"`);
  for (const name of Object.keys(PROBLEMS)) {
    const { status, headers } = await api.app.request(`/problems/${name}`);
    const [path, anchor] = (headers.get('Location') ?? '').split('#');
    expect([status, path]).toEqual([302, '/api']);
    expect(html).toContain(`id="${anchor}"`);
  }
  expect(await faultsOf(html)).toEqual([]);
});

test('every example is valid by its own schema', async () => {
  const document = (await (
    await api.app.request('/api/v1/openapi.json')
  ).json()) as OpenApiDocument;
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const schemas = Object.keys(document.components?.schemas ?? {}).filter(
    (each) => each !== 'Problem',
  );
  expect(schemas.length).toBeGreaterThan(10);
  for (const name of schemas) {
    const example = exampleOf(document, { $ref: `#/components/schemas/${name}` });
    const validate = ajv.compile({ $ref: `document#/components/schemas/${name}` });
    expect(validate(example), `${name} ${ajv.errorsText(validate.errors)}`).toBe(true);
  }
});

test('an unknown problem has no page', async () => {
  for (const name of ['none', 'toString'])
    expect((await api.app.request(`/problems/${name}`)).status).toBe(404);
});
