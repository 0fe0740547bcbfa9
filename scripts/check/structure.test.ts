import { describe, expect, it, test } from 'vitest';
import { checkCycles, checkDirection, checkLayers, importsOf } from './imports.ts';
import { checkLocales, checkTextsUsed } from './locales.ts';
import {
  checkChannels,
  checkClock,
  checkDatabase,
  checkFunctions,
  checkIslands,
  checkLength,
  checkLockfile,
  checkNumbers,
  checkRoles,
} from './structure.ts';

const file = (path: string, text: string) => ({ path, text });
const messages = (findings: { path: string; line: number; message: string }[]) =>
  findings.map(({ path, line, message }) => `${path}:${line}: ${message}`);

describe('imports', () => {
  it('are found in every form, with their lines', () => {
    const text = [
      "import './side.ts';",
      "import type { A } from '../a.ts';",
      'import {',
      '  b,',
      "} from './b.ts';",
      "export * from './c.ts';",
      "const d = await import('./d.ts');",
      "import pg from 'pg';",
    ].join('\n');
    expect(importsOf(file('src/lib/x.ts', text))).toEqual([
      { line: 1, name: './side.ts', target: 'src/lib/side.ts', typeOnly: false },
      { line: 2, name: '../a.ts', target: 'src/a.ts', typeOnly: true },
      { line: 5, name: './b.ts', target: 'src/lib/b.ts', typeOnly: false },
      { line: 6, name: './c.ts', target: 'src/lib/c.ts', typeOnly: false },
      { line: 7, name: './d.ts', target: 'src/lib/d.ts', typeOnly: false },
      { line: 8, name: 'pg', target: null, typeOnly: false },
    ]);
  });

  it.each([
    ['src/lib/a.ts', "import '../features/booking/slots/rules.ts';", 'lib may not import features'],
    ['src/lib/a.ts', "import '../domain/roles.ts';", 'lib may not import domain'],
    [
      'src/domain/a.ts',
      "import '../features/booking/slots/rules.ts';",
      'domain may not import features',
    ],
    [
      'src/domain/a.ts',
      "import '../formats/town-file/reading/check.ts';",
      'domain may not import formats',
    ],
    [
      'src/formats/town-file/a.ts',
      "import type { A } from '../../features/booking/slots/types.ts';",
      'formats may not import features',
    ],
    [
      'src/domain/a.ts',
      "import { readConfig } from '../config.ts';",
      'domain may not import config',
    ],
    [
      'src/features/booking/slots/rules.ts',
      "import '../../../web/a.ts';",
      'features may not import web',
    ],
    [
      'src/ui/a.tsx',
      "import type { A } from '../features/booking/slots/service.ts';",
      'only its types.ts',
    ],
    [
      'src/ui/a.tsx',
      "import { A } from '../features/booking/slots/types.ts';",
      'only its types.ts',
    ],
    ['src/islands/a/main.tsx', "import '../../lib/clock.ts';", 'islands may not import lib'],
    ['src/islands/a/main.tsx', "import '../../features/booking/slots/views.ts';", 'rules.ts only'],
    [
      'src/web/a.tsx',
      "import '../features/booking/slots/store.ts';",
      'belongs to its feature alone',
    ],
    ['src/web/a.tsx', "import { open } from '../context.ts';", 'web may not import top'],
    [
      'src/features/service/a/service.ts',
      "import '../b/store.ts';",
      'belongs to its feature alone',
    ],
    ['src/features/service/a/service.ts', "import '../b/intervals.ts';", 'a private piece'],
  ])('%s: %s is refused', (path, text, message) => {
    expect(messages(checkDirection([file(path, text)])).join()).toContain(message);
  });

  it.each([
    ['src/web/a.tsx', "import '../features/booking/slots/service.ts';"],
    ['src/features/service/a/rules.ts', "import '../../../domain/roles.ts';"],
    ['src/domain/a.ts', "import '../lib/viewer.ts';"],
    ['src/formats/town-file/a.ts', "import '../../domain/office/schema.ts';"],
    ['src/features/service/a/rules.ts', "import '../../../formats/town-file/a.ts';"],
    ['src/features/service/a/service.ts', "import './store.ts'; import './piece.ts';"],
    ['src/features/service/a/service.ts', "import '../b/views.ts';"],
    ['src/ui/a.tsx', "import type { A } from '../features/booking/slots/types.ts';"],
    ['src/islands/a/main.tsx', "import '../../features/booking/slots/rules.ts';"],
    ['src/web/a.tsx', "import type { Context } from '../context.ts';"],
    ['src/context.ts', "import './features/booking/slots/store.ts';"],
    ['src/features/service/a/rules.test.ts', "import '../b/store.ts';"],
  ])('%s: %s is right', (path, text) => {
    expect(checkDirection([file(path, text)])).toEqual([]);
  });

  it('in a cycle are reported once; type imports may form one', () => {
    const circle = [
      file('src/lib/a.ts', "import './b.ts';"),
      file('src/lib/b.ts', "import './c.ts';"),
      file('src/lib/c.ts', "import './b.ts';"),
    ];
    expect(messages(checkCycles(circle))).toEqual([
      'src/lib/c.ts:1: imports run in a circle: src/lib/b.ts → src/lib/c.ts → src/lib/b.ts',
    ]);
    const types = [circle[0], circle[1], file('src/lib/c.ts', "import type { B } from './b.ts';")];
    expect(checkCycles(types.flatMap((one) => one ?? []))).toEqual([]);
  });
});

