import { afterAll, beforeAll, expect, test } from 'vitest';
import { FEATURES } from '../../src/features/all.ts';
import { MIGRATOR_TABLES } from '../../src/lib/db/applied.ts';
import { type TestDatabase, testDatabase } from '../../src/lib/db/testing.ts';
import { mergeTables, readColumns } from './reference/columns.ts';
import { dataMap, readTables } from './reference/data-map.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('the data map has every table and column of a migrated database', async () => {
  const { rows } = await database.pool.query<{ table: string; columns: string[] }>(`
    select case relnamespace::regnamespace::text when 'public' then '' else 'auth.' end || relname as table,
      array_agg(attname::text order by attname) as columns
    from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    where relkind in ('r', 'p') and relnamespace::regnamespace::text in ('public', 'auth')
    group by relnamespace, relname`);
  const there = rows
    .filter(({ table }) => !MIGRATOR_TABLES.includes(table))
    .map(({ table, columns }) => `${table}: ${[...columns].sort().join(' ')}`)
    .sort();
  const read = readTables('.')
    .map(
      ({ name, columns }) =>
        `${name}: ${columns
          .map((each) => each.name)
          .sort()
          .join(' ')}`,
    )
    .sort();
  expect(read).toEqual(there);
  expect(read.length).toBeGreaterThan(100);
});

test('a table that no feature declares has no place in the data map', () => {
  const tables = readColumns('create table nobodys (\n  id integer not null\n);\n');
  const declared = FEATURES.map((feature) => ({ feature, folder: 'foundation/x' }));
  expect(() => dataMap(tables, declared)).toThrow('nobodys');
});

test('comments beside and above a column say what it is', () => {
  const [table] = mergeTables(
    readColumns(
      [
        '-- Who waits',
        '-- for what.',
        'create table waiting (',
        '  id uuid primary key, -- a name',
        '  -- Sealed (docs/adr/0001).',
        '  words bytea,',
        '  check (id is not null)',
        ');',
        'alter table waiting add column person_id uuid references person;',
      ].join('\n'),
    ),
  );
  expect(table).toEqual({
    name: 'waiting',
    about: 'Who waits for what.',
    like: null,
    columns: [
      { name: 'id', type: 'uuid', refersTo: null, about: 'a name' },
      { name: 'words', type: 'bytea', refersTo: null, about: 'Sealed.' },
      { name: 'person_id', type: 'uuid', refersTo: 'person', about: '' },
    ],
  });
});
