import { basename, dirname } from 'node:path';
import {
  type Manifest,
  NAME,
  plainName,
  readManifest,
  readTables,
  type Table,
  withoutComments,
} from './declared.ts';
import { except, unneeded } from './excepting.ts';
import { type Finding, featureOf, isTest, lineAt, type Source } from './imports.ts';

/** Tables, functions and code, as the checks of features compare them. */
interface Declared {
  manifests: Manifest[];
  tables: Table[];
  /** The feature that declares each table. */
  owners: ReadonlyMap<string, string>;
  functions: Source[];
  code: Source[];
}

/** Exceptions, each with its reason. */
export interface FeatureExceptions {
  /** Files that write tables of other features. */
  writers: Record<string, string>;
  /** SQL functions that write tables of other features, such as `book_appointment: notice`. */
  functions: Record<string, string>;
}

/**
 * Compares the declarations of features with the code and with migrations/: each folder has a
 * `feature.ts`; each table belongs to one feature, and only that feature writes it; personal data has
 * an end.
 */
export function checkFeatures(
  code: Source[],
  migrations: Source[],
  allowed: FeatureExceptions,
): Finding[] {
  const own = code.filter(({ path }) => path.startsWith('src/') && !isTest(path));
  const manifests = own.flatMap(readManifest);
  const declared: Declared = {
    manifests,
    tables: migrations.flatMap(readTables),
    owners: new Map(
      manifests.flatMap(({ feature, tables }) => tables.map(({ name }) => [name, feature])),
    ),
    functions: migrations.filter(({ path }) => basename(dirname(path)) === 'functions'),
    code: own,
  };
  return [
    ...checkFolders(declared),
    ...checkOwners(declared),
    ...checkEndings(declared),
    ...checkRecorded(declared),
    ...checkWriters(declared, allowed.writers),
    ...checkFunctionWriters(declared, allowed.functions),
  ];
}

const isFeature = (path: string) => /^src\/features\/[^/]+\/[^/]+\//.test(path);

/** Each folder of a feature has a `feature.ts`, which `all.ts` lists. */
function checkFolders({ manifests, code }: Declared): Finding[] {
  const known = new Set(manifests.map(({ feature }) => feature));
  const all = code.find(({ path }) => path === 'src/features/all.ts')?.text ?? '';
  const folders = new Set(
    code.flatMap(({ path }) => (isFeature(path) ? [featureOf(path) ?? ''] : [])),
  );
  return [...folders].flatMap((feature) => {
    const path = `src/features/${feature}/feature.ts`;
    if (!known.has(feature))
      return [{ path, line: 1, message: 'is missing: it declares what the feature has' }];
    if (!all.includes(`'./${feature}/feature.ts'`))
      return [{ path, line: 1, message: 'src/features/all.ts does not list it' }];
    const named = code
      .find((each) => each.path === path)
      ?.text.includes(`name: '${basename(feature)}'`);
    return named ? [] : [{ path, line: 1, message: 'its name is not that of its folder' }];
  });
}

/** Each table of migrations/ belongs to one feature. */
function checkOwners({ manifests, tables }: Declared): Finding[] {
  const there = new Map(tables.map((each) => [each.name, each]));
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { path, feature, tables: own } of manifests)
    for (const { name, line } of own) {
      const other = owners.get(name);
      if (!there.has(name))
        findings.push({ path, line, message: `no migration makes the table ${name}` });
      if (other) findings.push({ path, line, message: `the table ${name} is ${other}’s already` });
      owners.set(name, feature);
    }
  for (const { name, path, line } of tables)
    if (!owners.has(name))
      findings.push({
        path,
        line,
        message: `no feature declares that it writes the table ${name}`,
      });
  return findings;
}

/** Tables about people. A table that refers to one of these is about people too, and so on. */
const ABOUT_PEOPLE = ['appointment', 'wait_list', 'journey', 'staff', 'auth.user'];

/** Checks that personal data has an end: a table that refers to a person declares which. */
function checkEndings({ manifests, tables }: Declared): Finding[] {
  const about = new Set(ABOUT_PEOPLE);
  for (let size = 0; size < about.size; ) {
    size = about.size;
    for (const { name, references } of tables)
      if (references.some((each) => about.has(each))) about.add(name);
  }
  return manifests.flatMap(({ path, tables: own, forgets }) =>
    own.flatMap(({ name, ending, line }) => {
      if (ending === 'nobody' && about.has(name))
        return [
          { path, line, message: `the table ${name} refers to people: say how what it keeps ends` },
        ];
      return ending === 'forgotten' && !forgets
        ? [
            {
              path,
              line,
              message: `nothing forgets the table ${name}: the feature has no \`forget\``,
            },
          ]
        : [];
    }),
  );
}