describe('channels', () => {
  it.each([
    "appointment.channel === 'video'",
    "way.channel === 'in_person'",
    "channel !== 'phone'",
    "channelOf(visit) === 'phone'",
    "'video' === ask.channel",
    "desk.channels.includes('video')",
    "desk.get('channels').strings().includes('video')",
  ])('%s belongs in the domain', (text) => {
    expect(checkChannels([file('src/web/a.tsx', `\n${text}`)])[0]?.line).toBe(2);
    expect(checkChannels([file('src/domain/channel.ts', text)])).toEqual([]);
  });

  it.each(["track.kind === 'video'", 'one.channel === other.channel', "channel === 'email'"])(
    '%s is no comparison with a channel of encounters',
    (text) => {
      expect(checkChannels([file('src/web/a.tsx', text)])).toEqual([]);
    },
  );
});

test('an island that a page names has a folder', () => {
  const page = file('src/web/a.tsx', "\nshow({ islands: ['times', 'gone'] });");
  const island = file('src/islands/times/main.ts', '');
  expect(messages(checkIslands([page, island]))).toEqual([
    'src/web/a.tsx:2: there is no island gone in src/islands',
  ]);
});

describe('layers of features', () => {
  it.each([
    [
      'booking may not import service',
      [
        file(
          'src/features/booking/a/rules.ts',
          "import type { B } from '../../service/b/types.ts';",
        ),
      ],
    ],
    [
      'a circle: service/a → service/b → service/a',
      [
        file('src/features/service/a/service.ts', "import '../b/views.ts';"),
        file('src/features/service/b/types.ts', "import type { A } from '../a/types.ts';"),
      ],
    ],
  ])('%s, types included', (message, files) => {
    expect(messages(checkLayers(files)).join()).toContain(message);
  });

  it('a feature imports itself, its own layer and those below', () => {
    const text = "import './b.ts'; import '../c/views.ts'; import '../../foundation/d/types.ts';";
    expect(checkLayers([file('src/features/booking/a/service.ts', text)])).toEqual([]);
    const test = file('src/features/booking/a/a.test.ts', "import '../../insight/b/service.ts';");
    expect(checkLayers([test])).toEqual([]);
  });
});

