import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionFiles } from '../../src/lib/db/functions.ts';
import { TABLE_GRANTS } from '../../src/lib/db/grants.ts';
import { migrationNames } from '../../src/lib/db/migrate.ts';
import { kindOf } from '../../src/lib/db/upgrade/kinds.ts';
import { compareVersions } from '../../src/lib/db/upgrade/versions.ts';
import type { Finding } from '../check/imports.ts';
import { troublesOf } from './expanding.ts';
import { headEnd } from './statements.ts';

/** What a release calls and may do in its database, beside its tables. */
export interface KeptSchema {
  /** Names, arguments and results of functions, by function. */
  functions: Readonly<Record<string, string>>;
  /** Rights of the service, by table. */
  grants: Readonly<Record<string, readonly string[]>>;
}

/** Returns that of the sources below `root`. */
export function keptSchema(root: string, grants = TABLE_GRANTS): KeptSchema {
  const folder = join(root, 'migrations');
  const files = existsSync(join(folder, 'functions')) ? functionFiles(folder) : [];
  const functions = Object.fromEntries(files.map(({ name, text }) => [name, headOf(text)]));
  return { functions, grants };
}

/** Returns name, arguments and result of the function in a file, with single spaces; the whole text where that can't be read. Pure. */
export function headOf(text: string): string {
  const from = /create or replace (?:function|procedure)\s+([\s\S]*)$/i.exec(text)?.[1] ?? text;
  return from
    .slice(0, headEnd(from) ?? undefined)
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\( | (?=\))/g, (space) => space.trim());
}

/** What the check compares with. */
export interface Before {
  version: string;
  /** The sums of its migrations, by file. */
  migrations: Readonly<Record<string, string>>;
  schema: KeptSchema;
}

/** Reports what is new since the last release and that release may not work with, unless it is marked so (docs/adr/0134). */
export function checkExpanding(root: string, before: Before, now: KeptSchema): Finding[] {
  const folder = join(root, 'migrations');
  const files = migrationNames(folder).map((name) => `${name}.sql`);
  const added = files.filter((file) => before.migrations[file] === undefined);
  const last = Object.keys(before.migrations).sort().at(-1) ?? '';
  const texts = added.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  return [
    ...(added.length > 0 ? checkVersion(root, before.version) : []),
    ...texts.flatMap(({ file, text }) => [
      ...(file < last ? [about(file, 1, `comes before ${last}, which databases ran`)] : []),
      ...checkOne(file, text, before.version, changelog),
    ]),
    ...checkKept(before, now, texts.map(({ text }) => text).join('\n')),
  ];
}

const about = (file: string, line: number, message: string): Finding => ({
  path: `migrations/${file}`,
  line,
  message,
});

function checkVersion(root: string, release: string): Finding[] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (compareVersions(version, release) > 0) return [];
  const message = `says ${version}, which was released, and there are migrations since: npm run release next`;
  return [{ path: 'package.json', line: 1, message }];
}

function checkOne(file: string, text: string, release: string, changelog: string): Finding[] {
  const kind = kindOf(text);
  if (kind === null)
    return [
      about(
        file,
        1,
        'begins neither with "-- expand: …" nor with "-- contract of 0.1.0: …": what does it do to the release before?',
      ),
    ];
  if (kind.kind === 'expand')
    return troublesOf(text, release).map(({ line, message }) => about(file, line, message));
  const weight = compareVersions(kind.of, release);
  if (weight > 0) return [about(file, 1, `is the contract of ${kind.of}, which was not released`)];
  // What an older release used, this one must not use: each statement says why it doesn't.
  if (weight < 0)
    return troublesOf(text, release, 'contract').map(({ line, message }) =>
      about(file, line, message),
    );
  const isSaid = /^## Unreleased[^\n]*\n(?:(?!^## )[\s\S])*?^- \*Shuts the town/m.test(changelog);
  const message =
    'takes away what the last release uses, so the upgrade shuts the town: say so in the changelog, in an entry that begins with *Shuts the town:*';
  return isSaid ? [] : [about(file, 1, message)];
}

/** Reports functions and rights of the release that are gone or changed, unless the first line of a contract names them in backquotes. */
function checkKept({ version, schema }: Before, now: KeptSchema, added: string): Finding[] {
  const heads = added.split('\n').filter((line) => line.startsWith('-- contract of '));
  const isNamed = (name: string) => heads.some((line) => line.includes(`\`${name}\``));
  const functions = Object.entries(schema.functions)
    .filter(([name, head]) => now.functions[name] !== head && !isNamed(name))
    .map(([name]) =>
      about(
        `functions/${name}.sql`,
        1,
        `has other arguments or another result than in release ${version}, which calls it while it serves beside this version, or is gone: give the new one another name, or name it in backquotes in the first line of a contract`,
      ),
    );
  const rights = Object.entries(schema.grants)
    .filter(([name, had]) => had.some((right) => !now.grants[name]?.includes(right as never)))
    .filter(([name]) => !isNamed(name.replace(/^public\./, '')))
    .map(([name]) => ({
      path: 'src/lib/db/grants.ts',
      line: 1,
      message: `takes a right on ${name} from release ${version}, which serves beside this version: name the table in backquotes in the first line of a contract`,
    }));
  return [...functions, ...rights];
}
