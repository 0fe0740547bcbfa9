import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedDocument } from './published.ts';
import { type TestApi, testApi } from './testing/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

test('the document of a release is the one that a server serves', async () => {
  const served = await (await api.app.request('/api/v1/openapi.json')).json();
  expect(Object.keys(served.paths).length).toBeGreaterThan(5);
  expect(await publishedDocument(served.servers[0].url)).toEqual(served);
});

test('each webhook has a name of its own, and says that its signature proves who sends it', async () => {
  const { webhooks } = (await publishedDocument('http://localhost')) as {
    webhooks: Record<string, { post: { operationId: string; security: object[] } }>;
  };
  const operations = Object.values(webhooks).map(({ post }) => post);
  expect(operations.map(({ operationId }) => operationId)).toContain('receiveAppointmentBooked');
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { security } of operations) expect(security).toEqual([{ signature: [] }]);
});
