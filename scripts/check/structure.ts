import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CHANNELS } from '../../src/domain/channel.ts';
import { ROLES } from '../../src/domain/roles.ts';
import { except } from './excepting.ts';
import {
  BARE_TRANSACTIONS,
  DATABASE_ELSEWHERE,
  FULL_FOLDERS,
  LONG_FILES,
  LONG_FUNCTIONS,
  OTHER_FUNCTIONS,
  OTHER_WRITERS,
  TOLD_BY_HAND,
} from './exceptions.ts';
import { checkFeatures } from './features.ts';
import {
  checkCycles,
  checkDirection,
  checkLayers,
  type Finding,
  featureOf,
  importsOf,
  isTest,
  layerOf,
  lineAt,
  type Source,
} from './imports.ts';
import { checkLocales, checkTextsUsed } from './locales.ts';
import { checkFolders, checkForm, checkFunctionLength } from './size.ts';
import { checkNotifying, checkTransactions } from './units.ts';

const LINES = { code: 400, test: 600 };

/**
 * Checks the rules of the project that neither compiler nor linter can check. Paths are relative to `root`.
 */
export function checkStructure(root: string): Finding[] {
  const read = (patterns: string[]): Source[] =>
    globSync(patterns, { cwd: root })
      .map((path) => path.replaceAll('\\', '/'))
      .sort()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const code = read(['src/**/*.{ts,tsx}', '{scripts,e2e,bench}/**/*.{ts,tsx,mjs}']);
  const migrations = read(['migrations/**/*.sql']);
  const locales = read(['src/locales/*/*.json']);
  const files = globSync('{src,scripts,e2e,bench}/**/*.*', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
  // The lists of exceptions are those of the whole tree: in a part of it they would all be too long.
  const isWhole = files.includes('scripts/check/exceptions.ts');
  const findings = [
    ...checkDirection(code),
    ...checkCycles(code),
    ...checkLayers(code),
    ...checkDatabase(code),
    ...checkFeatures(code, migrations, {
      writers: isWhole ? OTHER_WRITERS : {},
      functions: isWhole ? OTHER_FUNCTIONS : {},
    }),
    ...checkClock(code),
    ...checkRoles(code),
    ...checkChannels(code),
    ...checkNotifying(code, isWhole ? TOLD_BY_HAND : {}),
    ...checkTransactions(code, isWhole ? BARE_TRANSACTIONS : {}),
    ...checkIslands(code),
    ...checkLength([...code, ...read(['src/ui/css/**/*.css'])]),
    ...checkFunctionLength(code, isWhole ? LONG_FUNCTIONS : {}),
    ...checkForm(code),
    ...checkFolders(files, isWhole ? FULL_FOLDERS : {}),
    ...checkLocales(locales),
    ...checkTextsUsed(
      locales,
      code.filter(({ path }) => path.startsWith('src/') && !isTest(path)),
    ),
    ...checkNumbers(globSync(['migrations/*.sql', 'docs/adr/*.md'], { cwd: root })),
    ...checkFunctions(migrations),
    ...checkLockfile(read(['package-lock.json'])),
  ];
  return findings.sort((a, b) => a.path.localeCompare(b.path, 'en') || a.line - b.line);
}

const QUERY =
  /\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(|\b(?:pool|client|db|tx)\.query\(|\bsql(?:<[^`]*>)?`/g;

/** In features, formats, islands, web and ui, only store.ts and views.ts speak to the database. */
export function checkDatabase(sources: Source[], allowed = DATABASE_ELSEWHERE): Finding[] {
  const guilty = sources.flatMap((source) => {
    const { path, text } = source;
    if (
      !['features', 'connectors', 'formats', 'web', 'ui', 'islands'].includes(layerOf(path)) ||
      isTest(path)
    )
      return [];
    if (featureOf(path) !== null && ['store.ts', 'views.ts'].includes(basename(path))) return [];
    const lines = [
      ...importsOf(source)
        .filter(({ name, typeOnly }) => !typeOnly && (name === 'kysely' || name === 'pg'))
        .map(({ line }) => line),
      ...[...text.matchAll(QUERY)].map((match) => lineAt(text, match.index)),
    ];
    const line = Math.min(...lines);
    const message = 'only store.ts and views.ts touch the database';
    return lines.length > 0 ? [{ path, line, message }] : [];
  });
  return except(guilty, allowed, 'DATABASE_ELSEWHERE');
}

/** Only the clock reads the time; browsers and tests have their own. */
export function checkClock(sources: Source[]): Finding[] {
  return sources
    .filter(({ path }) => path.startsWith('src/') && path !== 'src/lib/clock.ts')
    .filter(({ path }) => !isTest(path) && layerOf(path) !== 'islands')
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\bDate\.now\(|\bnew Date\(\s*\)|\bTemporal\.Now\b/g)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        message: `${match[0].replace(/\($/, '')} outside src/lib/clock.ts: take \`now\` as an argument`,
      })),
    );
}

const ROLE = ROLES.join('|');
/** The roles whose names mean nothing else: `agent` is a side of a room too. */
const ROLE_ALONE = ROLES.filter((each) => each !== 'agent').join('|');
const ROLE_COMPARED = [
  // The compared value may only be a word that isn't a role of the staff, such as a companion's.
  String.raw`\b\w*[rR]ole\s*[!=]==?(?!=)(?!\s*'(?!(?:${ROLE})')|\s*(?:undefined|null)\b)`,
  String.raw`[!=]==?(?!=)\s*(?:'(?:${ROLE_ALONE})'|[\w.]*[vV]iewer\??\.role\b)`,
  String.raw`'(?:${ROLE})'\s*[!=]==?\s*[\w.?]*[rR]ole\b`,
  String.raw`\bcase '(?:${ROLE_ALONE})':`,
  String.raw`\.includes\('(?:${ROLE})'\)`,
].map((form) => new RegExp(form, 'g'));

/**
 * Only `src/domain/roles.ts` decides the abilities of a role: a comparison elsewhere may give a new role
 * access by accident.
 */
export function checkRoles(sources: Source[]): Finding[] {
  return sources
    .filter(({ path }) => path.startsWith('src/') && !path.startsWith('src/domain/'))
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, text }) => {
      const compared = ROLE_COMPARED.flatMap((form) => [...text.matchAll(form)]);
      const lines = new Set(compared.map((match) => lineAt(text, match.index)));
      const message = 'a role is compared: ask `can(viewer, ability)` of src/domain/roles.ts';
      return [...lines].map((line) => ({ path, line, message }));
    });
}

