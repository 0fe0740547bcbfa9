import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Right } from '../../src/lib/db/grants.ts';
import type { Change, Node } from '../api/changes.ts';
import { troublesOf } from './expanding.ts';
import { headOf, keptSchema } from './kept-schema.ts';
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
    write('migrations/0001_first.sql', 'create table a ();');
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

describe('the migrations of the last release', () => {
  const FIRST =
    'create or replace function book(n integer) returns text language sql as $$ select 1 $$;';
  const GRANTS = { 'public.a': ['SELECT', 'INSERT'] } as const;
  const found = (grants: Readonly<Record<string, readonly Right[]>> = GRANTS) =>
    checkMigrations(root, keptSchema(root, grants)).map(
      ({ path, message }) => `${path} ${message}`,
    );

  beforeEach(() => {
    write('migrations/0001_first.sql', 'create table a ();');
    write('migrations/0002_second.sql', 'create table b ();');
    write('migrations/functions/book.sql', FIRST);
    write('package.json', { version: '0.1.1' });
    changelog('## Unreleased\n');
    release('0.1.0');
    write(keptBy('0.1.0').migrations, migrationSums(root));
    write(keptBy('0.1.0').schema, keptSchema(root, GRANTS));
  });

  test('stay as they are; ones that add and bodies of functions are free', () => {
    write('migrations/0003_third.sql', '-- expand: a table\ncreate table c ();');
    write('migrations/functions/book.sql', FIRST.replace('select 1', 'select 2'));
    expect(found()).toEqual([]);

    write('migrations/0001_first.sql', 'create table a (id int);');
    rmSync(join(root, 'migrations/0002_second.sql'));
    expect(found()).toEqual([
      expect.stringContaining('migrations/0001_first.sql was changed since release 0.1.0'),
      expect.stringContaining('migrations/0002_second.sql is gone since release 0.1.0'),
    ]);
  });

  test('are followed by ones that say what they do, in order, of a new version', () => {
    write('migrations/0001_late.sql', 'create table c ();');
    write('package.json', { version: '0.1.0' });
    expect(found()).toEqual([
      expect.stringContaining('package.json says 0.1.0, which was released'),
      expect.stringContaining('0001_late.sql comes before 0002_second.sql'),
      expect.stringContaining('0001_late.sql begins neither with'),
    ]);
  });

  test('lose nothing but by a contract, and what the last release uses only when the town is shut', () => {
    write('migrations/0003_third.sql', '-- expand: less\n\nalter table a drop column n;');
    expect(checkMigrations(root)[0]).toMatchObject({ line: 3 });
    expect(found()).toEqual([expect.stringContaining('0003_third.sql drops a column')]);
    write('migrations/0003_third.sql', '-- contract of 0.0.9: less\nalter table a drop column n;');
    expect(found()).toEqual([expect.stringContaining('if release 0.1.0 works with it all')]);
    write(
      'migrations/0003_third.sql',
      '-- contract of 0.0.9: less\nupdate a set m = 1;\n-- safe for 0.1.0: it reads m\nalter table a drop column n;',
    );
    expect(found()).toEqual([]);
    write('migrations/0003_third.sql', '-- contract of 0.1.0: less\nalter table a drop column n;');
    expect(found()).toEqual([
      expect.stringContaining('an entry that begins with *Shuts the town:*'),
    ]);
    changelog('## Unreleased\n\n### Changed\n\n- *Shuts the town:* a minute.\n\n## 0.1.0\n');
    expect(found()).toEqual([]);
    changelog('## Unreleased\n\n## 0.1.0\n\n- *Shuts the town:* a minute.\n');
    expect(found()).toHaveLength(1);
    write('migrations/0003_third.sql', '-- contract of 0.2.0: less\n');
    expect(found()).toEqual([expect.stringContaining('which was not released')]);
  });

  test('have functions and rights that stay until a contract names them', () => {
    write('migrations/functions/book.sql', FIRST.replace('n integer', 'n integer, more integer'));
    expect(found({ 'public.a': ['SELECT'] })).toEqual([
      expect.stringContaining('functions/book.sql has other arguments'),
      expect.stringContaining('grants.ts takes a right on public.a from release 0.1.0'),
    ]);
    write(
      'migrations/0003_third.sql',
      '-- contract of 0.0.9: no book, and a request is only read\n',
    );
    expect(found({ 'public.a': ['SELECT'] })).toHaveLength(2);
    write(
      'migrations/0003_third.sql',
      '-- contract of 0.0.9: `book` is gone, and `a` is only read\n',
    );
    expect(found({ 'public.a': ['SELECT'] })).toEqual([]);
  });
});

