import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change, Node } from '../api/changes.ts';
import {
  checkApi,
  checkMigrations,
  keptBy,
  lastRelease,
  migrationSums,
  unlisted,
} from './releases.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'finestreta-api-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(root, path), text);
}
const documentWith = (...paths: string[]): Node => ({
  paths: Object.fromEntries(paths.map((path) => [path, { get: { operationId: path } }])),
});
const release = (version: string, ...paths: string[]) =>
  write(keptBy(version).api, documentWith(...paths));
const changelog = (text: string) => write('CHANGELOG.md', text);

describe('the last release', () => {
  test('is the newest by number, not by letter', () => {
    expect(lastRelease(root)).toBeNull();
    for (const version of ['0.9.0', '0.10.0', '0.2.11']) release(version);
    write('releases/next/openapi.json', {});
    expect(lastRelease(root)).toBe('0.10.0');
  });

  test('may be missing: then nothing is compared', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await checkApi(root, never)).toEqual({ findings: [], about: 'no release yet' });
    expect(checkMigrations(root)).toEqual([]);
  });

  test('is compared with the present API: breaking changes must be listed', async () => {
    release('0.1.0', '/api/v1/a', '/api/v1/b');
    const current = async () => documentWith('/api/v1/b', '/api/v1/c');
    changelog('# Changelog\n\n## Unreleased\n\n- Something.\n');
    const { findings, about } = await checkApi(root, current);
    expect(about).toBe('since release 0.1.0: 1 breaking, 1 added, 0 other');
    expect(findings).toEqual([
      { path: 'CHANGELOG.md', line: 3, message: expect.stringContaining('`GET /a` is gone') },
    ]);
    changelog('# Changelog\n\n## Unreleased\n\n- *Breaking:* `GET /a` is gone; use `GET /c`.\n');
    expect((await checkApi(root, current)).findings).toEqual([]);
  });
});

test('a migration of the last release stays as it is; new ones and functions are free', () => {
  write('migrations/0001_first.sql', 'create table a ();');
  write('migrations/0002_second.sql', 'create table b ();');
  write('migrations/functions/book.sql', 'select 1;');
  release('0.1.0');
  write(keptBy('0.1.0').migrations, migrationSums(root));
  write('migrations/0003_third.sql', 'create table c ();');
  write('migrations/functions/book.sql', 'select 2;');
  expect(checkMigrations(root)).toEqual([]);

  write('migrations/0001_first.sql', 'create table a (id int);');
  rmSync(join(root, 'migrations/0002_second.sql'));
  expect(checkMigrations(root).map(({ path, message }) => `${path} ${message}`)).toEqual([
    expect.stringContaining('migrations/0001_first.sql was changed since release 0.1.0'),
    expect.stringContaining('migrations/0002_second.sql is gone since release 0.1.0'),
  ]);
});

describe('a breaking change', () => {
  const change: Change = { weight: 'breaking', at: ['Hold', 'citizen', 'name'], what: 'is gone' };
  const isListed = (text: string) => unlisted([change], text).length === 0;

  test.each([
    '## Unreleased (0.2.0)\n\n### Removed\n\n- *Breaking:* holds have no `Hold.citizen.name`.\n',
    '## Unreleased\n- *Breaking:* holds have\n  no `Hold.citizen` any more.\n\n## 0.1.0\n',
    '## Unreleased\n- One.\n- *Breaking* for integrators: `Hold` is another thing.\n',
  ])('is listed by its name, or by that of what it is part of (%#)', (text) => {
    expect(isListed(text)).toBe(true);
  });

  test.each([
    '',
    '## Unreleased\n- `Hold.citizen.name` is gone.\n',
    '## Unreleased\n- *Breaking:* another thing.\n- `Hold.citizen.name` is gone.\n',
    '## Unreleased\n- *Breaking:* `Hold.citizen.phone` is gone.\n',
    '## Unreleased\n- *Breaking:* Hold.citizen.name is gone.\n',
    '## Unreleased\n\n## 0.1.0\n- *Breaking:* `Hold.citizen.name` is gone.\n',
  ])('is not listed otherwise (%#)', (text) => {
    expect(isListed(text)).toBe(false);
  });

  test('is the only kind that must be listed', () => {
    const others = (['addition', 'compatible'] as const).map((weight) => ({ ...change, weight }));
    expect(unlisted(others, '')).toEqual([]);
  });
});