const CHANNEL = `'(?:${CHANNELS.join('|')})'`;
const CHANNEL_COMPARED = [
  String.raw`\b\w*[cC]hannel(?:Of)?(?:\(\w*\))?\s*[!=]==?\s*${CHANNEL}`,
  String.raw`${CHANNEL}\s*[!=]==?\s*[\w.?]*[cC]hannel\b`,
  String.raw`\bchannels[\w.?()']*\.includes\(${CHANNEL}\)`,
].map((form) => new RegExp(form, 'g'));

/**
 * `src/domain/channel.ts` declares the needs and abilities of a channel: a comparison elsewhere omits
 * the next channel.
 */
export function checkChannels(sources: Source[]): Finding[] {
  return sources
    .filter(({ path }) => path.startsWith('src/') && !path.startsWith('src/domain/'))
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, text }) => {
      const compared = CHANNEL_COMPARED.flatMap((form) => [...text.matchAll(form)]);
      const lines = new Set(compared.map((match) => lineAt(text, match.index)));
      const message = 'a channel is compared: ask for a trait of src/domain/channel.ts';
      return [...lines].map((line) => ({ path, line, message }));
    });
}

/** A page that names an island without a folder gets no script, without an error. */
export function checkIslands(sources: Source[]): Finding[] {
  const known = new Set(
    sources.flatMap(({ path }) => /^src\/islands\/([^/]+)\/main\.tsx?$/.exec(path)?.[1] ?? []),
  );
  return sources
    .filter(({ path }) => path.startsWith('src/web/') && !isTest(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\bislands: \[([^\]]*)\]/g)].flatMap((match) =>
        [...(match[1] ?? '').matchAll(/'([^']+)'/g)]
          .filter(([, name]) => !known.has(name ?? ''))
          .map(([, name]) => ({
            path,
            line: lineAt(text, match.index),
            message: `there is no island ${name} in src/islands`,
          })),
      ),
    );
}

export function checkLength(sources: Source[], allowed = LONG_FILES): Finding[] {
  const long = sources.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    const limit = isTest(path) ? LINES.test : LINES.code;
    const message = `${lines} lines; more than ${limit} is too much to read`;
    return lines > limit ? [{ path, line: limit, message }] : [];
  });
  return except(long, allowed, 'LONG_FILES');
}

/**
 * Migrations and decisions have a number each: two of one number have no order. A number may be missing, since several
 * branches take their numbers beforehand and not all of them are used.
 */
export function checkNumbers(paths: string[]): Finding[] {
  const taken = new Map<string, string>();
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .flatMap((path) => {
      const number = /^\d{4}(?=[-_])/.exec(basename(path))?.[0];
      if (!number)
        return [{ path, line: 1, message: 'the name begins with a number of four digits' }];
      const place = `${dirname(path)}/${number}`;
      const other = taken.get(place);
      taken.set(place, path);
      return other ? [{ path, line: 1, message: `${other} has the same number` }] : [];
    });
}

const FUNCTION = /^\s*create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+(?:public\.)?(\w+)/gim;

/** An SQL function is in a file of its own, named after it, since it is applied again whenever the file changes. */
export function checkFunctions(sources: Source[]): Finding[] {
  return sources.flatMap(({ path, text }) => {
    const found = [...text.matchAll(FUNCTION)];
    if (basename(dirname(path)) !== 'functions') {
      const message = 'a function belongs in migrations/functions, in a file of its own';
      return found.map(({ index, 0: match }) => ({
        path,
        line: lineAt(text, index + match.search(/\S/)),
        message,
      }));
    }
    const name = basename(path, '.sql');
    const isRight =
      found.length === 1 && found[0]?.[1] === name && /or\s+replace/i.test(found[0][0]);
    const message = `holds "create or replace" of ${name}, and of nothing else`;
    return isRight ? [] : [{ path, line: 1, message }];
  });
}

/** The lockfile names no registry, so that every machine uses its own. */
export function checkLockfile(sources: Source[]): Finding[] {
  return sources.flatMap(({ path, text }) => {
    const index = text.indexOf('"resolved"');
    const message = 'a registry’s address: run npm with the project’s .npmrc';
    return index < 0 ? [] : [{ path, line: lineAt(text, index), message }];
  });
}
