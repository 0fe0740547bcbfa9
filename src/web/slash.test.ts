import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { leaveOutSlash, withoutSlash } from './slash.ts';

test.each([
  ['/ca/', '/ca'],
  ['/ca/oac/', '/ca/oac'],
  ['/ca/oac/volant-padro/', '/ca/oac/volant-padro'],
  ['/ca/appointment/a_B-9~%20/', '/ca/appointment/a_B-9~%20'],
])('%s leads to %s', (path, to) => {
  expect(withoutSlash(path)).toBe(to);
});

test.each([
  ...['/', '/ca', '', '//', '//evil.example/', '///evil.example/', '/ca//', '/ca//oac/'],
  ...['/\\evil.example/', '\\\\evil.example/', '/\tevil/', '/@evil.example/', 'https://evil/'],
])('%j leads nowhere', (path) => {
  expect(withoutSlash(path)).toBeNull();
});

const app = new Hono()
  .get('/ca', (c) => c.text('here'))
  .notFound((c) => leaveOutSlash(c) ?? c.text('not found', 404));

test('reading leads to the address without the slash, with its parameters', async () => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await app.request('/ca/?q=a%26b', { method });
    expect([answer.status, answer.headers.get('Location')]).toEqual([301, '/ca?q=a%26b']);
  }
});

test('a sent form, and another host in the path, are not found', async () => {
  expect((await app.request('/ca/', { method: 'POST' })).status).toBe(404);
  expect((await app.request('http://localhost//evil.example/')).status).toBe(404);
  expect((await app.request('http://localhost/\\evil.example/')).status).toBe(404);
});
