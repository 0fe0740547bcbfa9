import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { refuseThrown } from './respond.ts';

test('the database’s details of a row are in no answer and in no log', async () => {
  const said: object[] = [];
  const log = { error: (what: object) => said.push(what) };
  const quoting = Object.assign(new Error('invalid input syntax for type date: "Rosa Soler"'), {
    code: '22007',
    detail: 'Failing row contains (Rosa Soler)',
  });
  const app = new Hono()
    .get('/', () => {
      throw quoting;
    })
    .onError((error, c) => refuseThrown(c, error, log));
  const answer = await app.request('/');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('Rosa');
  expect(said).toMatchObject([{ code: '22007' }]);
  expect(JSON.stringify(said)).not.toContain('Rosa');
});
