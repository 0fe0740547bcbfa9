import { describe, expect, it } from 'vitest';
import { checkFeatures } from './features.ts';

const file = (path: string, text: string) => ({ path, text });

const ALL = file(
  'src/features/all.ts',
  "import { a } from './booking/a/feature.ts';\nimport { b } from './service/b/feature.ts';\n",
);
const manifest = (feature: string, tables: string, rest = '') =>
  file(
    `src/features/${feature}/feature.ts`,
    `export const x: Feature = {\n  name: '${feature.split('/')[1]}',\n  tables: ${tables},\n${rest}};\n`,
  );
const A = manifest('booking/a', "{ appointment: 'forgotten', event: 'nobody' }", '  forget: {},\n');
const B = manifest('service/b', '{}');
const MIGRATION = file(
  'migrations/0001_a.sql',
  [
    'create table appointment (',
    '  id uuid primary key -- references staff',
    ');',
    'create table event (',
    '  id uuid primary key',
    ') with (fillfactor = 70);',
  ].join('\n'),
);

/** Returns the findings in code and migrations beside A, B and MIGRATION. */
function found(
  code: { path: string; text: string }[],
  migrations = [MIGRATION],
  allowed: { writers?: Record<string, string>; functions?: Record<string, string> } = {},
) {
  const known = [ALL, A, B].filter(({ path }) => !code.some((each) => each.path === path));
  return checkFeatures([...known, ...code], migrations, {
    writers: allowed.writers ?? {},
    functions: allowed.functions ?? {},
  }).map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

describe('features', () => {
  it('that declare what the code does are in order', () => {
    const code = [
      file(
        'src/features/booking/a/store.ts',
        "tx.insertInto('appointment'); sql`delete from event`;",
      ),
      file('src/features/service/b/views.ts', "tx.selectFrom('appointment').forUpdate()"),
      file('src/features/service/b/store.ts', '// It must not update appointment rows.\n'),
      file('src/features/service/b/b.test.ts', "tx.deleteFrom('appointment')"),
    ];
    expect(found(code)).toEqual([]);
  });

  it('have a feature.ts each, in the list', () => {
    const c = file('src/features/insight/c/rules.ts', '');
    expect(found([c])).toEqual([
      'src/features/insight/c/feature.ts:1: is missing: it declares what the feature has',
    ]);
    expect(found([manifest('insight/c', '{}')])).toEqual([
      'src/features/insight/c/feature.ts:1: src/features/all.ts does not list it',
    ]);
  });
});

it('a feature has the name of its folder', () => {
  const path = 'src/features/service/b/feature.ts';
  expect(found([file(path, B.text.replace("name: 'b'", "name: 'c'"))])).toEqual([
    `${path}:1: its name is not that of its folder`,
  ]);
});

describe('a table', () => {
  it('belongs to one feature, and is there', () => {
    const other = file('migrations/0002_b.sql', 'create table auth."user" (\n  id text\n);');
    expect(found([], [MIGRATION, other])).toEqual([
      'migrations/0002_b.sql:1: no feature declares that it writes the table auth.user',
    ]);
    const twice = manifest('service/b', "{\n    event: 'nobody',\n    gone: 'nobody',\n  }");
    expect(found([twice])).toEqual([
      'src/features/service/b/feature.ts:4: the table event is booking/a’s already',
      'src/features/service/b/feature.ts:5: no migration makes the table gone',
    ]);
  });

  it.each([
    "tx.insertInto('appointment')",
    "outboxTable('appointment')",
    "tx.updateTable('appointment')",
    "tx.deleteFrom(\n  'appointment')",
    'sql`insert into appointment (id) values (1)`',
    "client.query('update public.appointment set id = 1')",
    'sql`with gone as (delete from "appointment" returning id) select 1`',
  ])('is written by its feature alone: %s', (text) => {
    const path = 'src/features/service/b/store.ts';
    expect(found([file(path, text)])).toEqual([
      `${path}:1: only booking/a writes the table appointment`,
    ]);
    expect(found([file(path, text)], undefined, { writers: { [path]: 'why' } })).toEqual([]);
  });

  it.each(['tx.deleteFrom(table)', `sql\`update \${sql.table(table)} set id = 1\``])(
    'is named where it is written: %s',
    (text) => {
      expect(found([file('src/features/booking/a/store.ts', text)])).toEqual([
        'src/features/booking/a/store.ts:1: name the table that is written, so that its owner is known',
      ]);
    },
  );

  it('of a feature is not excepted in vain', () => {
    expect(found([], undefined, { writers: { 'src/x.ts': 'why' } })).toEqual([
      'scripts/check/exceptions.ts:1: OTHER_WRITERS names src/x.ts, which no longer needs it: take it out',
    ]);
  });
});

describe('personal data in a table', () => {
  const refers = file(
    'migrations/0002_b.sql',
    'create table note (\n  of uuid references appointment\n);\ncreate table page (\n  note integer references note\n);',
  );
  const withTables = (note: string, page: string, rest = '') =>
    found([manifest('service/b', `{ note: ${note}, page: ${page} }`, rest)], [MIGRATION, refers]);

  it('have an end, also through other tables', () => {
    expect(withTables("'nobody'", "'nobody'")).toEqual([
      'src/features/service/b/feature.ts:3: the table note refers to people: say how what it keeps ends',
      'src/features/service/b/feature.ts:3: the table page refers to people: say how what it keeps ends',
    ]);
    expect(withTables("{ ends: 'With the note.' }", "{ ends: 'With the note.' }")).toEqual([]);
  });

  it('are deleted by a feature with a forget function', () => {
    expect(withTables("'forgotten'", "{ ends: 'x' }")).toEqual([
      'src/features/service/b/feature.ts:3: nothing forgets the table note: the feature has no `forget`',
    ]);
    expect(withTables("'forgotten'", "{ ends: 'x' }", '  forget: {},\n')).toEqual([]);
  });
});

describe('an SQL function', () => {
  const path = 'migrations/functions/note_it.sql';
  const writes = file(path, '-- update event\nbegin\n  update appointment set id = 1;\nend');

  it('that writes belongs to one feature', () => {
    expect(found([], [MIGRATION, writes])).toEqual([
      `${path}:1: it writes, and no feature declares it`,
    ]);
    const declares = manifest('service/b', '{}', "  functions: ['note_it'],\n");
    expect(found([declares], [MIGRATION, writes])).toEqual([
      `${path}:3: only booking/a writes the table appointment`,
    ]);
    const functions = { 'note_it: appointment': 'why' };
    expect(found([declares], [MIGRATION, writes], { functions })).toEqual([]);
    expect(found([], [MIGRATION], { functions })).toHaveLength(1);
  });

  it('that writes nothing is not declared', () => {
    const reads = file(path, 'select 1');
    const declares = manifest('service/b', '{}', "  functions: ['note_it'],\n");
    expect(found([declares], [MIGRATION, reads])).toEqual([
      'src/features/service/b/feature.ts:1: the function note_it writes nothing',
    ]);
  });
});

describe('a feature’s records', () => {
  const path = 'src/features/service/b/service.ts';
  const code = file(
    path,
    "await appendEvent(tx, {\n  kind: 'noted' });\nawait record('kept');\nrecord(tx, { action: 'seen' });",
  );

  it('are declared', () => {
    expect(found([code])).toEqual([
      `${path}:1: the feature does not declare the event noted`,
      `${path}:3: the feature does not declare the audit action kept`,
      `${path}:4: the feature does not declare the audit action seen`,
    ]);
    const lists = "  events: ['noted'],\n  auditActions: ['kept', 'seen'],\n";
    expect(found([code, manifest('service/b', '{}', lists)])).toEqual([]);
  });
});