describe('the database', () => {
  it.each([
    "import { sql } from 'kysely';",
    'db.selectFrom("slot")',
    'await tx.query(text)',
    'sql`SELECT 1`',
  ])('%s is for stores and views', (text) => {
    expect(checkDatabase([file('src/features/service/a/service.ts', text)], {})).toHaveLength(1);
    expect(checkDatabase([file('src/web/a.tsx', text)], {})).toHaveLength(1);
    expect(checkDatabase([file('src/features/service/a/store.ts', text)], {})).toEqual([]);
    expect(checkDatabase([file('src/lib/db/a.ts', text)], {})).toEqual([]);
  });

  it('an exception that is not needed any more is a finding', () => {
    const found = checkDatabase([file('src/features/service/a/auth.ts', '')], {
      'src/features/service/a/auth.ts': 'x',
    });
    expect(messages(found).join()).toContain('take it out');
  });
});

it('only the clock reads the time', () => {
  for (const text of ['Date.now()', 'new Date()', 'Temporal.Now.instant()']) {
    expect(checkClock([file('src/features/service/a/rules.ts', `\n${text}`)])[0]?.line).toBe(2);
    expect(checkClock([file('src/lib/clock.ts', text)])).toEqual([]);
    expect(checkClock([file('src/islands/a/main.tsx', text)])).toEqual([]);
  }
  expect(checkClock([file('src/lib/a.ts', 'new Date(milliseconds)')])).toEqual([]);
});

describe('roles', () => {
  it.each([
    "viewer.role !== 'agent'",
    "'administrator' === viewer.role || role == 'agent'",
    "if ('administrator' === viewer.role)",
    'now?.role === viewer.role',
    "viewer(session)?.role !== 'agent'",
    "switch (role) { case 'coordinator': }",
    "['coordinator', 'administrator'].includes(role) || roles.includes('agent')",
  ])('%s is for the domain alone', (text) => {
    expect(checkRoles([file('src/features/service/a/rules.ts', `\n${text}`)])[0]?.line).toBe(2);
    expect(checkRoles([file('src/web/a.tsx', text)])).toHaveLength(1);
    expect(checkRoles([file('src/domain/roles.ts', text)])).toEqual([]);
    expect(checkRoles([file('src/web/a.test.ts', text)])).toEqual([]);
  });

  it.each([
    "can(viewer, 'coordinate')",
    "companion.role === 'sign_language'",
    "seat.side === 'agent'",
  ])('%s is no decision about the staff', (text) =>
    expect(checkRoles([file('src/web/a.tsx', text)])).toEqual([]),
  );
});

it('a file may have 400 lines', () => {
  expect(checkLength([file('src/a.ts', 'x\n'.repeat(400))], {})).toEqual([]);
  expect(checkLength([file('src/a.ts', 'x\n'.repeat(401))], {})).toHaveLength(1);
  expect(checkLength([file('src/a.ts', 'x\n'.repeat(401))], { 'src/a.ts': 'why' })).toEqual([]);
});

it('migrations and decisions have a number each', () => {
  const folders = ['docs/adr/0001-a.md', 'migrations/0002_b.sql', 'migrations/0001_a.sql'];
  expect(checkNumbers(folders)).toEqual([]);
  expect(messages(checkNumbers([...folders, 'migrations/0002_c.sql']))).toEqual([
    'migrations/0002_c.sql:1: migrations/0002_b.sql has the same number',
  ]);
  expect(checkNumbers([...folders, 'migrations/0004_d.sql', 'docs/adr/0009-b.md'])).toEqual([]);
  expect(checkNumbers([...folders, 'migrations/d.sql'])).toHaveLength(1);
});

it('the lockfile names no registry', () => {
  expect(checkLockfile([file('package-lock.json', '{\n"resolved": "https://a" }')])[0]?.line).toBe(
    2,
  );
});