test.each([
  ["create table c (n int not null);\ncreate unique index on c (n);\ncall isolate('c');", null],
  ['create index on a (n);', null],
  ["alter table a add column n int, add column m text default 'a, b (c';", null],
  ['alter table a add column at timestamptz default now();', null],
  ["-- drop table a;\ncomment on table a is 'drop table a';", null],
  ['drop table a;', 'drops something'],
  ['ALTER TABLE a\n  DROP COLUMN n;', 'drops a column'],
  ['alter table a add column m int, drop column n;', 'drops a column'],
  ['-- safe for 0.1.0: not so\nalter table a rename to b;', 'renames something'],
  ['alter table a alter n set not null;', 'lets a column be empty no more'],
  ['alter table a alter column n type bigint;', 'changes the type'],
  ['alter table a add check (n > 0);', 'changes a table that was there before'],
  ['-- safe for 0.1.0: only 0.2.0 writes it\nalter table a add check (n > 0);', null],
  ['-- safe for 0.0.9: late\nalter table a add check (n > 0);', 'changes a table'],
  ['alter table a add column n int not null;', 'adds a column that must be filled'],
  ['alter table a add column n int not null default 0;', 'adds a column that must be filled'],
  ['alter table a add column n uuid default gen_random_uuid();', 'may write the whole table anew'],
  ['alter table a add column n int unique;', 'refuses rows'],
  ['create unique index on a (n);', 'refuses rows'],
  ['update a set n = 1;', 'is no statement that is known'],
  ['do $$ begin drop table a; end $$;', 'is no statement that is known'],
  ['create trigger t before insert on a for each row execute function f();', 'is no statement'],
  ['create table if not exists a (id uuid);\nalter table a drop column n;', 'drops a column'],
  ['create table if not exists a (id uuid);\nupdate a set n = 1;', 'is no statement that is known'],
  ['alter table a rename to b;\ncreate table a (n int);', 'renames something'],
  ['-- safe for 0.1.0: not so\nalter table a drop n;', 'drops a column'],
  ['-- safe for 0.1.0: checked elsewhere\nalter table a drop constraint c;', null],
  ['-- safe for 0.1.0: not so\nalter table "A" add check (n > 0), drop n;', 'drops a column'],
  ["-- safe for 0.1.0: no\nalter table a add column m text default 'x\ny', drop n;", 'drops a col'],
  [
    "-- safe for 0.1.0: no\nalter table a add column m text default $$x,'$$, drop n;",
    'drops a col',
  ],
  [
    "comment on table a is E'it\\'s';\ndrop table b;\ncomment on table a is 'x';",
    'drops something',
  ],
  ["comment on table a is e'it''s \\';';", null],
  ['-- safe for 0.1.0: not so\nalter table a drop/* */column n;', 'drops a column'],
  ['-- safe for 0.1.0: not so\nalter table a set schema b;', 'moves something'],
  ["alter table a add column m text not null check (m <> 'default');", 'must be filled'],
  ['alter table a add column n uuid default gen_random_uuid ();', 'may write the whole table anew'],
  ["alter table a add column m text default 'x' check (m <> ''), add column n int;", null],
])('of an expansion, %j: %s', (sql, trouble) => {
  const found = troublesOf(sql, '0.1.0').map(({ message }) => message);
  expect(found).toEqual(trouble === null ? [] : [expect.stringContaining(trouble)]);
});

test('a head of a function ends at its language, whatever its parameters are called', () => {
  const head = "book(n integer, language text default ')', more integer) returns text";
  expect(headOf(`create or replace function ${head} language sql as $$ $$`)).toBe(head);
  const table = 'list() returns table (language text, n integer) stable';
  expect(headOf(`create or replace function ${table}\n  LANGUAGE sql as $$ $$`)).toBe(table);
  const late = 'late() returns text as $$ select 1 $$';
  expect(headOf(`create or replace function ${late};`)).toContain('select 1');
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
