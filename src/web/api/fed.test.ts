import { afterAll, beforeAll, expect, test } from 'vitest';
import { formSchema } from '../../domain/form/schema.ts';
import { within } from '../../lib/db/database.ts';
import { type TestApi, testApi } from './testing/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

test('the feed of cases is on the trail with the cases that it gave', async () => {
  const own = await api.office({ code: 'oac' });
  const steps = [{ id: 'a', questions: [{ id: 'b', type: 'text' }] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  await api.forms.publish({ kind: 'system', why: 'operator' }, own.office, form);
  const json = { procedure: 'volant-padro', language: 'ca', answers: { a: { b: 'Rosa' } } };
  const { id } = (await own.send('/cases', { json })).json;
  await api.cases.handIn({ kind: 'applicant', case: id, identified: null }, own.office, id);
  api.clock.advance({ minutes: 1 });
  const { events } = (await own.send('/case-events')).json;
  expect(events.length).toBeGreaterThan(0);
  const listed = await within(api.database.kysely, own.office.id, (tx) =>
    tx.selectFrom('audit').select('data').where('action', '=', 'cases_listed').execute(),
  );
  expect(listed.map(({ data }) => data)).toEqual([{ cases: [id] }]);
});