describe('texts', () => {
  it('are each used somewhere, by their key or a template that may produce it', () => {
    const texts = { 'a.b': 'x', 'a.kind.one': 'x', 'a.kind.one.more': 'x', 'a.c': 'x' };
    const locales = [file('src/locales/ca/a.json', JSON.stringify(texts, null, 2))];
    const code = (text: string) => [file('src/web/a.tsx', text)];
    const hole = '$'.concat('{kind}');
    const used = checkTextsUsed(locales, code(`t('a.b'); t(\`a.kind.${hole}\`); t('a.cd');`));
    expect(messages(used)).toEqual(['src/locales/ca/a.json:5: the text "a.c" is said nowhere']);
    const narrower = code(`t('a.b'); t(\`a.kind.${hole}.more\`)`);
    expect(checkTextsUsed(locales, narrower)).toHaveLength(2);
  });

  const locales = (texts: Record<string, string>) =>
    Object.entries(texts).map(([language, text]) =>
      file(`src/locales/${language}/a.json`, JSON.stringify({ 'a.b': text }, null, 2)),
    );

  it('are complete when every language has each, with the same values', () => {
    const plural = '{n, plural, one {# dia de {name}} other {# dies de {name}}}';
    const texts = { ca: plural, es: plural, en: '{name}: {n} <b>days</b>', eu: '{n} {name}' };
    expect(messages(checkLocales(locales({ ...texts, en: '{name}: {n}' })))).toEqual([]);
    expect(messages(checkLocales(locales(texts)))).toHaveLength(1);
  });

  it('one key twice is a finding', () => {
    const once = locales({ ca: 'x', es: 'x', en: 'x', eu: 'x' });
    const both = [...once, file('src/locales/eu/b.json', JSON.stringify({ 'a.b': 'x' }, null, 2))];
    expect(messages(checkLocales(both))).toContain(
      'src/locales/eu/b.json:2: the text "a.b" stands in src/locales/eu/a.json too',
    );
  });

  it.each(['{time} h', 'a les 14 h', '9.30', '9 am', '9:30 h'])(
    'the hour "%s" is a finding',
    (hour) => {
      const found = messages(checkLocales(locales({ ca: hour, es: hour, en: hour, eu: hour })));
      expect(found[0]).toBe('src/locales/ca/a.json:2: "a.b" has an hour that is not "9:30"');
      const right = '{time} 9:30, {hours} h, art. 12.2, 6.1.e, 203.0.113.7, 1.827';
      expect(checkLocales(locales({ ca: right, es: right, en: right, eu: right }))).toEqual([]);
    },
  );

  it('a missing, empty, different or broken one is a finding', () => {
    const found = messages(checkLocales(locales({ ca: '{a}', es: '{b}', en: ' ' })));
    expect(found).toEqual([
      'src/locales/es/a.json:2: "a.b" is filled with {b} here but with {a} in src/locales/ca/a.json',
      'src/locales/en/a.json:2: the text "a.b" is empty',
      'src/locales/eu/a.json:1: the text "a.b" is missing',
    ]);
    const broken = messages(checkLocales(locales({ ca: '{a', es: 'b', en: 'b', eu: 'b' })));
    expect(broken).toEqual(['src/locales/ca/a.json:2: "a.b" is no valid ICU message']);
  });
});

it('an SQL function has a file of its own, named after it', () => {
  const file = (path: string, text: string) => ({ path: `migrations/${path}`, text });
  expect(
    checkFunctions([
      file('0001_a.sql', '-- create function is prose here\ncreate table a ();\ncall isolate();'),
      file('functions/book.sql', '-- Books.\ncreate or replace function book() returns text …'),
      file('functions/lock.sql', 'create or replace procedure lock(n integer) …'),
    ]),
  ).toEqual([]);
  expect(
    messages(
      checkFunctions([
        file('0002_b.sql', 'create table b ();\n\ncreate function b() returns integer …'),
        file('functions/move.sql', 'create or replace function moved() returns text …'),
        file('functions/once.sql', 'create function once() returns text …'),
        file('functions/none.sql', '-- Nothing.'),
        file(
          'functions/two.sql',
          'create or replace function two() …;\ncreate or replace function three() …',
        ),
      ]),
    ),
  ).toEqual([
    'migrations/0002_b.sql:3: a function belongs in migrations/functions, in a file of its own',
    ...['move', 'once', 'none', 'two'].map(
      (name) =>
        `migrations/functions/${name}.sql:1: holds "create or replace" of ${name}, and of nothing else`,
    ),
  ]);
});