const EVENT = /\bappendEvent\([^;]*?\bkind: '(\w+)'/g;
const ACTION = /\baction: '(\w+)'|\brecord\('(\w+)'/g;

/** A feature declares the events and audit actions that its code names. */
function checkRecorded({ manifests, code }: Declared): Finding[] {
  return manifests.flatMap(({ feature, events, auditActions }) =>
    code
      .filter(({ path }) => featureOf(path) === feature && basename(path) !== 'feature.ts')
      .flatMap(({ path, text }) => [
        ...undeclared(path, text, EVENT, events, 'event'),
        ...undeclared(path, text, ACTION, auditActions, 'audit action'),
      ]),
  );
}

const undeclared = (
  path: string,
  text: string,
  pattern: RegExp,
  known: readonly string[],
  what: string,
): Finding[] =>
  [...text.matchAll(pattern)].flatMap((match) => {
    const name = match[1] ?? match[2] ?? '';
    const message = `the feature does not declare the ${what} ${name}`;
    return known.includes(name) ? [] : [{ path, line: lineAt(text, match.index), message }];
  });

/** Kysely's calls, and that of an outbox, which writes the table that it is given. */
const KYSELY =
  /(?:\.(?:insertInto|updateTable|deleteFrom|mergeInto)|(?<!function )\boutboxTable)\(\s*(?:'([\w.]+)')?/g;
const RAW = new RegExp(
  String.raw`\b(?:insert into|update|delete from|merge into|truncate)\s+(?:only\s+)?(?:${NAME}|(\$\{))`,
  'gi',
);

/** A statement that writes. `table`: null where the statement does not name it. */
interface Write {
  table: string | null;
  line: number;
}

/** Finds what writes in a text, of tables that there are. */
function writesOf(text: string, tables: readonly Table[]): Write[] {
  const known = new Set(tables.map(({ name }) => name));
  const named = (written: string): string | null => {
    const name = plainName(written);
    return [name, `auth.${name}`].find((each) => known.has(each)) ?? null;
  };
  const kysely = [...text.matchAll(KYSELY)].map((match) => ({
    table: match[1] ? named(match[1]) : null,
    isTable: !match[1] || named(match[1]) !== null,
    index: match.index,
  }));
  const raw = [...text.matchAll(RAW)].map((match) => ({
    table: match[1] ? named(match[1]) : null,
    isTable: match[2] !== undefined || named(match[1] ?? '') !== null,
    index: match.index,
  }));
  return [...kysely, ...raw]
    .filter(({ isTable }) => isTable)
    .map(({ table, index }) => ({ table, line: lineAt(text, index) }));
}

/** A table is written by the feature that declares it, and by nothing else. */
function checkWriters(
  { tables, owners, code }: Declared,
  allowed: Record<string, string>,
): Finding[] {
  const findings = code.flatMap(({ path, text }) =>
    writesOf(withoutComments(text, '//'), tables).flatMap(({ table, line }) => {
      if (table === null)
        return [
          { path, line, message: 'name the table that is written, so that its owner is known' },
        ];
      const owner = owners.get(table);
      return owner === undefined || owner === featureOf(path)
        ? []
        : [{ path, line, message: `only ${owner} writes the table ${table}` }];
    }),
  );
  return except(findings, allowed, 'OTHER_WRITERS');
}

/** An SQL function that writes belongs to one feature, and writes its tables. */
function checkFunctionWriters(
  { manifests, tables, owners, functions }: Declared,
  allowed: Record<string, string>,
): Finding[] {
  const needed = new Set<string>();
  const findings = functions.flatMap(({ path, text }) => {
    const name = basename(path, '.sql');
    const writes = writesOf(withoutComments(text, '--'), tables);
    const [one, ...others] = manifests.filter((each) => each.functions.includes(name));
    if (writes.length === 0)
      return one
        ? [{ path: one.path, line: 1, message: `the function ${name} writes nothing` }]
        : [];
    if (!one) return [{ path, line: 1, message: 'it writes, and no feature declares it' }];
    if (others.length > 0) return [{ path, line: 1, message: 'more than one feature declares it' }];
    return writes.flatMap(({ table, line }) => {
      const owner = table === null ? undefined : owners.get(table);
      if (owner === undefined || owner === one.feature) return [];
      needed.add(`${name}: ${table}`);
      return `${name}: ${table}` in allowed
        ? []
        : [{ path, line, message: `only ${owner} writes the table ${table}` }];
    });
  });
  return [...findings, ...unneeded(allowed, needed, 'OTHER_FUNCTIONS')];
}
