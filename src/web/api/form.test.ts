import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFormFile } from '../../formats/form/check.ts';
import { canonicalJson } from '../../lib/envelope/canonical-json.ts';
import { type TestApi, type TestClient, testApi } from './testing/api.ts';

const OPERATOR = { kind: 'system', why: 'operator' } as const;
const FORM = '/procedures/volant-padro/form';
let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  api = await testApi();
  client = await api.office({ code: 'oac', procedures: { 'volant-padro': {}, fe: {} } });
});
afterAll(() => api.close());

function certificate() {
  const checked = checkFormFile(readFileSync('towns/vilaclara/forms/volant-padro.yaml', 'utf8'));
  if (!checked.ok) throw new Error('the demo town’s form has a mistake');
  return checked.form;
}

const published = async (change: object = {}) => {
  await api.forms.publish(OPERATOR, client.office, { ...certificate(), ...change });
  return (await client.send(FORM)).json;
};

test('a procedure without a form, and one that is not there, are not found alike', async () => {
  const without = await client.send('/procedures/fe/form');
  expect([without.status, without.json.type]).toEqual([404, '/problems/not-found']);
  expect((await client.send('/procedures/res/form')).json).toEqual(without.json);
});

test('the form is answered with its version, its hash and its texts', async () => {
  const json = await published();
  expect(json).toMatchObject({
    procedure: 'volant-padro',
    version: 1,
    publishedAt: '2026-11-30T07:00:00+01:00',
    form: {
      identity: 'substantial',
      title: { ca: 'Volant o certificat de padró', eu: 'Errolda-agiria edo ziurtagiria' },
      steps: [{ id: 'document' }, { id: 'avis' }],
    },
  });
  // Whoever reads it can compute the hash from what is answered.
  const hash = createHash('sha256').update(canonicalJson(json.form)).digest('hex');
  expect(json.sha256).toBe(hash);
});

test('its schema takes right answers and refuses others', async () => {
  const { answers } = await published();
  expect(answers.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  const isRight = addFormats.default(new Ajv2020({ strict: false })).compile(answers);
  const document = { motiu: 'escola', qui: 'jo', llengua: 'ca', certificat: false };
  const right = { document, avis: {} };
  expect(isRight(right), JSON.stringify(isRight.errors)).toBe(true);
  expect(isRight({ ...right, document: { ...document, motiu: 'res' } })).toBe(false);
  expect(isRight({ ...right, more: 1 })).toBe(false);
});

test('a version that is published later is answered from then on', async () => {
  const before = await published();
  const after = await published({ minutes: 9 });
  expect(after).toMatchObject({ version: before.version + 1, form: { minutes: 9 } });
  expect(after.sha256).not.toBe(before.sha256);
});
