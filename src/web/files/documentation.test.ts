import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDocumentation } from './documentation.ts';

let folder = '';
let app: Hono;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'finestreta-docs-'));
  for (const each of ['ca', 'es', 'en', 'eu', 'files']) mkdirSync(join(folder, each));
  for (const language of ['ca', 'es', 'en', 'eu'])
    writeFileSync(join(folder, language, 'index.html'), `<p>${language}</p>`);
  writeFileSync(join(folder, 'en', 'index.html.br'), brotliCompressSync('<p>en</p>'));
  writeFileSync(join(folder, 'files', 'a-1.css'), 'p {}');
  app = new Hono();
  app.use(async (c, next) => {
    const page = await openDocumentation(folder).answer(c);
    if (page) return page;
    return next();
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

test.each([
  ['/docs', 'ca,es;q=0.5', '/docs/ca/index.html'],
  ['/docs/', 'en', '/docs/en/index.html'],
  ['/docs', 'eu,es;q=0.8', '/docs/eu/index.html'],
  ['/docs/ca', 'en', '/docs/ca/index.html'],
  ['/docs/eu/', 'en', '/docs/eu/index.html'],
])('%s, asked for in %s, leads to %s', async (path, language, to) => {
  const answer = await get(path, { 'Accept-Language': language });
  expect([answer.status, answer.headers.get('Location')]).toEqual([302, to]);
});

test('a page has a strict policy and a tag by which it is not sent twice', async () => {
  const page = await get('/docs/ca/index.html');
  expect(await page.text()).toBe('<p>ca</p>');
  expect(page.headers.get('Content-Security-Policy')).toMatch(
    /^default-src 'none'.*script-src 'self';/,
  );
  const etag = page.headers.get('ETag') ?? '';
  const again = await get('/docs/ca/index.html', { 'If-None-Match': `W/${etag}` });
  expect(again.status).toBe(304);
  const packed = await get('/docs/en/index.html', { 'Accept-Encoding': 'gzip, br' });
  expect(packed.headers.get('Content-Encoding')).toBe('br');
  expect((await get('/docs/files/a-1.css', {})).headers.get('Cache-Control')).toMatch('immutable');
});

test.each(['/docs/../x', '/docs/%2e%2e/x', '/docs/en/index.html.br', '/docs/none', '/docsx'])(
  '%s is not found',
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);

test('a page is in the language that is asked for, or else in English', () => {
  writeFileSync(join(folder, 'eu', 'calls.html'), '<p>eu</p>');
  for (const name of ['calls', 'operating'])
    writeFileSync(join(folder, 'en', `${name}.html`), '<p>en</p>');
  const { page } = openDocumentation(folder);
  expect(page('eu')).toBe('/docs/eu/index.html');
  expect(page('eu', 'calls')).toBe('/docs/eu/calls.html');
  expect(page('eu', 'operating')).toBe('/docs/en/operating.html');
  expect(page('eu', 'none')).toBeNull();
});

test('a build without pages has no address of them', () => {
  const none = openDocumentation(join(folder, 'none'));
  expect(none.page('ca')).toBeNull();
});
